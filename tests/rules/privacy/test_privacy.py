"""Privacy: the rules know what messages and notices really say, and a leak is seen however far the value has gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.render.basics.names import BOARD
from fujin_cli.render.notifications.notification_text import _KINDS, NEVER_TOLD, NotificationText
from fujin_cli.rules.references.fj118_unknown_notification_kind import KINDS
from fujin_cli.rules.support.data_flow import QUOTING, SECRET, DataFlow, fields_entered_by_residents, may_know
from tests.support.golden_workspaces import copy_base, findings_of, workspace_of
from tests.support.paths import ROOT
from tests.support.town_hall import Hall

ERRAND = "workflows/procedures/errand.yaml"


def all_told(hall: Hall) -> tuple[Case, Procedure]:
    """A case whose every text has a value of its own, and whose newest event entered one of them."""
    case = hall.request()
    hall.at("2026-06-01T09:10").do(case, "accept", "p-1", lead="power")
    state = hall.replay_case(case)
    version = hall.version_of_case(state)
    texts = {name: f"<{name}>" for name, field in version.fields.items() if field.type == "text"}
    first, *others, last = state.events
    events = [replace(first, set={**first.set, **texts}), *others, replace(last, set={"reason": "<reason>"})]
    return replay(state.id, events), version


@pytest.mark.parametrize("kind", sorted(_KINDS.keys() - {"new-code", "joined", "parted"}))
def test_the_rules_know_what_a_message_says(kind: str) -> None:
    hall = Hall()
    state, version = all_told(hall)
    telling = NotificationText.for_event(state, version, hall.organisation, hall.calendar, state.events[-1])
    said = telling.text_of({"to": "reporter", "kind": kind})
    shown = {name for name, field in version.fields.items() if f"<{name}>" in said and field.public == "no"}
    quoted = {*QUOTING[kind], "reason"} if kind in QUOTING else set()
    assert shown == {name for name in quoted if name in version.fields and version.fields[name].public == "no"}


def test_a_notice_says_public_fields_alone_and_a_quote_its_field() -> None:
    hall = Hall()
    state, version = all_told(hall)
    telling = NotificationText.for_event(state, version, hall.organisation, hall.calendar, state.events[-1])
    notice = telling.text_of({"to": BOARD, "kind": "notice"})
    assert {name for name, field in version.fields.items() if f"<{name}>" in notice and field.public != "yes"} == set()
    quote = telling.text_of({"to": "reporter", "kind": "summary"})
    assert [name for name in version.fields if f"<{name}>" in quote] == ["summary"]


def test_every_kind_of_message_is_judged() -> None:
    assert set(KINDS.places) <= _KINDS.keys()
    assert set(SECRET) == set(NEVER_TOLD)


@pytest.mark.slow
def test_the_shipped_procedures_leak_nothing() -> None:
    assert [finding.code for finding in findings_of(ROOT) if finding.code.startswith("FJ5")] == []
    assert DataFlow(workspace_of(ROOT)).residents[("work-order", "task")], (
        "what a resident entered reaches a work order"
    )


def test_residents_enter_what_they_bring_and_what_they_are_asked_for(tmp_path: Path) -> None:
    version = workspace_of(copy_base(tmp_path)).procedures["errand"]
    assert set(fields_entered_by_residents(version)) == {"summary", "asker", "scope", "reason"}


@pytest.mark.parametrize(
    ("who", "whose", "knows"),
    [
        ("asker", "asker", True),
        ("asker", None, False),
        ("clerk", None, True),
        ("helper", None, True),
        ("neighbours", "asker", False),
        ("stranger", "asker", False),
        ("all", "asker", False),
        ("resident", "asker", False),
        ("accused", "asker", False),
        ("asker", "accused", False),
        ("accused", "accused", True),
        ("hands", "asker", False),
        ("opener", "asker", True),
        ("opener", None, False),
    ],
)
def test_who_may_know(who: str, whose: str | None, knows: bool, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    text = (root / ERRAND).read_text("utf-8")
    more = (
        "  neighbours: {contact: asker, with: joined}\n  stranger: {partner: owner}\n"
        "  accused: {contact: accused}\n  hands: {whoever: {in: same_as}}\n  opener: {whoever: opened}\n"
        "  all: {groups: {a: {role: coordinator, of: committee}, b: {partner: owner}}}\nfields:\n"
        "  accused: {type: contact, optional: yes}\n"
        "  joined: {type: list, of: contact, optional: yes}\n  owner: {type: partner, optional: yes}\n"
    )
    (root / ERRAND).write_text(text.replace("fields:\n", more, 1), "utf-8")
    version = workspace_of(root).procedures["errand"]
    assert (may_know(version, who, None if whose is None else frozenset({whose})) is None) == knows


LEAKS = {
    "the words of one contact to another one of the same case": (
        [
            ("people:\n", "people:\n  accused: {contact: accused}\n"),
            ("fields:\n", "fields:\n  accused: {type: contact, optional: yes}\n"),
            ("tell: {asker: answer}}\n  joined:", "tell: {asker: answer, accused: summary}}\n  joined:"),
        ],
        "FJ503",
    ),
    "what the reporter entered with the same action": (
        [
            ("people:\n", "people:\n  accused: {contact: accused}\n"),
            ("fields:\n", "fields:\n  accused: {type: contact, optional: yes}\n"),
            ("tell: {clerk: reason}", "tell: {clerk: reason, accused: reason}"),
        ],
        "FJ503",
    ),
    "at a step that only a rung leads to": (
        [
            ("people:\n", "people:\n  neighbours: {contact: asker, with: joined}\n"),
            ("fields:\n", "fields:\n  joined: {type: list, of: contact, optional: yes}\n"),
            ("{after: 5 working days, raise: street}", "{after: 5 working days, to: given-up}"),
            (
                "  declined: {",
                "  given-up:\n    title: Given up\n    on_enter: {tell: {neighbours: summary}}\n"
                "    then: [{to: declined}]\n  declined: {",
            ),
        ],
        "FJ503",
    ),
    "to whoever acted in another case": (
        [
            ("people:\n", "people:\n  hands: {whoever: {in: same_as}}\n"),
            ("tell: {asker: merged}", "tell: {asker: merged, hands: summary}"),
        ],
        "FJ503",
    ),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_found(name: str, tmp_path: Path) -> None:
    edits, code = LEAKS[name]
    root = copy_base(tmp_path)
    text = (root / ERRAND).read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (root / ERRAND).write_text(text, "utf-8")
    assert [finding.code for finding in findings_of(root) if finding.severity == "error"] == [code]


def test_what_is_handed_round_in_a_circle_ends(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    text = (root / ERRAND).read_text("utf-8")
    given = text.replace("give: {task: summary}, instead_of", "give: {task: summary}, bring: [result], instead_of", 1)
    assert given != text
    (root / ERRAND).write_text(given, "utf-8")
    residents = DataFlow(workspace_of(root)).residents
    assert [handing.target for handing in residents[("order", "task")]] == [("order", "task")]
    assert ("errand", "result") not in residents


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ring 13900000000", True),
        ("139-0000-0000", True),
        ("+86 139 0000 0000", True),
        ("电话13900000000，下午", True),
        ("139 0000-0000", True),
        ("１３９－００００－００００", True),
        ("tel-13900000000", True),
        ("黑H12345", True),
        ("name＠example.com", True),
        ("call 0454-2345678", False),
        ("the hotline 12345", False),
        ("order 2026113900000000", False),
        ("1390000000", False),
        ("D-13900000000", False),
        ("11010119000101001X", False),  # a wrong check digit
        ("13900000000。", True),
        ("110101190001011009", True),
        ("证件 110101190001011092", True),
        ("99999919991331001X", False),
    ],
)
def test_numbers_of_persons(text: str, found: bool, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    path = root / ERRAND
    path.write_text(path.read_text("utf-8").replace("title: Errand\n", f"title: Errand\nnote: {text!r}\n", 1), "utf-8")
    findings = findings_of(root)
    assert [finding.code for finding in findings] == (["FJ506"] if found else [])
    assert not any(digits in f"{finding.message}{finding.help}" for finding in findings for digits in text.split())


def test_the_number_of_a_unit_is_no_person_s(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    path = root / "workflows" / "partners.yaml"
    text = path.read_text("utf-8")
    assert text.count("serves: ") >= 1
    path.write_text(text.replace("serves: ", "contact: 13900000000, serves: ", 1), "utf-8")
    assert "FJ506" not in [finding.code for finding in findings_of(root)]
