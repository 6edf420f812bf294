"""The YAML files of a workspace as they stand in a folder or stood in a git revision. No work tree is ever touched.

Git is asked for objects by their names alone: what ``.gitattributes``, hooks or filters of a repository say has no part
in it, and nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.store.workspace.load import MARK, SUFFIXES, Contents, contents_of

MOST_SECONDS = 30
MOST_BYTES = 256 * 1024 * 1024
_FILE_MODES = (b"100644", b"100755")
# Which repository is read follows from the workspace alone (GIT_DIR and others point elsewhere inside a hook); where
# the settings of git are, and whom it trusts, does not.
_KEPT = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_PARAMETERS"})


class Unreadable(Exception):
    """A version of the workspace cannot be read; it must not be taken for one without differences."""

    def __init__(self, message: LocalizedText, help: LocalizedText | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.help = help


class NoSuchRevision(Unreadable):
    """What was named is neither a folder nor a revision: wrong usage."""


@dataclass(frozen=True, slots=True)
class Version:
    """The files of one version: what it was called, and the commit it stands for where it is one.

    ``folder`` is the real folder that was read, ``about`` says what a name that nobody typed stands for.
    """

    name: str
    contents: Contents
    commit: str = ""
    folder: Path | None = None
    about: LocalizedText | None = None


def version_at(name: str, root: Path | None, start: Path) -> Version:
    """The version that somebody named: a folder with a workspace, else a git revision of the workspace at ``root``.

    ``start`` is the folder that relative names are looked for in. Raises Unreadable, NoSuchRevision.
    """
    if not name or "\0" in name:
        raise NoSuchRevision(say("{name} is neither a folder nor a revision", name=name))
    folder = start / name
    if (folder / MARK).is_file():
        if root is not None and not _is_path(name) and _known_to_git(name, root):
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
    return _at_commit(name, _commit(name, root), root)


def parted(one: str, other: str, root: Path | None) -> Version:
    """The workspace where two revisions parted: at their merge base. Raises Unreadable, NoSuchRevision."""
    if root is None:
        raise NoSuchRevision(say("there is no workspace here, so revisions cannot be read"), say("give two folders"))
    done = _git(root, "merge-base", _commit(one, root), _commit(other, root))
    commit = done.stdout.decode("ascii", "replace").strip()
    if done.returncode or not commit:
        raise NoSuchRevision(
            say("{one} and {other} have no commit in common", one=one, other=other),
            say("a shallow clone may lack it: fetch more of the history, or name two revisions"),
        )
    found = _at_commit(commit[:12], commit, root)
    return replace(found, about=say("the common ancestor of {one} and {other}", one=one, other=other))


def _at_commit(name: str, commit: str, root: Path) -> Version:
    contents = _contents(commit, _prefix(root), root)
    if MARK.as_posix() not in contents:
        raise Unreadable(say("there is no workspace at this folder in {name}", name=name))
    return Version(name, contents, commit)


def _is_path(name: str) -> bool:
    """Whether a name can only be meant as a folder."""
    return name in (".", "..") or name.startswith(("./", "../", "/"))


def _known_to_git(name: str, root: Path) -> bool:
    """Whether git knows a revision of that name; without git or a repository there is none."""
    try:
        _commit(name, root)
    except Unreadable:
        return False
    return True


def work_tree(root: Path) -> Version:
    """The workspace as it is on disk now."""
    return Version("", contents_of(root), folder=root)


def _commit(name: str, root: Path) -> str:
    if name.startswith("-"):
        raise NoSuchRevision(say("{name} is neither a folder nor a revision", name=name))
    _prefix(root)  # says first whether there is a repository at all
    done = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if done.returncode:
        raise NoSuchRevision(
            say("{name} is neither a folder nor a revision of this repository", name=name),
            say("`git log --oneline` shows revisions; a shallow clone does not have them all"),
        )
    return done.stdout.decode("ascii", "replace").strip()


def _prefix(root: Path) -> str:
    """Where the workspace lies in its repository: empty, or a path that ends in a slash. Raises Unreadable."""
    done = _git(root, "rev-parse", "--show-prefix")
    if done.returncode:
        if not any((folder / ".git").exists() for folder in (root, *root.parents)):
            raise NoSuchRevision(
                say("{folder} is in no git repository, so there are no revisions", folder=str(root)),
                say("give two folders instead; they need no git"),
            )
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unreadable(
            say(
                "git refuses to read the repository at {folder} (it says: {reason})",
                folder=str(root),
                reason=reason[:1] or "?",
            ),
            say("`git -C {folder} status` says more; two folders need no git", folder=str(root)),
        )
    return os.fsdecode(done.stdout.removesuffix(b"\n"))


def _contents(commit: str, prefix: str, root: Path) -> Contents:
    listed = _git(root, "ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", f"{prefix}workflows")
    if listed.returncode:
        raise Unreadable(say("git cannot list {commit}", commit=commit[:12]))
    files: dict[str, bytes | None] = {}
    wanted: list[tuple[str, bytes]] = []
    size = 0
    for mode, name, length, path in _entries(listed.stdout, prefix):
        files[path] = None  # a link or a module of its own is no file of the workspace
        if mode in _FILE_MODES:
            wanted.append((path, name))
            size += length
    if size > MOST_BYTES:
        raise Unreadable(say("the configuration in {commit} is too large to be compared", commit=commit[:12]))
    files |= _blobs(wanted, root)
    return dict(sorted(files.items()))


def _entries(listed: bytes, prefix: str) -> Iterator[tuple[bytes, bytes, int, str]]:
    """Mode, object, size and path in the workspace of every YAML file that a workspace would read."""
    for line in listed.split(b"\0"):
        head, _, raw = line.partition(b"\t")
        path = os.fsdecode(raw)
        if not raw or not path.startswith(prefix) or not path.endswith(SUFFIXES):
            continue
        own = path[len(prefix) :]
        if any(part.startswith(".") for part in PurePosixPath(own).parts):
            continue
        mode, _, name, length = head.split()
        yield mode, name, int(length) if length.isdigit() else 0, own


def _blobs(wanted: list[tuple[str, bytes]], root: Path) -> dict[str, bytes]:
    """What stands in the files; every object is checked to be there and to be whole."""
    if not wanted:
        return {}
    asked = b"".join(name + b"\n" for _, name in wanted)
    done = _git(root, "cat-file", "--batch", given=asked)
    found: dict[str, bytes] = {}
    rest = done.stdout
    for path, name in wanted:
        head, _, rest = rest.partition(b"\n")
        words = head.split()
        if done.returncode or len(words) != 3 or words[:2] != [name, b"blob"]:
            raise Unreadable(say("git cannot read {path} of that revision", path=path))
        length = int(words[2])
        found[path], rest = rest[:length], rest[length + 1 :]
    return found


def _git(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git for a limited time, without a shell, asking nobody and fetching nothing. Raises Unreadable."""
    own = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            input=given,
            capture_output=True,
            timeout=MOST_SECONDS,
            env={**kept, **own},
            check=False,
        )
    except FileNotFoundError:
        raise Unreadable(
            say("git is not installed here, so revisions cannot be read"), say("give two folders instead")
        ) from None
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Unreadable(say("git did not answer: {problem}", problem=type(problem).__name__)) from None
