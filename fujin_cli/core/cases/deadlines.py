"""Compute when something falls due, from a case's events and the calendar; nothing of it is stored.

See docs/decisions/adr-0001-events-and-computed-deadlines.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fujin_cli.core.calendar.duration import Span, parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.procedure import Clock, Procedure
from fujin_cli.core.model.rung_types import RUNG_TYPES, Rung


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock of a case: running from ``start`` (None: not begun), stopped at ``end`` (None: still running).

    ``reached`` says whether what it waits for has happened; a clock that has not got there stops with its case.
    """

    clock: Clock
    start: datetime | None
    due: datetime | None
    end: datetime | None
    reached: bool = False

    def is_late(self, now: datetime) -> bool:
        """Whether its time was over when it stopped, or is over now."""
        return self.due is not None and (self.end or now) > self.due


class Deadlines:
    """Compute the times of one case under its own version; None in a year that the calendar does not cover."""

    def __init__(self, case: Case, procedure: Procedure, calendar: WorkingCalendar) -> None:
        self.case = case
        self.procedure = procedure
        self.calendar = calendar
        self.not_covered: NotCovered | None = None  # why the last time asked for is None

    def add_duration(self, start: datetime, text: str, stopped: Sequence[Span] = ()) -> datetime | None:
        """Compute the moment a duration (or setting) after ``start``, pauses and ``stopped`` left out."""
        spans = (*self.case.stopped_spans(), *stopped)
        try:
            return self.calendar.add_duration(start, parse_duration(self.case.resolve_setting(text)), spans)
        except NotCovered as reason:
            self.not_covered = reason
            return None

    def step_deadline(self) -> datetime | None:
        """Compute the step's own deadline, or the end of its period; None where it has none."""
        within, moment = self.time_limit()
        return self.add_duration(self.case.since, within) if within else moment

    def time_limit(self) -> tuple[str | None, datetime | None]:
        """Give the step's time: a duration since the case came, or the moment when its period ends.

        A migration may have kept the earlier version's. Both are None where the step has no time.
        """
        if self.case.kept_within or self.case.kept_due:
            return self.case.kept_within, self.case.kept_due
        step = self.procedure.steps[self.case.step]
        within = step.within or (step.lasts.duration if step.lasts else None)
        if within:
            return self.case.resolve_setting(within), None
        return None, self._period_end(step.lasts.until, step.lasts.less) if step.lasts and step.lasts.until else None

    def _period_end(self, field: str, less: str | None) -> datetime | None:
        value = self.case.values.get(field)
        if not value:
            return None
        try:
            moment = self.calendar.parse_moment(value)
            return self.calendar.subtract_duration(moment, parse_duration(less)) if less else moment
        except NotCovered as reason:
            self.not_covered = reason
            return None

    def due_time(self) -> datetime | None:
        """Compute the deadline in force: the step's own, or the one new deadline since the case was first raised."""
        within = self.procedure.steps[self.case.step].within
        if self.case.raised_at is not None and within:
            return self.add_duration(self.case.raised_at, self.case.kept_within or within)
        return self.step_deadline()

    def changed_due_clock(self) -> datetime | None:
        """Find the local time of the deadline in force where a change of clock skips or repeats it; else None."""
        step_within = self.procedure.steps[self.case.step].within
        raised_at = self.case.raised_at if step_within else None
        within = (self.case.kept_within or step_within) if raised_at is not None else self.time_limit()[0]
        if not within:
            return None
        duration = parse_duration(self.case.resolve_setting(within))
        try:
            clock = self.calendar.clock_after(raised_at or self.case.since, duration, self.case.stopped_spans())
        except NotCovered:
            return None
        return clock if clock is not None and self.calendar.is_clock_changed(clock) else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the step's own deadline has passed; raising a case does not change that."""
        if self.case.has_ended or not self.procedure.steps[self.case.step].within:
            return False
        first = self.step_deadline()
        return first is not None and now > first

    def rung_time(self, rung: Rung) -> datetime | None:
        """Compute when a rung is due; None also for a reminder that would fall before the step began."""
        deadline = self.step_deadline()
        offset = RUNG_TYPES[rung.when].offset
        if deadline is None or offset == 0:
            return deadline
        if offset > 0:
            return self.add_duration(deadline, rung.by or "")
        try:
            moment = self.calendar.subtract_duration(deadline, parse_duration(self.case.resolve_setting(rung.by or "")))
        except NotCovered as reason:
            self.not_covered = reason
            return None
        return moment if moment > self.case.since else None

    def clock_states(self) -> list[ClockState]:
        """Compute every clock of the procedure; a clock that starts again counts from its newest start.

        Clocks stand still while the case is at an end, and go on where they were when it is reopened.
        """
        return [self._state_of_clock(clock) for clock in self.procedure.clocks.values()]

    def _state_of_clock(self, clock: Clock) -> ClockState:
        from fujin_cli.core.cases import event_patterns  # few procedures have clocks of their own

        start: datetime | None = None
        end: datetime | None = None
        for event in self.case.events_in_current_names:
            if event_patterns.atom_matches(clock.start, event, self.procedure):
                start, end = event.at, None
            elif start and end is None and event_patterns.atom_matches(clock.until, event, self.procedure):
                end = event.at
        spans = [span for span in self._list_ended_spans() if end is None or span[0] < end]
        due = self.add_duration(start, clock.within, spans) if start else None
        stopped = self.case.since if start and end is None and self.case.has_ended else None
        return ClockState(clock, start, due, end or stopped, end is not None)

    def _list_ended_spans(self) -> list[Span]:
        """List the spans that the case spent at an end before it was reopened."""
        spans: list[Span] = []
        ended: datetime | None = None
        for event in self.case.events_in_effect:
            if event.data.get("outcome") is not None:
                ended = event.at
            elif ended is not None and event.to_step is not None:
                spans.append((ended, event.at))
                ended = None
        return spans


def pause_end(text: str, calendar: WorkingCalendar) -> datetime:
    """Compute when a pause until ``text`` ends: a moment as it is, a day (ISO) at its first minute."""
    if "T" in text:
        return calendar.parse_moment(text)
    return calendar.start_of_day(date.fromisoformat(text))


def find_calendar_gap(case: Case, procedure: Procedure, calendar: WorkingCalendar) -> NotCovered | None:
    """Find why the calendar gives the case no due time; None where it has one, or needs none."""
    if case.has_ended:
        return None
    deadlines = Deadlines(case, procedure, calendar)
    return deadlines.not_covered if deadlines.due_time() is None else None
