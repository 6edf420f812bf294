"""Cache the results of validation, so that only changed files are checked again.

There are two files in ``data/cache``. ``findings.json`` has every finding of the workspace; a run on unchanged files
reads nothing else. ``parts.json`` has the content of each file, and the findings from exploring each procedure. Both
hold only what the last run used, so they do not grow beyond the workspace. The design is described in
docs/decisions/notes/0011-cache-and-speed.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fujin_cli.core.findings.finding import Finding, Route
from fujin_cli.store.cache.cache_file import read_cache_file, write_cache_file
from fujin_cli.store.cache.finding_codec import NotPlain, decode_finding, encode_finding
from fujin_cli.store.cache.program_stamp import stamp

WHOLE, PARTS = "findings.json", "parts.json"


@dataclass(frozen=True, slots=True)
class CachedFile:
    """Hold the result of ``store.schema.check`` for one file, and its findings with their spans.

    ``original_indices`` are ``Source.remaining_indices``: for each list that lost items, the indices that remain.
    """

    kind: str | None
    name: str | None
    tree: dict[str, Any] | None
    pruned: frozenset[Route]
    original_indices: Mapping[Route, tuple[int, ...]]
    findings: Sequence[Finding]


class FindingsByKey:
    """Hold findings under keys that digest all they depend on, and track which keys this run used."""

    def __init__(self, stored: Sequence[Any]) -> None:
        self._stored = {key: (keys, findings) for keys, findings in stored for key in keys}
        self._used: dict[str, Any] = {}

    def get(self, key: str) -> list[Finding] | None:
        """Get the findings under a key; None where there are none."""
        try:
            keys, encoded = self._stored[key]
            findings = [decode_finding(tree) for tree in encoded]
        except (LookupError, TypeError, ValueError):
            return None
        self._used[keys[-1]] = [keys, encoded]
        return findings

    def put(self, keys: Sequence[str], findings: Sequence[Finding]) -> None:
        """Store findings for the next run, to be read by any of the keys; the last key identifies them."""
        try:
            self._used[keys[-1]] = [list(keys), [encode_finding(finding) for finding in findings]]
        except NotPlain:
            return

    def used(self) -> list[Any]:
        """List what this run read or stored, as JSON."""
        return list(self._used.values())


class ValidationCache:
    """Read and write the cache of the workspace at ``root``.

    ``digests`` has a digest for each of its files; ``today`` is the day on which the workspace is checked.
    """

    def __init__(self, root: Path, digests: Mapping[str, str], today: date) -> None:
        self._root = root
        self._stamp = stamp()
        self._digests = digests
        listed = "\0".join(f"{path}\0{digest}" for path, digest in digests.items())
        self._key = hashlib.sha256(f"{self._stamp}\0{today}\0{listed}".encode(errors="surrogateescape")).hexdigest()
        self._files: dict[str, Any] = {}
        self._stored: dict[str, Any] | None = None
        self._explored: FindingsByKey | None = None

    def findings(self) -> list[Finding] | None:
        """Read every finding, placed and in order, if no byte of the files has changed since; else None."""
        cached = read_cache_file(self._root, WHOLE)
        try:
            return [decode_finding(tree) for tree in cached["findings"]] if cached["key"] == self._key else None
        except (LookupError, TypeError, ValueError):
            return None

    def file(self, path: str) -> CachedFile | None:
        """Read the result for a file, if the file has not changed; else None."""
        try:
            digest, *parts = self._parts["files"][path]
            file = _decode_file(*parts) if digest == self._digests[path] else None
        except (LookupError, TypeError, ValueError):
            return None
        if file is not None:
            self._files[path] = [digest, *parts]
        return file

    def put_file(self, path: str, file: CachedFile) -> None:
        """Store the result for a file for the next run."""
        try:
            findings = [encode_finding(finding) for finding in file.findings]
        except NotPlain:
            return
        pruned = sorted(map(list, file.pruned), key=str)
        indices = [[list(route), list(numbers)] for route, numbers in file.original_indices.items()]
        self._files[path] = [self._digests[path], file.kind, file.name, file.tree, pruned, indices, findings]

    @property
    def explored(self) -> FindingsByKey:
        """The findings from exploring the procedures."""
        if self._explored is None:
            try:
                self._explored = FindingsByKey(self._parts["found"])
            except (LookupError, TypeError, ValueError):
                self._explored = FindingsByKey(())
        return self._explored

    def write(self, findings: Sequence[Finding]) -> None:
        """Write both files of the cache; ``findings`` are all of the workspace, placed and in order."""
        parts = {"stamp": self._stamp, "files": self._files, "found": self.explored.used()}
        write_cache_file(self._root, PARTS, parts)
        try:
            encoded = [encode_finding(finding) for finding in findings]
        except NotPlain:
            return
        write_cache_file(self._root, WHOLE, {"key": self._key, "findings": encoded})

    @property
    def _parts(self) -> dict[str, Any]:
        if self._stored is None:
            cached = read_cache_file(self._root, PARTS)
            fits = isinstance(cached, dict) and cached.get("stamp") == self._stamp
            self._stored = cached if fits else {"files": {}, "found": []}
        return self._stored


def digest_of(content: bytes | None) -> str:
    """Digest the bytes of a file; the empty text where there is no file."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _decode_file(kind: Any, name: Any, tree: Any, pruned: Any, indices: Any, findings: Any) -> CachedFile:
    return CachedFile(
        kind,
        name,
        tree,
        frozenset(tuple(route) for route in pruned),
        {tuple(route): tuple(numbers) for route, numbers in indices},
        [decode_finding(tree) for tree in findings],
    )
