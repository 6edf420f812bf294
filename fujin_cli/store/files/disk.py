"""Every system call by which the ledger reads, changes or locks a disk.

One place, so that tests can record, fail and leave out each of them: other modules call ``disk.name(…)``, never ``os``.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path


class Unsure(OSError):
    """A system call failed when the new file may already stand under its name; only a later look can tell."""


def read(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def names(folder: Path) -> list[str]:
    """The names in a folder, sorted; none where there is no such folder."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 — no Path objects for thousands of names
    except (FileNotFoundError, NotADirectoryError):
        return []


def exists(path: Path) -> bool:
    """Whether something has that name."""
    return path.exists()


def create(path: Path) -> int:
    """A new empty file (an old one of that name is emptied); its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)


def write(descriptor: int, data: bytes) -> None:
    """All of ``data``, however often the system has to be asked."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_file(descriptor: int) -> None:
    """What was written into the file survives a power cut afterwards."""
    os.fsync(descriptor)


def close(descriptor: int) -> None:
    """Let go of a file, and of the lock on it."""
    os.close(descriptor)


def rename(source: Path, target: Path) -> None:
    """Put ``source`` under the name ``target``, in place of what was there."""
    source.rename(target)


def link(source: Path, target: Path) -> None:
    """A second name for a file. Raises FileExistsError where ``target`` is taken."""
    target.hardlink_to(source)


def unlink(path: Path) -> None:
    """Take a name away. Raises FileNotFoundError where there is none."""
    path.unlink()


def make_folder(path: Path) -> None:
    """A new folder; one that is there already is fine."""
    path.mkdir(exist_ok=True)


def sync_folder(path: Path) -> None:
    """The names in the folder, as they are now, survive a power cut afterwards."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """The descriptor of a permanent lock file. Opened for reading: it may belong to another user."""
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o666)


def try_lock(descriptor: int) -> bool:
    """Whether the lock is ours now; it stays so until ``close``."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make_folder_synced(folder: Path, top: Path) -> None:
    """Make ``folder`` and its missing parents below ``top``, so that they survive a power cut.

    Whoever puts something into a folder has called this first, so a folder that holds anything is safe; an empty one
    may be the work of a process that was killed before it synced the parent.
    """
    if folder == top or names(folder):
        return
    make_folder_synced(folder.parent, top)
    make_folder(folder)
    sync_folder(folder.parent)


def replace_synced(
    path: Path, data: bytes, *, shared: bool = False, mode: int | None = None, owner: tuple[int, int] | None = None
) -> None:
    """Put ``data`` under the name ``path``, whole or not at all, so that it survives a power cut.

    ``shared`` is for names that several processes may write at the same time; else the caller holds a lock and a
    temporary file that a killed process left behind is written over. No step is ever repeated: after a failed fsync
    the kernel may have dropped the data and say that all is well. ``mode`` are the permissions that it gets,
    ``owner`` the user and the group, as far as this process may give it away. Raises OSError when nothing has changed,
    Unsure when it may have.
    """
    temporary = write_temporary(path, data, shared=shared)
    try:
        if owner is not None:
            _give(temporary, *owner)
        if mode is not None:
            temporary.chmod(mode)
        rename(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        raise Unsure(error.errno, error.strerror, str(path)) from error
    except KeyboardInterrupt:
        _forget(temporary)
        raise


def create_synced(path: Path, data: bytes) -> bool:
    """Like ``replace_synced`` (shared), but False and no change where the name is taken."""
    temporary = write_temporary(path, data, shared=True)
    try:
        link(temporary, path)
    except FileExistsError:
        return False
    finally:
        _forget(temporary)
    sync_folder(path.parent)
    return True


def write_temporary(path: Path, data: bytes, *, shared: bool) -> Path:
    """A synced file beside ``path`` that holds ``data``; its name starts with a dot. Raises OSError, no file left."""
    owner = f".{os.getpid()}-{threading.get_ident()}" if shared else ""
    temporary = path.with_name(f".{path.name}{owner}.new")
    descriptor = create(temporary)
    try:
        write(descriptor, data)
        sync_file(descriptor)
    except (OSError, KeyboardInterrupt):
        _forget(temporary)
        raise
    finally:
        close(descriptor)
    return temporary


def _give(path: Path, user: int, group: int) -> None:
    """Give a file to its user and its group; each as far as the system lets this process."""
    for found in ((-1, group), (user, -1)):
        with suppress(PermissionError):
            os.chown(path, *found)


def _forget(temporary: Path) -> None:
    """Take a temporary file away; one that stays costs room, never truth."""
    with suppress(OSError):
        unlink(temporary)
