"""Every name in the table of shapes says what it refers to, so that a rename finds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fujin_cli.core.model.references import PROCEDURE_IDS, WORKSPACE_IDS, Reference, ReferenceIndex, ReferencePlace
from fujin_cli.store.schema.quick_accept import shapes_table
from fujin_cli.store.schema.references import list_reference_places
from fujin_cli.store.schema.shapes.forms import NAME
from fujin_cli.store.workspace.read_files import read_files
from fujin_cli.store.workspace.template import template_files
from fujin_cli.store.yaml.read import read_yaml

# Names that refer to nothing: earlier ids, codes of departments, cells, rows, ids that nothing else names.
FREE = {"was", "codes", "grids", "of", "forms", "to", "map", "groups", "gathers", "collect", "menu", "scenario"}
FREE |= {"migration", "views", "columns"}  # a column may be a field, but most are words of the program
SPECIAL = {"value", "step of reopening", "called procedure", "called field", "called outcome"}
INDEX = ReferenceIndex(read_files(template_files()).workspace)


def untyped(node: Any) -> bool:
    if not isinstance(node, list):
        return isinstance(node, dict) and any(map(untyped, node.values()))
    if node[:1] == ["refers"]:
        return False
    return node == list(NAME.table_node) or node[:1] == ["name or"] or any(map(untyped, node))


def types_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        yield from node[2:] if node[:1] == ["refers"] else ()
        for part in node:
            yield from types_in(part)


def test_every_name_says_what_it_refers_to() -> None:
    """A new key that holds an id takes its type from ``store/schema/shapes/references.py``."""
    table = shapes_table()
    keys = {
        (shape, key) for shape, spec in table["shapes"].items() for key, node in spec["keys"].items() if untyped(node)
    }
    assert {pair for pair in keys if pair[1] not in FREE} == set()
    assert [name for name, node in table["aliases"].items() if untyped(node)] == []


def test_every_type_has_a_registry() -> None:
    assert set(types_in(shapes_table()["shapes"])) <= {*WORKSPACE_IDS, *PROCEDURE_IDS, *SPECIAL}


def test_the_first_type_that_has_the_name_is_meant() -> None:
    place = ReferencePlace("lead", ("people", "person"), procedure="resident-request")
    assert INDEX.find_meanings(place) == [Reference("people", "lead", "resident-request")]
    person = ReferencePlace("p-11", ("people", "person"), procedure="resident-request")
    assert INDEX.find_meanings(person) == [Reference("person", "p-11")]
    assert INDEX.find_meanings(ReferencePlace("nobody", ("people", "person"), procedure="resident-request")) == []


def test_a_name_without_a_procedure_means_the_only_part_of_that_name() -> None:
    assert INDEX.find_meanings(ReferencePlace("dispatch", ("action",))) == [
        Reference("action", "dispatch", "resident-request")
    ]
    assert INDEX.find_meanings(ReferencePlace("recall", ("action",))) == [Reference("action", "recall", "work-order")]
    assert INDEX.find_meanings(ReferencePlace("pause", ("action",))) == []  # of two procedures


def test_a_value_means_what_its_field_or_group_takes() -> None:
    values = {
        ("lead", "city-management"): Reference("partner", "city-management"),
        ("topic", "sanitation"): Reference("topic", "sanitation"),
        ("orders", "verified"): Reference("outcome", "verified", "work-order"),
        ("duplicate_of", "withdrawn"): Reference("outcome", "withdrawn", "resident-request"),
        ("joining", "withdrawn"): Reference("outcome", "withdrawn", "resident-request"),
    }
    for (subject, text), meaning in values.items():
        assert INDEX.find_meanings(ReferencePlace(text, ("value",), "resident-request", subject=subject)) == [meaning]
    assert INDEX.find_meanings(ReferencePlace("sanitation", ("value",), "resident-request", subject="reason")) == []


def test_places_of_a_scenario_are_about_its_procedure() -> None:
    lines = ("scenario: s", "procedure: resident-request", "when: [accept, {orders: verified}]")
    text = "\n".join([*lines, "then: {where: {orders: {all: open}}}"]).encode()
    places = [(found.place.text, found.place.types[0]) for found in list_reference_places(read_yaml(text, "s.yaml"))]
    assert places == [
        ("resident-request", "procedure"),
        ("accept", "action"),
        ("orders", "action"),
        ("verified", "value"),
        ("orders", "field"),
        ("open", "value"),
    ]
