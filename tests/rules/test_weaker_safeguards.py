"""From two versions of a procedure to the findings about safeguards that only the old one has."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.versions.compare import Side, compare_workspaces
from fujin_cli.rules.change_findings import BREAKING, findings_of_changes
from tests.support.small_town import procedure, town

OLD = """
opened: {by: [clerk, resident], gives: {reporter: [receipt, acceptance-code]}}
settings:
  tries: {type: count, default: 2, from: 1, up_to: 3}
  reopen-window: {type: duration, default: 10 working days, from: 5 working days, up_to: 30 working days}
people:
  reporter: {contact: reporter, proof: acceptance-code, through: [inspector]}
  reporters: {contact: reporter, with: joined}
  inspector: {role: inspector, of: community, not: [clerk]}
  clerk: {role: clerk, of: community}
  community: {role: supervisor, of: community}
  street: {role: supervisor, of: street}
fields:
  reporter: {type: contact, required: yes}
  joined: {type: list, of: contact, optional: yes}
  until: {type: date, optional: yes}
  panel: {type: list, of: person, optional: yes}
  helper: {type: person, optional: yes}
steps:
  asked:
    owner: clerk
    within: 1 working day
    ladder:
      - {at: deadline, tell: [clerk, community]}
      - {after: 1 working day, raise: community}
    actions:
      take: {to: doing, by: clerk, tell: {reporters: answer}, needs: {panel: {at_least: 2, at_most: 5}}}
      drop: {to: refused, by: clerk, tell: {reporter: answer}, publish: notice}
      try: {by: clerk, limit: tries, spaced: 1 hour, may: {until: {within: 10 working days}, helper: {not: panel}}}
  doing:
    owner: clerk
    within: 5 working days
    on_enter: {tell: [inspector]}
    actions:
      approve: {to: done, by: reporter, tell: {reporter: answer}}
      refuse: {to: asked, by: reporter, limit: 2, then: {to: refused, tell: {reporter: answer}}}
      record: {by: [clerk, reporter]}
  done:
    end: done
    counts_as: [answered, resolved, satisfied]
    reopen: {within: reopen-window, by: reporter, to: doing, limit: 1}
  refused: {end: refused, counts_as: [answered]}
