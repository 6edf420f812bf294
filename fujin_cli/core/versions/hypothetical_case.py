"""Build the case that another version of its procedure would have produced, event by event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.corrections import read_present_value
from fujin_cli.core.cases.deadlines import pause_end
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.evolve import evolve
from fujin_cli.core.cases.moves import Move, find_automatic_move
from fujin_cli.core.cases.transition import (
    Branch,
    Transition,
    branch_of,
    is_limit_used_up,
    opening_branch,
    plan_transition,
)
from fujin_cli.core.model.effects import Tell
from fujin_cli.core.model.operators import parse_literal
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.text.localized import LocalizedText, Title, say
from fujin_cli.core.wording.labels import field_labels, group_label

MOST_AUTOMATIC_MOVES = 100


class CannotFollow(Exception):
    """Say that the version could not have produced an event of the history, and why."""

    def __init__(self, reason: LocalizedText) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(slots=True)
class HypotheticalCase:
    """Hold the case so far (``state``) under ``version``; ``settings`` are those that it would have pinned."""

    version: Procedure
    settings: Mapping[str, str]
    calendar: WorkingCalendar
    state: Case

    def current_step_title(self) -> Title | str:
        """Give the title of the step where the case is."""
        return self.version.steps[self.state.step].title or self.state.step

    def record_opening(self, event: Event, entered: Mapping[str, Any]) -> Event:
        """Open the case with the values that were entered then. Raises CannotFollow."""
        fields = self.version.fields
        defaults = {name: parse_literal(s.type, s.default) for name, s in fields.items() if s.default is not None}
        values = {**defaults, **{name: value for name, value in entered.items() if name in fields}}
        missing = [name for name, spec in fields.items() if spec.required and name not in values]
        if missing:
            raise CannotFollow(say("opening a case needs {fields}", fields=field_labels(self.version, missing)))
        data = {key: value for key, value in event.data.items() if key not in ("opens", "replaces", "publish")}
        data |= {"law": self.version.digest, "settings": dict(self.settings)}
        new = replace(self.state, values=values)
        return self.record_transition(
            event, plan_transition(self.version, new, opening_branch(self.version), values, event.by), data
        )

    def record_move(self, event: Event, move: Move, entered: Mapping[str, Any]) -> Event:
        """Make a move, with its effects. Raises CannotFollow."""
        action = move.action
        data: dict[str, Any] = {
            key: value for key, value in event.data.items() if key in ("as", "on_behalf_of", "code")
        }
        data["rule"] = action.rule
        if move.overflow:
            data["overflow"] = True
        if action.amended_names:
            data |= self._describe_amendment(action, entered, event.data.get("units", {}))
        if action.stops_clock_until:
            data["until"] = self._compute_pause_end(action, entered)
        branch = branch_of(self.version, action, move.overflow)
        return self.record_transition(
            event, plan_transition(self.version, self.state, branch, entered, event.by), data, action.name
        )

    def record_rung(self, rung: Rung, event: Event) -> Event:
        """Fire a rung of the ladder, with its effects."""
        branch = branch_of(self.version, rung, is_limit_used_up(self.state, rung))
        data: dict[str, Any] = {"rung": rung.index, "when": rung.when, "rule": rung.rule}
        if rung.raises:
            data["raise"] = rung.raises
        return self.record_transition(event, plan_transition(self.version, self.state, branch, {}, event.by), data)

    def record_automatic_moves(self, event: Event) -> list[Event]:
        """Make the automatic moves that follow this event under the version. Raises CannotFollow."""
        moves: list[Event] = []
        while len(moves) <= MOST_AUTOMATIC_MOVES:
            move = find_automatic_move(self.version, self.state, event.at, self.calendar)
            if move is None:
                return moves
            moves.append(self.record_move(replace(event, kind=EventKind.MOVE, by="system", data={}), move, {}))
        raise CannotFollow(say("automatic moves loop forever"))

    def record_transition(
        self, event: Event, transition: Transition, data: dict[str, Any], action: str | None = None
    ) -> Event:
        """Record the event as the version makes it; ``assign_children`` then puts in the ids of its children."""
        data |= (
            transition.ending_payload()
            | transition.opened_payload(repeat(""))
            | transition.links
            | transition.published_payload()
        )
        recorded = replace(
            event,
            action=action,
            from_step=self.state.step or None,
            to_step=transition.branch.target,
            set=transition.values,
            data=data,
            tells=_list_notifications(event, transition.notifications),
        )
        self.state = evolve(self.state, recorded)
        return recorded

    def record_without_move(self, event: Event, values: Mapping[str, Any]) -> Event:
        """Record an event that moves nothing by itself, such as the answer of a child."""
        return self.record_transition(
            event, plan_transition(self.version, self.state, Branch(None, False, ()), values, event.by), {**event.data}
        )

    def assign_children(self, events: Iterable[Event], opened: list[tuple[str, str, str]]) -> None:
        """Match the child cases that were opened with those that the version opens. Raises CannotFollow."""
        expected = [
            (group, child["each"])
            for event in events
            for group, listed in event.data.get("opens", {}).items()
            for child in listed
        ]
        if sorted(expected) != sorted((group, each) for group, each, _ in opened):
            groups = [group_label(self.version, group) for group, _ in expected] or say("none")
            raise CannotFollow(say("other cases would have been opened: {groups}", groups=groups))
        waiting = list(opened)
        children = list(self.state.children)
        for place, child in enumerate(children):
            if not child.case:
                match = next(candidate for candidate in waiting if candidate[:2] == (child.group, child.each))
                waiting.remove(match)
                children[place] = replace(child, case=match[2])
        self.state = replace(self.state, children=tuple(children))

    def _describe_amendment(
        self, action: Action, entered: Mapping[str, Any], units: Mapping[str, str]
    ) -> dict[str, Any]:
        new = {name: value for name, value in {**entered, **units}.items() if name in action.amended_names}
        amended = {
            name: {"old": read_present_value(self.state, action, name), "new": value} for name, value in new.items()
        }
        return {"amended": amended, **({"units": dict(units)} if units else {})}

    def _compute_pause_end(self, action: Action, entered: Mapping[str, Any]) -> str:
        field = action.stops_clock_until or ""
        day = entered.get(field) or self.state.values.get(field)
        if not day:
            raise CannotFollow(say("the day on which the clock resumes is missing"))
        return pause_end(str(day), self.calendar).isoformat()


def _list_notifications(event: Event, notifications: Iterable[Tell]) -> tuple[dict[str, Any], ...]:
    """List who is told what, by the procedure's names: guarantees and clocks may watch it. Persons are left out."""
    planned = tuple({"to": tell.to, "who": "", "kind": tell.kind} for tell in notifications)
    recorded = tuple(dict(tell) for tell in event.tells) if event.kind in ("joined", "parted", "code") else ()
    return (*planned, *recorded)
