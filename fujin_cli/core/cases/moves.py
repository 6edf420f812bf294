"""What can happen to a case: the one list that the engine obeys, the checker explores and the simulator draws from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar, local_minute
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.conditions import CaseFacts, failing, holds
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.transition import branch_of, is_used_up
from fujin_cli.core.findings.refusals import (
    CHILDREN_OPEN,
    LIMIT_REACHED,
    NOT_NOW,
    PERIOD_OVER,
    TOO_SOON,
    WINDOW_CLOSED,
    Refusal,
)
from fujin_cli.core.model.procedure import Action, Procedure, Rung, Step
from fujin_cli.core.text.message import say


@dataclass(frozen=True, slots=True)
class Move:
    """An action of people at the case's place. ``refusal`` is None where it can be done now.

    ``to`` and ``overflow`` are where it leads this time: once a limit with ``then`` is used up, elsewhere.
    """

    action: Action
    to: str | None
    overflow: bool
    refusal: Refusal | None

    @property
    def open(self) -> bool:
        """Whether it can be done now (by somebody entitled, with the inputs it needs)."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Due:
    """Something that time brings: a rung, the end of a period (``time-up``) or of a pause (``resume``)."""

    kind: EventKind
    at: datetime
    rung: Rung | None = None


def moves(procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> list[Move]:
    """Every action that people have at the case's step, and why each closed one is closed."""
    judge = _Judge(procedure, case, now, calendar)
    return [judge.move(action) for action in actions_at(procedure, case)]


def move_named(name: str, procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> Move | None:
    """The move of that name, if people have one at the case's step."""
    action = next((action for action in actions_at(procedure, case) if action.name == name), None)
    return _Judge(procedure, case, now, calendar).move(action) if action else None


def actions_at(procedure: Procedure, case: Case) -> list[Action]:
    """The actions that people have at the case's step, closed ones too."""
    step = procedure.steps[case.step]
    actions = [*step.actions.values()] if not case.ended else []
    if step.reopen and case.ended:
        actions.append(step.reopen)
    return actions + [action for action in procedure.anytime.values() if available(action, step)]


def available(action: Action, step: Step) -> bool:
    """Whether an action of ``anytime`` belongs to the step."""
    if step.end and (action.stops_clock_until or action.to or action.then):
        return False  # an end is left by reopening alone
    return step.name in action.only_in if action.only_in else step.name not in action.except_in


def automatic(procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> Move | None:
    """The first of the step's moves that nobody makes and that can happen now."""
    if case.ended:
        return None
    judge = _Judge(procedure, case, now, calendar)
    for action in procedure.steps[case.step].then:
        move = judge.move(action)
        if move.open:
            return move
    return None


def due(procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> Iterator[Due]:
    """What time has brought by ``now`` and nobody has recorded, oldest first. A rung that may not move yet waits."""
    if case.ended:
        return
    deadlines = Deadlines(case, procedure, calendar)
    pause = case.paused
    if pause and pause.planned <= now:
        yield Due(EventKind.RESUME, pause.planned)
        return
    until = pause.start if pause else now  # what falls due in a pause waits for its end
    step = procedure.steps[case.step]
    found: list[tuple[datetime, int, Due]] = []
    for rung in step.ladder:
        at = deadlines.rung_time(rung) if rung.index not in case.fired else None
        if at is not None and at <= until and rung_target(procedure, case, rung) is not BLOCKED:
            found.append((at, rung.index, Due(EventKind.RUNG, at, rung)))
    if step.lasts and not case.time_up:
        ends = deadlines.first()
        if ends is not None and ends <= until:
            found.append((ends, -1, Due(EventKind.TIME_UP, ends)))
    yield from (entry for _, _, entry in sorted(found, key=lambda item: item[:2]))


BLOCKED = object()


def rung_target(procedure: Procedure, case: Case, rung: Rung) -> object:
    """Where a rung leads: a step's name, None where the case stays, BLOCKED where it may not happen (now).

    That is where its limit is used up for good, or where own children keep the case from an end.
    """
    overflow = is_used_up(case, rung)
    if overflow and rung.then is None:
        return BLOCKED
    target = branch_of(procedure, rung, overflow).target
    if target and procedure.steps[target].end and any(child.outcome is None for child in case.own_children()):
        return BLOCKED
    return target


class _Judge:
    """Judges actions of one case at one moment."""

    def __init__(self, procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> None:
        self.procedure = procedure
        self.case = case
        self.now = now
        self.calendar = calendar
        self.facts = CaseFacts(case, procedure)

    def move(self, action: Action) -> Move:
        overflow = is_used_up(self.case, action)
        to = branch_of(self.procedure, action, overflow).target
        return Move(action, to, overflow, self._refusal(action, to, overflow))

    def _refusal(self, action: Action, to: str | None, overflow: bool) -> Refusal | None:
        if overflow and not action.then:
            return Refusal(
                LIMIT_REACHED, say("this was done {count} times, and no more is allowed", count=action.limit)
            )
        return (
            self._period(action)
            or self._pausing(action)
            or self._window(action)
            or self._guard(action)
            or self._children(to)
            or self._spacing(action)
        )

    def _period(self, action: Action) -> Refusal | None:
        if action.by and action.rule.split(".")[0] == self.case.step and self._time_up():
            return Refusal(PERIOD_OVER, say("the time of this step is up"))
        return None

    def _time_up(self) -> bool:
        """Whether the step's period is over, recorded by a tick already or not."""
        if self.case.time_up or not self.procedure.steps[self.case.step].lasts:
            return self.case.time_up
        ends = Deadlines(self.case, self.procedure, self.calendar).first()
        return ends is not None and ends <= self.now and self.case.paused is None

    def _pausing(self, action: Action) -> Refusal | None:
        if action.stops_clock_until and self.case.paused:
            return Refusal(NOT_NOW, say("the case is paused already"))
        return None

    def _window(self, action: Action) -> Refusal | None:
        if not action.window:
            return None
        closes = Deadlines(self.case, self.procedure, self.calendar).after(self.case.since, action.window)
        if closes is not None and self.now > closes:
            return Refusal(
                WINDOW_CLOSED, say("the time for this was over on {moment}", moment=local_minute(self.calendar, closes))
            )
        return None

    def _guard(self, action: Action) -> Refusal | None:
        if holds(action.when, self.facts):
            return None
        from fujin_cli.core.wording.conditions import describe

        missed = failing(action.when, self.facts)
        return Refusal(NOT_NOW, say("this needs: {tests}", tests=[describe(test, self.procedure) for test in missed]))

    def _children(self, to: str | None) -> Refusal | None:
        if not to or not self.procedure.steps[to].end:
            return None
        waiting = [child.case for child in self.case.own_children() if child.outcome is None]
        if waiting:
            return Refusal(CHILDREN_OPEN, say("these are still open: {cases}", cases=waiting), who=tuple(waiting))
        return None

    def _spacing(self, action: Action) -> Refusal | None:
        if not action.spaced:
            return None
        newest = next((event for event in reversed(self.case.past) if event.data.get("rule") == action.rule), None)
        if newest is None:
            return None
        next_time = Deadlines(self.case, self.procedure, self.calendar).after(newest.at, action.spaced)
        if next_time is not None and self.now < next_time:
            return Refusal(
                TOO_SOON, say("this can be done again from {moment}", moment=local_minute(self.calendar, next_time))
            )
        return None
