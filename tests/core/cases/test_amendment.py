"""Amendments: fields and the committee are entered anew; the event keeps what stood there, and all follows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.cases.rename_case import rename_event
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, NOT_ENTITLED, UNKNOWN_ACTION
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.procedure import Atom
from fujin_cli.core.model.scenario_file import compile_line, compile_scenario
from fujin_cli.core.simulate.scenario import prepare_run
from fujin_cli.core.versions.replay import replay_under
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import procedure, sandbox
from tests.support.yaml_trees import tree_of

LOOP = """
people: {clerk: {role: clerk, of: community}, head: {role: coordinator, of: committee}}
fields:
  topic: {type: topic, optional: yes}
  scope: {type: choice, of: [one, many], default: one}
  words: {type: text, optional: yes}
  photos: {type: list, of: text, optional: yes}
steps:
  asked:
    owner: head
    within: 1 working day
    actions: {go: {to: over, by: head, when: {scope: many}}, end: {to: over, by: clerk}}
    then: [{when: {words: now}, to: over}]
  over: {end: done}
anytime:
  correct:
    title: correct it
    by: clerk
    amends: [topic, scope, words, photos, committee]
    except: [over]
    limit: 9
    tell: {head: progress}
  note: {title: note, by: clerk}
"""


@pytest.fixture
def opened() -> tuple[CaseSandbox, str]:
    d = sandbox(LOOP)
    return d, d.open("loop", "clerk-1", committee="C1-pipes", topic="water", words="a tap")


def test_the_event_keeps_the_old_values_beside_the_new_ones(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "correct", "clerk-1", topic="light", scope="many")
    event = d.ledger.read(case)[-1]
    assert (event.kind, event.action, event.by, event.to_step) == ("amended", "correct", "clerk-1", None)
    assert event.set == {"topic": "light", "scope": "many"}
    assert event.data["amended"] == {
        "topic": {"old": "water", "new": "light"},
        "scope": {"old": "one", "new": "many"},
    }
    assert d.replay_case(case).values == {"topic": "light", "scope": "many", "words": "a tap"}


def test_a_field_that_was_empty_has_no_old_value(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "correct", "clerk-1", photos=["front", "back"])
    assert d.ledger.read(case)[-1].data["amended"] == {"photos": {"old": None, "new": ["front", "back"]}}


def test_guards_and_automatic_moves_follow_the_new_values(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    assert not d.moves(case)["go"].is_open
    d.do(case, "correct", "clerk-1", scope="many")
    assert d.moves(case)["go"].is_open
    d.do(case, "correct", "clerk-1", words="now")
    assert d.replay_case(case).outcome == "done"


def test_another_committee_owns_the_case_and_is_told(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    assert d.replay_case(case).committee == "C1-pipes"
    d.do(case, "correct", "clerk-1", committee="C1-peace")
    event, after = d.ledger.read(case)[-1], d.replay_case(case)
    assert after.committee == "C1-peace"
    assert event.set == {}
    assert event.data["amended"] == {"committee": {"old": "C1-pipes", "new": "C1-peace"}}
    assert [tell["who"] for tell in event.tells] == [""]  # nobody coordinates that committee yet
    assert d.refused(case, "go", "head-1").code != UNKNOWN_ACTION  # head-1 coordinates the pipes alone


def test_another_topic_takes_the_case_to_the_only_committee_that_answers_it(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "correct", "clerk-1", topic="light")  # both committees answer it
    assert d.replay_case(case).committee == "C1-pipes"
    d.do(case, "correct", "clerk-1", topic="noise")
    assert d.replay_case(case).committee == "C1-peace"
    assert d.ledger.read(case)[-1].data["amended"] == {
        "topic": {"old": "light", "new": "noise"},
        "committee": {"old": "C1-pipes", "new": "C1-peace"},
    }


@pytest.mark.parametrize("committee", ["C2-pipes", "C9", "C1"])
def test_a_committee_that_cannot_have_the_case_is_refused(opened: tuple[CaseSandbox, str], committee: str) -> None:
    d, case = opened
    refusal = d.refused(case, "correct", "clerk-1", committee=committee)
    assert refusal.code == INPUT_UNFIT
    assert d.replay_case(case).committee == "C1-pipes"


def test_who_where_and_what_are_checked_as_for_any_action(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    assert d.refused(case, "correct", "clerk-1").code == INPUT_MISSING
    assert d.refused(case, "correct", "nobody", topic="noise").code == NOT_ENTITLED
    assert d.refused(case, "correct", "clerk-1", topic="nothing").code == INPUT_UNFIT
    assert d.refused(case, "correct", "clerk-1", reporter="somebody").code == INPUT_UNFIT
    d.do(case, "end", "clerk-1")
    assert d.refused(case, "correct", "clerk-1", topic="noise").code == UNKNOWN_ACTION


def test_an_amendment_shows_the_atoms_of_its_action_and_of_its_fields(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "correct", "clerk-1", topic="noise", committee="C1-peace")
    event, version = d.ledger.read(case)[-1], d.version_of_case(d.replay_case(case))
    matching = [name for name in ("topic", "scope", "committee") if atom_matches(Atom("amends", name), event, version)]
    assert matching == ["topic", "committee"]
    assert atom_matches(Atom("action", "correct"), event, version)


def test_a_renamed_field_is_renamed_in_the_event(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "correct", "clerk-1", topic="light")
    names = {"steps": {}, "actions": {}, "people": {}, "fields": {"topic": "kind"}}
    renamed = rename_event(d.ledger.read(case)[-1], names)
    assert renamed.data["amended"] == {"kind": {"old": "water", "new": "light"}}
    assert renamed.set == {"kind": "light"}


def test_a_field_called_committee_is_that_field() -> None:
    d = sandbox(LOOP.replace("  words:", "  committee: {type: committee, optional: yes}\n  words:"))
    case = d.open("loop", "clerk-1", topic="noise")
    before = d.replay_case(case).committee
    d.do(case, "correct", "clerk-1", **{"committee": "C1-pipes"})
    after = d.replay_case(case)
    assert after.values["committee"] == "C1-pipes"
    assert after.committee == before


SCENARIO = """
scenario: corrected
procedure: loop
community: C1
committee: C1-pipes
when: [correct: {set: {topic: noise, committee: C1-peace}}]
then: {step: asked, where: {topic: noise}}
"""


def test_a_line_of_a_scenario_makes_it_happen(opened: tuple[CaseSandbox, str]) -> None:
    d, _ = opened
    run = prepare_run(d.workspace, d.calendar, compile_scenario(tree_of(SCENARIO)))
    run.open_case()
    for line in compile_scenario(tree_of(SCENARIO)).lines:
        run.carry_out_line(line)
    assert (run.case.values["topic"], run.case.committee) == ("noise", "C1-peace")


def test_a_line_without_values_corrects_something(opened: tuple[CaseSandbox, str]) -> None:
    d, _ = opened
    run = prepare_run(d.workspace, d.calendar, compile_scenario(tree_of(SCENARIO)))
    run.open_case()
    run.carry_out_line(compile_line("correct"))
    assert list(run.case.events[-1].data["amended"]) == ["topic"]


def test_another_version_replays_an_amendment_that_it_allows() -> None:
    d = sandbox(LOOP)
    case = d.open("loop", "clerk-1", committee="C1-pipes", topic="water")
    d.do(case, "correct", "clerk-1", topic="noise", committee="C1-peace")
    old, kept = d.version_of_case(d.replay_case(case)), d.replay_case(case)
    same = replay_under(kept, old, replace(old, digest="later"), {}, d.calendar).case
    assert same is not None
    assert (same.committee, same.values["topic"]) == ("C1-peace", "noise")
    assert same.events[-1].data["amended"] == kept.events[-1].data["amended"]
    without = compile_procedure(procedure(LOOP.replace("[topic, scope, words, photos, committee]", "[topic]")))
    assert "committee" in str(replay_under(kept, old, without, {}, d.calendar).reason)
