"""Wrap every system call by which the ledger reads, changes or locks files, and detect network file systems.

They are in one place so that tests can record, fail or skip each of them: other modules call ``disk.name(…)``, not
``os``. What is created here is private: files have the mode 0600, folders 0700, whatever the umask.
On a network file system a ledger is unsafe: a lock or sync on one machine may not hold on another.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700  # the modes of everything below data/


GITIGNORE = "# What fujin writes here names residents. Keep it out of version control.\n*\n"


class LinkedOutside(OSError):
    """A folder below ``data`` is a link that leads out of the workspace; nothing is read or written through it."""


class Unsure(OSError):
    """A system call failed after the new file may have got its name; only reading the file again can tell."""


def read(path: Path) -> bytes | None:
    """Read the bytes of a file; None where there is no file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


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
    _make_missing_folders(folder, top, sync=True)


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
    if (
        len(folder.relative_to(top).parts) == 2
    ):  # the first folder in data/: what follows must not reach version control
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


def replace_synced(
    path: Path, content: bytes, *, mode: int | None = None, owner: tuple[int, int] | None = None
) -> None:
    """Write ``content`` to the file ``path``, whole or not at all, so that it survives a power cut.

    No step is tried twice: after a failed fsync the kernel may have dropped the pages, and the next fsync succeeds all
    the same. ``mode`` are the permissions of the file (by default 0600), ``owner`` its user and group, as far as this
    process may set them. Raises OSError when nothing has changed, Unsure when the file may have changed.
    """
    temporary = write_temporary(path, content)
    try:
        if owner is not None:
            _change_owner(temporary, *owner)
        if mode is not None:
            temporary.chmod(mode)
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


def write_temporary(path: Path, content: bytes, *, sync: bool = True) -> Path:
    """Write ``content`` to a hidden file beside ``path``. Raises OSError, after removing the file.

    Its name ends in the process id, by which leftovers of killed processes are recognised, and in 64 random bits, so
    that nobody can put a file or a link there beforehand: ``.2026-11.a.json.4711-9f0c….new``.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(8).hex()}.new")
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


def _change_owner(path: Path, user: int, group: int) -> None:
    """Set the user and the group of a file, each where the system allows this process to."""
    for owner in ((-1, group), (user, -1)):
        with suppress(PermissionError):
            os.chown(path, *owner)


def _remove_temporary(temporary: Path) -> None:
    """Remove a temporary file; one that cannot be removed only takes up space."""
    with suppress(OSError):
        unlink(temporary)


_MOUNTS = Path("/proc/mounts")
_PLAIN = "nfs nfs4 cifs smb smbfs smb2 smb3 ncpfs afs coda 9p ceph glusterfs lustre gpfs beegfs ocfs2 gfs2 pvfs2 davfs"
_FUSE = "sshfs davfs davfs2 rclone s3fs gcsfuse glusterfs ceph ceph-fuse moosefs mfs curlftpfs juicefs goofys"
_NETWORK = frozenset([*_PLAIN.split(), *(f"fuse.{name}" for name in _FUSE.split())])


def network_file_system(mounts: str, path: str) -> str | None:
    """Find the type of the network file system that holds ``path`` (absolute, resolved); None for a local one.

    ``mounts`` is the text of ``/proc/mounts``: device, mount point, type, …; a later mount hides an earlier one.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescape_mount_path(fields[1])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind if kind in _NETWORK else None


def network_file_system_of(folder: Path) -> str | None:
    """Find the type of the network file system of a folder; None if it is local, or without ``/proc/mounts``."""
    try:
        mounts = _MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return None
    return network_file_system(mounts, str(folder.resolve()))


def _unescape_mount_path(text: str) -> str:
    """Replace the octal escapes that ``/proc/mounts`` uses for blanks, tabs, newlines and backslashes."""
    for escape, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(escape, character)
    return text
