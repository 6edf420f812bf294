"""Wrap every system call by which the ledger reads, changes or locks files.

They are in one place so that tests can record, fail or skip each of them: other modules call ``disk.name(…)``, not
``os``. What is created here is private: files have the mode 0600, folders 0700, whatever the umask.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 256 * 1024 * 1024  # of one file that is read
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)  # writing anything else fails as well
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700  # the modes of everything below data/


_TEMPORARY = re.compile(r"\..+\.(\d{1,10})-[0-9a-f]{16}\.new")
GITIGNORE = "# What fujin writes here names residents. Keep it out of version control.\n*\n"


class LinkedOutside(OSError):
    """A folder below ``data`` is a link that leads out of the workspace; nothing is read or written through it."""


class Unsure(OSError):
    """A system call failed after the new file may have got its name; only reading the file again can tell."""


def read(path: Path) -> bytes | None:
    """Read the bytes of a file; None where there is no file.

    Raises OSError, also for what is no ordinary file (a named pipe would make the reader wait for ever) and for a file
    of more than ``MOST_BYTES``.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        if status.st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return file.read()


def names(folder: Path) -> list[str]:
    """List the names in a folder, sorted; an empty list where there is no such folder."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 — no Path objects for thousands of names
    except (FileNotFoundError, NotADirectoryError):
        return []


def exists(path: Path) -> bool:
    """Check whether a file or folder of that name exists."""
    return path.exists()


def create(path: Path) -> int:
    """Create a file that only this account may read, whatever the umask, and return its descriptor.

    Neither an existing file nor a link is opened. Raises FileExistsError.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE_FILE)
    os.fchmod(descriptor, PRIVATE_FILE)
    return descriptor


def create_if_missing(path: Path) -> None:
    """Create an empty file that only this account may read, unless one of that name exists. Raises OSError."""
    with suppress(FileExistsError):
        close(create(path))


def write(descriptor: int, content: bytes) -> None:
    """Write all of ``content``; one system call may write only a part of it."""
    remaining = memoryview(content)
    while remaining:
        remaining = remaining[os.write(descriptor, remaining) :]


def sync_file(descriptor: int) -> None:
    """Sync the content of a file, so that it survives a power cut."""
    os.fsync(descriptor)


def close(descriptor: int) -> None:
    """Close a file, which also releases its lock."""
    os.close(descriptor)


def rename(source: Path, target: Path) -> None:
    """Rename ``source`` to ``target``, which replaces a file of that name."""
    source.rename(target)


def link(source: Path, target: Path) -> None:
    """Give a file a second name. Raises FileExistsError where ``target`` exists."""
    target.hardlink_to(source)


def unlink(path: Path) -> None:
    """Remove a file's name. Raises FileNotFoundError where there is no such file."""
    path.unlink()


def make_folder(path: Path) -> None:
    """Create a folder that only this account may enter, whatever the umask; one that exists is left as it is."""
    try:
        path.mkdir(PRIVATE_FOLDER)
    except FileExistsError:
        return
    path.chmod(PRIVATE_FOLDER)


def sync_folder(path: Path) -> None:
    """Sync the names in a folder, so that they survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """Open a permanent lock file and return its descriptor. Opening for reading is enough to lock it."""
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, PRIVATE_FILE)


def open_append(path: Path) -> int:
    """Open a file that only grows, and create it where it is missing; no link is followed. Returns its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, PRIVATE_FILE)


def truncate(descriptor: int, size: int) -> None:
    """Cut an open file to ``size`` bytes."""
    os.ftruncate(descriptor, size)


