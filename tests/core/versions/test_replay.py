"""The history of a case under another law, against driving the engine under that law from the beginning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.findings.refusals import NOT_ENTITLED, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.ladder_matching import name_changing_rungs
from fujin_cli.core.versions.migration_plan import compute_settings_under
from fujin_cli.core.versions.renames import Renames, find_renames
from fujin_cli.core.versions.replay import replay_under
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_edits import Tree, versions
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.small_town import procedure, town

pytestmark = pytest.mark.slow

HOLDERS = {"clerk": "clerk-1", "coordinator": "coordinator-1", "inspector": "inspector-1", "reporter": "reporter"}
STEPS = 8


class Driver:
    """Draws commands on one desk and writes down those that worked."""

    def __init__(self, draw: Any, trees: list[Tree]) -> None:
        self.draw = draw
        self.sandbox = CaseSandbox(town(*trees), community="C1")
        self.script: list[tuple[Any, ...]] = []
        self.cases = [self.sandbox.open("loop", "clerk-1", **opening(trees))]
        for _ in range(STEPS):
            self.one(self.act, self.act, self.wait)()

    def one(self, *options: Any) -> Any:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def act(self) -> None:
        self.cases += [case for case in self.sandbox.touched if case not in self.cases]
        case = self.one(*self.cases)
        moves = [move for move in self.sandbox.moves(case).values() if move.is_open]
        if not moves:
            return
        action = self.one(*moves).action
        good = {"a": self.one("x", "y"), "b": self.one("x", "y"), "n": self.one("2", "5"), "day": "2026-06-08"}
        given = {entry.field: good[entry.field] for entry in action.needs}
        given |= {entry.field: good[entry.field] for entry in action.optional_inputs if self.one(True, False)}
        version = self.sandbox.version_of(case)
        rule = action.rule if version.name == "loop" else ""
        command = ("do", case, action.name, rule, HOLDERS[self.one(*action.by)], given)
        try:
            run(self.sandbox, command, action.name)
        except Refusal:
            return
        self.script.append((self.sandbox.now, *command))

    def wait(self) -> None:
        self.sandbox.later(minutes=self.one(1, 60, 60 * 5, 60 * 24, 60 * 24 * 3))
        self.sandbox.tick()
        self.script.append((self.sandbox.now, "tick"))


def opening(trees: list[Tree]) -> dict[str, str]:
    return {"a": "x"} if trees[0]["fields"]["a"].get("required") else {}


def run(sandbox: CaseSandbox, command: tuple[Any, ...], action: str) -> None:
    _, case, _, _, actor, given = command
    sandbox.do(case, action, actor, code=sandbox.code(case), **given)


def driven(trees: list[Tree], script: list[tuple[Any, ...]], renames: Renames, fields: dict[str, str]) -> CaseSandbox:
    """A desk of the other version that was told the same. Raises Refusal."""
    sandbox = CaseSandbox(town(*trees), community="C1")
    sandbox.open("loop", "clerk-1", **fields)
    for now, *command in script:
        sandbox.now = now
        if command[0] == "tick":
            sandbox.tick()
        else:
            run(sandbox, tuple(command), renames.new_action_name(command[3]) if command[3] else command[2])
    return sandbox


def lively(version: Procedure, events: tuple[Event, ...], renames: Renames) -> list[Any]:
    """What happened in the other version's names, but for what follows by itself and reminders."""
    found: list[Any] = []
    for entry in events:
        if entry.kind == "action":
            found.append(renames.new_action_name(entry.data["rule"]))
        if entry.kind == "time-up":
            found.append(("time-up", renames.new_step_name(entry.from_step or "")))
        if entry.kind == "child":
            found.append((entry.data["case"], entry.data["child_outcome"]))
        if entry.kind == "rung":
            names = name_changing_rungs(version.steps[entry.from_step or ""])
            if entry.data["rung"] in names:
                found.append((renames.new_step_name(entry.from_step or ""), names[entry.data["rung"]]))
        found += [item["case"] for items in entry.data.get("opens", {}).values() for item in items]
    return found


def made(case: Case) -> dict[str, int]:
    """How often each move was made; a reminder that the other law would have given is given by the next tick."""
    return {rule: count for rule, count in case.counts.items() if ".ladder." not in rule}


def same(one: Case, other: Case) -> None:
    """What decides about a case's future."""
    assert (one.step, one.outcome, one.since, one.time_up) == (other.step, other.outcome, other.since, other.time_up)
    assert made(one) == made(other)
    assert {n: v for n, v in one.values.items() if v is not None} == other.values
    assert [(c.case, c.group, c.outcome, c.replaced) for c in one.children] == [
        (c.case, c.group, c.outcome, c.replaced) for c in other.children
    ]


@given(st.data(), versions())
@settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
def test_a_history_fits_exactly_when_the_engine_would_have_made_it(
    data: st.DataObject, pair: tuple[list[Tree], list[Tree]]
) -> None:
    old, new = pair
    driver = Driver(data.draw, old)
    case = driver.sandbox.replay_case(driver.cases[0])
    before = driver.sandbox.version_of(case.id)
    version = town(*new).procedures["loop"]
    renames = find_renames(before, version)
    found = replay_under(
        case,
        before,
        version,
        compute_settings_under(case, version, driver.sandbox.workspace.organisation, renames),
        driver.sandbox.calendar,
    )
    expected = lively(before, case.events, renames)
    try:
        sandbox = driven(new, driver.script, renames, opening(old))
    except Refusal as refusal:
        assume(refusal.code != NOT_ENTITLED)  # a level that was raised to acts: who may act is left aside
        event("refused")
        if found.case is not None:  # then a deadline of the new law's came first, which a late tick would have missed
            event("a deadline came first")
        return
    there = sandbox.replay_case(case.id)
    if (
        lively(sandbox.version_of(case.id), there.events, Renames()) != expected
        or there.version_digest != version.digest
    ):
        event("other deadlines or automatic moves")
        return
    event("fits")
    assert found.case is not None, (found.event, str(found.reason))
    same(found.case, there)


@given(st.data(), procedure_pairs())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_every_history_fits_its_own_law(data: st.DataObject, pair: list[Tree]) -> None:
    driver = Driver(data.draw, pair)
    for id in driver.cases:
        case = driver.sandbox.replay_case(id)
        version = driver.sandbox.version_of(id)
        found = replay_under(case, version, version, case.settings, driver.sandbox.calendar)
        assert found.case is not None, (found.event, str(found.reason))
        same(found.case, case)
        assert found.case.fired == case.fired
        assert replace(found.case, events=()).raised == case.raised


WRITES = """
steps:
  one:
    owner: clerk
    within: 1 working day
    ladder: [{{after: 1 working day, raise: street}}]
    actions: {{go: {{to: done, by: clerk, sets: {{b: y}}{may}}}}}
  done: {{end: done}}
fields: {{b: {{type: choice, of: [x, y], default: x}}}}
"""


def test_what_an_action_writes_by_itself_needs_not_have_been_entered() -> None:
    old, new = (town(procedure(WRITES.format(may=may))) for may in (", may: [b]", ""))
    sandbox = CaseSandbox(old, community="C1")
    case = sandbox.open("loop", "clerk-1")
    sandbox.do(case, "go", "clerk-1")
    version = new.procedures["loop"]
    found = replay_under(sandbox.replay_case(case), sandbox.version_of(case), version, {}, sandbox.calendar)
    assert found.case is not None, str(found.reason)
    assert (found.case.step, found.case.values["b"]) == ("done", "y")
