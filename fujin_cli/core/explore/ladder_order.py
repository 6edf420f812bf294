"""The order in which the rungs of a ladder can happen, as far as it is certain whatever the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.explore.state import State
from fujin_cli.core.model.procedure import Rung, Step
from fujin_cli.core.model.rung_types import RUNG_TYPES


def list_visible_rungs(step: Step, noticed: Callable[[Rung], bool]) -> frozenset[int]:
    """The rungs of which a state must remember that they happened: they keep the step, and are noticed or counted."""
    keeping = (rung for rung in step.ladder if rung.to is None)
    return frozenset(rung.index for rung in keeping if rung.limit is not None or noticed(rung))


def list_open_rungs(step: Step, seen: frozenset[int], state: State, blocked: Callable[[Rung], bool]) -> Iterator[Rung]:
    """The rungs that may happen next: neither done in this visit nor surely after one that is not."""
    for rung in step.ladder:
        if rung.index in seen and state.fired >> rung.index & 1:
            continue
        if step.lasts and (rung.reminds) == state.time_up:
            continue
        if _missed(step, rung, state):
            continue
        if all(_passed(other, seen, state) or blocked(other) for other in step.ladder if surely_before(other, rung)):
            yield rung


def fired_with(step: Step, seen: frozenset[int], rung: Rung, fired: int) -> int:
    """The rungs that have happened once this one has, reminders that come no more counted among them."""
    after = fired | 1 << rung.index if rung.index in seen else fired
    for other in step.ladder:
        if other.index in seen and _reminds(other) and surely_before(other, rung):
            after |= 1 << other.index
    return after


def _missed(step: Step, rung: Rung, state: State) -> bool:
    """Whether a reminder comes no more, because what is due after it has happened in this visit."""
    return _reminds(rung) and any(state.fired >> other.index & 1 for other in step.ladder if surely_before(rung, other))


def _reminds(rung: Rung) -> bool:
    """Whether a rung is one that is in time or is left out: any other is waited for."""
    return rung.reminds and rung.limit is None


def limited_predecessors(step: Step) -> dict[str, frozenset[str]]:
    """For the rule of a rung those of others that surely come before it until their limits are used up."""
    limited = [rung for rung in step.ladder if rung.limit is not None and not rung.then and not rung.reminds]
    found = {
        rung.rule: frozenset(other.rule for other in limited if surely_before(other, rung)) for rung in step.ladder
    }
    return {rule: others for rule, others in found.items() if others}


def _passed(rung: Rung, seen: frozenset[int], state: State) -> bool:
    """Whether a rung no longer stands in the way of a later one."""
    if rung.reminds or (rung.limit is not None and rung.then is None):
        return True  # a reminder may be left out, a used-up rung does not happen
    if rung.index in seen:
        return bool(state.fired >> rung.index & 1)
    return rung.to is None


def surely_before(one: Rung, other: Rung) -> bool:
    """Whether ``one`` is due before ``other`` on any calendar and under any settings."""
    if one.index == other.index:
        return False
    if one.when != other.when:
        return RUNG_TYPES[one.when].offset < RUNG_TYPES[other.when].offset
    offset = RUNG_TYPES[one.when].offset
    if offset == 0:
        return one.index < other.index
    shorter = _compared(one.by or "", other.by or "")
    if shorter is None:
        return False
    if shorter == 0:
        return one.index < other.index
    return (shorter < 0) == (offset > 0)


@cache
def _compared(one: str, other: str) -> int | None:
    """Below 0 where the first duration is the shorter one on any calendar; None where that is not certain."""
    try:
        first, second = parse_duration(one), parse_duration(other)
    except ValueError:
        return None  # a setting, which may have any value
    if first.unit != second.unit:
        return None
    return (first.amount > second.amount) - (first.amount < second.amount)
