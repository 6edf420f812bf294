"""Write the text of a notification, kind by kind: what happened, at which step the case is, until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.acceptance import is_awaiting_acceptance
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.text.localized import LocalizedText, say, title_of
from fujin_cli.render.basics.moments import format_day, format_moment
from fujin_cli.render.basics.names import BOARD, Names, level_words, outcome_words, step_title
from fujin_cli.render.basics.text import join_sentences
from fujin_cli.render.notifications.kind_words import ENDINGS

NEVER_TOLD = ("contact", "photo", "file", "survey")


@dataclass(frozen=True, slots=True)
class NotificationText:
    """Write the texts about one event, from the case as it was right after it, under its own version."""

    state: Case
    before: Case
    procedure: Procedure
    calendar: WorkingCalendar
    event: Event
    names: Names

    @staticmethod
    def for_event(
        case: Case, procedure: Procedure, organisation: Organisation, calendar: WorkingCalendar, event: Event
    ) -> NotificationText:
        """Prepare the texts about ``event`` of ``case``."""
        state = replay(case.id, case.events[: event.n])
        before = replay(case.id, case.events[: event.n - 1])
        return NotificationText(state, before, procedure, calendar, event, Names(organisation, procedure))

    def text_of(self, message: Mapping[str, Any]) -> str:
        """Write the text of ``message``."""
        kind = message["kind"]
        if message["to"] == BOARD:
            return join_sentences(self.write_board_notice())
        words = _KINDS.get(kind)
        if words:
            return join_sentences(words(self, message))
        return join_sentences(self.write_field_news(kind))

    def case_name(self) -> str:
        """Name the case: ``XF01-202611a-0042 (Resident request)``."""
        return f"{self.state.id} ({title_of(self.procedure.title, self.procedure.name)})"

    def step_title(self) -> str:
        """Give the title of the step where the case is."""
        return step_title(self.procedure, self.state.step)

    def due_time(self) -> datetime | None:
        """Compute the deadline of that step."""
        return None if self.state.has_ended else Deadlines(self.state, self.procedure, self.calendar).due_time()

    def write_step_and_deadline(self) -> Iterable[LocalizedText]:
        """Say at which step the case is, and until when."""
        due = self.due_time()
        if self.state.has_ended:
            yield say("It has ended: {step}.", step=self.step_title())
        elif due is None:
            yield say("It is at the step {step}.", step=self.step_title())
        else:
            yield say(
                "It is at the step {step}, due by {due}.", step=self.step_title(), due=format_moment(due, self.calendar)
            )
        if self.state.running_pause:
            yield say(
                "The clock is paused until {day}.", day=format_day(self.state.running_pause.planned, self.calendar)
            )

    def write_values(self, names: Iterable[str]) -> Iterable[LocalizedText]:
        """Write ``title: value.`` for each of these fields that has a value; contacts and files are left out."""
        for name in dict.fromkeys(names):
            field = self.procedure.fields.get(name)
            value = self.state.values.get(name)
            if field is None or value in (None, "", []) or self._is_private(field):
                continue
            spoken = self.names.format_value(field, value, self.calendar).rstrip("。.")
            yield say("{field}: {value}.", field=self.names.field_title(name), value=spoken)

    def _is_private(self, field: Field) -> bool:
        """Whether a field holds contacts or files, or rows of forms, which may hold either."""
        return field.item_type in NEVER_TOLD or field.item_type in self.procedure.forms

    def write_entered_values(self) -> Iterable[LocalizedText]:
        """Write the values entered with the event."""
        return self.write_values(self.event.set)

    def write_acceptance(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that the request was accepted."""
        yield say("{case} was accepted.", case=self.case_name())
        yield from self.write_step_and_deadline()

    def write_progress(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that the case has moved on."""
        yield say("News of {case}.", case=self.case_name())
        yield from self.write_other_end()
        yield from self.write_step_and_deadline()

    def write_answer(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say how the case ended, without calling a refusal a success."""
        ending = ENDINGS.get(self.state.outcome or "")
        if ending:
            yield LocalizedText(ending.text, {"case": self.case_name()})
        else:
            yield say("{case} was answered.", case=self.case_name())
            yield from self.write_step_and_deadline()
        yield from self.write_other_end()
        yield from self.write_entered_values()
        yield from self.write_reopening_limit(message)

    def write_other_end(self) -> Iterable[LocalizedText]:
        """Say how the case ended into which this one had been merged; nothing where that goes on."""
        if self.before.joined_to and self.before.joined_outcome:
            yield say(
                "{other}, into which it had been merged, ended: {outcome}.",
                other=self.before.joined_to[1],
                outcome=outcome_words(self.before.joined_outcome),
            )

    def is_entitled(self, names: Iterable[str], message: Mapping[str, Any]) -> bool:
        """Whether the recipient is the contact for whom one of these names stands, not only told beside them."""
        people = [self.procedure.people.get(name) for name in names]
        return message["who"] in [self.state.values.get(p.value, p.name) for p in people if p and p.kind == "contact"]

    def write_reopening_limit(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say until when the recipient may have the case reopened."""
        reopen = self.procedure.steps[self.state.step].reopen
        if reopen is None or not reopen.window or not self.is_entitled(reopen.by, message):
            return
        closes = Deadlines(self.state, self.procedure, self.calendar).add_duration(self.state.since, reopen.window)
        if closes:
            yield say("It can be reopened until {moment}.", moment=format_moment(closes, self.calendar))

    def write_result(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Write the result, and ask the reporter to accept it."""
        yield say("The result of {case} is available.", case=self.case_name())
        yield from self.write_values(["result", *self.event.set])
        yield from self.write_step_and_deadline()
        step = self.procedure.steps[self.state.step]
        names = [name for action in step.actions.values() for name in action.by]
        if is_awaiting_acceptance(self.procedure, step) and self.is_entitled(names, message):
            yield say("Please inspect the work on site and have your acceptance code ready.")

    def write_merger(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that the case now waits for another one."""
        other = self.state.joined_to[1] if self.state.joined_to else ""
        yield say("{case} was merged into {other}, which is about the same matter.", case=self.case_name(), other=other)
        yield say("You will be told the result of that case.")

    def write_reminder(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that the deadline comes near."""
        due = self.due_time()
        if due is None:
            yield say("{case} waits at the step {step}.", case=self.case_name(), step=self.step_title())
            return
        due_time = format_moment(due, self.calendar)
        yield say(
            "{case} at the step {step} is due by {due}.", case=self.case_name(), step=self.step_title(), due=due_time
        )

    def write_demand(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that the deadline has passed."""
        first = Deadlines(self.before, self.procedure, self.calendar).step_deadline()
        step = step_title(self.procedure, self.before.step)
        if first is None:
            yield say("{case} is late at the step {step}.", case=self.case_name(), step=step)
        else:
            yield say(
                "{case} is overdue at the step {step}: it was due by {due}.",
                case=self.case_name(),
                step=step,
                due=format_moment(first, self.calendar),
            )
        if self.event.to_step:
            yield from self.write_step_and_deadline()

    def write_escalation(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that the case was raised to a level above, which may act."""
        yield from self.write_demand(message)
        yield say("It was raised to the level {level}, which may act too.", level=level_words(message["to"]))
        due = self.due_time()
        if due and due > self.event.at:
            yield say("The new due time is {due}.", due=format_moment(due, self.calendar))

    def write_work_order(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Announce a work order to a partner: what to do, where, until when."""
        yield say("A new order: {case}.", case=self.case_name())
        leads = [name for name, field in self.procedure.fields.items() if field.lead and name in self.event.set]
        for name in leads:
            yield say("You take the lead.") if self.event.set[name] == "yes" else say("You support the lead.")
        yield from self.write_values(name for name in self.event.set if name not in leads)
        yield from self.write_step_and_deadline()

    def write_withdrawal(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that the case was withdrawn."""
        yield say("{case} was withdrawn.", case=self.case_name())
        yield from self.write_entered_values()

    def write_invitation(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Write an invitation: subject, time and venue."""
        meeting = (field.name for field in self.procedure.fields.values() if field.type in ("moment", "venue"))
        yield say("An invitation to {case}.", case=self.case_name())
        yield from self.write_values(["agenda", *meeting, *self.event.set])

    def write_minutes(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Write the minutes."""
        yield say("The minutes of {case}.", case=self.case_name())
        yield from self.write_values(["minutes", *self.event.set])
        yield from self.write_step_and_deadline()

    def write_public_results(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Write the results, from public fields only."""
        yield say("The results of {case}.", case=self.case_name())
        yield from self.write_values(field.name for field in self.public_fields())
        yield from self.write_step_and_deadline()

    def write_new_code_notice(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that there is a new acceptance code, without the code: it is handed over in person."""
        yield say("There is a new acceptance code for {case}; the old one is no longer valid.", case=self.case_name())
        yield say("It is handed over in person.")

    def write_joined_case(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that another case now waits for this one."""
        yield say("{other} was merged into {case}.", other=self.event.data["case"], case=self.case_name())
        yield from self.write_step_and_deadline()

    def write_parted_case(self, message: Mapping[str, Any]) -> Iterable[LocalizedText]:
        """Say that another case was split off."""
        yield say("{other} was split off from {case}.", other=self.event.data["case"], case=self.case_name())
        yield from self.write_step_and_deadline()

    def write_field_news(self, name: str) -> Iterable[LocalizedText]:
        """Quote the field that the notification is named after."""
        yield say("News of {case}.", case=self.case_name())
        yield from self.write_values([name])
        yield from self.write_step_and_deadline()

    def public_fields(self) -> list[Field]:
        """List the fields that are public as they are, without a preview."""
        return [field for field in self.procedure.fields.values() if field.public == "yes"]

    def write_board_notice(self) -> Iterable[LocalizedText]:
        """Write a notice for the board: the step of the case and its public fields, no personal data."""
        community = self.names.community_title(self.state.community)
        yield say("{case}, {community}.", case=self.case_name(), community=community)
        if self.state.has_ended:
            yield say("It has ended: {step}.", step=self.step_title())
        else:
            yield say("It is at the step {step}.", step=self.step_title())
        yield from self.write_values(field.name for field in self.public_fields())


WordsOfKind = Callable[[NotificationText, Mapping[str, Any]], Iterable[LocalizedText]]

_KINDS: dict[str, WordsOfKind] = {
    "accepted": NotificationText.write_acceptance,
    "answer": NotificationText.write_answer,
    "progress": NotificationText.write_progress,
    "result": NotificationText.write_result,
    "merged": NotificationText.write_merger,
    "reminder": NotificationText.write_reminder,
    "demand": NotificationText.write_demand,
    "overdue": NotificationText.write_demand,
    "raised": NotificationText.write_escalation,
    "dispatched": NotificationText.write_work_order,
    "withdrawn": NotificationText.write_withdrawal,
    "agenda": NotificationText.write_invitation,
    "minutes": NotificationText.write_minutes,
    "results": NotificationText.write_public_results,
    "new-code": NotificationText.write_new_code_notice,
    "joined": NotificationText.write_joined_case,
    "parted": NotificationText.write_parted_case,
}


def notification_text(
    case: Case,
    procedure: Procedure,
    organisation: Organisation,
    calendar: WorkingCalendar,
    event: Event,
    message: Mapping[str, Any],
) -> str:
    """Write a notification as of right after ``event``: no contact data, no code, on notices public fields alone."""
    return NotificationText.for_event(case, procedure, organisation, calendar, event).text_of(message)
