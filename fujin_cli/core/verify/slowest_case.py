"""Find the slowest way of a case to an end by the deadlines of its steps, without the loops that limits bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fujin_cli.core.calendar.duration import Duration, approximate_minutes, parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar
from fujin_cli.core.cases.moves import is_available_at
from fujin_cli.core.model.procedure import Action, Procedure, Step
from fujin_cli.core.model.rung_types import Rung

MOST_WAYS = 5_000  # beginnings of ways that are looked at; the slowest so far counts then
_ARRIVALS = tuple(timedelta(days=day, hours=hour) for day in range(7) for hour in (0, 9, 15))


@dataclass(frozen=True, slots=True)
class Stay:
    """Hold how long a case can stay at a step before it leaves it; empty where the step has no time."""

    step: str
    durations: tuple[Duration, ...]


def find_slowest_way(version: Procedure) -> tuple[Stay, ...]:
    """Find the slowest way to an end that passes no step twice, with settings at their defaults.

    A step takes its ``within`` where people or the case itself move it on, and longer where a rung does: until then.
    A period takes its duration; one that lasts until a day that people enter, and a step without a time, take none.
    """
    first = next(iter(version.steps), None)
    slowest: tuple[Stay, ...] = ()
    longest = -1
    todo: list[tuple[str, int, tuple[Stay, ...]]] = [(first, 0, ())] if first is not None else []
    for _ in range(MOST_WAYS):
        if not todo:
            break
        name, time, way = todo.pop()
        if version.steps[name].end is not None:
            if time > longest:
                longest, slowest = time, way
            continue
        passed = {stay.step for stay in way}
        for target, stay in _list_departures(version, version.steps[name]):
            if target in version.steps and target != name and target not in passed:
                todo.append((target, time + sum(map(approximate_minutes, stay.durations)), (*way, stay)))
    return slowest


def _list_departures(version: Procedure, step: Step) -> Iterator[tuple[str, Stay]]:
    """List where a case can go from a step, with how long it can have stayed there."""
    actions: list[Action] = [*step.actions.values(), *step.then]
    actions += [action for action in version.anytime.values() if is_available_at(action, step)]
    moves: list[Action | Rung] = [*actions, *step.ladder]
    for move in moves:
        stay = Stay(step.name, tuple(list_longest_stay(version, step, move if isinstance(move, Rung) else None)))
        for target in (move.to, move.then.to if move.then else None):
            if target is not None:
                yield target, stay


def list_longest_stay(version: Procedure, step: Step, rung: Rung | None = None) -> Iterator[Duration]:
    """List the durations, one after another, that a case stays at a step at most: until its deadline, or a rung."""
    texts = [step.within or (step.lasts.duration if step.lasts else None)]
    texts += [rung.by] if rung is not None and rung.when == "after" else []
    for text in texts:
        setting = version.settings.get(text or "")
        try:
            yield parse_duration(setting.default if setting else text or "")
        except ValueError:
            continue  # no time, or one that another finding is about


def is_surely_longer(calendar: WorkingCalendar, stays: Iterable[Duration], limit: Iterable[Duration]) -> bool:
    """Whether durations, one after another, end later than others from whatever moment of the week they begin."""
    durations, allowed = list(stays), list(limit)
    first_day = datetime(max(calendar.years or {2024}), 3, 1, tzinfo=UTC)  # an ordinary week of a covered year
    try:
        return all(
            _add_all(calendar, first_day + arrival, durations) > _add_all(calendar, first_day + arrival, allowed)
            for arrival in _ARRIVALS
        )
    except NotCovered:  # longer than the calendar is published
        return sum(map(approximate_minutes, durations)) > sum(map(approximate_minutes, allowed))


def _add_all(calendar: WorkingCalendar, moment: datetime, durations: Iterable[Duration]) -> datetime:
    for duration in durations:
        moment = calendar.add_duration(moment, duration)
    return moment
