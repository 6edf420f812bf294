"""The order in which the rungs of a ladder can happen, as far as it is certain whatever the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fujin_cli.core.duration import parse_duration
from fujin_cli.core.explore_state import State
from fujin_cli.core.procedure import Rung, Step

_ORDER = {"before": 0, "at": 1, "after": 2}


def visible(step: Step, noticed: Callable[[Rung], bool]) -> frozenset[int]:
    """The rungs of which a state must remember that they happened: they keep the step, and somebody notices them."""
    return frozenset(rung.index for rung in step.ladder if rung.to is None and noticed(rung))


def rungs_open(step: Step, seen: frozenset[int], state: State, blocked: Callable[[Rung], bool]) -> Iterator[Rung]:
    """The rungs that may happen next: neither done in this visit nor surely after one that is not."""
    for rung in step.ladder:
        if rung.index in seen and state.fired >> rung.index & 1:
            continue
        if step.lasts and (rung.when == "before") == state.time_up:
            continue
        if all(_passed(other, seen, state) or blocked(other) for other in step.ladder if surely_before(other, rung)):
            yield rung


def _passed(rung: Rung, seen: frozenset[int], state: State) -> bool:
    """Whether a rung no longer stands in the way of a later one."""
    if rung.when == "before" or (rung.limit is not None and rung.then is None):
        return True  # a reminder may be left out, a used-up rung does not happen
    if rung.index in seen:
        return bool(state.fired >> rung.index & 1)
    return rung.to is None


def surely_before(one: Rung, other: Rung) -> bool:
    """Whether ``one`` is due before ``other`` on any calendar and under any settings."""
    if one.index == other.index:
        return False
    if one.when != other.when:
        return _ORDER[one.when] < _ORDER[other.when]
    if one.when == "at":
        return one.index < other.index
    try:
        first, second = parse_duration(one.by or ""), parse_duration(other.by or "")
    except ValueError:
        return False  # a setting, which may have any value
    if first.unit != second.unit:
        return False
    if first.amount == second.amount:
        return one.index < other.index
    return (first.amount < second.amount) == (one.when == "after")
