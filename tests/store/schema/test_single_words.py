"""A single word stands for every list of words, and means the same as the list of one."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.ids import procedure_digest
from fujin_cli.store.schema.check import check_shape
from fujin_cli.store.schema.json_schemas import json_schemas
from fujin_cli.store.schema.quick_accept import is_certainly_valid, shapes_table
from fujin_cli.store.schema.recover import is_valid
from fujin_cli.store.schema.shapes.choices import several, several_or_all
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.workspace.calendar_years import WEEKDAYS
from fujin_cli.store.yaml.read import Source, read_yaml
from fujin_cli.use_cases.format_files import format_file
from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.paths import GOLDEN, ROOT

FILES = [*sorted((ROOT / "workflows").rglob("*.yaml")), *sorted((GOLDEN / "base").rglob("*.yaml"))]
LONG_FORMS = {
    "workspace": 'workspace: w\ntitle: W\nlanguages: [zh]\nzone: Asia/Shanghai\noffice_hours: ["08:30-11:30"]\n'
    "week: [monday]\n"
    "calendar: {years: {2031: {holidays: [2031-01-01], workdays: [2031-01-04]}}}\n"
    "views: {v: {community: [c1], columns: [case]}}\n",
    "jurisdiction": "jurisdiction: c\ntitle: C\nlevels: [committee]\nroles: {clerk: {title: C, at: [committee]}}\n"
    "streets: {s: {title: S}}\ntraits: {old: {title: O}}\n"
    "communities: {c1: {title: C1, street: s, traits: [old]}}\n"
    'venues: {v: {title: V, community: c1, shared_with: [c2], hours: ["08:30-11:30"]}}\n',
    "menu": "menu: m\ntopics: {t: {title: T}}\n"
    "kinds: {k: {title: K, seats: {from: 3, up_to: 9}, answers: [t], called_for_by: [old], needs_skills: [law]}}\n",
    "partners": "partners: {p: {title: P, sort: department, serves: [c1], can: [t]}}\n",
    "committee": "committee: k\nkind: k\ncommunity: c1\ntitle: K\nfounded: {on: 2026-01-01}\nseats: "
    "{head: 1, member: 2}\nprocedures: [p]\n",
    "roster": "roster: r\nstaff: [{person: p-1, name: N, roles: [clerk], licences: [law]}]\n",
    "scenario": "scenario: s\ntitle: S\nprocedure: p\nwhen: [approve]\nthen: {counts_as: [answered]}\n",
    "procedure": "procedure: p\ntitle: P\ncase_of: community\nopened: {by: resident, from: [visit]}\n"
    "fields: {size: {type: choice, of: [small]}}\n"
    "steps: {asked: {title: A, owner: clerk, actions: {go: {title: G, by: clerk, to: done}}},"
    " done: {title: D, end: done, counts_as: [answered]}}\n"
    "people: {clerk: {role: clerk, of: committee}}\nguarantees: {g: {one_of: [go]}}\n",
}


def lists_of_one(tree: Any, route: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The routes of the lists of one word."""
    if isinstance(tree, list) and len(tree) == 1 and isinstance(tree[0], str):
        yield route
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, part in parts:
        yield from lists_of_one(part, (*route, key))


def shortened(tree: Any, routes: list[tuple[Any, ...]]) -> Any:
    tree = copy.deepcopy(tree)
    for route in routes:
        place = tree
        for key in route[:-1]:
            place = place[key]
        place[route[-1]] = place[route[-1]][0]
    return tree


def checked(tree: Any) -> Any:
    return check_shape(Source("a.yaml", "", tree)).tree


@pytest.mark.parametrize("kind", LONG_FORMS)
def test_both_forms_are_accepted_and_mean_the_same(kind: str) -> None:
    long = read_yaml(LONG_FORMS[kind].encode(), "a.yaml").tree
    routes = list(lists_of_one(long))
    short = shortened(long, routes)
    assert routes
    assert is_certainly_valid(kind, long)
    assert is_certainly_valid(kind, short)
    assert is_valid(KINDS[kind], short)
    assert checked(short) == checked(long) == long


def test_every_list_of_words_of_the_language_is_in_these_files() -> None:
    """Whoever adds a list of words meets this test: declare it with ``one_or_list``, and add it above."""
    shapes = shapes_table()["shapes"]
    plain_lists = {
        (name, key)
        for name, shape in shapes.items()
        for key, node in shape["keys"].items()
        if node[0] == "list" and node[1][0] not in ("shape", "alias")
    }
    assert plain_lists == set()
    words = {
        key
        for shape in shapes.values()
        for key, node in shape["keys"].items()
        if node[0] == "either" and node[2:] in ([several.__name__], [several_or_all.__name__])
    }
    atoms = {"both_or_neither", "never_both", "always_together", "different_people", "exactly_one_of"}  # as one_of
    tried = itertools.chain(*(lists_of_one(read_yaml(text.encode(), "a").tree) for text in LONG_FORMS.values()))
    assert words == {route[-1] for route in tried} | atoms | set(WEEKDAYS)  # weekdays: as office_hours


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_files_mean_the_same_with_single_words(path: Path) -> None:
    tree = read_yaml(path.read_bytes(), path.name).tree
    kind = next(iter(tree))
    assert checked(tree) == tree  # the digests of procedures stay what they were
    for route in lists_of_one(tree):
        short = shortened(tree, [route])
        assert is_certainly_valid(kind, short), route
        if kind == "procedure":
            new, old = compile_procedure(checked(short), "a"), compile_procedure(tree, "a")
            assert (new.steps, new.people, new.fields, new.guarantees, new.anytime) == (
                old.steps, old.people, old.fields, old.guarantees, old.anytime,
            ), route  # fmt: skip


def test_a_version_is_the_same_in_both_forms() -> None:
    long = read_yaml(LONG_FORMS["procedure"].encode(), "a.yaml").tree
    short = shortened(long, list(lists_of_one(long)))
    assert procedure_digest(checked(short)) == procedure_digest(long)


def test_all_is_no_name_of_a_community() -> None:
    tree = read_yaml(LONG_FORMS["partners"].replace("[c1]", "all").encode(), "a.yaml").tree
    assert checked(tree) == tree


@pytest.mark.parametrize("kind", LONG_FORMS)
def test_fmt_and_the_json_schema_take_both(kind: str) -> None:
    long = read_yaml(LONG_FORMS[kind].encode(), "a.yaml").tree
    schema = json_schemas()[kind]
    for route in lists_of_one(long):
        for text in (LONG_FORMS[kind], _with_word(LONG_FORMS[kind], route[-1])):
            result = format_file(text.encode(), "a.yaml")
            assert (result.skipped, result.findings) == ("", ())
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(schema).validate(shortened(long, list(lists_of_one(long))))


def _with_word(text: str, key: str) -> str:
    start = text.index(f"{key}: [") + len(key) + 2
    end = text.index("]", start)
    return f"{text[:start]}{text[start + 1 : end]}{text[end + 1 :]}"


def test_a_misspelt_single_word_is_found_at_its_place(tmp_path: Path) -> None:
    path = copy_base(tmp_path) / "workflows" / "rosters" / "C2.yaml"
    path.write_text(path.read_text("utf-8").replace("roles: [inspector]", "roles: inspectr"), "utf-8")
    (finding,) = [finding for finding in findings_of(tmp_path) if finding.code == "FJ102"]
    span, lines = finding.place.span, path.read_text("utf-8").split("\n")
    assert span is not None
    assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == "inspectr"
    assert finding.fix is not None
