"""Record the system calls that make a write durable and exclusive, below every function of our own."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass
class SystemCalls:
    """Record, below ``base``, what is written, synced, named and locked, in order: (call, path) pairs.

    A file that got its name by a rename or a link is recorded under its new name, its sync under the name that it had.
    """

    base: Path
    log: list[tuple[str, str]] = field(default_factory=list)
    _paths: dict[int, str] = field(default_factory=dict)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Put a recorder before each call of the operating system."""
        real_open, real_close, real_fsync = os.open, os.close, os.fsync
        real_rename, real_link, real_mkdir, real_flock = os.rename, os.link, os.mkdir, fcntl.flock

        def open_(path: Any, flags: int, *more: Any, **named: Any) -> int:
            descriptor = real_open(path, flags, *more, **named)
            self._paths[descriptor] = self._relative(path)
            if flags & os.O_CREAT and flags & os.O_WRONLY:
                self._note("create", path)
            return descriptor

        def close(descriptor: int) -> None:
            real_close(descriptor)
            path = self._paths.pop(descriptor, "")
            if path.endswith(".lock"):
                self.log.append(("unlock", path))

        def fsync(descriptor: int) -> None:
            real_fsync(descriptor)
            self.log.append(("sync", self._paths.get(descriptor, "?")))

        def rename(source: Any, target: Any, **named: Any) -> None:
            real_rename(source, target, **named)
            self.log.append(("rename", f"{self._relative(source)} {self._relative(target)}"))

        def link(source: Any, target: Any, **named: Any) -> None:
            real_link(source, target, **named)
            self.log.append(("rename", f"{self._relative(source)} {self._relative(target)}"))

        def mkdir(path: Any, *more: Any, **named: Any) -> None:
            real_mkdir(path, *more, **named)
            self._note("mkdir", path)

        def flock(descriptor: int, operation: int) -> None:
            real_flock(descriptor, operation)
            if operation & fcntl.LOCK_EX:
                self.log.append(("lock", self._paths[descriptor]))

        for name, call in (("open", open_), ("close", close), ("fsync", fsync), ("rename", rename), ("link", link)):
            patch.setattr(os, name, call)
        patch.setattr(os, "mkdir", mkdir)
        patch.setattr(fcntl, "flock", flock)

    def list_unsynced(self) -> list[str]:
        """List what a power cut may undo: files whose content, and names whose folder, was not synced at the end."""
        content: dict[str, bool] = {}  # path → whether its content has been synced
        names: dict[str, bool] = {}  # path → whether its folder has been synced since it got this name
        for call, path in self.log:
            if call == "create":
                content[path], names[path] = False, False
            elif call == "mkdir":
                names[path] = False
            elif call == "rename":
                source, target = path.split(" ")
                content[target], names[target] = content.get(source, False), False
            elif call == "sync":
                content[path] = True
                names.update({name: True for name in names if str(Path(name).parent) == path})
        standing = {path for path in {*content, *names} if (self.base / path).exists()}
        unsynced = {path for path in standing if not content.get(path, True) and (self.base / path).stat().st_size}
        return sorted(unsynced | {path for path in standing if not names.get(path, True)})

    def list_unlocked_writes(self) -> list[str]:
        """List the volumes that got new content while the lock of their month was not held."""
        locked: set[str] = set()
        unlocked = []
        for call, path in self.log:
            if call == "lock":
                locked.add(path)
            elif call == "unlock":
                locked.discard(path)
            elif call == "rename":
                target = Path(path.split(" ")[1])
                lock = target.with_name(f"{target.name.partition('.')[0]}.lock").as_posix()
                if target.suffix == ".json" and target.name[:2] == "20" and lock not in locked:
                    unlocked.append(target.as_posix())
        return unlocked

    def _note(self, call: str, path: Any) -> None:
        self.log.append((call, self._relative(path)))

    def _relative(self, path: Any) -> str:
        text = os.fspath(path)
        return os.path.relpath(text, self.base) if Path(text).is_absolute() else str(text)
