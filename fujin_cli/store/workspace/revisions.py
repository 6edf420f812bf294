"""Read the YAML files of a workspace from a folder or from a git revision, without touching a work tree.

Git reads objects by their names only, so the ``.gitattributes``, hooks and filters of a repository have no effect, and
nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.workspace.load import MARK, SUFFIXES, Contents, contents_of

MOST_SECONDS = 30
MOST_BYTES = 256 * 1024 * 1024
_FILE_MODES = (b"100644", b"100755")
# The workspace alone decides which repository is read, so GIT_DIR and the like are dropped (inside a hook they point
# elsewhere). These variables stay: they say where git's settings are, and which owners of folders it trusts.
_GIT_SETTINGS = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_PARAMETERS"})


class Unreadable(Exception):
    """A version of the workspace cannot be read, so it cannot be compared either."""

    def __init__(self, message: LocalizedText, help: LocalizedText | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.help = help


class NoSuchRevision(Unreadable):
    """A name on the command line is neither a folder nor a revision: wrong usage."""


@dataclass(frozen=True, slots=True)
class Version:
    """Hold the files of one version, its name on the command line, and its commit if it is a git revision.

    ``folder`` is the real path of the folder that was read; ``about`` explains a name that was computed: a merge base.
    """

    name: str
    contents: Contents
    commit: str = ""
    folder: Path | None = None
    about: LocalizedText | None = None


def version_at(name: str, root: Path | None, start: Path) -> Version:
    """Read the version ``name``: a folder with a workspace, else a git revision of the workspace at ``root``.

    Relative folders are relative to ``start``. Raises Unreadable, NoSuchRevision.
    """
    if not name or "\0" in name:
        raise NoSuchRevision(say("{name} is neither a folder nor a revision", name=name))
    folder = start / name
    if (folder / MARK).is_file():
        if root is not None and not _is_path(name) and _is_revision(name, root):
            raise NoSuchRevision(
                say("{name} is both a folder and a revision", name=name),
                say("write ./{name} for the folder, {name}~0 for the revision", name=name),
            )
        return Version(name, contents_of(folder.resolve()), folder=folder.resolve())
    if folder.is_dir() and (root is None or _is_path(name)):
        raise NoSuchRevision(say("{folder} holds no workspace", folder=name))
    if root is None:
        raise NoSuchRevision(
            say("{name} is not a folder with a workspace", name=name),
            say(
                "a git revision is read from the repository of a workspace: run this command there, or give --workspace"
            ),
        )
    return _read_commit(name, _resolve_commit(name, root), root)


def merge_base(first: str, second: str, root: Path | None) -> Version:
    """Read the workspace at the merge base of two revisions. Raises Unreadable, NoSuchRevision."""
    if root is None:
        raise NoSuchRevision(say("there is no workspace here, so revisions cannot be read"), say("give two folders"))
    process = run_git(root, "merge-base", _resolve_commit(first, root), _resolve_commit(second, root))
    commit = process.stdout.decode("ascii", "replace").strip()
    if process.returncode or not commit:
        raise NoSuchRevision(
            say("{one} and {other} have no commit in common", one=first, other=second),
            say("a shallow clone may lack it: fetch more of the history, or name two revisions"),
        )
    version = _read_commit(commit[:12], commit, root)
    return replace(version, about=say("the common ancestor of {one} and {other}", one=first, other=second))


def _read_commit(name: str, commit: str, root: Path) -> Version:
    contents = _read_contents(commit, _find_prefix(root), root)
    if MARK.as_posix() not in contents:
        raise Unreadable(say("there is no workspace at this folder in {name}", name=name))
    return Version(name, contents, commit)


def _is_path(name: str) -> bool:
    """Decide whether a name is written as a path, so that it cannot be a revision: ``./v1``, ``/srv/v1``."""
    return name in (".", "..") or name.startswith(("./", "../", "/"))


def _is_revision(name: str, root: Path) -> bool:
    """Decide whether a name is a git revision; False without git or a repository."""
    try:
        _resolve_commit(name, root)
    except Unreadable:
        return False
    return True


def work_tree(root: Path) -> Version:
    """Read the workspace as it is on disk now."""
    return Version("", contents_of(root), folder=root)


def _resolve_commit(name: str, root: Path) -> str:
    """Find the full id of the commit that a revision names. Raises Unreadable, NoSuchRevision."""
    if name.startswith("-"):
        raise NoSuchRevision(say("{name} is neither a folder nor a revision", name=name))
    _find_prefix(root)  # without a repository, its error is the clearer one
    process = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if process.returncode:
        raise NoSuchRevision(
            say("{name} is neither a folder nor a revision of this repository", name=name),
            say("`git log --oneline` shows revisions; a shallow clone does not have them all"),
        )
    return process.stdout.decode("ascii", "replace").strip()


def _find_prefix(root: Path) -> str:
    """Find the folder of the workspace in its repository: empty, or a path that ends in a slash. Raises Unreadable."""
    process = run_git(root, "rev-parse", "--show-prefix")
    if process.returncode:
        if not any((folder / ".git").exists() for folder in (root, *root.parents)):
            raise NoSuchRevision(
                say("{folder} is in no git repository, so there are no revisions", folder=str(root)),
                say("give two folders instead; they need no git"),
            )
        reason = process.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unreadable(
            say(
                "git refuses to read the repository at {folder} (it says: {reason})",
                folder=str(root),
                reason=reason[:1] or "?",
            ),
            say("`git -C {folder} status` says more; two folders need no git", folder=str(root)),
        )
    return os.fsdecode(process.stdout.removesuffix(b"\n"))


def _read_contents(commit: str, prefix: str, root: Path) -> Contents:
    """Read the YAML files of the workspace in a commit. Raises Unreadable."""
    process = run_git(root, "ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", f"{prefix}workflows")
    if process.returncode:
        raise Unreadable(say("git cannot list {commit}", commit=commit[:12]))
    files: dict[str, bytes | None] = {}
    blobs: list[tuple[str, bytes]] = []
    size = 0
    for mode, name, length, path in _list_yaml_files(process.stdout, prefix):
        files[path] = None  # links and submodules are no files of the workspace
        if mode in _FILE_MODES:
            blobs.append((path, name))
            size += length
    if size > MOST_BYTES:
        raise Unreadable(say("the configuration in {commit} is too large to be compared", commit=commit[:12]))
    files |= _read_blobs(blobs, root)
    return dict(sorted(files.items()))


def _list_yaml_files(listing: bytes, prefix: str) -> Iterator[tuple[bytes, bytes, int, str]]:
    """Parse the output of ``git ls-tree``: mode, object, size and workspace path of every YAML file."""
    for line in listing.split(b"\0"):
        head, _, raw = line.partition(b"\t")
        path = os.fsdecode(raw)
        if not raw or not path.startswith(prefix) or not path.endswith(SUFFIXES):
            continue
        own = path[len(prefix) :]
        if any(part.startswith(".") for part in PurePosixPath(own).parts):
            continue
        mode, _, name, length = head.split()
        yield mode, name, int(length) if length.isdigit() else 0, own


def _read_blobs(blobs: list[tuple[str, bytes]], root: Path) -> dict[str, bytes]:
    """Read the content of each (path, object). Raises Unreadable where an object is missing or incomplete."""
    if not blobs:
        return {}
    process = run_git(root, "cat-file", "--batch", input=b"".join(name + b"\n" for _, name in blobs))
    contents: dict[str, bytes] = {}
    output, start = process.stdout, 0
    for path, name in blobs:
        end = output.find(b"\n", start)
        words = output[start:end].split()
        if process.returncode or len(words) != 3 or words[:2] != [name, b"blob"]:
            raise Unreadable(say("git cannot read {path} of that revision", path=path))
        length = int(words[2])
        start = end + 1 + length + 1
        contents[path] = output[end + 1 : start - 1]
    return contents


def run_git(root: Path, *arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git with a time limit, without a shell, prompts or fetching. Raises Unreadable."""
    own = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _GIT_SETTINGS
    }
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            input=input,
            capture_output=True,
            timeout=MOST_SECONDS,
            env={**inherited, **own},
            check=False,
        )
    except FileNotFoundError:
        raise Unreadable(
            say("git is not installed here, so revisions cannot be read"), say("give two folders instead")
        ) from None
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Unreadable(say("git did not answer: {problem}", problem=type(problem).__name__)) from None