def try_lock(descriptor: int) -> bool:
    """Try to take the lock without waiting; True where this process holds it, until ``close``."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make_folder_synced(folder: Path, top: Path) -> None:
    """Create ``folder`` and its missing parents below ``top``, so that they survive a power cut.

    Every writer calls this before it puts a file into a folder, so a folder that is not empty is already synced. An
    empty one may come from a process that was killed before it synced the parent. Raises LinkedOutside.
    """
    check_inside(folder, top)
    if not clear_leftovers(folder):
        _make_missing_folders(folder, top, sync=True)


def clear_leftovers(folder: Path) -> bool:
    """Remove the temporary files of processes that no longer run; True where the folder holds anything else.

    They were left by a kill or a power cut, and may name residents.
    """
    listed = names(folder)
    leftovers = [name for name in listed if (match := _TEMPORARY.fullmatch(name)) and not _is_running(int(match[1]))]
    for name in leftovers:
        _remove_temporary(folder / name)
    return len(listed) > len(leftovers)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another account's process
        return True
    return True


def make_private_folder(folder: Path, top: Path) -> None:
    """Create ``folder`` and its missing parents below ``top`` without syncing, for caches. Raises LinkedOutside."""
    check_inside(folder, top)
    _make_missing_folders(folder, top, sync=False)


def _make_missing_folders(folder: Path, top: Path, sync: bool) -> None:
    if folder == top or names(folder):
        return
    _make_missing_folders(folder.parent, top, sync)
    make_folder(folder)
    if sync:
        sync_folder(folder.parent)
    if len(folder.relative_to(top).parts) == 2:  # the first one in data/: what follows names residents
        ignore_folder(folder.parent)


def ignore_folder(folder: Path) -> None:
    """Put a ``.gitignore`` for everything into a folder, unless it has one. A failure is left for ``fujin doctor``."""
    with suppress(OSError):
        descriptor = create(folder / ".gitignore")
        try:
            write(descriptor, GITIGNORE.encode())
        finally:
            close(descriptor)


def check_inside(folder: Path, top: Path) -> None:
    """Raise LinkedOutside where ``folder``, which is named below ``top``, really stands outside of it."""
    if not os.path.realpath(folder).startswith(os.path.join(os.path.realpath(top), "")):  # noqa: PTH118 — one string
        raise LinkedOutside(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))


def replace_synced(path: Path, content: bytes) -> None:
    """Write ``content`` to the file ``path``, whole or not at all, so that it survives a power cut.

    No step is tried twice: after a failed fsync the kernel may have dropped the pages, and the next fsync succeeds all
    the same. Raises OSError when nothing has changed, Unsure when the file may have changed.
    """
    name_synced(write_temporary(path, content), path)


def name_synced(temporary: Path, path: Path) -> None:
    """Give a synced temporary file its name. Raises Unsure when the file of that name may have changed."""
    try:
        rename(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        raise Unsure(error.errno, error.strerror, str(path)) from error
    except KeyboardInterrupt:
        _remove_temporary(temporary)
        raise


def replace_unsynced(path: Path, content: bytes) -> None:
    """Write ``content`` to the file ``path``, whole or not at all, for a cache that a power cut may damage."""
    temporary = write_temporary(path, content, sync=False)
    try:
        rename(temporary, path)
    except OSError:
        _remove_temporary(temporary)
        raise


def create_synced(path: Path, content: bytes) -> bool:
    """Create a file as ``replace_synced`` does; False, and no change, where it exists already."""
    temporary = write_temporary(path, content)
    try:
        link(temporary, path)
    except FileExistsError:
        return False
    finally:
        _remove_temporary(temporary)
    sync_folder(path.parent)
    return True


def write_temporary(path: Path, content: bytes, *, folder: Path | None = None, sync: bool = True) -> Path:
    """Write ``content`` to a hidden file beside ``path``, or in ``folder``. Raises OSError, after removing the file.

    Its name ends in the process id, by which leftovers of killed processes are recognised, and in 64 random bits, so
    that nobody can put a file or a link there beforehand: ``.2026-11.a.json.4711-9f0c….new``.
    """
    temporary = (folder or path.parent) / f".{path.name}.{os.getpid()}-{os.urandom(8).hex()}.new"
    descriptor = create(temporary)
    try:
        try:
            write(descriptor, content)
            if sync:
                sync_file(descriptor)
        finally:
            close(descriptor)
    except (OSError, KeyboardInterrupt):
        _remove_temporary(temporary)
        raise
    return temporary


def _remove_temporary(temporary: Path) -> None:
    """Remove a temporary file; one that cannot be removed only takes up space."""
    with suppress(OSError):
        unlink(temporary)
