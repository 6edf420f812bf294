"""Look up files of the workspace, and the names that they define."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.ids import NAME
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames

# Sections whose absence is a finding of its own.
REPORTED_SECTIONS = ("roles", "streets", "communities", "topics", "kinds")

_IN_FOLDERS = ("committee", "roster", "procedure", "scenario", "migration")  # kinds with a folder of their own


@dataclass(frozen=True)
class FileIndex:
    """Index the files of a workspace by path and by kind, for rules that look up many names."""

    by_path: Mapping[str, File]
    by_kind: Mapping[str, tuple[File, ...]]

    @cached_property
    def unreadable(self) -> frozenset[str]:
        """Collect the stems of the files without a kind or a valid name."""
        return frozenset(PurePosixPath(path).stem for path, file in self.by_path.items() if not _has_name(file))

    def section(self, path: str, *route: str) -> DefinedNames:
        """List the keys of the mapping at ``route`` of that file."""
        file = self.by_path.get(path)
        if file is None or file.tree is None or any(route[:end] in file.pruned for end in range(1, len(route) + 1)):
            return ANY_NAME
        section = value_at(file.tree, route)
        names = section if isinstance(section, Mapping) else {}
        faulty = {str(cut[-1]) for cut in file.pruned if cut[:-1] == route}
        places = {name: Place(path, (*route, name), key=True) for name in names}
        return DefinedNames(dict(places), frozenset(faulty), home=Place(path, route))

    def of_kind(self, kind: str, *route: str) -> DefinedNames:
        """List the keys at ``route`` of the one file of that kind; incomplete where that file is missing."""
        files = self.by_kind.get(kind, ())
        if not files or (route[0] in REPORTED_SECTIONS and value_at(files[-1].tree, route) is None):
            return ANY_NAME
        return self.section(files[-1].path, *route)

    def named(self, kind: str) -> DefinedNames:
        """List the names of the files of that kind; a file that cannot be read counts by its name on disk."""
        places = {file.name: Place(file.path, (kind,)) for file in self.by_kind.get(kind, ()) if _has_name(file)}
        home = Place(f"workflows/{kind}s/", (kind,)) if kind in _IN_FOLDERS else None
        return DefinedNames(dict(places), self.unreadable, home=home)


def index_files(workspace: Workspace) -> FileIndex:
    """Index the files of a workspace, which does the work once for all rules."""
    return FileIndex(workspace.files_by_path, workspace.files_by_kind)


def _has_name(file: File) -> bool:
    """Tell whether a file states its kind and a valid name; a name that is no id has a finding of its own (FJ009)."""
    return bool(file.kind and (file.kind == "partners" or NAME.fullmatch(file.name)))


def value_at(tree: Any, route: Route) -> Any:
    """Return the value at ``route`` of a plain tree; None where the tree has no such place."""
    for part in route:
        if isinstance(tree, dict):  # the only mapping in plain trees; a check for Mapping takes three times as long
            tree = tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return None
    return tree
