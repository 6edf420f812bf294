"""Write a file under a temporary name while no lock is held, and give it its name under the lock."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from fujin_cli.store.files import disk


class StagedFile:
    """Hold a new file, written and synced, that has no name yet: nobody reads it before ``publish``.

    ``by_content``: the name follows from the content, so that several operations may share the file.
    """

    def __init__(self, path: Path, content: bytes, top: Path, *, by_content: bool = False) -> None:
        self._path = path
        self._by_content = by_content
        disk.make_folder_synced(path.parent, top)
        is_kept = by_content and disk.exists(path)
        self._temporary: Path | None = (
            None if is_kept else disk.write_temporary(path, content, folder=path.parent.parent)
        )

    def publish(self) -> None:
        """Give the file its name, so that it survives a power cut. Raises OSError."""
        if self._temporary is not None:
            disk.rename(self._temporary, self._path)
            self._temporary = None
        disk.sync_folder(self._path.parent)  # also for a file that was there: its writer may have died before the sync

    def withdraw(self) -> None:
        """Remove the published file, because nothing that refers to it was written; a shared file stays."""
        if self._temporary is None and not self._by_content:
            with suppress(OSError):
                disk.unlink(self._path)

    def discard(self) -> None:
        """Remove the temporary file, if there still is one."""
        if self._temporary is not None:
            with suppress(OSError):
                disk.unlink(self._temporary)
            self._temporary = None
