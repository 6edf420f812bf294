"""A recording of what the ledger asks of the disk, and what a power cut may leave of it.

The model is the weakest that POSIX allows: contents not synced may be lost or torn, names in a folder not synced may be
as before or as after, each by itself. What it cannot show is a disk that lies about syncs.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk

CHANGES = ("create", "write", "sync_file", "rename", "link", "unlink", "make_folder", "sync_folder", "open_lock")
SYNCS = ("sync_file", "sync_folder")
CALLS = (*CHANGES, "close", "try_lock", "read", "names", "exists")
MOST_STATES = 48  # per moment


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Recorder:
    """Stands before ``disk``: writes down each change, and fails or dies at a given call."""

    base: Path
    log: list[tuple[Any, ...]] = field(default_factory=list)
    calls: int = 0
    fail: Callable[[int, str], None] = lambda number, name: None
    open_files: dict[int, int] = field(default_factory=dict)  # descriptor → number of the file in the log
    dead: bool = False

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for name in CALLS:
            patch.setattr(disk, name, self._wrapped(name, getattr(disk, name)))

    def _wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if name == "close":  # also the dead let go of their files
                self.open_files.pop(arguments[0], None)
                real(*arguments)
                if not self.dead:
                    self._may_fail(name)
                return None
            self._may_fail(name)
            result = None if name in SYNCS else real(*arguments)  # the model's power cut asks no real disk
            if name in CHANGES:
                self._note(name, arguments, result)
            return result

        return call

    def _may_fail(self, name: str) -> None:
        if self.dead:
            raise Killed
        self.calls += 1
        try:
            self.fail(self.calls, name)
        except Killed:
            self.dead = True
            raise

    def _note(self, name: str, arguments: tuple[Any, ...], result: Any) -> None:
        if name in ("write", "sync_file"):
            file = self.open_files[arguments[0]]
            self.log.append((name, file, *map(bytes, arguments[1:])))
            return
        paths = [self._relative(path) for path in arguments]
        if name in ("create", "open_lock"):
            self.open_files[result] = len(self.log)
        self.log.append((name, *paths))

    def _relative(self, path: Path) -> str:
        found = os.path.relpath(path, self.base)
        return "" if found == "." else found

    def revive(self) -> None:
        """Another process goes on; the system has closed the files of the dead one."""
        for descriptor in list(self.open_files):
            disk.close(descriptor)
        self.dead, self.fail = False, lambda number, name: None

    def acknowledge(self, fact: Any) -> None:
        """Somebody was told that ``fact`` is so."""
        self.log.append(("told", fact))


def kill_at(call: int) -> Callable[[int, str], None]:
    """Die before the ``call``-th system call that changes something; between two of them nobody could tell."""
    left = iter(range(1, call))

    def fail(number: int, name: str) -> None:
        if name in CHANGES and next(left, None) is None:
            raise Killed

    return fail


@dataclass
class File:
    now: bytes = b""
    safe: bytes | None = b""  # None: nobody knows


@dataclass
class Folder:
    safe: dict[str, Any] = field(default_factory=dict)
    pending: list[dict[str, Any]] = field(default_factory=list)  # name → what stands there then, None for nothing

    def now(self) -> dict[str, Any]:
        return self.after(self.pending)

    def after(self, changes: Any) -> dict[str, Any]:
        entries = dict(self.safe)
        for change in changes:
            entries.update(change)
        return {name: thing for name, thing in entries.items() if thing is not None}


class Disk:
    """The state of the disk after a part of a recording."""

    def __init__(self) -> None:
        self.top = Folder()
        self.files: dict[int, File] = {}

    def play(self, number: int, step: tuple[Any, ...]) -> None:
        name, *rest = step
        if name in ("create", "open_lock"):
            folder, last = self._folder_of(rest[0])
            known = folder.now().get(last)
            self.files[number] = known or File()
            if known is None:
                folder.pending.append({last: self.files[number]})
            elif name == "create":
                known.now, known.safe = b"", None
        elif name == "write":
            file = self.files[rest[0]]
            file.now, file.safe = file.now + rest[1], None
        elif name == "sync_file":
            self.files[rest[0]].safe = self.files[rest[0]].now
        elif name in ("rename", "link"):
            folder, last = self._folder_of(rest[0])
            target, new = self._folder_of(rest[1])
            thing = folder.now()[last]
            taken: dict[str, Any] = {last: None} if name == "rename" else {}
            if target is folder:
                folder.pending.append({**taken, new: thing})
            else:
                target.pending.append({new: thing})
                folder.pending.append(taken)
        elif name == "unlink":
            folder, last = self._folder_of(rest[0])
            folder.pending.append({last: None})
        elif name == "make_folder":
            folder, last = self._folder_of(rest[0])
            if last not in folder.now():
                folder.pending.append({last: Folder()})
        elif name == "sync_folder":
            folder = self._folder(rest[0])
            folder.safe, folder.pending = folder.now(), []

    def _folder(self, path: str) -> Folder:
        folder = self.top
        for name in Path(path).parts:
            folder = folder.now()[name]
        return folder

    def _folder_of(self, path: str) -> tuple[Folder, str]:
        return self._folder(str(Path(path).parent) if "/" in path else ""), Path(path).name

    def after_power_cut(self) -> Iterator[dict[str, bytes | None]]:
        """What may be found afterwards: path → contents, None for a folder. The likeliest states first."""
        yield from itertools.islice(self._states("", self.top), MOST_STATES)

    def _states(self, path: str, folder: Folder) -> Iterator[dict[str, bytes | None]]:
        count = len(folder.pending)
        if count <= 4:
            kept = [c for size in (0, count, *range(1, count)) for c in itertools.combinations(folder.pending, size)]
        else:
            kept = [(), tuple(folder.pending), *itertools.combinations(folder.pending, 1)]
            kept += [tuple(folder.pending[:end]) for end in range(2, count)]
        for changes in dict.fromkeys(map(_Same, kept)):
            yield from self._entries(path, folder.after(changes.items))

    def _entries(self, path: str, entries: dict[str, Any]) -> Iterator[dict[str, bytes | None]]:
        choices = []
        for name, thing in entries.items():
            inner = f"{path}{name}"
            if isinstance(thing, Folder):
                states = list(itertools.islice(self._states(f"{inner}/", thing), MOST_STATES))
                choices.append([{inner: None, **state} for state in states])
            else:
                choices.append([{inner: contents} for contents in _contents(thing)])
        choices.sort(key=len)
        for combination in itertools.islice(itertools.product(*choices), MOST_STATES):
            yield {name: contents for part in combination for name, contents in part.items()}


class _Same:
    """Changes, compared by identity of their parts."""

    def __init__(self, items: tuple[dict[str, Any], ...]) -> None:
        self.items = items

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.items)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and [*map(id, self.items)] == [*map(id, other.items)]


def _contents(file: File) -> list[bytes]:
    if file.safe is not None:
        return [file.safe]
    return list(dict.fromkeys([b"", file.now[: len(file.now) // 2], file.now, bytes(len(file.now))]))


def put(state: dict[str, bytes | None], base: Path) -> None:
    """Make a state real."""
    base.mkdir(parents=True)
    for name in sorted(state):
        contents = state[name]
        if contents is None:
            (base / name).mkdir()
        else:
            (base / name).write_bytes(contents)


def what_is_read(state: dict[str, bytes | None]) -> frozenset[tuple[str, bytes | None]]:
    """Reduce a state to what a ledger can tell apart, so that states alike to it are looked at once.

    A lock is opened whether it exists or not, ``.gitignore`` is for git, and of a temporary file the name alone counts.
    """
    return frozenset(
        (name, b"" if name.endswith((".new", "/.gitignore")) else contents)
        for name, contents in state.items()
        if not name.endswith(".lock")
    )


def power_cuts(
    log: list[tuple[Any, ...]], moments: range | None = None
) -> Iterator[tuple[int, list[Any], dict[str, bytes | None]]]:
    """Every state that a power cut may leave, once: how far the recording had come, what had been told, files."""
    played, told = Disk(), []
    seen: set[int] = set()
    for number in range(len(log) + 1):
        if moments is None or number in moments:
            for state in played.after_power_cut():
                key = hash((len(told), what_is_read(state)))
                if key not in seen:
                    seen.add(key)
                    yield number, list(told), state
        if number < len(log):
            step = log[number]
            if step[0] == "told":
                told.append(step[1])
            else:
                played.play(number, step)
