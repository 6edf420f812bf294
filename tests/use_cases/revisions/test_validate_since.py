"""Which findings a change has caused: those that the earlier version does not have."""

from __future__ import annotations

from datetime import date

from fujin_cli.store.workspace.load import Contents
from fujin_cli.store.workspace.revisions import Version
from fujin_cli.use_cases.revisions.validate_since import ComparedFindings, keep_new_findings
from fujin_cli.use_cases.validate import check_contents, validation_result

TODAY = date(2026, 6, 1)
WORKSPACE = "workspace: town\nlanguages: [en]\nzone: Asia/Shanghai\nrehearsal: yes\n"
CITY = "jurisdiction: town\ntitle: Town\nlevels: [community, city]\nroles: {clerk: {}}\nstreets: {S1: {title: S}}\n"
CITY += "communities: {C1: {title: C, street: S1, households: 5}}\n"
LOOP = """procedure: loop
title: Loop
case_of: community
opened: {by: [clerk]}
people:
  clerk: {role: clerk, of: community}
steps:
  asked:
    title: Asked
    owner: clerk
    within: 1 working day
    actions:
      take: {title: take, to: over, by: clark}
      give: {title: give, to: over, by: clerk}
  over: {title: Over, end: done}
"""


def contents(loop: str, path: str = "loop.yaml") -> Contents:
    texts = {"workspace.yaml": WORKSPACE, "jurisdiction.yaml": CITY, f"procedures/{path}": loop}
    return {f"workflows/{name}": text.encode() for name, text in texts.items()}


def compared(old: Contents, new: Contents) -> ComparedFindings:
    return keep_new_findings(validation_result(check_contents(new, TODAY)), Version("old", old), TODAY)


def new_words(old: Contents, new: Contents) -> list[str]:
    return [str(finding.message) for finding in compared(old, new).validated.findings]


def test_what_both_have_is_left_out_wherever_its_line_is() -> None:
    moved = contents("# a remark\n\n" + LOOP.replace("within: 1 working day", "within: 2 working days"))

    result = compared(contents(LOOP), moved)

    assert result.validated.findings == [] and result.unchanged > 0
    assert new_words(contents(LOOP), contents(LOOP, "renamed.yaml")) == []


def test_what_the_change_caused_is_shown() -> None:
    with_another = contents(LOOP.replace("to: over, by: clerk", "to: ovr, by: clerk"))

    [message] = new_words(contents(LOOP), with_another)

    assert "ovr" in message
    assert new_words(with_another, contents(LOOP)) == []


def test_another_wrong_word_at_the_same_place_is_new() -> None:
    [message] = new_words(contents(LOOP), contents(LOOP.replace("clark", "clrk")))

    assert "clrk" in message


def test_the_same_mistake_made_twice_is_new_once() -> None:
    twice = contents(LOOP.replace("to: over, by: clerk", "to: over, by: clark"))

    [finding] = compared(contents(LOOP), twice).validated.findings

    assert finding.place.route[:4] == ("steps", "asked", "actions", "give")


def test_a_deleted_file_is_caused_by_the_change_though_another_file_is_wrong() -> None:
    child = LOOP.replace("procedure: loop", "procedure: child").replace("clark", "clerk")
    parent = LOOP.replace("clark", "clerk, opens: {parts: {procedure: child}}")
    old = contents(parent) | {"workflows/procedures/child.yaml": child.encode()}

    [message] = new_words(old, contents(parent))

    assert message == "there is no procedure child"
