"""The history of a case in words: who did what, from where to where, and what was entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import SYSTEM
from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.rung_types import RUNG_TYPES
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.render.basics.names import Names, action_title, level_words, outcome_words, step_title


@dataclass(frozen=True, slots=True)
class Story:
    """Puts the events of one case into words."""

    procedure: Procedure
    names: Names
    calendar: WorkingCalendar

    def told(self, event: Event) -> Iterable[str]:
        """What happened and who did it, then a line for the note and for each value that was entered."""
        yield self._headline(event)
        if event.by != SYSTEM:
            yield _below(self.by(event))
        if event.note:
            yield _below(say("note: {text}", text=event.note))
        for name, value in event.set.items():
            field = self.procedure.fields.get(name)
            if field is not None and value not in (None, "", []):
                words = self.names.value(field, value, self.calendar)
                yield _below(say("{field}: {value}", field=self.names.field(name), value=words))

    def by(self, event: Event) -> LocalizedText:
        """Who acted; and who typed it in, where that was somebody else."""
        who = self.names.who(event.by)
        if event.entered_by == event.by:
            return say("by {who}", who=who)
        return say("by {who}, entered by {other}", who=who, other=self.names.who(event.entered_by))

    def _headline(self, event: Event) -> str:
        what = self.what(event)
        if event.to_step is None:
            return what
        there = step_title(self.procedure, event.to_step)
        if event.from_step in (None, event.to_step):
            return f"{what} → {there}"
        here = step_title(self.procedure, event.from_step)
        return str(say("{what}: {here} → {there}", what=what, here=here, there=there))

    def what(self, event: Event) -> str:
        """What happened, by the event's kind; a kind that this version does not know is shown as it is."""
        if event.kind == "action" and event.action:
            return action_title(self.procedure, event.from_step, event.action)
        if event.kind == "rung":
            return str(rung_words(event.data.get("when", ""), event.data.get("raise")))
        data = event.data
        if event.kind == "child":
            return str(self._child(event))
        if event.kind == "other-ended":
            return str(
                say("{case} ended: {outcome}", case=data["case"], outcome=outcome_words(data.get("case_outcome")))
            )
        if event.kind == "migrated":
            return str(self._migrated(event))
        words = _WORDS.get(event.kind)
        return str(LocalizedText(words.text, dict(data))) if words else event.kind

    def _child(self, event: Event) -> LocalizedText:
        outcome = event.data.get("child_outcome")
        if outcome is None:
            return say("{case} is open again", case=event.data["case"])
        return say("{case} ended: {outcome}", case=event.data["case"], outcome=outcome_words(outcome))

    def _migrated(self, event: Event) -> LocalizedText:
        data = event.data
        version, step = data["law"][:12], step_title(self.procedure, data["state"]["step"])
        if not data.get("mapped"):
            return say("moved to version {law} of the procedure, now at {step}", law=version, step=step)
        return say(
            "moved to version {law} of the procedure at {step} by {migration}, approved by {approver}",
            law=version,
            step=step,
            migration=data["migration"],
            approver=self.names.who(data["approver"]),
        )


def rung_words(when: str, raises: str | None) -> LocalizedText:
    """What a rung of a ladder did: ``when`` is before, at or after, ``raises`` the level that it was raised to."""
    if raises:
        return say("deadline passed, raised to: {level}", level=level_words(raises))
    return RUNG_TYPES[when].happened


def _below(message: LocalizedText) -> str:
    """Something that belongs to the line above; a text of several lines stays under it."""
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
    "migration-undone": say("the migration of event {undoes} was undone"),
}
