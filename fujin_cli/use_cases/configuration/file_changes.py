"""Hold changes of several configuration files that belong together: all of them are written, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff

from fujin_cli.store.workspace.load import Contents

CHECKED_FAMILIES = (1, 2)  # rules about names and units; exploring every possible case would take longer


@dataclass(frozen=True, slots=True)
class FileChange:
    """A changed file. ``old`` is None for a new file; with another ``new_path`` the file gets that name."""

    path: str
    old: bytes | None
    new: bytes
    new_path: str


@dataclass(frozen=True, slots=True)
class FileChanges:
    """Hold the changes in the order of their paths."""

    changes: tuple[FileChange, ...] = ()

    @classmethod
    def of(
        cls, contents: Contents, changed: Mapping[str, bytes], moves: Mapping[str, str] | None = None
    ) -> FileChanges:
        """Make the changes of files that now have other contents or other paths."""
        moves = moves or {}
        return cls(
            tuple(
                FileChange(path, contents.get(path), changed[path], moves.get(path, path)) for path in sorted(changed)
            )
        )

    def apply_to(self, contents: Contents) -> Contents:
        """Return the contents of the workspace after the changes."""
        after = dict(contents)
        for change in self.changes:
            after.pop(change.path, None)
            after[change.new_path] = change.new
        return dict(sorted(after.items()))

    def paths(self) -> list[str]:
        """List the paths that the files have then."""
        return [change.new_path for change in self.changes]

    def moved(self) -> dict[str, str]:
        """Map the old path of each file that gets another name to the new one."""
        return {change.path: change.new_path for change in self.changes if change.path != change.new_path}

    def diff(self) -> str:
        """Show all changes as one unified diff."""
        return "".join(line for change in self.changes for line in _diff_lines(change))


def _diff_lines(change: FileChange) -> Iterator[str]:
    old = (change.old or b"").decode("utf-8", "replace").splitlines(keepends=True)
    new = change.new.decode("utf-8", "replace").splitlines(keepends=True)
    name = "/dev/null" if change.old is None else change.path
    for line in unified_diff(old, new, name, change.new_path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
