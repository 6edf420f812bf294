"""What validation found, kept so that only what changed is judged again (docs/decisions/notes/0011-cache-and-speed.md).

Two files in ``data/cache``: ``findings.json`` has every finding of the workspace as it stands, and is all that a run on
unchanged files reads; ``parts.json`` has what each file holds and what following each procedure found. Both have what
the last run used and nothing else, so they never grow beyond the workspace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fujin_cli.core.findings.finding import Finding, Route
from fujin_cli.store.cache.cache_file import read_kept, write_kept
from fujin_cli.store.cache.finding_codec import NotPlain, decoded, encoded
from fujin_cli.store.cache.program_stamp import stamp

WHOLE, PARTS = "findings.json", "parts.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file holds: as ``store.shape_check`` says, its findings with their spans. ``kept``: see ``Source``."""

    kind: str | None
    name: str | None
    tree: dict[str, Any] | None
    pruned: frozenset[Route]
    kept: Mapping[Route, tuple[int, ...]]
    findings: Sequence[Finding]


class Found:
    """Findings by keys that say all they depend on; remembers which of them this run asked for."""

    def __init__(self, stored: Sequence[Any]) -> None:
        self._stored = {key: (keys, findings) for keys, findings in stored for key in keys}
        self._used: dict[str, Any] = {}

    def get(self, key: str) -> list[Finding] | None:
        """What was found under that key; None where nothing was kept."""
        try:
            keys, findings = self._stored[key]
            found = [decoded(item) for item in findings]
        except (LookupError, TypeError, ValueError):
            return None
        self._used[keys[-1]] = [keys, findings]
        return found

    def put(self, keys: Sequence[str], findings: Sequence[Finding]) -> None:
        """Keep findings for the next run under any of these keys, where they can be; the last key names them."""
        try:
            self._used[keys[-1]] = [list(keys), [encoded(finding) for finding in findings]]
        except NotPlain:
            return

    def used(self) -> list[Any]:
        """All that this run asked for, as it is stored."""
        return list(self._used.values())


class Kept:
    """What was kept of the workspace at ``root``; ``digests`` are its files', ``today`` is the day it is judged."""

    def __init__(self, root: Path, digests: Mapping[str, str], today: date) -> None:
        self._root = root
        self._stamp = stamp()
        self._digests = digests
        listed = "\0".join(f"{path}\0{digest}" for path, digest in digests.items())
        self._key = hashlib.sha256(f"{self._stamp}\0{today}\0{listed}".encode(errors="surrogateescape")).hexdigest()
        self._files: dict[str, Any] = {}
        self._stored: dict[str, Any] | None = None
        self._found: Found | None = None

    def findings(self) -> list[Finding] | None:
        """Every finding, placed and in order, if no byte has changed since it was kept; else None."""
        kept = read_kept(self._root, WHOLE)
        try:
            return [decoded(item) for item in kept["findings"]] if kept["key"] == self._key else None
        except (LookupError, TypeError, ValueError):
            return None

    def entry(self, path: str) -> Entry | None:
        """What the file holds, if it has not changed; else None."""
        try:
            digest, *parts = self._parts["files"][path]
            found = _entry(*parts) if digest == self._digests[path] else None
        except (LookupError, TypeError, ValueError):
            return None
        if found is not None:
            self._files[path] = [digest, *parts]
        return found

    def keep(self, path: str, entry: Entry) -> None:
        """Keep what the file holds for the next run."""
        try:
            findings = [encoded(finding) for finding in entry.findings]
        except NotPlain:
            return
        pruned = sorted(map(list, entry.pruned), key=str)
        kept = [[list(route), list(indices)] for route, indices in entry.kept.items()]
        self._files[path] = [self._digests[path], entry.kind, entry.name, entry.tree, pruned, kept, findings]

    @property
    def found(self) -> Found:
        """What following the procedures found."""
        if self._found is None:
            try:
                self._found = Found(self._parts["found"])
            except (LookupError, TypeError, ValueError):
                self._found = Found(())
        return self._found

    def write(self, findings: Sequence[Finding]) -> None:
        """Keep everything of this run: ``findings`` are all there are, placed and in order."""
        write_kept(self._root, PARTS, {"stamp": self._stamp, "files": self._files, "found": self.found.used()})
        try:
            write_kept(self._root, WHOLE, {"key": self._key, "findings": [encoded(item) for item in findings]})
        except NotPlain:
            return

    @property
    def _parts(self) -> dict[str, Any]:
        if self._stored is None:
            kept = read_kept(self._root, PARTS)
            fits = isinstance(kept, dict) and kept.get("stamp") == self._stamp
            self._stored = kept if fits else {"files": {}, "found": []}
        return self._stored


def digest_of(data: bytes | None) -> str:
    """Of what a file holds; of no file: none."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _entry(kind: Any, name: Any, tree: Any, pruned: Any, kept: Any, findings: Any) -> Entry:
    return Entry(
        kind,
        name,
        tree,
        frozenset(tuple(route) for route in pruned),
        {tuple(route): tuple(indices) for route, indices in kept},
        [decoded(item) for item in findings],
    )
