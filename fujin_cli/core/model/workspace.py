"""Compile a workspace: what its files say, for rules to check and for decisions to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fujin_cli.core.calendar.working_calendar import NO_CALENDAR, WorkingCalendar, calendar_from_tree
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.organisation import Organisation, build_organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import Title

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Route
    from fujin_cli.core.model.scenario_file import Scenario


@dataclass(frozen=True, slots=True)
class File:
    """One YAML file: its path in the workspace, its kind and name, and its plain tree, only the parts of valid shape.

    ``tree`` is None where nothing of it can be used; ``pruned`` are the routes whose parts were left out. Both still
    count as known names, so that one mistake does not make every reference to it one more.
    """

    path: str
    kind: str
    name: str
    tree: Mapping[str, Any] | None
    pruned: frozenset[Route] = frozenset()


UNDO_WITHIN = "10 minutes"


@dataclass(frozen=True)
class Workspace:
    """The compiled files of a workspace. ``calendar_data`` is plain JSON for ``calendar_from_tree``."""

    name: str = ""
    title: Title | str = ""
    languages: tuple[str, ...] = ("zh", "en")
    rehearsal: bool = False
    undo_within: str = UNDO_WITHIN  # how long people may take back their own last action
    actors: Mapping[str, str] = field(default_factory=dict)
    organisation: Organisation = field(default_factory=Organisation)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    calendar_data: Mapping[str, Any] = field(default_factory=lambda: NO_CALENDAR)

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, in the order of their files; compiled once, since many rules read them."""
        from fujin_cli.core.model.scenario_file import compile_scenario  # no command about cases needs it

        trees = [(file.tree, file.path) for file in self.files if file.kind == "scenario" and file.tree is not None]
        return tuple(compile_scenario(tree, path) for tree, path in trees)

    @cached_property
    def files_by_path(self) -> Mapping[str, File]:
        """The files by their paths."""
        return {file.path: file for file in self.files}

    @cached_property
    def files_by_kind(self) -> Mapping[str, tuple[File, ...]]:
        """The files of each kind, in the order of their paths."""
        by_kind: dict[str, list[File]] = {}
        for file in self.files:
            by_kind.setdefault(file.kind, []).append(file)
        return {kind: tuple(files) for kind, files in by_kind.items()}

    def build_calendar(self) -> WorkingCalendar:
        """Build the workspace's working calendar."""
        return calendar_from_tree(self.calendar_data)

    def path_of(self, kind: str, name: str | None = None) -> str:
        """Find the path of the (first) file of that kind and name; empty where there is none."""
        return next((file.path for file in self.files if file.kind == kind and name in (None, file.name)), "")

    def pruned_names(self, path: str, *parent: str | int) -> set[str]:
        """List the names right under ``parent`` in that file that were left out because their shape was wrong."""
        routes = self.files_by_path[path].pruned if path in self.files_by_path else frozenset()
        return {str(route[-1]) for route in routes if route[:-1] == parent}

    def broken_names(self, kind: str) -> set[str]:
        """List the names of the files of that kind of which nothing can be used."""
        return {file.name for file in self.files if file.kind == kind and file.tree is None}


def build_workspace(
    files: Iterable[File], calendar_data: Mapping[str, Any] | None = None, earlier: Workspace | None = None
) -> Workspace:
    """Build the workspace from ``files``; of two with one kind and name the later path wins (a rule reports it).

    Procedures of ``File`` objects that ``earlier`` was built from, too, are taken from there.
    """
    files = tuple(sorted(files, key=lambda file: file.path))
    compiled = _index_compiled_procedures(earlier) if earlier is not None else {}
    usable = [file for file in files if file.tree is not None]
    head: Mapping[str, Any] = next((file.tree or {} for file in usable if file.kind == "workspace"), {})
    trees = {file.path: (file.kind, file.tree) for file in usable if file.tree is not None}
    return Workspace(
        name=head.get("workspace", ""),
        title=head.get("title", ""),
        languages=tuple(head.get("languages") or ("zh", "en")),
        rehearsal=str(head.get("rehearsal", "no")).lower() in ("yes", "true"),
        undo_within=head.get("undo_within") or UNDO_WITHIN,
        actors=head.get("actors") or {},
        organisation=build_organisation(trees),
        procedures={
            file.name: compiled.get(id(file)) or compile_procedure(file.tree, file.path)
            for file in usable
            if file.kind == "procedure" and file.tree is not None and file.tree.get("steps")
        },
        files=files,
        calendar_data=calendar_data or NO_CALENDAR,
    )


def _index_compiled_procedures(workspace: Workspace) -> dict[int, Procedure]:
    """Map the identity of each file to the procedure that was compiled from it; the workspace keeps the files alive."""
    by_path = {version.path: version for version in workspace.procedures.values()}
    return {id(file): by_path[file.path] for file in workspace.files if file.path in by_path}
