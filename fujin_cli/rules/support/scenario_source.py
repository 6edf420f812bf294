"""Read a scenario beside its file and its procedure, so that a finding can mark the exact word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.model.scenario_file import Line, Scenario
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames
from fujin_cli.rules.support.file_index import value_at
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, procedure_sources


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """Hold a scenario, its file, and the source of its procedure."""

    scenario: Scenario
    file: File
    procedure_source: ProcedureSource

    @property
    def tree(self) -> Mapping[str, Any]:
        """Return the file's plain tree."""
        return self.file.tree or {}

    def lines(self) -> Iterator[Line]:
        """List every line: those of ``when``, and the one that ``then`` expects to be refused."""
        yield from self.scenario.lines
        if self.scenario.then.tried is not None:
            yield self.scenario.then.tried

    def actions(self) -> DefinedNames:
        """List the actions that people can take at any step; incomplete where a step or an action was left out."""
        if not self.procedure_source.complete:
            return ANY_NAME
        file = self.procedure_source.file.path
        actions = (action for _, action in self.procedure_source.procedure.all_actions() if action.by)
        return DefinedNames({action.name: Place(file, action.route, key=True) for action in actions})

    def named(self, name: str) -> list[Action]:
        """List the actions of that name, one for each step that has it."""
        return [
            action for _, action in self.procedure_source.procedure.all_actions() if action.by and action.name == name
        ]

    def awaited(self) -> DefinedNames:
        """List what a line can end: groups of cases that are opened, and fields with the case that this one joined."""
        if not self.procedure_source.complete:
            return ANY_NAME
        version, place = self.procedure_source.procedure, self.procedure_source.place
        groups = {name: place(opens[0].route[:-1], name) for name, opens in version.openings_by_group().items()}
        joins = {effect.field for effects in version.all_effects() for effect in effects.does if effect.verb == "join"}
        return DefinedNames({**groups, **{name: place(("fields",), name) for name in joins if name in version.fields}})

    def place(self, route: Route, key: bool = False) -> Place:
        """Return a place in the scenario's file."""
        return Place(self.file.path, route, key)

    def names(self, *route: str) -> Iterator[Mention]:
        """List the names at a route of the scenario: one, a list of them, or the keys of a mapping."""
        value = value_at(self.tree, route)
        if isinstance(value, str):
            yield Mention(value, self.place(route))
        elif isinstance(value, list | Mapping):
            for name in value:
                if isinstance(name, str):
                    yield Mention(name, self.place((*route, name), isinstance(value, Mapping)))


def scenario_files(workspace: Workspace) -> Iterator[tuple[Scenario, File]]:
    """List every scenario that can be read, with its file."""
    by_path = {file.path: file for file in workspace.files if file.kind == "scenario"}
    return ((scenario, by_path[scenario.path]) for scenario in workspace.scenarios)


def scenario_sources(workspace: Workspace) -> Iterator[ScenarioSource]:
    """List every scenario whose procedure can be read."""
    scenarios = list(scenario_files(workspace))
    if scenarios:
        versions = {source.procedure.name: source for source in procedure_sources(workspace)}
        for scenario, file in scenarios:
            if scenario.procedure in versions:
                yield ScenarioSource(scenario, file, versions[scenario.procedure])
