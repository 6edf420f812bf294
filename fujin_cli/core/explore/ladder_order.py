"""Order the rungs of a ladder, as far as their order is the same on any calendar with the same office hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fujin_cli.core.explore.duration_bounds import OfficeHours, is_never_longer, measure_duration
from fujin_cli.core.explore.state import State
from fujin_cli.core.model.procedure import Step
from fujin_cli.core.model.rung_types import RUNG_TYPES, Rung


def list_visible_rungs(step: Step, noticed: Callable[[Rung], bool]) -> frozenset[int]:
    """List the rungs that a state must remember: they keep the step, and are noticed or counted."""
    keeping = (rung for rung in step.ladder if rung.to is None)
    return frozenset(rung.index for rung in keeping if rung.limit is not None or noticed(rung))


def list_open_rungs(
    step: Step,
    visible: frozenset[int],
    state: State,
    blocked: Callable[[Rung], bool],
    office_hours: OfficeHours | None = None,
) -> Iterator[Rung]:
    """List the rungs that may happen next: not done in this visit, and with no earlier rung outstanding."""
    for rung in step.ladder:
        if rung.index in visible and state.fired >> rung.index & 1:
            continue
        if step.lasts and (rung.is_reminder) == state.time_up:
            continue
        if _is_missed_reminder(step, rung, state, office_hours) or _is_due_before_arrival(step, rung, office_hours):
            continue
        if all(
            _has_passed(earlier, visible, state) or blocked(earlier)
            for earlier in step.ladder
            if is_surely_before(earlier, rung, office_hours)
        ):
            yield rung


def add_fired_rung(
    step: Step, visible: frozenset[int], rung: Rung, fired: int, office_hours: OfficeHours | None = None
) -> int:
    """Add a rung to those that have happened, together with the reminders that it makes superfluous."""
    after = fired | 1 << rung.index if rung.index in visible else fired
    for reminder in step.ladder:
        if (
            reminder.index in visible
            and _is_skippable_reminder(reminder)
            and is_surely_before(reminder, rung, office_hours)
        ):
            after |= 1 << reminder.index
    return after


def _is_missed_reminder(step: Step, rung: Rung, state: State, office_hours: OfficeHours | None) -> bool:
    """Whether a reminder is left out, because a later rung has happened in this visit."""
    return _is_skippable_reminder(rung) and any(
        state.fired >> later.index & 1 for later in step.ladder if is_surely_before(rung, later, office_hours)
    )


def _is_due_before_arrival(step: Step, rung: Rung, office_hours: OfficeHours | None) -> bool:
    """Whether a reminder always falls at or before the arrival at its step, and is left out."""
    time = step.within or (step.lasts.duration if step.lasts else None)
    if not rung.is_reminder or not time:
        return False
    stay, notice = measure_duration(time, False, office_hours), measure_duration(rung.by or "", True, office_hours)
    return any(
        most is not None and most <= notice[measure][0]
        for measure, (_, most) in stay.items()
        if measure in notice and measure != "working days"
    )


def _is_skippable_reminder(rung: Rung) -> bool:
    """Whether a rung is in time or left out: later rungs do not wait for it."""
    return rung.is_reminder and rung.limit is None


def map_limited_predecessors(step: Step, office_hours: OfficeHours | None = None) -> dict[str, frozenset[str]]:
    """Map each rung to the limited rungs that come before it until their limits are used up."""
    limited = [rung for rung in step.ladder if rung.limit is not None and not rung.then and not rung.is_reminder]
    predecessors = {
        rung.rule: frozenset(earlier.rule for earlier in limited if is_surely_before(earlier, rung, office_hours))
        for rung in step.ladder
    }
    return {rule: earlier_rules for rule, earlier_rules in predecessors.items() if earlier_rules}


def describe_order(step: Step, office_hours: OfficeHours | None = None) -> tuple[bool, ...]:
    """Describe the order of a step's rungs: for each, whether it falls due at all, and before which others."""
    order = [is_surely_before(first, second, office_hours) for first in step.ladder for second in step.ladder]
    return (*(_is_due_before_arrival(step, rung, office_hours) for rung in step.ladder), *order)


def _has_passed(rung: Rung, visible: frozenset[int], state: State) -> bool:
    """Whether later rungs no longer wait for a rung."""
    if rung.is_reminder or (rung.limit is not None and rung.then is None):
        return True  # a reminder may be left out, a used-up rung does not happen
    if rung.index in visible:
        return bool(state.fired >> rung.index & 1)
    return rung.to is None


def is_surely_before(first: Rung, second: Rung, office_hours: OfficeHours | None = None) -> bool:
    """Whether ``first`` is due before ``second`` under any settings: on any calendar, or on any with these hours."""
    if first.index == second.index:
        return False
    if first.when != second.when:
        return RUNG_TYPES[first.when].offset < RUNG_TYPES[second.when].offset
    offset = RUNG_TYPES[first.when].offset
    strictly = first.index > second.index  # of what is due at one moment, the first in the file happens first
    if offset == 0:
        return not strictly
    shorter, longer = (first.by or "", second.by or "") if offset > 0 else (second.by or "", first.by or "")
    return is_never_longer(shorter, longer, offset < 0, office_hours, strictly)
