"""Read a procedure beside the tree it was compiled from, so that a finding can mark the exact word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.procedure import Action, Atom, Condition, Person, Procedure, Test
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.text.localized import Title
from fujin_cli.rules.support.defined_names import DefinedNames
from fujin_cli.rules.support.file_index import FileIndex, index_files, value_at

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mention:
    """Hold a name and the place where it is written."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class ProcedureSource:
    """Hold one procedure, its file, and the index of all files."""

    procedure: Procedure
    file: File
    files: FileIndex

    @property
    def tree(self) -> Tree:
        """Return the file's plain tree."""
        return self.file.tree or {}

    @property
    def complete(self) -> bool:
        """Whether every step and action could be read; otherwise a missing name may be in a part that was left out."""
        return not any(route[0] in ("steps", "anytime") for route in self.file.pruned if route)

    def title(self, step: str) -> Title | str:
        """Return the title of a step, or its id where it has none."""
        return self.procedure.steps[step].title or step

    def defined(self, *route: str) -> DefinedNames:
        """List the names that a section of the procedure defines, such as ``steps``."""
        return self.files.section(self.file.path, *route)

    def place(self, route: Route, name: str | None = None) -> Place:
        """Return the place at ``route``; with ``name``, of that item of the list or that key of the mapping there."""
        if name is None:
            return Place(self.file.path, route)
        return Place(self.file.path, (*route, name), key=isinstance(value_at(self.tree, route), Mapping))

    def names(self, route: Route) -> Iterator[Mention]:
        """List the names at ``route``: one, a list of them, or the keys of a mapping."""
        value = value_at(self.tree, route)
        if isinstance(value, str):
            yield Mention(value, self.place(route))
        elif isinstance(value, list | Mapping):
            for name in value:
                if isinstance(name, str):
                    yield Mention(name, self.place(route, name))

    def text(self, route: Route) -> Iterator[Mention]:
        """Give the text at ``route``; nothing where the tree has none, or a list or mapping."""
        value = value_at(self.tree, route)
        if isinstance(value, str):
            yield Mention(value, self.place(route))

    def place_of_atom(self, atom: Atom) -> Place:
        """Return the place of an atom's name."""
        return Place(self.file.path, atom.route, key=value_at(self.tree, atom.route) != atom.name)

    def place_of_test(self, test: Test) -> Place:
        """Return the place of the name of the fact that a test looks at."""
        route = test.route
        if len(route) > 1 and route[-1] == test.verb and route[-2] == test.name:
            route = route[:-1]
        return Place(self.file.path, route, key=True)


def procedure_sources(workspace: Workspace) -> Iterator[ProcedureSource]:
    """List every procedure of the workspace with its file."""
    files = index_files(workspace)
    for procedure in workspace.procedures.values():
        yield ProcedureSource(procedure, files.by_path[procedure.path], files)


def effect_trees(source: ProcedureSource) -> Iterator[tuple[Route, Tree]]:
    """List every mapping that may have effects, with its route: actions, moves, rungs, arrivals, each ``then``."""
    for route, spec in _list_moves(source.tree):
        if not isinstance(spec, Mapping):
            continue
        yield route, spec
        then = spec.get("then")
        if isinstance(then, Mapping):
            yield (*route, "then"), then


def _list_moves(tree: Tree) -> Iterator[tuple[Route, Any]]:
    for step, spec in (tree.get("steps") or {}).items():
        for name, action in (spec.get("actions") or {}).items():
            yield ("steps", step, "actions", name), action
        for part in ("then", "ladder"):
            for index, move in enumerate(spec.get(part) or ()):
                yield ("steps", step, part, index), move
        for part in ("reopen", "on_enter"):
            if part in spec:
                yield ("steps", step, part), spec[part]
    for name, action in (tree.get("anytime") or {}).items():
        yield ("anytime", name), action


def opened_groups(source: ProcedureSource) -> DefinedNames:
    """List the groups that the procedure opens, each with the first place that opens it."""
    groups = source.procedure.openings_by_group()
    return DefinedNames({name: source.place(opens[0].route[:-1], name) for name, opens in groups.items()})


def people(procedure: Procedure) -> Iterator[Person]:
    """List every person that the procedure describes: its people, those they exclude, and the parts of groups."""
    todo = list(procedure.people.values())
    while todo:
        person = todo.pop(0)
        yield person
        todo += [*person.excluded, *person.groups]


def actions(procedure: Procedure) -> Iterator[Action]:
    """List every action and every automatic move."""
    for _, action in procedure.all_actions():
        yield action


def atoms(procedure: Procedure) -> Iterator[Atom]:
    """List every atom: of clocks, of guarantees, and of the ``since`` of tests."""
    yield from _list_atoms_of(procedure)
    for test in tests(procedure):
        if test.since is not None:
            yield test.since


def _list_atoms_of(procedure: Procedure) -> Iterator[Atom]:
    for clock in procedure.clocks.values():
        yield from (clock.start, clock.until)
    for guarantee in procedure.guarantees.values():
        for listed in guarantee.atoms.values():
            yield from listed
        yield from guarantee.except_for


def tests(procedure: Procedure) -> Iterator[Test]:
    """List every test: of ``when``, and of the ``where`` of atoms."""
    for action in actions(procedure):
        yield from _list_tests_of(action.when)
    for atom in _list_atoms_of(procedure):
        yield from _list_tests_of(atom.where)


def _list_tests_of(condition: Condition | None) -> Iterator[Test]:
    for alternative in condition.alternatives if condition else ():
        for test in alternative:
            yield test
            if test.since is not None:
                yield from _list_tests_of(test.since.where)
