"""List what can happen to a case: the moves that the engine obeys, the explorer follows and the simulator draws.

A ``Situation`` says how a case stands: that of the engine for one real case, that of the explorer for every case that
its abstract one stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from fujin_cli.core.calendar.working_calendar import WorkingCalendar, format_local_minute
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.transition import Branch, branch_of, is_limit_used_up
from fujin_cli.core.findings.refusals import (
    CHILDREN_OPEN,
    LIMIT_REACHED,
    NOT_NOW,
    PERIOD_OVER,
    TOO_SOON,
    WINDOW_CLOSED,
    Refusal,
)
from fujin_cli.core.model.procedure import Action, Condition, Procedure, Step
from fujin_cli.core.text.localized import say, say_count

if TYPE_CHECKING:
    from fujin_cli.core.cases.conditions import CaseFacts


class Obstacle(Enum):
    """Why an action cannot be done now; where several apply, people are told the first."""

    LIMIT = "limit"
    PERIOD = "period"
    PAUSE = "pause"
    WINDOW = "window"
    GUARD = "guard"
    CHILDREN = "children"
    SPACING = "spacing"


class Situation(Protocol):
    """What decides whether a move can be made."""

    def is_time_up(self) -> bool:
        """Whether the step's period is over, recorded by a tick or not."""

    def is_paused(self) -> bool:
        """Whether the clock stands still."""

    def is_window_closed(self, action: Action) -> bool:
        """Whether the time for reopening the case is over."""

    def guard_holds(self, condition: Condition | None) -> bool:
        """Whether a guard holds."""

    def has_open_children(self) -> bool:
        """Whether a child that keeps the case from ending is open."""

    def is_too_soon(self, action: Action) -> bool:
        """Whether the action was done too short a time ago."""


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
    def is_open(self) -> bool:
        """Whether the move can be made now (by somebody entitled, with the inputs that it needs)."""
        return self.refusal is None


def actions_at(procedure: Procedure, step: Step, ended: bool) -> list[Action]:
    """List the actions that people have at a step, whether they can be done now or not."""
    actions = [] if ended else [*step.actions.values()]
    if step.reopen and ended:
        actions.append(step.reopen)
    return actions + [action for action in procedure.anytime.values() if is_available_at(action, step)]


def is_available_at(action: Action, step: Step) -> bool:
    """Whether an action of ``anytime`` belongs to the step."""
    if step.end and (action.stops_clock_until or action.to or action.then):
        return False  # an end is left by reopening alone
    return step.name in action.only_in if action.only_in else step.name not in action.except_in


def is_kept_from_end(procedure: Procedure, branch: Branch, situation: Situation) -> bool:
    """Whether the branch leads to an end from which open children keep the case."""
    return bool(branch.target and procedure.steps[branch.target].end) and situation.has_open_children()


def find_obstacle(
    procedure: Procedure, step: Step, action: Action, branch: Branch, situation: Situation
) -> Obstacle | None:
    """Name the first obstacle to doing an action along ``branch`` at a step; None where it can be done."""
    if branch.overflow and not action.then:
        return Obstacle.LIMIT
    if action.by and situation.is_time_up() and action.rule.step == step.name:
        return Obstacle.PERIOD
    if action.stops_clock_until and situation.is_paused():
        return Obstacle.PAUSE
    if action.window and situation.is_window_closed(action):
        return Obstacle.WINDOW
    if not situation.guard_holds(action.when):
        return Obstacle.GUARD
    if is_kept_from_end(procedure, branch, situation):
        return Obstacle.CHILDREN
    if action.spaced and situation.is_too_soon(action):
        return Obstacle.SPACING
    return None


