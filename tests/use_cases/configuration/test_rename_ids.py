"""Renaming ids: every place of every file, comments stay, no new finding, and all files are written or none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.findings.refusals import FILES_NOT_CHANGED, ID_TAKEN, Refusal
from fujin_cli.core.model.references import Reference, ReferenceIndex
from fujin_cli.core.simulate.expectations import check_scenario
from fujin_cli.store.workspace.load import Contents, contents_of
from fujin_cli.store.workspace.read_files import read_files
from fujin_cli.store.workspace.template import template_files
from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.use_cases.configuration.rename_ids import RenamePlan, plan_renames
from fujin_cli.use_cases.configuration.write_changes import write_changes
from fujin_cli.use_cases.format_files import format_file
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.validate import check_contents
from tests.support.paths import ROOT

TODAY = date(2026, 11, 28)
TEMPLATE: Contents = template_files()
TEMPLATE_IDS = list(ReferenceIndex(read_files(TEMPLATE).workspace).list_ids())
STEP = Reference("step", "handling", "resident-request")


def is_fixed(reference: Reference) -> bool:
    """Words of the language that a workspace uses as ids: the role that `raise` looks for, the levels that it tells."""
    return reference.id == "supervisor" or (
        reference.type == "people" and reference.id in ("community", "street", "city")
    )


def comments_of(contents: Contents) -> Counter[str]:
    comments: Counter[str] = Counter()
    for path, text in contents.items():
        source = read_yaml(text or b"", path)
        lines = source.text.split("\n")
        comments.update(lines[number][column:].rstrip() for number, column in find_comments(source).items())
    return comments


def without_earlier_names(text: bytes | None) -> object:
    def strip(tree: object) -> object:
        if isinstance(tree, dict):
            return {key: strip(value) for key, value in tree.items() if key not in ("was", "groups")}
        return [strip(value) for value in tree] if isinstance(tree, list) else tree

    return strip(read_yaml(text or b"", "").tree)


def rename(old: Reference, new: str, contents: Contents = TEMPLATE) -> tuple[RenamePlan, Mapping[str, str]]:
    plan = plan_renames(contents, {old: new}, TODAY)
    return plan, {path: (text or b"").decode() for path, text in plan.changes.apply_to(contents).items()}


@pytest.mark.slow
def test_every_id_of_the_city_of_fujin_can_be_renamed() -> None:
    contents = contents_of(ROOT)
    before = check_contents(contents, TODAY)
    ids = [id for id in ReferenceIndex(before.files.workspace).list_ids() if not is_fixed(id)]
    assert len(ids) > 600
    after = plan_renames(contents, {id: f"{id.id}-x" for id in ids}, TODAY).changes.apply_to(contents)
    checked = check_contents(after, TODAY)
    assert Counter(finding.code for finding in checked.findings) == Counter(f.code for f in before.findings)
    new_ids = set(ReferenceIndex(checked.files.workspace).list_ids())
    assert not {id for id in ids if Reference(id.type, id.id, f"{id.procedure}-x" if id.procedure else "") in new_ids}
    assert comments_of(after) == comments_of(contents)
    assert not [path for path, text in after.items() if format_file(text or b"", path).changed]
    workspace = checked.files.workspace
    calendar = workspace.build_calendar()
    failed = [scenario.name for scenario in workspace.scenarios if check_scenario(workspace, calendar, scenario)]
    assert failed == []


@given(st.sampled_from([id for id in TEMPLATE_IDS if not is_fixed(id)]))
@settings(max_examples=3, deadline=None)
def test_renaming_there_and_back_gives_the_same_files(id: Reference) -> None:
    there = plan_renames(TEMPLATE, {id: "some-new-id"}, TODAY).changes.apply_to(TEMPLATE)
    assert comments_of(there) == comments_of(TEMPLATE)
    new = Reference(id.type, "some-new-id", "some-new-id" if id.type == "procedure" else id.procedure)
    back = plan_renames(there, {new._replace(procedure=id.procedure): id.id}, TODAY).changes.apply_to(there)
    assert {path: without_earlier_names(text) for path, text in back.items()} == {
        path: without_earlier_names(text) for path, text in TEMPLATE.items()
    }


def test_a_renamed_step_says_what_it_was_and_the_scenarios_follow() -> None:
    plan, files = rename(STEP, "working")
    procedure = files["workflows/procedures/resident-request.yaml"]
    assert "  working:\n    title: {zh: 组团办理, en: Handling}\n    was: handling\n" in procedure
    assert "handling:" not in procedure and "handling-time" in procedure
    assert "step: working" in files["workflows/scenarios/promises/a-pause-stops-the-clock.yaml"]
    assert plan.changes.moved() == {}


def test_a_second_renaming_before_the_version_is_in_use_keeps_the_name_of_the_version_before() -> None:
    _, files = rename(STEP, "working")
    once = {path: text.encode() for path, text in files.items()}
    version = read_files(once).workspace.procedures["resident-request"]
    again = {STEP._replace(id="working"): "doing"}
    for digests, was in (([], "handling"), ([version.digest], "working")):
        after = plan_renames(once, again, TODAY, digests).changes.apply_to(once)
        text = (after["workflows/procedures/resident-request.yaml"] or b"").decode()
        assert f"  doing:\n    title: {{zh: 组团办理, en: Handling}}\n    was: {was}\n" in text


def test_an_outcome_is_renamed_where_others_speak_of_how_the_case_ended() -> None:
    _, files = rename(Reference("outcome", "verified", "work-order"), "confirmed")
    assert "end: confirmed" in files["workflows/procedures/work-order.yaml"]
    assert "was: verified" in files["workflows/procedures/work-order.yaml"]
    assert "  - orders: confirmed\n" in files["workflows/scenarios/promises/a-bounced-order-is-dispatched-again.yaml"]


def test_a_field_that_a_child_brings_back_is_renamed_in_both_procedures() -> None:
    plan, files = rename(Reference("field", "decision", "joint-conference"), "ruling-text")
    assert Reference("field", "decision", "resident-request") in plan.linked
    assert "bring: [ruling-text, lead, explanation]" in files["workflows/procedures/resident-request.yaml"]


def test_a_group_says_what_it_was_beside_its_title() -> None:
    _, files = rename(Reference("group", "orders", "resident-request"), "tasks")
    text = files["workflows/procedures/resident-request.yaml"]
    assert "\n  tasks: {title: {zh: 工单, en: work orders}, was: orders}\n" in text
    assert "          tasks: {procedure: work-order," in text and "when: {tasks: {all:" in text


def test_a_group_that_nothing_else_is_said_of_gets_a_definition_that_says_what_it_was() -> None:
    path = "workflows/procedures/resident-request.yaml"
    untitled = re.sub(rb"\ngroups:.*?\n\n", b"\n", TEMPLATE[path] or b"", flags=re.DOTALL)
    _, files = rename(Reference("group", "orders", "resident-request"), "tasks", {**TEMPLATE, path: untitled})
    assert "\ngroups:\n  tasks: {was: orders}\n" in files[path]


def test_a_unit_takes_its_files_along() -> None:
    plan, files = rename(Reference("community", "C01"), "north")
    assert plan.changes.moved() == {"workflows/rosters/C01.yaml": "workflows/rosters/north.yaml"}
    assert "serves: [north]" in files["workflows/partners.yaml"]
    assert not any("C01:" in text or "[C01]" in text for text in files.values())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Reference("community", "C01"), "street-1"),  # units have one space of names
        (Reference("person", "p-01"), "city-management"),  # so have those who act
        (STEP, "closed"),
    ],
)
def test_an_id_that_exists_is_not_given_twice(old: Reference, new: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rename(old, new)
    assert refusal.value.code == ID_TAKEN


@pytest.mark.parametrize("new", ["", "a b", "社区", "-x", "x" * 65, "handling"])
def test_a_word_that_cannot_be_the_new_id_is_wrong_usage(new: str) -> None:
    with pytest.raises(WrongUsage):
        rename(STEP, new)


def test_what_would_bring_a_finding_is_refused() -> None:
    unreadable = {**TEMPLATE, "workflows/menu.yaml": b"menu: [\n"}
    for old, new, contents in (
        (Reference("people", "street", "resident-request"), "office", TEMPLATE),  # `raise: street` tells it
        (Reference("field", "reason", "resident-request"), "orders", TEMPLATE),  # the name of a group (FJ126)
        (STEP, "working", unreadable),
    ):
        with pytest.raises(Refusal) as refusal:
            rename(old, new, contents)
        assert refusal.value.code == FILES_NOT_CHANGED


def lay(folder: Path) -> dict[str, bytes]:
    for path, text in TEMPLATE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text or b"")
    return {path: text or b"" for path, text in TEMPLATE.items()}


def test_comments_that_mention_the_old_id_are_listed_and_stay() -> None:
    plan, _ = rename(Reference("committee", "C01-environment"), "C01-green")
    assert plan.comments == ("workflows/committees/C01-green.yaml:1", "workflows/committees/C01-green.yaml:2")


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    lay(tmp_path)
    plan, files = rename(Reference("community", "C01"), "north")
    roster = tmp_path / "workflows/rosters/C01.yaml"
    north = tmp_path / "workflows/rosters/north.yaml"
    old = TEMPLATE["workflows/rosters/C01.yaml"] or b""
    for prepare, undo in (
        (partial(roster.chmod, 0o444), partial(roster.chmod, 0o644)),
        (north.mkdir, north.rmdir),
        (partial(roster.write_bytes, b"roster: C01\n"), partial(roster.write_bytes, old)),
    ):
        prepare()
        with pytest.raises(Refusal) as refusal:
            write_changes(tmp_path, plan.changes)
        assert refusal.value.code == FILES_NOT_CHANGED
        undo()
        assert contents_of(tmp_path) == TEMPLATE
        assert not list((tmp_path / "workflows").rglob("*.new"))
    write_changes(tmp_path, plan.changes)
    assert {path: (text or b"").decode() for path, text in contents_of(tmp_path).items()} == files


def test_saved_views_follow() -> None:
    head = (TEMPLATE["workflows/workspace.yaml"] or b"").decode()
    view = "{community: C01, procedure: resident-request, step: handling, can: dispatch, owner: p-01}"
    contents = {**TEMPLATE, "workflows/workspace.yaml": f"{head}\nviews:\n  ours: {view}\n".encode()}
    renames = {
        Reference("community", "C01"): "north",
        STEP: "working",
        Reference("person", "p-01"): "p-91",
        Reference("action", "dispatch", "resident-request"): "send",
    }
    after = plan_renames(contents, renames, TODAY).changes.apply_to(contents)
    line = b"{community: north, procedure: resident-request, step: working, can: send, owner: p-91}"
    assert line in (after["workflows/workspace.yaml"] or b"")


def test_line_ends_quotes_and_a_byte_order_mark_stay() -> None:
    path = "workflows/rosters/street-1.yaml"
    old = (TEMPLATE[path] or b"").decode().replace("street-1", '"street-1"').replace("\n", "\r\n")
    contents = {**TEMPLATE, path: f"\ufeff{old}".encode()}
    after = plan_renames(contents, {Reference("street", "street-1"): "east"}, TODAY).changes.apply_to(contents)
    assert (after["workflows/rosters/street-1.yaml".replace("street-1", "east")] or b"").decode() == (
        "\ufeff" + old.replace("street-1", "east")
    )


def test_a_file_that_cannot_be_written_back_as_it_is_is_refused() -> None:
    path = "workflows/rosters/C01.yaml"
    contents = {**TEMPLATE, path: (TEMPLATE[path] or b"") + b"# \x00\n"}
    with pytest.raises(Refusal) as refusal:
        rename(Reference("community", "C01"), "north", contents)
    assert refusal.value.code == FILES_NOT_CHANGED


def test_a_link_is_not_moved(tmp_path: Path) -> None:
    lay(tmp_path)
    roster = tmp_path / "workflows/rosters/C01.yaml"
    roster.rename(tmp_path / "workflows/office.txt")
    roster.symlink_to("../office.txt")
    plan, _ = rename(Reference("community", "C01"), "north")
    with pytest.raises(Refusal):
        write_changes(tmp_path, plan.changes)
    assert roster.is_symlink() and contents_of(tmp_path) == TEMPLATE
