"""A scenario beside the procedure that it is about, so that rules can name the very word that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.model.scenario_file import Line, Scenario, compile_scenario
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, value_at
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, procedure_sources


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """A scenario, its file, and its procedure."""

    scenario: Scenario
    file: File
    reading: ProcedureSource

    @property
    def tree(self) -> Mapping[str, Any]:
        """The file's plain tree."""
        return self.file.tree or {}

    def lines(self) -> Iterator[Line]:
        """Every line: of ``when``, and what is tried after it."""
        yield from self.scenario.lines
        if self.scenario.then.tried is not None:
            yield self.scenario.then.tried

    def actions(self) -> DefinedNames:
        """The actions that people have at any step."""
        if not self.reading.whole:
            return ANY_NAME
        file = self.reading.file.path
        found = {a.name: Place(file, a.route, key=True) for _, a in self.reading.procedure.all_actions() if a.by}
        return DefinedNames(dict(found))

    def named(self, name: str) -> list[Action]:
        """Every action of that name."""
        return [action for _, action in self.reading.procedure.all_actions() if action.by and action.name == name]

    def awaited(self) -> DefinedNames:
        """What can end: groups of cases that this one opens, and fields that hold the case it was joined to."""
        if not self.reading.whole:
            return ANY_NAME
        version, place = self.reading.procedure, self.reading.place
        groups = {name: place(opens[0].route[:-1], name) for name, opens in version.groups().items()}
        joins = {effect.field for effects in version.all_effects() for effect in effects.does if effect.verb == "join"}
        return DefinedNames({**groups, **{name: place(("fields",), name) for name in joins if name in version.fields}})

    def place(self, route: Route, key: bool = False) -> Place:
        """A place in the scenario's file."""
        return Place(self.file.path, route, key)

    def names(self, *route: str) -> Iterator[Mention]:
        """The names at a route of the scenario: one, a list of them, or the keys of a mapping."""
        found = value_at(self.tree, route)
        if isinstance(found, str):
            yield Mention(found, self.place(route))
        elif isinstance(found, list | Mapping):
            for name in found:
                if isinstance(name, str):
                    yield Mention(name, self.place((*route, name), isinstance(found, Mapping)))


def scenario_files(workspace: Workspace) -> Iterator[tuple[Scenario, File]]:
    """Every scenario that can be read, with its file."""
    for file in workspace.files:
        if file.kind == "scenario" and file.tree is not None:
            yield compile_scenario(file.tree, file.path), file


def scenario_sources(workspace: Workspace) -> Iterator[ScenarioSource]:
    """Every scenario whose procedure is there."""
    found = list(scenario_files(workspace))
    if found:
        versions = {reading.procedure.name: reading for reading in procedure_sources(workspace)}
        for scenario, file in found:
            if scenario.procedure in versions:
                yield ScenarioSource(scenario, file, versions[scenario.procedure])
