"""A procedure beside the tree it was compiled from, so that rules can name the very word that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.procedure import Action, Atom, Condition, Person, Procedure, Test
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.text.message import Title
from fujin_cli.rules.support.defined_names import DefinedNames, FileIndex, index_files, value_at

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name and where it stands."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class ProcedureSource:
    """One procedure and its file."""

    procedure: Procedure
    file: File
    files: FileIndex

    @property
    def tree(self) -> Tree:
        """The file's plain tree."""
        return self.file.tree or {}

    @property
    def whole(self) -> bool:
        """Whether no step or action was left out: only then is what they do not mention really missing."""
        return not any(route[0] in ("steps", "anytime") for route in self.file.pruned if route)

    def title(self, step: str) -> Title | str:
        """What screens call a step."""
        return self.procedure.steps[step].title or step

    def known(self, *route: str) -> DefinedNames:
        """The names that a section of the procedure defines."""
        return self.files.section(self.file.path, *route)

    def place(self, route: Route, name: str | None = None) -> Place:
        """The value at ``route``; with ``name``, that name in the list or mapping (there: the key) at ``route``."""
        if name is None:
            return Place(self.file.path, route)
        return Place(self.file.path, (*route, name), key=isinstance(value_at(self.tree, route), Mapping))

    def names(self, route: Route) -> Iterator[Mention]:
        """The names at ``route``: one, a list of them, or the keys of a mapping."""
        found = value_at(self.tree, route)
        if isinstance(found, str):
            yield Mention(found, self.place(route))
        elif isinstance(found, list | Mapping):
            for name in found:
                if isinstance(name, str):
                    yield Mention(name, self.place(route, name))

    def text(self, route: Route) -> Iterator[Mention]:
        """The one text at ``route``, if one stands there."""
        found = value_at(self.tree, route)
        if isinstance(found, str):
            yield Mention(found, self.place(route))

    def atom(self, atom: Atom) -> Place:
        """Where the atom's name stands."""
        return Place(self.file.path, atom.route, key=value_at(self.tree, atom.route) != atom.name)

    def tested(self, test: Test) -> Place:
        """Where the name of the fact that ``test`` looks at stands."""
        route = test.route
        if len(route) > 1 and route[-1] == test.verb and route[-2] == test.name:
            route = route[:-1]
        return Place(self.file.path, route, key=True)


def procedure_sources(workspace: Workspace) -> Iterator[ProcedureSource]:
    """Every procedure of the workspace with its file."""
    files = index_files(workspace)
    for procedure in workspace.procedures.values():
        yield ProcedureSource(procedure, files.by_path[procedure.path], files)


def effect_trees(reading: ProcedureSource) -> Iterator[tuple[Route, Tree]]:
    """Every mapping in which effects may stand, with its route: actions, moves, rungs, arrivals and each ``then``."""
    for route, spec in _moves(reading.tree):
        if not isinstance(spec, Mapping):
            continue
        yield route, spec
        then = spec.get("then")
        if isinstance(then, Mapping):
            yield (*route, "then"), then


def _moves(tree: Tree) -> Iterator[tuple[Route, Any]]:
    for step, spec in (tree.get("steps") or {}).items():
        for name, action in (spec.get("actions") or {}).items():
            yield ("steps", step, "actions", name), action
        for part in ("then", "ladder"):
            for index, item in enumerate(spec.get(part) or ()):
                yield ("steps", step, part, index), item
        for part in ("reopen", "on_enter"):
            if part in spec:
                yield ("steps", step, part), spec[part]
    for name, action in (tree.get("anytime") or {}).items():
        yield ("anytime", name), action


def opened_groups(reading: ProcedureSource) -> DefinedNames:
    """The groups that the procedure opens, each with the first place that opens it."""
    groups = reading.procedure.groups()
    return DefinedNames({name: reading.place(opens[0].route[:-1], name) for name, opens in groups.items()})


def people(procedure: Procedure) -> Iterator[Person]:
    """Everybody whom the procedure describes: its people, those they exclude, and the parts of groups."""
    todo = list(procedure.people.values())
    while todo:
        person = todo.pop(0)
        yield person
        todo += [*person.excluded, *person.groups]


def actions(procedure: Procedure) -> Iterator[Action]:
    """Every action and move."""
    for _, action in procedure.all_actions():
        yield action


def atoms(procedure: Procedure) -> Iterator[Atom]:
    """Every atom: of clocks, guarantees, and the ``since`` of tests."""
    yield from _atoms(procedure)
    for test in tests(procedure):
        if test.since is not None:
            yield test.since


def _atoms(procedure: Procedure) -> Iterator[Atom]:
    for clock in procedure.clocks.values():
        yield from (clock.start, clock.until)
    for guarantee in procedure.guarantees.values():
        for listed in guarantee.atoms.values():
            yield from listed
        yield from guarantee.except_for


def tests(procedure: Procedure) -> Iterator[Test]:
    """Every test: of ``when``, and of the ``where`` of atoms."""
    for action in actions(procedure):
        yield from _tests(action.when)
    for atom in _atoms(procedure):
        yield from _tests(atom.where)


def _tests(condition: Condition | None) -> Iterator[Test]:
    for alternative in condition.alternatives if condition else ():
        for test in alternative:
            yield test
            if test.since is not None:
                yield from _tests(test.since.where)
