"""Store attachments by content: one file for each SHA-256; metadata (place, time) is removed from photos."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from fujin_cli.core.model.values import Unfit
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.files import disk
from fujin_cli.store.files.staged_file import StagedFile
from fujin_cli.store.vault.photos import may_say_where, strip_metadata

LARGEST = 20 * 1024 * 1024  # bytes
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp")


class Attachments:
    """Store files in the folder ``data/attachments``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stage(self, path: Path, photo: bool) -> tuple[str, StagedFile]:
        """Write a copy of a file for an operation to publish; returns its reference.

        Raises Unfit if it is too large, unreadable or no photo.
        """
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST + 1)
        except OSError as problem:
            why = problem.strerror or ""
            raise Unfit(say("{path} cannot be read: {problem}", path=str(path), problem=why)) from None
        if len(content) > LARGEST:
            raise Unfit(say("{path} is larger than {count} MB", path=str(path), count=LARGEST // 1024 // 1024))
        suffix = path.suffix.lower() if re.fullmatch(r"\.[a-z0-9]{1,8}", path.suffix.lower()) else ""
        if photo or suffix in _PICTURES or may_say_where(content):
            content, suffix = strip_metadata(content, str(path))
        name = hashlib.sha256(content).hexdigest() + suffix
        target = self.root / name[:2] / name
        return f"sha256:{name}", StagedFile(target, content, self.root.parent.parent, by_content=True)

    def find_problem(self, reference: str, deep: bool) -> LocalizedText | None:
        """Say what is wrong with a stored file: missing, unreadable, or (``deep``) changed. None if nothing is."""
        path = self.path_of(reference)
        name = path.name
        try:
            content = disk.read(path) if deep else b"" if disk.exists(path) else None
        except OSError as error:
            return say("{path} cannot be read: {problem}", path=name, problem=error.strerror or str(error))
        if content is None:
            return say("the attachment {path} is missing", path=name)
        if deep and hashlib.sha256(content).hexdigest() != name[:64]:
            return say("the attachment {path} was changed", path=name)
        return None

    def path_of(self, reference: str) -> Path:
        """Give the path of the file that a reference stands for."""
        name = reference.removeprefix("sha256:")
        return self.root / name[:2] / name

    def list_references(self) -> list[str]:
        """List the references of all stored files."""
        names = [name for start in disk.names(self.root) for name in disk.names(self.root / start)]
        return [f"sha256:{name}" for name in names if not name.startswith(".")]
