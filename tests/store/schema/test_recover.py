"""What is left of a file with mistakes: valid, known by its names, and its places still right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.workspace import File, build_workspace
from fujin_cli.store.schema.check import ShapeCheck, check_shape
from fujin_cli.store.schema.pruning import find_empty_routes, prune
from fujin_cli.store.yaml.positions import span_of
from fujin_cli.store.yaml.read import Source, read_yaml
from tests.support.paths import GOLDEN

SAMPLES = {path.stem: path.read_text() for path in sorted((GOLDEN / "files").glob("*.yaml"))}


def check(text: str) -> tuple[Source, ShapeCheck]:
    source = read_yaml(text.encode(), "a.yaml")
    return source, check_shape(source)


def test_a_broken_part_is_left_out_and_stays_known() -> None:
    _, checked = check(SAMPLES["request"].replace("head: {seat: head", "head: {seat: haed"))
    assert checked.tree is not None
    assert "head" not in checked.tree["people"]
    assert "coordinator" in checked.tree["people"]
    assert ("people", "head") in checked.pruned
    file = File("a.yaml", "procedure", "request", checked.tree, checked.pruned)
    assert build_workspace([file]).pruned_names("a.yaml", "people") == {"head"}


def test_only_the_broken_part_of_a_step_is_left_out() -> None:
    _, checked = check(SAMPLES["request"].replace("    owner: coordinator\n", "    owner: [coordinator]\n"))
    assert checked.tree is not None
    step = checked.tree["steps"]["reported"]
    assert "owner" not in step
    assert len(step["ladder"]) == 4
    assert checked.pruned == {("steps", "reported", "owner")}


def test_a_step_that_is_no_step_stays_known() -> None:
    _, checked = check(
        SAMPLES["request"].replace("  waiting:\n    title: 等待\n", "  waiting: soon\n  later:\n    title: 等待\n")
    )
    assert checked.tree is not None
    assert "waiting" not in checked.tree["steps"]
    assert ("steps", "waiting") in checked.pruned


def test_what_is_deferred_is_left_out_by_its_name() -> None:
    text = SAMPLES["request"].replace("less: 1 day}\n", "less: 1 day}\n    collect: {votes: {from: members}}\n")
    _, checked = check(text)
    assert checked.pruned == {("steps", "waiting", "collect", "votes")}


def test_places_of_what_is_left_are_right_after_items_were_left_out() -> None:
    source, checked = check(SAMPLES["roster"].replace("person: p-02", "person: p 02"))
    assert checked.tree is not None
    assert [member["person"] for member in checked.tree["members"]] == ["p-01", "p-03"]
    assert span_of(source, Place("a.yaml", ("members", 1, "name"))).line == 5
    assert span_of(source, Place("a.yaml", ("members", 0, "name"))).line == 3
    assert checked.findings[0].place.span is not None
    assert checked.findings[0].place.span.line == 4


def test_a_file_without_its_name_cannot_be_used() -> None:
    for text in ("roster: [a]\nstaff: []\n", "roster:\nstaff: []\n"):
        _, checked = check(text)
        assert (checked.kind, checked.name, checked.tree) == ("roster", None, None)
        assert len(checked.findings) == 1


def test_mistakes_beside_a_broken_name_are_found_too() -> None:
    _, checked = check(SAMPLES["roster"].replace("roster: C01-legal", "roster: C 01").replace("born: 1960", "born: 60"))
    assert [finding.code for finding in checked.findings] == ["FJ009", "FJ009"]


def test_pruning_tells_where_what_is_left_came_from() -> None:
    tree: dict[str, Any] = {"a": [{"b": "1"}, {"b": "2"}, {"c": ["3", None]}]}
    assert find_empty_routes(tree) == [("a", 2, "c", 1)]
    pruned = prune(tree, {("a", 0), ("a", 2, "c", 1)})
    assert pruned.tree == {"a": [{"b": "2"}, {"c": ["3"]}]}
    assert pruned.remaining_indices == {("a",): (1, 2), ("a", 2, "c"): (0,)}
    assert pruned.route_of(("a", 1, "|a tag", "c", 0)) == ("a", 2, "c", 0)
    assert pruned.routes[id(pruned.tree["a"][0])] == ("a", 1)


# Whatever stands there


def _routes(tree: Any, route: Route = ()) -> list[Route]:
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [route, *(found for key, value in entries for found in _routes(value, (*route, key)))]


TREES = {name: read_yaml(text.encode(), "").tree for name, text in SAMPLES.items()}
ROUTES = [(name, route) for name, tree in TREES.items() for route in _routes(tree)]
ODD: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.sampled_from(["", "x", "no such", "2 days", "up", "in", "3", "any end"]) | st.text(max_size=3),
    lambda odd: (
        st.lists(odd, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "end", "to", "in", "role", "all", "zh"]), odd, max_size=3)
    ),
    max_leaves=4,
)


def _with(tree: Any, route: Route, value: Any) -> Any:
    if not route:
        return value
    if isinstance(tree, dict):
        return {key: _with(item, route[1:], value) if key == route[0] else item for key, item in tree.items()}
    return [_with(item, route[1:], value) if at == route[0] else item for at, item in enumerate(tree)]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ROUTES), st.lists(st.tuples(st.sampled_from(ROUTES), ODD), max_size=3), ODD)
def test_whatever_stands_there_is_judged_and_what_is_left_can_be_used(
    place: tuple[str, Route], more: list[tuple[tuple[str, Route], Any]], odd: Any
) -> None:
    name, route = place
    tree = _with(TREES[name], route, odd)
    for (other, further), value in more:
        if other == name and further[: len(route)] != route:
            tree = _with(tree, further, value)
    first = read_yaml(SAMPLES[name].encode(), "a.yaml")
    source = Source("a.yaml", first.text, tree, first.root_node)
    checked = check_shape(source)
    assert checked.broken == bool(checked.findings)
    if checked.tree is None:
        assert checked.findings
        return
    build_workspace([File("a.yaml", checked.kind or "", checked.name or "", checked.tree, checked.pruned)])
    if checked.kind == "procedure" and checked.tree.get("steps"):
        compile_procedure(checked.tree)
    left = Source("a.yaml", first.text, checked.tree, first.root_node)
    again = check_shape(left)
    assert {finding.code for finding in again.findings} <= {"FJ005"}
    assert again.pruned == frozenset()


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_to_a_sample_makes_it_raise(data: st.DataObject) -> None:
    text = SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))]
    at = data.draw(st.integers(0, len(text)))
    new = data.draw(
        st.sampled_from(["", "x", " ", ":", "\n", "[", "}", "- ", "a: b", "&a ", "*a", "~", "|\n", "'", "#"])
    )
    source, checked = check(text[:at] + new + text[at + data.draw(st.integers(0, 12)) :])
    for finding in (*source.findings, *checked.findings):
        assert finding.place.span is not None
        assert 1 <= finding.place.span.line <= len(source.lines) + 1
        assert str(finding.message)
        assert str(finding.help)


@pytest.mark.slow
def test_twelve_thousand_lines_are_judged() -> None:
    body = SAMPLES["request"].split("steps:\n")[1].split("anytime:")[0]
    steps = "".join(_renamed(body, copy) for copy in range(240))
    text = "procedure: long\ntitle: x\ncase_of: community\nopened: {by: [resident]}\nsteps:\n" + steps
    source = read_yaml(text.encode(), "a.yaml")
    assert len(source.lines) > 12_000
    assert check_shape(source).findings == []


def _renamed(body: str, copy: int) -> str:
    return "".join(
        f"  x{copy}-{line[2:]}" if line.startswith("  ") and line[2] != " " else line
        for line in body.splitlines(keepends=True)
    )


@pytest.mark.slow
def test_very_many_mistakes_are_counted_up_to_a_bound() -> None:
    text = "roster: C01\nstaff:\n" + "".join(
        f"  - {{person: p-{n}, nmae: a, rols: [x], born: 3}}\n" for n in range(5000)
    )
    source = read_yaml(text.encode(), "a.yaml")
    checked = check_shape(source)
    assert len(checked.findings) == 1000


def test_nesting_as_deep_as_yaml_may_be_is_judged() -> None:
    inner = "{role: x, of: city, not: [" * 28 + "]}" * 28
    text = f"procedure: deep\ntitle: x\ncase_of: community\nopened: {{by: []}}\npeople: {{a: {inner}}}\nsteps: {{}}\n"
    assert check(text)[1].findings == []
    inner = "{groups: {a: " * 28 + "[]" + "}}" * 28
    text = f"procedure: deep\ntitle: x\ncase_of: community\nopened: {{by: []}}\npeople: {{a: {inner}}}\nsteps: {{}}\n"
    assert [finding.code for finding in check(text)[1].findings] == ["FJ004"]
