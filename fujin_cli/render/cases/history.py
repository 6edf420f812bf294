"""Describe the events of a case: who did what, from which step to which, and what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import SYSTEM
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.due import is_reminder_left_out
from fujin_cli.core.cases.event import MADE_BY_PEOPLE, Event, EventKind
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.model.rung_types import RUNG_TYPES
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.labels import amended_title
from fujin_cli.render.basics.names import Names, action_title, level_words, outcome_words, step_title


@dataclass(frozen=True, slots=True)
class EventWords:
    """Describe events of one case."""

    procedure: Procedure
    names: Names
    calendar: WorkingCalendar

    def lines_of(self, event: Event, taken_back: bool = False) -> Iterable[str]:
        """Write what happened and who did it, then a line for the note and for each value that was entered."""
        headline = self._format_event_headline(event)
        yield str(say("{event} (taken back)", event=headline)) if taken_back else headline
        if event.by != SYSTEM:
            yield _indent_lines(self.actor_words(event))
        yield from self.note_lines(event)
        yield from (_indent_lines(line) for line in self.describe_amendments(event))
        yield from self.value_lines(event)

    def note_lines(self, event: Event) -> Iterable[str]:
        """Write the remark of an event."""
        if event.note:
            yield _indent_lines(say("note: {text}", text=event.note))

    def value_lines(self, event: Event) -> Iterable[str]:
        """Write a line for each value that was entered; what was amended is told as such."""
        amended = event.data.get("amended", {})
        for name, value in event.set.items():
            if name in amended:
                continue
            field = self.procedure.fields.get(name)
            if field is not None and value not in (None, "", []):
                words = self.names.format_value(field, value, self.calendar)
                yield _indent_lines(say("{field}: {value}", field=self.names.field_title(name), value=words))

    def describe_amendments(self, event: Event) -> list[LocalizedText]:
        """Say of each field that the event amended what stood there before and after."""
        return [self._describe_amendment(name, change) for name, change in event.data.get("amended", {}).items()]

    def _describe_amendment(self, name: str, change: Mapping[str, Any]) -> LocalizedText:
        """Say what stood in a field (or which committee the case had) before and after it was amended."""
        title, old, new = amended_title(self.procedure, name), change["old"], change["new"]
        field = self.procedure.fields.get(name, Field(name, name))
        words = self.names.format_value(field, new, self.calendar)
        if old in (None, "", []):
            return say("{field}: {value}", field=title, value=words)
        before = self.names.format_value(field, old, self.calendar)
        return say("{field}: {old} → {new}", field=title, old=before, new=words)

    def actor_words(self, event: Event) -> LocalizedText:
        """Say who acted; and who entered it, where that was somebody else."""
        actor = self.names.actor_name(event.by)
        if event.entered_by == event.by:
            return say("by {who}", who=actor)
        return say("by {who}, entered by {other}", who=actor, other=self.names.actor_name(event.entered_by))

    def _format_event_headline(self, event: Event) -> str:
        event_words = self.describe_event(event)
        if event.to_step is None:
            return event_words
        new_step = step_title(self.procedure, event.to_step)
        if event.from_step in (None, event.to_step):
            return f"{event_words} → {new_step}"
        old_step = step_title(self.procedure, event.from_step)
        return str(say("{what}: {here} → {there}", what=event_words, here=old_step, there=new_step))

    def describe_event(self, event: Event) -> str:
        """Say what happened, by the event's kind; an unknown kind is shown as it is."""
        if event.kind in MADE_BY_PEOPLE and event.action:
            return action_title(self.procedure, event.from_step, event.action)
        if event.kind == "rung":
            left_out = is_reminder_left_out(self.procedure, event)
            return str(rung_words(event.data.get("when", ""), event.data.get("raise"), left_out))
        details = event.data
        if event.kind == "child":
            return str(self._describe_child_event(event))
        if event.kind == "other-ended":
            return str(
                say("{case} ended: {outcome}", case=details["case"], outcome=outcome_words(details.get("case_outcome")))
            )
        if event.kind == "migrated":
            return str(self._describe_migration(event))
        words = _WORDS.get(event.kind)
        return str(LocalizedText(words.text, dict(details))) if words else event.kind

    def _describe_child_event(self, event: Event) -> LocalizedText:
        outcome = event.data.get("child_outcome")
        if outcome is None:
            return say("{case} is open again", case=event.data["case"])
        return say("{case} ended: {outcome}", case=event.data["case"], outcome=outcome_words(outcome))

    def _describe_migration(self, event: Event) -> LocalizedText:
        details = event.data
        version, step = details["law"][:12], step_title(self.procedure, details["state"]["step"])
        if not details.get("mapped"):
            return say("moved to version {law} of the procedure, now at {step}", law=version, step=step)
        return say(
            "moved to version {law} of the procedure at {step} by {migration}, approved by {approver}",
            law=version,
            step=step,
            migration=details["migration"],
            approver=self.names.actor_name(details["approver"]),
        )


def was_taken_back(case: Case, event: Event) -> bool:
    """Whether somebody took the event back; the event that did so is none of them."""
    return event.n in case.undone and event.kind != EventKind.UNDONE


def list_amendments(
    event: Event, procedure: Procedure, organisation: Organisation, calendar: WorkingCalendar
) -> list[str]:
    """Write a line for each field that an event amended: its old and its new value."""
    words = EventWords(procedure, Names(organisation, procedure), calendar)
    return [str(line) for line in words.describe_amendments(event)]


def rung_words(when: str, raises: str | None, left_out: bool = False) -> LocalizedText:
    """Say what a rung of a ladder did: ``when`` is before, at or after, ``raises`` the level it raised the case to.

    ``left_out``: it is a reminder that was found after its deadline.
    """
    if left_out:
        return say("reminder left out, since the deadline had passed")
    if raises:
        return say("deadline passed, raised to: {level}", level=level_words(raises))
    return RUNG_TYPES[when].happened


def _indent_lines(message: LocalizedText) -> str:
    """Indent a text below the line above, each of its lines."""
    return "\n".join(f"  {line}" for line in str(message).splitlines())


_WORDS = {
    "opened": say("opened"),
    "move": say("moved automatically"),
    "time-up": say("the period is over"),
    "resume": say("clock resumed"),
    "wrong-code": say("a wrong acceptance code was entered"),
    "code": say("a new acceptance code was issued"),
    "told": say("delivered: {messages}"),
    "undelivered": say("could not be delivered: {messages}"),
    "joined": say("{case} was merged into this case"),
    "parted": say("{case} was split off"),
    "undone": say("took back number {undoes}"),
    "migration-undone": say("the migration of event {undoes} was undone"),
}