"""


def findings_after(*edits: tuple[str, str]) -> list[Finding]:
    new = OLD
    for before, after in edits:
        assert before in new, before
        new = new.replace(before, after)
    old_town, new_town = town(procedure(OLD)), town(procedure(new))
    comparison = compare_workspaces(old_town, new_town, date(2026, 6, 1))
    sides = (Side("x", workspace, lambda place: place) for workspace in (old_town, new_town))
    return findings_of_changes(comparison, *sides)


def messages(code: str, *edits: tuple[str, str]) -> list[str]:
    return [str(finding.message) for finding in findings_after(*edits) if finding.code == code]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("tell: {reporters: answer}, needs", "needs", "asked: take no longer tells reporters: answer"),
        (
            "tell: {reporters: answer}, needs",
            "tell: {reporter: answer}, needs",
            "asked: take no longer tells reporters: answer",
        ),
        (", publish: notice", "", "asked: drop no longer publishes notice"),
        ("tell: [clerk, community]", "tell: [clerk]", "the ladder of asked no longer tells community: demand"),
        (
            "      - {after: 1 working day, raise: community}\n",
            "",
            "the ladder of asked no longer raises the case to the level community",
        ),
        ("    on_enter: {tell: [inspector]}\n", "", "arriving at doing no longer tells inspector: progress"),
        ("[receipt, acceptance-code]", "[acceptance-code]", "the opening no longer tells reporter: receipt"),
        ("reporter, with: joined", "reporter", "joined are no longer told together with reporters"),
        (
            "{to: refused, tell: {reporter: answer}}}",
            "{to: refused}}",
            "doing: refuse no longer tells reporter: answer",
        ),
    ],
)
def test_who_is_no_longer_told(before: str, after: str, message: str) -> None:
    assert messages("FJ612", (before, after)) == [message]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("limit: tries, ", "", "asked: try no longer has a limit; it was 2"),
        ("limit: tries, ", "limit: 4, ", "asked: try may be done more often: the limit was 2 and is 4"),
        ("up_to: 3}", "up_to: 4}", "asked: try may be done more often: the limit was 3 and is 4"),
        ("spaced: 1 hour, ", "", "asked: try may be repeated at once; 1 hour had to pass"),
        (
            "spaced: 1 hour",
            "spaced: 10 minutes",
            "asked: try may be repeated sooner: after 1 hour before, after 10 minutes now",
        ),
        (
            "up_to: 30 working days",
            "up_to: 40 working days",
            "done: reopen is possible for longer: 30 working days before, 40 working days now",
        ),
        (
            "{within: 10 working days}",
            "{within: 11 working days}",
            "asked: try bounds until less: 10 working days before, 11 working days now",
        ),
        (
            "{until: {within: 10 working days}, ",
            "{until: {}, ",
            "asked: try no longer bounds until; the bound was 10 working days",
        ),
        ("at_least: 2, ", "", "asked: take no longer bounds panel; the bound was 2"),
        ("at_least: 2, ", "at_least: 1, ", "asked: take bounds panel less: 2 before, 1 now"),
        ("at_most: 5", "at_most: 6", "asked: take bounds panel less: 5 before, 6 now"),
    ],
)
def test_a_bound_that_allows_more(before: str, after: str, message: str) -> None:
    assert messages("FJ613", (before, after)) == [message]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("limit: tries, ", "limit: 2, "),
        ("limit: tries, ", "limit: 1, "),
        ("spaced: 1 hour", "spaced: 60 minutes"),
        ("spaced: 1 hour", "spaced: 2 hours"),
        ("up_to: 30 working days", "up_to: 20 working days"),
        ("at_least: 2", "at_least: 3"),
    ],
)
def test_a_bound_that_allows_the_same_or_less(before: str, after: str) -> None:
    assert messages("FJ613", (before, after)) == []


def test_what_an_end_no_longer_counts_as() -> None:
    edit = ("[answered, resolved, satisfied]", "[answered]")
    assert messages("FJ614", edit) == ["done no longer counts as resolved", "done no longer counts as satisfied"]


@pytest.mark.parametrize(
    ("edit", "messages_of_proof"),
    [
        (
            ("approve: {to: done, by: reporter", "approve: {to: done, by: [reporter, street]"),
            ["doing: approve needed a proof, and more people may do it now: street"],
        ),
        (
            ("approve: {to: done, by: reporter", "approve: {to: done, by: reporters"),
            ["doing: approve needed a proof, and more people may do it now: reporters"],
        ),
        (("approve: {to: done, by: reporter", "approve: {to: done, by: [reporter]"), []),
        (("record: {by: [clerk, reporter]}", "record: {by: [clerk, reporter, street]}"), []),
    ],
)
def test_more_people_for_an_act_that_needed_a_proof(edit: tuple[str, str], messages_of_proof: list[str]) -> None:
    assert messages("FJ615", edit) == messages_of_proof


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("proof: acceptance-code, ", ""),
        ("through: [inspector]}", "through: [inspector, clerk]}"),
        (
            "reporter: {contact: reporter, proof: acceptance-code, through: [inspector]}",
            "reporter: {role: clerk, of: community}",
        ),
    ],
)
def test_a_contact_who_is_easier_to_be_may_do_every_act_of_theirs(before: str, after: str) -> None:
    acts = ("doing: approve", "doing: refuse", "doing: record", "done: reopen")
    expected = {f"{act} needed a proof, and more people may do it now: reporter" for act in acts}
    assert set(messages("FJ615", (before, after))) == expected


def test_a_level_that_may_do_it_once_the_case_is_raised() -> None:
    found = messages(
        "FJ615",
        ("take: {to: doing, by: clerk", "take: {to: doing, by: reporter"),
    )
    assert found == []  # it needed no proof before
    raised = (
        "    actions:\n      approve: {to: done, by: reporter",
        "    ladder: [{after: 1 working day, raise: street}]\n"
        "    actions:\n      approve: {to: done, by: [reporter, clerk]",
    )
    assert (
        "doing: approve needed a proof, and the level street may do it now when the case is raised to it"
        in messages("FJ615", raised)
    )


def test_whom_a_name_no_longer_excludes() -> None:
    assert messages("FJ616", (", not: [clerk]", "")) == ["inspector no longer excludes clerk"]
    assert messages("FJ616", ("helper: {not: panel}", "helper: {}")) == [
        "asked: try no longer excludes panel from helper"
    ]


def test_renames_drop_nothing() -> None:
    found = findings_after(
        ("  asked:\n", "  waiting:\n    was: asked\n"),
        ("to: asked", "to: waiting"),
        ("      take: {to", "      accept: {was: take, to"),
        ("reporters: {contact", "complainants: {was: reporters, contact"),
        ("{reporters: answer}", "{complainants: answer}"),
        ("tries: {type", "attempts: {was: tries, type"),
        ("limit: tries", "limit: attempts"),
        ("  panel: {type", "  board: {was: panel, type"),
        ("needs: {panel:", "needs: {board:"),
        ("{not: panel}", "{not: board}"),
    )
    assert [finding.code for finding in found if finding.code in BREAKING] == []


def test_what_is_told_on_arriving_instead_is_told() -> None:
    edits = (
        ("approve: {to: done, by: reporter, tell: {reporter: answer}}", "approve: {to: done, by: reporter}"),
        ("    end: done\n", "    end: done\n    on_enter: {tell: {reporter: answer}}\n"),
    )
    assert messages("FJ612", *edits) == []


def test_they_are_breaking_and_show_both_places() -> None:
    [finding] = [f for f in findings_after(("limit: tries, ", "limit: 4, ")) if f.code == "FJ613"]
    assert {"FJ612", "FJ613", "FJ614", "FJ615", "FJ616"} <= BREAKING
    assert finding.place.route == ("steps", "asked", "actions", "try", "limit")
    assert [related.place.route for related in finding.related] == [("steps", "asked", "actions", "try", "limit")]
    assert finding.help is not None


def test_a_move_that_leads_elsewhere_is_said_first() -> None:
    assert messages("FJ605", ("drop: {to: refused", "drop: {to: done")) == [
        "asked: drop leads elsewhere: to refused before, to done now"
    ]
    assert messages("FJ605", ("limit: 2, then: {to: refused", "limit: 2, then: {to: done")) == [
        "doing: refuse leads elsewhere once its limit is used up: to refused before, to done now"
    ]
    assert messages("FJ605", ("take: {to: doing, ", "take: {")) == [
        "asked: take leads elsewhere: to doing before, to the same step now"
    ]


def test_a_step_that_was_only_renamed_refuses_nothing() -> None:
    assert messages("FJ605", ("  doing:\n", "  working:\n"), ("to: doing", "to: working")) == []
