"""How long what is owed can take, against cases of the engine on the real calendar, holidays and pauses included."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.verify.monitors import build_monitor
from fujin_cli.core.verify.product import build_product
from fujin_cli.core.verify.worst_case_time import Measure, find_slowest_path
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_automata import explored
from tests.support.small_town import procedure, town

pytestmark = pytest.mark.slow

BOUNDS = {"working days": 60, "working hours": 400, "days": 120, "hours": 2000}
UNITS = {
    "working days": (1, 3),
    "working hours": (1, 9),
    "hours": (1, 40),
    "days": (1, 4),
    "weeks": (1, 1),
    "minutes": (5, 90),
}
COUNTRY = "CN"


def chain(chance: Random, units: list[str]) -> dict[str, Any]:
    """Three steps one after another, of all kinds that have a longest time; the last may send back once."""
    steps: dict[str, Any] = {}
    for number in range(3):
        to = f"s{number + 1}" if number < 2 else "done"
        kind = chance.choice(["within", "within", "rung", "lasts"])
        step: dict[str, Any] = {"owner": "clerk", "actions": {"go": {"by": "clerk", "to": to}}}
        if kind == "lasts":
            step |= {"lasts": amount(chance, units), "then": [{"when": {"time": "up"}, "to": to}]}
        else:
            step["within"] = amount(chance, units)
        if kind == "rung":
            step["ladder"] = [{"after": amount(chance, units), "to": to}]
        if number == 2 and chance.random() < 0.5:
            step["actions"]["back"] = {"by": "clerk", "to": chance.choice(["s0", "s1"]), "limit": "1"}
        step["actions"]["pause"] = {
            "by": "clerk",
            "needs": {"day": {"within": "10 days"}},
            "stops_clock_until": "day",
            "limit": "1",
        }
        steps[f"s{number}"] = step
    tree = procedure("fields: {day: {type: date, optional: yes}}")
    return tree | {"steps": steps | {"done": {"end": "done"}}}


def amount(chance: Random, units: list[str]) -> str:
    unit = chance.choice(units)
    return f"{chance.randint(*UNITS[unit])} {unit}"


def promising(tree: dict[str, Any], within: str) -> Exploration:
    promise = {"after": "opened", "eventually": {"enter": "done"}, "within": within}
    return explored({**tree, "guarantees": {"soon": promise}})


def shortest_promise(tree: dict[str, Any], unit: str, calendar: WorkingCalendar) -> int | None:
    """The shortest time of the unit that is kept; None where none is."""
    found = promising(tree, f"1 {unit}")
    monitor = build_monitor(found.model.version.guarantees["soon"])
    assert monitor is not None
    product = build_product(found, [monitor])
    for number in range(1, BOUNDS[unit]):
        way = find_slowest_path(product, Measure(found.model.version, parse_duration(f"{number} {unit}"), calendar))
        assert way is not None
        if way.endless:
            return None
        if not way.late:
            return number
    return None


def latest(sandbox: CaseSandbox, case: str) -> datetime:
    """The last moment at which people at the step keep its time, or at which it moves on by itself."""
    deadlines, step = sandbox.deadlines(case), sandbox.version_of(case).steps[sandbox.step(case)]
    due = deadlines.rung_time(step.ladder[0]) if step.ladder else deadlines.step_deadline()
    assert due is not None
    return due


@cache
def calendar() -> WorkingCalendar:
    return town(country=COUNTRY).build_calendar()


def walk(chance: Random, tree: dict[str, Any], slow: bool) -> tuple[CaseSandbox, str]:
    """A case from its opening to its end, in which nobody is late; ``slow``: everybody acts at the last moment."""
    sandbox = CaseSandbox(town(tree, country=COUNTRY), community="C1")
    sandbox.now = sandbox.calendar.parse_moment("2026-01-01T00:00") + timedelta(minutes=chance.randrange(60 * 24 * 270))
    if slow:
        sandbox.now = sandbox.calendar.add_duration(
            sandbox.now, parse_duration("1 working hours")
        )  # within office hours
    case = sandbox.open("loop", "clerk-1")
    while not sandbox.replay_case(case).has_ended:
        if not slow and chance.random() < 0.2 and sandbox.can(case, "pause"):
            day = sandbox.calendar.to_local(sandbox.now).date() + timedelta(days=chance.randint(1, 9))
            sandbox.do(case, "pause", "clerk-1", day=str(day))
        due = latest(sandbox, case)
        left = int((due - sandbox.now).total_seconds() // 60)
        moved = chance.random() < 0.5 or slow
        sandbox.now = due if moved else sandbox.now + timedelta(minutes=chance.randint(0, max(0, left)))
        here = len(sandbox.replay_case(case).events)
        sandbox.tick(case)
        if len(sandbox.replay_case(case).events) > here and sandbox.replay_case(case).events[-1].to_step:
            continue
        names = [name for name in ("back", "go") if sandbox.can(case, name)]
        sandbox.do(case, names[0] if slow else chance.choice(names), "clerk-1")
    return sandbox, case


@pytest.mark.no_cover
@pytest.mark.parametrize("unit", BOUNDS)
def test_no_case_takes_longer_than_is_promised(unit: str) -> None:
    walked = 0
    for seed in range(60):
        chance = Random(f"{unit} {seed}")
        tree = chain(chance, list(UNITS) if unit.startswith("working") else ["hours", "days", "weeks", "minutes"])
        number = shortest_promise(tree, unit, calendar())
        if number is None:
            continue
        for _ in range(4):
            sandbox, case = walk(chance, tree, slow=False)
            opened, *_, closed = sandbox.ledger.read(case)
            allowed = sandbox.calendar.add_duration(
                opened.at, parse_duration(f"{number} {unit}"), sandbox.replay_case(case).stopped_spans()
            )
            assert closed.at <= allowed, (seed, number, sandbox.local(opened.at), sandbox.local(closed.at))
            walked += 1
    assert walked > 100


@pytest.mark.parametrize("unit", BOUNDS)
def test_a_case_really_can_take_as_long(unit: str) -> None:
    """In one unit nothing is rounded, so the slowest case takes longer than any shorter promise."""
    for seed in range(25):
        chance = Random(f"{unit} {seed}")
        tree = chain(chance, [unit])
        for step in tree["steps"].values():  # the slowest goes back, and lets no rung or period come first
            if "back" in step.get("actions", {}):
                step.pop("ladder", None)
                step["within"] = step.pop("lasts", step.get("within"))
                step.pop("then", None)
        number = shortest_promise(tree, unit, calendar())
        if number is None or number == 1:
            continue
        sandbox, case = walk(chance, tree, slow=True)
        opened, *_, closed = sandbox.ledger.read(case)
        shorter = sandbox.calendar.add_duration(opened.at, parse_duration(f"{number - 1} {unit}"))
        assert closed.at > shorter, (seed, number, sandbox.local(opened.at), sandbox.local(closed.at))
