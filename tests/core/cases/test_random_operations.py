"""Whatever people do, in whatever procedure: the engine accepts what ``list_moves`` returns, and its promises hold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.moves import Move
from fujin_cli.core.findings.refusals import WRONG_CODE, Refusal
from fujin_cli.core.listing.summarize import summarize
from fujin_cli.core.listing.summary import row_of, summary_from_row
from fujin_cli.core.model.procedure import Action, Procedure
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.small_town import town

pytestmark = pytest.mark.slow

HOLDERS = {
    "clerk": ("clerk-1", "former-1", "next-1"),
    "coordinator": ("coordinator-1", "both-1"),
    "inspector": ("inspector-1", "both-1"),
    "community": ("supervisor-1",),
    "street": ("street-1", "street-2"),
}
EVERYBODY = ("reporter", "nobody", *sorted({who for holders in HOLDERS.values() for who in holders}))
STEPS = 14


@cache
def below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


class Walk:
    """A random walk: commands of people and time over the cases that come up, each checked."""

    def __init__(self, draw: Any, pair: list[dict[str, Any]]) -> None:
        self.draw = draw
        self.sandbox = CaseSandbox(town(*pair), community="C1")
        self.cases = [self.sandbox.open("loop", "clerk-1")]
        self.check()

    def one(self, *options: Any) -> Any:
        return options[self.draw(below(len(options)))]

    def go(self) -> None:
        for _ in range(STEPS):
            self.one(self.act, self.wait, self.act, self.wait, self.act, self.resume)()
            self.check()
        for case in self.cases:
            self.sandbox.check_replay(case)

    # commands

    def act(self) -> None:
        case = self.one(*self.cases)
        listed = self.sandbox.moves(case)
        name = self.one(*listed, "go0", "nothing") if listed else "nothing"
        move = listed.get(name)
        actor = self.actor(move)
        before, state = self.sandbox.ledger.read(case), self.sandbox.replay_case(case)
        inputs, fit = self.inputs(move, state)
        code = self.one(self.sandbox.code(case), self.sandbox.code(case), "WRONG", None)
        expected = (
            move is not None
            and move.is_open
            and entitled(self.sandbox, state, move.action, actor)
            and fit
            and (speaks(state, move.action, actor) != "reporter" or proven(state, code, self.sandbox.code(case)))
        )
        try:
            self.sandbox.do(case, name, actor, code=code, **inputs)
        except Refusal as refusal:
            assert not expected or waits_no_more(self.sandbox, state), (name, actor, inputs, code, str(refusal.message))
            after = self.sandbox.ledger.read(case)
            tried = [event.kind for event in after[len(before) :]]
            assert tried == (["wrong-code"] if refusal.code == WRONG_CODE and code else []), tried
        else:
            assert expected, (name, actor, inputs, code)
            assert self.sandbox.ledger.read(case)[len(before)].action == name

    def actor(self, move: Move | None) -> str:
        if move is None or self.one(False, False, True):
            return str(self.one(*EVERYBODY))
        role = self.one(*move.action.by)
        return str("reporter" if role == "reporter" else self.one(*HOLDERS[role]))

    def inputs(self, move: Move | None, state: Case) -> tuple[dict[str, Any], bool]:
        """Inputs, and whether they fit: most are made to, some lack something, have too much, or a wrong value."""
        if move is None:
            return {}, True
        today = self.sandbox.calendar.to_local(self.sandbox.now).date()
        good = {"a": "x", "b": self.one("x", "y"), "n": self.one("2", "5"), "day": str(today + timedelta(days=2))}
        given = {entry.field: good[entry.field] for entry in move.action.needs}
        given |= {entry.field: good[entry.field] for entry in move.action.optional_inputs if self.one(True, False)}
        if move.action.amends and not given:
            return given, False  # nothing is amended
        spoil = self.one(None, None, None, "less", "more", "wrong")
        if spoil == "less" and move.action.needs:
            given.pop(move.action.needs[-1].field)
            return given, False
        if spoil == "more":
            return {**given, "hands": "clerk-1"}, False
        if spoil == "wrong" and given:
            return {**given, next(iter(given)): "no such value"}, False
        conditions = {entry.field: entry.conditions for entry in (*move.action.needs, *move.action.may)}
        same = given.get("b") == {**state.values, **given}.get("a") and conditions.get("b") == (("not", "a"),)
        return given, "b" not in given or not same

    def wait(self) -> None:
        self.sandbox.later(minutes=self.one(60, 60 * 5, 1, 30, 60 * 24, 60 * 24 * 12))
        if self.one(True, True, False):
            case = self.one(*self.cases)
            self.sandbox.tick(case)
            self.check()
            assert self.sandbox.tick(case) == []  # time takes effect once
            assert self.sandbox.happened == []

    def resume(self) -> None:
        case = self.one(*self.cases)
        paused = self.sandbox.replay_case(case).running_pause is not None
        try:
            self.sandbox.resume(case, "coordinator-1")
        except Refusal:
            assert not paused
        else:
            assert paused

    # what must hold

    def check(self) -> None:
        self.cases += [case for case in self.sandbox.touched if case not in self.cases]
        for name, touched in self.sandbox.touched.items():
            kept = self.sandbox.replay_case(name)
            assert replace(kept, events=()) == replace(touched, events=())  # replaying says what was decided
            self.check_case(kept)

    def check_case(self, case: Case) -> None:
        version = self.sandbox.versions[case.version_digest]
        assert case.step in version.steps
        assert case.has_ended == (version.steps[case.step].end is not None)
        assert case.outcome == version.steps[case.step].end
        assert not (case.has_ended and case.running_pause)
        for child in case.children:  # what a case knows of its children is so
            assert self.sandbox.replay_case(child.case).outcome == child.outcome
            assert self.sandbox.replay_case(child.case).parent == case.id
            assert not (case.has_ended and child.outcome is None)
        summary = summarize(case, version, self.sandbox.calendar, self.sandbox.now)
        assert (
            summary_from_row(json.loads(json.dumps(row_of(summary))), self.sandbox.now) == summary
        )  # as lists keep it
        check_limits(version, case)
        check_ends(version, case)
        check_round(version, case)


def check_limits(version: Procedure, case: Case) -> None:
    """No move was made more often than its limit allows, counting without the engine's own counters."""
    done = Counter(event.data["rule"] for event in case.events_in_effect if "rule" in event.data)
    normal = Counter(
        event.data["rule"] for event in case.events_in_effect if "rule" in event.data and "overflow" not in event.data
    )
    assert dict(done) == case.counts
    limited = [(action.rule, action.limit, action.then) for _, action in version.all_actions()]
    for rule, limit, then in limited:
        if limit is not None:
            most = int(case.settings.get(limit, limit))
            assert normal[rule] <= most, rule
            assert then is not None or done[rule] <= most, rule
    for step in version.steps.values():
        for rung in step.ladder:
            if rung.limit is not None and rung.then is None:
                assert done[rung.rule] <= int(rung.limit), rung.rule


