"""Privacy: the rules know what messages and notices really say, and a leak is seen however far the value has gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fujin_cli.core.case import Case
from fujin_cli.core.evolving import replay
from fujin_cli.core.procedure import Procedure
from fujin_cli.render.message_words import _KINDS, NEVER_TOLD, Telling
from fujin_cli.render.names import BOARD
from fujin_cli.rules.fj118 import KINDS
from fujin_cli.rules.privacy import QUOTING, SECRET, Flows, entered, may_know
from tests.commands.support_cli import ROOT
from tests.render.render_samples import Hall
from tests.support import copy_base, findings_of, workspace_of

ERRAND = "workflows/procedures/errand.yaml"


def all_told(hall: Hall) -> tuple[Case, Procedure]:
    """A case whose every text has a value of its own, and whose newest event entered one of them."""
    case = hall.request()
    hall.at("2026-06-01T09:10").do(case, "accept", "p-1", lead="power")
    state = hall.case(case)
    law = hall.law(state)
    texts = {name: f"<{name}>" for name, field in law.fields.items() if field.type == "text"}
    first, *others, last = state.events
    events = [replace(first, set={**first.set, **texts}), *others, replace(last, set={"reason": "<reason>"})]
    return replay(state.id, events), law


@pytest.mark.parametrize("kind", sorted(_KINDS.keys() - {"new-code", "joined", "parted"}))
def test_the_rules_know_what_a_message_says(kind: str) -> None:
    hall = Hall()
    state, law = all_told(hall)
    telling = Telling.at(state, law, hall.organisation, hall.calendar, state.events[-1])
    said = telling.text({"to": "reporter", "kind": kind})
    shown = {name for name, field in law.fields.items() if f"<{name}>" in said and field.public == "no"}
    quoted = {*QUOTING[kind], "reason"} if kind in QUOTING else set()
    assert shown == {name for name in quoted if name in law.fields and law.fields[name].public == "no"}


def test_a_notice_says_public_fields_alone_and_a_quote_its_field() -> None:
    hall = Hall()
    state, law = all_told(hall)
    telling = Telling.at(state, law, hall.organisation, hall.calendar, state.events[-1])
    notice = telling.text({"to": BOARD, "kind": "notice"})
    assert {name for name, field in law.fields.items() if f"<{name}>" in notice and field.public != "yes"} == set()
    quote = telling.text({"to": "reporter", "kind": "summary"})
    assert [name for name in law.fields if f"<{name}>" in quote] == ["summary"]


def test_every_kind_of_message_is_judged() -> None:
    assert set(KINDS.places) <= _KINDS.keys()
    assert set(SECRET) == set(NEVER_TOLD)


def test_the_shipped_procedures_leak_nothing() -> None:
    assert [finding.code for finding in findings_of(ROOT) if finding.code.startswith("FJ5")] == []
    assert Flows(workspace_of(ROOT)).residents[("work-order", "task")], "what a resident entered reaches a work order"


def test_residents_enter_what_they_bring_and_what_they_are_asked_for(tmp_path: Path) -> None:
    law = workspace_of(copy_base(tmp_path)).procedures["errand"]
    assert set(entered(law)) == {"summary", "asker", "scope", "reason"}


@pytest.mark.parametrize(
    ("who", "own_words", "knows"),
    [("asker", True, True), ("asker", False, False), ("clerk", False, True), ("helper", False, True),
     ("neighbours", True, False), ("stranger", True, False), ("all", True, False), ("resident", True, False)],
)  # fmt: skip
def test_who_may_know(who: str, own_words: bool, knows: bool, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    text = (root / ERRAND).read_text("utf-8")
    more = (
        "  neighbours: {contact: asker, with: joined}\n  stranger: {partner: owner}\n"
        "  all: {groups: {a: {role: coordinator, of: committee}, b: {partner: owner}}}\nfields:\n"
        "  joined: {type: list, of: contact, optional: yes}\n  owner: {type: partner, optional: yes}\n"
    )
    (root / ERRAND).write_text(text.replace("fields:\n", more, 1), "utf-8")
    law = workspace_of(root).procedures["errand"]
    assert (may_know(law, who, own_words=own_words) is None) == knows


def test_what_is_handed_round_in_a_circle_ends(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    text = (root / ERRAND).read_text("utf-8")
    given = text.replace("give: {task: summary}}", "give: {task: summary}, bring: [result]}", 1)
    assert given != text
    (root / ERRAND).write_text(given, "utf-8")
    residents = Flows(workspace_of(root)).residents
    assert [handing.target for handing in residents[("order", "task")]] == [("order", "task")]
    assert ("errand", "result") not in residents
