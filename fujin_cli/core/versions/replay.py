"""The history of one case under another law: could that law have produced it, and where would the case stand?

This is the criterion of ADEPT (Rinderle, Reichert, Dadam 2004). The history is what people, partners, other cases and
deadlines did, by name and data; what follows by itself, and reminders, are the law's own and are made anew. Who may act
is left aside: whoever acted was entitled then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.due import due
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import evolve, in_names
from fujin_cli.core.cases.moves import moves
from fujin_cli.core.model.procedure import Action, Procedure, Rung, Step
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.versions.history import chunks, opened_in, since_mapped
from fujin_cli.core.versions.hypothetical_case import CannotFollow, UnderLaw
from fujin_cli.core.versions.ladder_matching import does_more, same_rungs
from fujin_cli.core.versions.renames import renames_between
from fujin_cli.core.wording.labels import field_labels

_FACTS = frozenset({"wrong-code", "code", "told", "undelivered"})  # no law has a say in them


@dataclass(frozen=True, slots=True)
class Followed:
    """The case as the other law would have left it; or the first event that this law cannot have produced, and why."""

    case: Case | None
    event: Event | None = None
    reason: LocalizedText | None = None


def follow(
    case: Case, old: Procedure, new: Procedure, settings: Mapping[str, str], calendar: WorkingCalendar
) -> Followed:
    """Replay ``case`` (of the law ``old``) under ``new``; ``settings`` are those that the new law would pin."""
    replayed = _Replay(case, old, new, settings, calendar)
    try:
        return Followed(replayed.run())
    except CannotFollow as problem:
        return Followed(None, replayed.event, problem.reason)


class _Replay:
    """Reads a history event by event and lets the new law make each of them, or says why it would not."""

    def __init__(
        self, case: Case, old: Procedure, new: Procedure, settings: Mapping[str, str], calendar: WorkingCalendar
    ) -> None:
        self.origin = case
        self.old, self.new = old, new
        self.renames = renames_between(old, new)
        self.calendar = calendar
        self.there = UnderLaw(new, settings, calendar, Case(case.id))
        self.event: Event | None = None  # the one that is being followed

    @property
    def state(self) -> Case:
        """The case so far."""
        return self.there.state

    def run(self) -> Case:
        """The case under the new law. Raises CannotFollow."""
        events, begun = since_mapped(self.origin)
        if begun is not None:
            self._begin_at(begun)
        for chunk in chunks(events):
            self._follow(chunk)
        return self.state

    def _begin_at(self, case: Case) -> None:
        """A case that was put somewhere by a mapping has no history of its own before that."""
        self.event = case.events[-1]
        called = in_names(case, self.renames.names())
        if called.step not in self.new.steps:
            raise CannotFollow(say("there is no step {step}", step=self._title(case.step)))
        self.there.state = replace(called, settings=self.there.settings, version_digest=self.new.digest)

    def _title(self, step: str) -> object:
        """What people call a step of the old law."""
        known = self.old.steps.get(step)
        return (known.title if known else None) or step

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {self.renames.fields.get(name, name): value for name, value in values.items()}

    def _follow(self, chunk: Sequence[Event]) -> None:
        """One event, with what followed it by itself."""
        event = chunk[0]
        self.event = event
        if event.kind in _FACTS:
            self.there.state = evolve(self.state, event)
            return
        match event.kind:
            case "opened":
                done: Event | None = self.there.open(event, self._values(event.set))
            case "action":
                done = self._act(event)
            case "rung":
                done = self._rung(event)
            case "time-up":
                done = self._time_up(event)
            case _:
                done = self._other(event)
        if done is not None:
            self.there.opened([done, *self.there.settle(event)], opened_in(chunk))

    # actions

    def _act(self, event: Event) -> Event:
        rule = str(event.data.get("rule", ""))
        name = self.renames.action_name(rule) if rule else str(event.action)
        known = {move.action.name: move for move in moves(self.new, self.state, event.at, self.calendar)}
        move = known.get(name)
        if move is None:
            raise CannotFollow(
                say("there is no action {action} at {step}", action=self._action_title(event), step=self.there.here())
            )
        if move.refusal:
            raise CannotFollow(move.refusal.message)
        given = self._entered(event, rule, move.action)
        self._check_inputs(move.action, given)
        return self.there.move(event, move, given)

    def _old_action(self, rule: str) -> Action | None:
        return next((action for _, action in self.old.all_actions() if action.rule == rule), None)

    def _action_title(self, event: Event) -> object:
        """What people call an action of the old law."""
        action = self._old_action(str(event.data.get("rule", "")))
        return (action.title if action else None) or event.action or ""

    def _entered(self, event: Event, rule: str, new: Action) -> dict[str, Any]:
        """What somebody entered with the action; not what the old law set by itself, or may have."""
        action = self._old_action(rule)
        asked = {entry.field for entry in (*action.needs, *action.may)} if action else set(event.set)
        if action:
            target = self.old.steps.get(event.to_step or "")
            on_enter = [target.on_enter] if target else []
            written = {name for part in (action.effects, *on_enter) for name in (*part.sets, *part.adds)}
            must = {entry.field for entry in (*action.needs, *new.needs, *new.may)}
            asked -= written - must  # whether it was entered before it was overwritten, nobody can tell any more
        return self._values({name: value for name, value in event.set.items() if name in asked})

    def _check_inputs(self, action: Action, given: Mapping[str, Any]) -> None:
        title = action.title or action.name
        missing = [entry.field for entry in action.needs if entry.field not in given]
        if missing:
            raise CannotFollow(say("{action} needs: {fields}", action=title, fields=field_labels(self.new, missing)))
        asked = {entry.field for entry in (*action.needs, *action.may)}
        extra = field_labels(self.new, [name for name in given if name not in asked])
        if extra:
            raise CannotFollow(say("{action} does not ask for {fields}", action=title, fields=extra))

    # time

    def _rung(self, event: Event) -> Event | None:
        """A rung that does more than tell must be one of the new law's and due; reminders are made anew when due."""
        found = self._matching(event)
        if found is not None and self._due(found, event):
            done = self.there.rung(found, event)
            return done if does_more(found) else None
        if (found is not None and does_more(found)) or _was_lively(self.old, event):
            raise CannotFollow(say("no such deadline passes at {step} then", step=self.there.here()))
        return None

    def _matching(self, event: Event) -> Rung | None:
        """The rung of the new law that is the one of the event."""
        if self.renames.step(event.from_step or "") != self.state.step:
            return None
        old, new = self._old_step(event), self.new.steps[self.state.step]
        if old is None:
            return None
        index = same_rungs(old, new, self.renames.settings).get(event.data.get("rung", -1))
        return next((rung for rung in new.ladder if rung.index == index), None)

    def _old_step(self, event: Event) -> Step | None:
        return self.old.steps.get(event.from_step or "")

    def _due(self, rung: Rung, event: Event) -> bool:
        return any(entry.rung == rung for entry in due(self.new, self.state, event.at, self.calendar))

    def _time_up(self, event: Event) -> Event:
        if not any(entry.kind == "time-up" for entry in due(self.new, self.state, event.at, self.calendar)):
            raise CannotFollow(say("no period ends at {step} then", step=self.there.here()))
        return self.there.stay(event, {})

    # the rest

    def _other(self, event: Event) -> Event | None:
        """What other cases did, the end of a pause, and what a migration that fits says of itself."""
        if event.kind in ("migrated", "migration-undone"):
            return None
        if event.kind == "resume" and self.state.paused is None:
            raise CannotFollow(say("the clock does not stand still there"))
        if event.kind == "child" and event.data.get("case") not in {child.case for child in self.state.children}:
            raise CannotFollow(say("{case} was not opened", case=event.data.get("case")))
        if event.kind == "other-ended" and self.state.joined_to is None:
            raise CannotFollow(say("the case is joined to no other"))
        return self.there.stay(event, self._values(event.set))


def _was_lively(version: Procedure, event: Event) -> bool:
    """Whether a rung did more than tell, or could have."""
    if event.to_step is not None or event.set or event.data.get("opens"):
        return True
    step = version.steps.get(event.from_step or "")
    rung = next((rung for rung in step.ladder if rung.index == event.data.get("rung")), None) if step else None
    return rung is not None and does_more(rung)
