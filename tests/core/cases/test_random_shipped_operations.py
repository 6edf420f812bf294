"""Whatever people do with the shipped procedures: nothing closes without the reporter's word, every promise holds."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.moves import Move
from fujin_cli.core.findings.refusals import Refusal
from tests.support.request_cases import (
    CITY,
    COLLECTOR,
    COMMUNITY,
    COORDINATOR,
    INSPECTOR,
    LEAD,
    OTHER_INSPECTOR,
    OTHERS,
    PARTNER,
    STREET,
    THIRD,
    dispatched,
    finished,
    fujin,
    reported,
)

pytestmark = pytest.mark.slow

CLERK = "p-0102"
NAMES = {
    "coordinator": (COORDINATOR,),
    "inspector": (INSPECTOR, OTHER_INSPECTOR),
    "collector": (COLLECTOR,),
    "community": (COMMUNITY,),
    "convenor": (COMMUNITY,),
    "clerk": (CLERK,),
    "street": (STREET,),
    "city": (CITY,),
    "reporter": (INSPECTOR, OTHER_INSPECTOR, "reporter"),
}
ANYBODY = (COORDINATOR, INSPECTOR, CLERK, COMMUNITY, STREET, CITY, "reporter", LEAD, PARTNER, THIRD, "nobody")
ONWARD = (  # else few walks would come as far as the acceptance
    "accept",
    "dispatch",
    "acknowledge",
    "report-done",
    "verify",
    "finish",
    "approve",
    "refuse",
    "try",
    "give-up",
)
UNITS = (LEAD, PARTNER, THIRD)


@cache
def below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


class Day:
    """A long day in Fuqian: two requests and all that they open."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.sandbox = fujin()
        first = self.one(finished, reported, dispatched)(self.sandbox)
        self.cases = [first, *self.sandbox.children(first, "orders"), reported(self.sandbox, OTHERS[0])]
        self.given: tuple[str | None, str | None] = (None, None)

    def one(self, *options: Any) -> Any:
        return options[self.draw(below(len(options)))]

    def go(self, commands: int) -> None:
        for _ in range(commands):
            self.one(self.act, self.act, self.act, self.act, self.wait)()
            self.cases += [case for case in self.sandbox.touched if case not in self.cases]
        for case in self.cases:
            self.sandbox.check_replay(case)
            self.check(self.sandbox.replay_case(case))

    def act(self) -> None:
        open_cases = [case for case in self.cases if not self.sandbox.replay_case(case).has_ended] or self.cases
        case = self.one(*open_cases, *self.cases)
        listed = self.sandbox.moves(case)
        ready = [move for move in listed.values() if move.is_open]
        onward = [move for move in ready if move.action.name in ONWARD]
        others = [move for move in listed.values() if move.action.name != "note"]
        move = self.one(*onward * 8, *others, *listed.values()) if listed else None
        if move is None:
            return
        state = self.sandbox.replay_case(case)
        proper = self.one(True, True, True, False)
        actor = self.proper_actor(state, move) if proper else self.one(*ANYBODY)
        code = self.sandbox.code(case) if self.one(True, True, True, False) else self.one("CODE1", "WRONG", None)
        inputs = self.inputs(move, case)
        self.given = (code, self.sandbox.code(case))
        try:
            self.sandbox.do(case, move.action.name, actor, code=code, **inputs)
        except Refusal as refusal:
            expected = move.is_open and proper and code == self.given[1] and self.unlocked(state)
            assert not expected or "duplicate_of" in inputs, (move.action.name, actor, inputs, str(refusal.message))
        else:
            assert move.is_open, move.action.name
            self.closing(case)

    @staticmethod
    def unlocked(state: Case) -> bool:
        return state.code is None or state.code.wrong < 5

    def closing(self, case: str) -> None:
        """What was closed was closed with this round's code, and not from under its children."""
        for id, event in self.sandbox.happened:
            if event.to_step == "closed":
                assert (id, event.action) == (case, "approve")
                assert self.given[0] == self.given[1] is not None
                assert event.by == "reporter"
                assert event.entered_by in NAMES["reporter"]
            if event.data.get("outcome"):
                assert all(child.outcome for child in self.sandbox.replay_case(id).own_children())

    def proper_actor(self, state: Case, move: Move) -> str:
        names = [name for name in move.action.by if self.holders(state, name)]
        return str(self.one(*self.holders(state, self.one(*names)))) if names else "nobody"

    def holders(self, state: Case, name: str) -> tuple[str, ...]:
        if name == "partner":
            return (str(state.values["to"]), COORDINATOR)
        return NAMES[name]

    def inputs(self, move: Move, case: str) -> dict[str, Any]:
        today = self.sandbox.calendar.to_local(self.sandbox.now)
        lead = self.one(*UNITS)
        values: dict[str, Any] = {
            "lead": lead,
            "partners": [unit for unit in UNITS if unit != lead],
            "belongs_to": THIRD,
            "resume_on": (today + timedelta(days=2)).date().isoformat(),
            "meets_at": (today + timedelta(days=12)).isoformat(),
            "venue": "fuqian-hall",
            "agenda": "the gate",
            "invited": list(UNITS),
            "present": list(UNITS[: self.one(1, 3)]),
            "in_favour": self.one("1/3", "2/3"),
            "duplicate_of": self.one(*self.cases),
        }
        asked = [entry.field for entry in move.action.needs]
        asked += [entry.field for entry in move.action.may if entry.field == "partners" and self.one(True, False)]
        asked += [self.one("summary", "place")] if move.action.amends else []  # another topic has another coordinator
        return {name: values.get(name, "because") for name in asked}

    def wait(self) -> None:
        self.sandbox.later(hours=self.one(1, 5, 24, 24 * 7))
        if self.one(True, True, False):
            case = self.one(*self.cases)
            self.sandbox.tick(case)
            self.closing(case)
            assert not any(event.to_step == "closed" for _, event in self.sandbox.happened)
            self.sandbox.tick(case)
            assert self.sandbox.happened == []

    # the guarantees that the files promise, judged by themselves

    def check(self, case: Case) -> None:
        for child in case.children:
            assert self.sandbox.replay_case(child.case).outcome == child.outcome
        for other in case.joined:
            assert self.sandbox.replay_case(other).values["reporter"] in case.values["joined"]
        if case.procedure == "resident-request":
            check_request(case)
        if case.procedure == "work-order":
            before_needs(case, lambda event: event.data.get("outcome") == "verified", "verify", "report-done")
            assert not hands(case, "report-done") & hands(case, "verify")


