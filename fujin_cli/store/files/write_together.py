"""Write several files of a workspace together: after a failure, every file is as it was before."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fujin_cli.store.files import disk

_WRITING = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class NotWritten(Exception):
    """A file cannot be written, so none was.

    ``reason`` is ``changed``, ``exists``, ``link``, ``read-only`` or what the system says.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PlannedWrite:
    """A file to write: ``old`` is what it must hold now (None: there must be none), ``new_path`` its new name."""

    path: str
    old: bytes | None
    new: bytes
    new_path: str


def write_together(root: Path, writes: Sequence[PlannedWrite], mode: int) -> None:
    """Write all files, or none; new ones get ``mode``. Raises NotWritten.

    Every file is written and synced beside its place first, so that what can fail fails before anything changes. What
    fails after that, or Ctrl-C, is undone. A power cut in between leaves whole files, some old and some new.
    """
    for write in writes:
        _check(root, write)
    staged: list[tuple[PlannedWrite, Path]] = []
    undo: list[Callable[[], None]] = []
    current = ""
    try:
        for write in writes:
            current = write.new_path
            staged.append((write, _stage(root, write, mode)))
        for write, temporary in staged:
            current = write.new_path
            _publish(root, write, temporary, undo)
    except (OSError, KeyboardInterrupt) as problem:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        for _write, temporary in staged:
            temporary.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise NotWritten(current, problem.strerror or str(problem)) from problem
        raise


def _check(root: Path, write: PlannedWrite) -> None:
    """Check that a file is as the plan takes it to be, and may be written. Raises NotWritten."""
    place = Path(os.path.realpath(root / write.path))
    if not place.is_relative_to(os.path.realpath(root)) or disk.read(place) != write.old:
        raise NotWritten(write.path, "changed")
    if write.old is not None:
        mode = place.stat().st_mode
        if not (mode & _WRITING and os.access(place, os.W_OK)):
            raise NotWritten(write.path, "read-only")
    if write.new_path != write.path and (root / write.path).is_symlink():
        raise NotWritten(write.path, "link")
    if write.new_path != write.path and (root / write.new_path).exists():
        raise NotWritten(write.new_path, "exists")


def _stage(root: Path, write: PlannedWrite, mode: int) -> Path:
    """Write the new content beside its place, with the mode of the file that it replaces."""
    target = root / write.new_path if write.new_path != write.path else Path(os.path.realpath(root / write.path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = disk.write_temporary(target, write.new)
    if write.old is not None:
        mode = stat.S_IMODE(Path(os.path.realpath(root / write.path)).stat().st_mode)
    temporary.chmod(mode)
    return temporary


def _publish(root: Path, write: PlannedWrite, temporary: Path, undo: list[Callable[[], None]]) -> None:
    """Give a staged file its name, and note how to undo that. Raises OSError."""
    source, target = Path(os.path.realpath(root / write.path)), root / write.new_path
    old = write.old
    if old is not None and write.new_path == write.path:
        undo.append(lambda: disk.replace_synced(source, old))
        disk.name_synced(temporary, source)
        return
    if target.exists():
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    undo.append(lambda: target.unlink(missing_ok=True))
    disk.name_synced(temporary, target)
    if old is not None:
        undo.append(lambda: disk.replace_synced(source, old))
        source.unlink()