def list_moves(procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> list[Move]:
    """List every action that people have at the case's step, and why each closed one is closed."""
    situation = _CaseSituation(procedure, case, now, calendar)
    return [situation.build_move(action) for action in actions_of_case(procedure, case)]


def find_move_by_name(
    name: str, procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar
) -> Move | None:
    """Find the move of that name, if people have one at the case's step."""
    action = next((action for action in actions_of_case(procedure, case) if action.name == name), None)
    return _CaseSituation(procedure, case, now, calendar).build_move(action) if action else None


def actions_of_case(procedure: Procedure, case: Case) -> list[Action]:
    """List the actions that people have at the case's step, closed ones too."""
    return actions_at(procedure, procedure.steps[case.step], case.has_ended)


def find_automatic_move(procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> Move | None:
    """Find the first of the step's automatic moves that can happen now."""
    if case.has_ended:
        return None
    situation = _CaseSituation(procedure, case, now, calendar)
    automatic_moves = (situation.build_move(action) for action in procedure.steps[case.step].then)
    return next((move for move in automatic_moves if move.is_open), None)


class _CaseSituation:
    """The situation of one case at one moment, and the words for what stands in the way of its moves."""

    def __init__(self, procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> None:
        self.procedure = procedure
        self.case = case
        self.now = now
        self.calendar = calendar

    @cached_property
    def facts(self) -> CaseFacts:
        """The facts that guards test."""
        from fujin_cli.core.cases.conditions import CaseFacts

        return CaseFacts(self.case, self.procedure)

    def build_move(self, action: Action) -> Move:
        """The action with where it leads now, and why it cannot be done."""
        branch = branch_of(self.procedure, action, is_limit_used_up(self.case, action))
        step = self.procedure.steps[self.case.step]
        obstacle = find_obstacle(self.procedure, step, action, branch, self)
        refusal = self._build_refusal(action, obstacle) if obstacle else None
        return Move(action, branch.target, branch.overflow, refusal)

    def is_time_up(self) -> bool:
        """Whether the step's period is over, recorded by a tick or not."""
        if self.case.time_up or not self.procedure.steps[self.case.step].lasts:
            return self.case.time_up
        ends = self._deadlines().step_deadline()
        return ends is not None and ends <= self.now and self.case.running_pause is None

    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self.case.running_pause is not None

    def is_window_closed(self, action: Action) -> bool:
        """Whether the time for reopening the case is over."""
        closes = self._window_end(action)
        return closes is not None and self.now > closes

    def guard_holds(self, condition: Condition | None) -> bool:
        """Whether a guard holds."""
        if condition is None:
            return True
        from fujin_cli.core.cases.conditions import condition_holds  # many actions have no guard

        return condition_holds(condition, self.facts)

    def has_open_children(self) -> bool:
        """Whether a child that keeps the case from ending is open."""
        return bool(self.case.open_child_ids())

    def is_too_soon(self, action: Action) -> bool:
        """Whether the action was done too short a time ago."""
        next_time = self._next_allowed_time(action)
        return next_time is not None and self.now < next_time

    def _deadlines(self) -> Deadlines:
        return Deadlines(self.case, self.procedure, self.calendar)

    def _window_end(self, action: Action) -> datetime | None:
        return self._deadlines().add_duration(self.case.since, action.window) if action.window else None

    def _next_allowed_time(self, action: Action) -> datetime | None:
        newest = next(
            (event for event in reversed(self.case.events_in_current_names) if event.data.get("rule") == action.rule),
            None,
        )
        return self._deadlines().add_duration(newest.at, action.spaced) if newest and action.spaced else None

    def _build_refusal(self, action: Action, obstacle: Obstacle) -> Refusal:
        match obstacle:
            case Obstacle.LIMIT:
                words = say_count(
                    "this was done {count} time, the most that is allowed",
                    "this was done {count} times, the most that is allowed",
                    count=int(self.case.resolve_setting(action.limit or "")),
                )
                return Refusal(LIMIT_REACHED, words)
            case Obstacle.PERIOD:
                return Refusal(PERIOD_OVER, say("the time of this step is up"))
            case Obstacle.PAUSE:
                return Refusal(NOT_NOW, say("the case is already paused"))
            case Obstacle.WINDOW:
                moment = self._format_minute(self._window_end(action))
                return Refusal(WINDOW_CLOSED, say("the time for this ended on {moment}", moment=moment))
            case Obstacle.GUARD:
                from fujin_cli.core.cases.conditions import list_failing_tests
                from fujin_cli.core.wording.conditions import describe_test

                tests = [describe_test(test, self.procedure) for test in list_failing_tests(action.when, self.facts)]
                return Refusal(NOT_NOW, say("this requires: {tests}", tests=tests))
            case Obstacle.CHILDREN:
                children = self.case.open_child_ids()
                return Refusal(CHILDREN_OPEN, say("cases are still open: {cases}", cases=[*children]), who=children)
            case Obstacle.SPACING:
                moment = self._format_minute(self._next_allowed_time(action))
                return Refusal(TOO_SOON, say("this can be done again from {moment}", moment=moment))

    def _format_minute(self, moment: datetime | None) -> object:
        return format_local_minute(self.calendar, moment) if moment else ""