def told(event: Event, *names: str) -> bool:
    return any(tell["to"] in names for tell in event.tells)


def hands(case: Case, action: str) -> set[str]:
    return {who for event in case.events if event.action == action for who in (event.by, event.entered_by)}


def before_needs(case: Case, goal: Any, action: str, since: str, times: int = 1) -> None:
    """Before every ``goal``, ``action`` since the newest ``since`` (an action, or the step that was entered)."""
    done = 0
    for event in case.events:
        if since in (event.action, event.to_step):
            done = 0
        done += event.action == action
        if goal(event):
            assert done >= times, (event.n, action)


def check_request(case: Case) -> None:
    before_needs(case, lambda event: event.to_step == "closed", "approve", "finish")
    before_needs(case, lambda event: event.to_step == "unreachable", "try", "acceptance", times=3)
    answered = waiting = heard = False
    for event in case.events:
        heard |= told(event, "reporter")
        if event.data.get("outcome"):
            assert heard, "every request is answered"
        if "orders" in event.data.get("opens", {}):
            waiting, answered = True, False
        answered |= "orders" in event.data.get("answered", ())
        if event.action == "finish":
            assert answered or not waiting, "orders come back before a request is finished"
        if event.action == "refuse":
            assert told(event, "lead"), "a refusal reaches the handler"
            if event.to_step == "handling":
                assert "orders" in event.data["opens"], "after a refusal the work is done anew"
        if event.to_step == "closed":
            assert "notice" in event.data["publish"], "a clear account"
    assert not hands(case, "finish") & hands(case, "approve"), "four eyes"


HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large]


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=HEALTH)
def test_nothing_closes_without_the_reporters_word(data: st.DataObject) -> None:
    Day(data.draw).go(30)
