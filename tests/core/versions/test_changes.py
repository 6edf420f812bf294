"""Every single edit of a procedure or of another file is told by the comparison: none reads as "no changes"."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

import pytest

from fujin_cli.core.findings.finding import Route
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import File, build_workspace
from fujin_cli.core.simulate.mutations import apply_mutation, list_mutations
from fujin_cli.core.versions.changes import HIDDEN, comparable_value
from fujin_cli.core.versions.organisation_changes import compare_files, compare_organisation
from fujin_cli.core.versions.procedure_changes import compare_procedure
from tests.core.simulate.test_mutations import SMALL
from tests.support.yaml_trees import city, tree_of

pytestmark = pytest.mark.slow

DAY = date(2026, 6, 1)
TREES = {file.name: dict(file.tree or {}) for file in city().files if file.kind == "procedure"} | {
    "small": tree_of(SMALL)
}
LONG = ("jurisdiction", "menu", "partners")  # their entries are alike: of their edits every seventh
NAMELESS = {("menu",), ("note",)}  # the menu's own name is referred to by nothing


def told(name: str, edited: dict[str, Any]) -> bool:
    """Whether the comparison of a procedure with an edited tree of it says anything."""
    files = [File("p.yaml", "procedure", "p", tree) for tree in (TREES[name], edited)]
    return bool(compare_procedure(compiled(name), files[0], compile_procedure(edited, "p.yaml"), files[1]))


@cache
def compiled(name: str) -> Procedure:
    return compile_procedure(TREES[name], "p.yaml")


@pytest.mark.no_cover
@pytest.mark.parametrize("name", TREES)
def test_every_edit_of_a_procedure_is_told(name: str) -> None:
    tree = TREES[name]
    assert not told(name, deepcopy(tree))
    assert [edit.describe() for edit in list_mutations(tree) if not told(name, apply_mutation(tree, edit))] == []


@pytest.mark.parametrize("name", ["small", "objection"])
def test_every_value_of_a_procedure_that_means_something_is_told(name: str) -> None:
    tree = TREES[name]
    means = comparable_value(compiled(name))
    missed, tried = [], 0
    for route, edited in _edits(tree):
        try:
            version = compile_procedure(edited, "p.yaml")
        except (LookupError, TypeError, AttributeError, ValueError):
            continue  # not of valid shape: such a file is not compared
        if version.steps and comparable_value(version) != means:
            tried += 1
            missed += [] if told(name, edited) else [route]
    assert missed == []
    assert tried > 30


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", ["workspace", "jurisdiction", "menu", "partners", "committee", "roster", "scenario"])
def test_every_value_of_another_file_is_told(kind: str) -> None:
    whole = city()
    place, file = next((at, file) for at, file in enumerate(whole.files) if file.kind == kind)
    missed, tried = [], 0
    for route, edited in _edits(dict(file.tree or {}), every=7 if kind in LONG else 1):
        if route in NAMELESS or route == ("scenario",) or route[-1] == "note":
            continue
        files = [*whole.files[:place], replace(file, tree=edited), *whole.files[place + 1 :]]
        try:
            other = build_workspace(files, whole.calendar_data, earlier=whole)
            found = compare_organisation(whole, other, DAY) or compare_files(whole, other)
        except (LookupError, TypeError, AttributeError, ValueError):
            continue
        tried += 1
        missed += [] if found else [route]
    assert missed == []
    assert tried > 5


def test_of_what_is_personal_only_the_key_is_told() -> None:
    whole = city()
    place, file = next((at, file) for at, file in enumerate(whole.files) if file.kind == "roster" and file.tree)
    edited: Any = deepcopy(file.tree)
    person = next(iter(edited.get("members") or edited["staff"]))
    person |= {"name": "样例·某人", "born": "1970"}
    other = build_workspace([*whole.files[:place], replace(file, tree=edited), *whole.files[place + 1 :]])
    [change] = compare_organisation(whole, other, DAY)
    assert {detail.key: detail.new for detail in change.details} == {"name": HIDDEN, "born": HIDDEN}
    assert "样例·某人" not in repr(change)


def test_a_scenario_that_is_taken_away_is_told() -> None:
    whole = city()
    gone = next(file for file in whole.files if file.kind == "scenario")
    other = build_workspace([file for file in whole.files if file is not gone], whole.calendar_data)
    assert compare_organisation(whole, other, DAY) == []
    [change] = compare_files(whole, other)
    assert (change.kind, change.part, change.name) == ("removed", "scenario", gone.name)


def _edits(tree: dict[str, Any], every: int = 1) -> Iterator[tuple[Route, dict[str, Any]]]:
    """The tree without each of its parts, and with each of its texts another one; of these ``every`` so many."""
    edits = ((route, text) for route, value in _routes(tree) for text in (None, *_other_text(value)))
    for route, text in islice(edits, 0, None, every):
        copy = deepcopy(tree)
        *way, last = route
        at: Any = copy
        for part in way:
            at = at[part]
        if text is None:
            del at[last]
        else:
            at[last] = text
        yield route, copy


def _other_text(value: Any) -> tuple[str, ...]:
    return ("other",) if isinstance(value, str) else ()


def _routes(value: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*route, key), child
        yield from _routes(child, (*route, key))
