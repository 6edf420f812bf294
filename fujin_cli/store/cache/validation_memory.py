"""Remember the parts of a validation in this process, for a command that validates nearly the same files several times.

``fujin validate --fix`` validates again after each round of fixes. Most files are the same then: they need not be
parsed again, nor their procedures explored again. Nothing is written to disk; ``validation_cache`` does that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.cache.validation_cache import CachedFile


class ExplorationMemory:
    """Remember the findings from exploring procedures, by keys that digest all they depend on."""

    def __init__(self) -> None:
        self._findings: dict[str, Sequence[Finding]] = {}

    def get(self, key: str) -> list[Finding] | None:
        """Get the findings under a key; None where there are none."""
        return list(self._findings[key]) if key in self._findings else None

    def put(self, keys: Sequence[str], findings: Sequence[Finding]) -> None:
        """Remember findings under each of the keys."""
        self._findings |= dict.fromkeys(keys, tuple(findings))


class ValidationMemory:
    """Remember checked files by path and bytes, and the findings from exploring procedures."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, bytes | None], CachedFile] = {}
        self._explored = ExplorationMemory()

    def select_parts(self, contents: Mapping[str, bytes | None]) -> RememberedParts:
        """Select the parts of a workspace with these contents."""
        return RememberedParts(contents, self._files, self._explored)


class RememberedParts:
    """Give the remembered parts of one workspace, as ``ValidationCache`` gives those from disk."""

    def __init__(
        self,
        contents: Mapping[str, bytes | None],
        files: dict[tuple[str, bytes | None], CachedFile],
        explored: ExplorationMemory,
    ) -> None:
        self._contents = contents
        self._files = files
        self.explored = explored

    def file(self, path: str) -> CachedFile | None:
        """Get the result for a file with these bytes; None where it was not checked yet."""
        return self._files.get((path, self._contents[path]))

    def put_file(self, path: str, file: CachedFile) -> None:
        """Remember the result for a file."""
        self._files[path, self._contents[path]] = file
