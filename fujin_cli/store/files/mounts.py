"""Detect network file systems, on which a ledger is unsafe: a lock or sync on one machine may not hold on another."""

from __future__ import annotations

from pathlib import Path

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