def check_ends(version: Procedure, case: Case) -> None:
    """An end is left by reopening alone; every event starts where the last one led."""
    step = None
    for event in case.events_in_effect:
        assert event.from_step == step
        if event.to_step is not None:
            if step is not None and version.steps[step].end:
                assert event.action == "reopen"
            step = event.to_step
    assert step == case.step


def check_round(version: Procedure, case: Case) -> None:
    """Each time the reporter sends a case on to be worked at, and never else, a new round with a new code begins."""
    sent_on = [
        event
        for event in case.events_in_effect
        if event.data.get("as") == "reporter" and event.to_step is not None and not version.steps[event.to_step].end
    ]
    assert case.code is not None
    assert case.code.round == 1 + len(sent_on)
    assert all("code" in event.data for event in sent_on)


def speaks(case: Case, action: Action, actor: str) -> str | None:
    """The name under which the actor acts: the first that fits, else a raised level; an oracle of its own."""
    for name in action.by:
        if name == "reporter":
            if actor == "reporter":
                return name
            if actor in HOLDERS["inspector"]:
                return name
        elif actor in HOLDERS[name]:
            return name
    others = any(name != "reporter" for name in action.by)
    return next((level for level in case.raised if others and actor in HOLDERS[level]), None)


def entitled(sandbox: CaseSandbox, case: Case, action: Action, actor: str) -> bool:
    name = speaks(case, action, actor)
    if name is None or not in_office(sandbox, actor):
        return False
    if name != "reporter" or actor == "reporter":
        return True
    acted = [event for event in case.events_in_effect if event.data.get("as") not in (None, "inspector", "reporter")]
    return not any(actor in (event.by, event.entered_by) for event in acted)


def in_office(sandbox: CaseSandbox, actor: str) -> bool:
    day = sandbox.calendar.to_local(sandbox.now).date().isoformat()
    return {"former-1": day <= "2026-06-01", "next-1": day >= "2026-06-03"}.get(actor, True)


def proven(case: Case, code: str | None, right: str | None) -> bool:
    assert case.code is not None
    return code is not None and code == right and case.code.wrong < 5


def waits_no_more(sandbox: CaseSandbox, case: Case) -> bool:
    """A child of a case that has ended is not reopened: the one thing that a case's own moves cannot know."""
    return case.has_ended and case.parent is not None and sandbox.replay_case(case.parent).has_ended


@given(st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_engine_keeps_its_promises(data: st.DataObject) -> None:
    Walk(data.draw, data.draw(procedure_pairs())).go()
