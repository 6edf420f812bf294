"""Show one case in full: its step, its values, and its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import ClockState, Deadlines
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import version_digest_after
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, localize_value, say, title_of
from fujin_cli.render.basics.moments import format_iso, format_moment, format_short_moment, zone_note
from fujin_cli.render.basics.names import Names, level_words, step_title
from fujin_cli.render.basics.text import align_in_columns, fold_text, paint
from fujin_cli.render.cases.case_state import state_words
from fujin_cli.render.cases.child_rows import OpenedCase, child_rows, children_json, find_common_group_title
from fujin_cli.render.cases.history import EventWords, was_taken_back
from fujin_cli.render.cases.list_json import case_json


def case_page_json(
    case: Case,
    procedure: Procedure,
    summary: Summary,
    calendar: WorkingCalendar,
    now: datetime,
    children: Sequence[OpenedCase],
) -> dict[str, Any]:
    """Write the whole case as JSON, version 1. A contact is its reference into the vault, never its data."""
    clocks = Deadlines(case, procedure, calendar).clock_states()
    return {
        "version": 1,
        **case_json(summary, calendar),
        "parent": case.parent,
        "joined_to": case.joined_to[1] if case.joined_to else None,
        "joined": list(case.joined),
        "fields": dict(case.values),
        "clocks": [_clock_json(state, calendar, now) for state in clocks],
        "events": [_event_json(event, calendar, case) for event in case.events],
        "orders": children_json(case.children, children, calendar),
    }


def _clock_json(state: ClockState, calendar: WorkingCalendar, now: datetime) -> dict[str, Any]:
    return {
        "clock": state.clock.name,
        "promised": state.clock.promised,
        "start": format_iso(state.start, calendar),
        "due": format_iso(state.due, calendar),
        "end": format_iso(state.end, calendar),
        "reached": state.reached,
        "late": state.is_late(now),
    }


def _event_json(event: Event, calendar: WorkingCalendar, case: Case) -> dict[str, Any]:
    return {
        "n": event.n,
        "at": format_iso(event.at, calendar),
        "kind": event.kind,
        "by": event.by,
        "entered_by": event.entered_by,
        "on_behalf_of": event.data.get("on_behalf_of"),
        "action": event.action,
        "from": event.from_step,
        "to": event.to_step,
        "set": dict(event.set),
        "note": event.note,
        "amended": event.data.get("amended"),
        "undone": was_taken_back(case, event),
        "migration": _migration_json(event),
        "hash": event.hash,
    }


def _migration_json(event: Event) -> dict[str, Any] | None:
    """Write which version the case came under, its step there, and who approved that."""
    details = event.data
    if event.kind not in ("migrated", "migration-undone"):
        return None
    return {
        "old_law": details["from_law"],
        "new_law": details["law"],
        "step": details["state"]["step"] if "state" in details else None,
        "mapped": bool(details.get("mapped")),
        "migration": details.get("migration"),
        "approver": details.get("approver"),
        "undoes": details.get("undoes"),
    }


def case_page(
    case: Case,
    procedure: Procedure,
    summary: Summary,
    calendar: WorkingCalendar,
    now: datetime,
    workspace: Workspace,
    children: Sequence[OpenedCase],
    width: int,
    colour: bool,
    version: Callable[[str], Procedure] | None = None,
) -> str:
    """Write the whole case for people, folded at ``width`` columns (0: never), with what can be done next.

    ``version`` gives the procedure of a digest: events before a migration are worded by the version of that time.
    """
    view = _Page(case, procedure, summary, calendar, now, workspace, children, version or (lambda _: procedure))
    sections = [
        (say("Fields"), view.field_rows()),
        (say("Deadlines"), view.clock_rows()),
        (view.children_heading(), view.child_rows()),
        (say("Merged cases"), view.joined_case_rows()),
        (say("History; {note}", note=zone_note(calendar, now)), view.history_rows()),
    ]
    lines = [*view.heading_lines(colour)]
    for title, rows in sections:
        if rows:
            heading = (paint(line, "bold", colour) for line in fold_text(str(title), width))
            lines += ["", *heading, *align_in_columns(rows, width)]
    lines += ["", str(say("Open actions: `fujin case actions {case}`", case=case.id))]
    return "\n".join(part for line in lines for part in fold_unpainted_line(line, width)) + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    """Write the parts of one case's page, each as rows of text."""

    case: Case
    procedure: Procedure
    summary: Summary
    calendar: WorkingCalendar
    now: datetime
    workspace: Workspace
    children: Sequence[OpenedCase]
    version: Callable[[str], Procedure]

    @property
    def names(self) -> Names:
        return Names(self.workspace.organisation, self.procedure)

    def heading_lines(self, colour: bool) -> list[str]:
        """Write the id, title, step and state of the case."""
        names, summary = self.names, self.summary
        title = f"{self.case.id}  {title_of(self.procedure.title, self.procedure.name)}"
        unit = names.committee_title(self.case.committee) or say("served by the community office")
        lines = [paint(title, "bold", colour), f"{names.community_title(self.case.community)} · {unit}"]
        lines.append(f"{step_title(self.procedure, self.case.step)} · {self._state_text(colour)}")
        if summary.due is not None:
            lines.append(str(say("due by {due}", due=format_moment(summary.due, self.calendar))))
        if summary.owner:
            lines.append(
                str(say("owned by {owner}: {who}", owner=names.person_title(summary.owner), who=self._owner_names()))
            )
        if self.case.raised:
            lines.append(str(say("raised to: {levels}", levels=[level_words(level) for level in self.case.raised])))
        if self.case.parent:
            lines.append(str(say("opened by {case}", case=self.case.parent)))
        return lines

    def _state_text(self, colour: bool) -> str:
        words = state_words(self.summary, self.calendar, self.now, self.procedure) or [say("no time limit")]
        return paint(localize_value(words), "red" if self.summary.overdue else "", colour)

    def _owner_names(self) -> object:
        day = self.calendar.to_local(self.now).date()
        people = People(self.case, self.procedure, self.workspace.organisation, day)
        return [self.names.actor_name(actor) for actor in people.resolve_name(self.summary.owner or "")] or say(
            "nobody"
        )

    def field_rows(self) -> list[list[str]]:
        """List the fields that have a value."""
        return [
            [title_of(field.title, name), self._field_text(field, self.case.values[name])]
            for name, field in self.procedure.fields.items()
            if self.case.values.get(name) not in (None, "", [])
        ]

    def _field_text(self, field: Field, value: object) -> str:
        """Write a field's value; of a contact, how to see it: a page that only reads shows neither name nor number."""
        if field.item_type == "contact":
            return str(say("in the vault: `fujin case contact {case} --why …`", case=self.case.id))
        return self.names.format_value(field, value, self.calendar)

    def clock_rows(self) -> list[list[str]]:
        """List the clocks that have begun: met, late or running."""
        states = Deadlines(self.case, self.procedure, self.calendar).clock_states()
        return [
            [title_of(state.clock.title, state.clock.name), self._clock_text(state)] for state in states if state.start
        ]

    def _clock_text(self, state: ClockState) -> str:
        due = format_moment(state.due, self.calendar) if state.due else say("the calendar does not cover the year")
        if state.end:
            end = format_moment(state.end, self.calendar)
            if not state.reached:
                late = say("late: stopped on {end} with the end of the case, was due by {due}", end=end, due=due)
                stopped = say("stopped on {end} with the end of the case, due by {due}", end=end, due=due)
                return str(late if state.is_late(self.now) else stopped)
            met = say("met on {end}, due by {due}", end=end, due=due)
            return str(say("late: met on {end}, due by {due}", end=end, due=due) if state.is_late(self.now) else met)
        running = say("running, due by {due}", due=due)
        return str(say("late: running, was due by {due}", due=due) if state.is_late(self.now) else running)

    def children_heading(self) -> LocalizedText:
        """Head the cases that this one opened, by the title of their group where they have one."""
        group = find_common_group_title(self.procedure, self.case.children)
        return say("Opened: {group}", group=group) if group else say("Cases opened by it")

    def child_rows(self) -> list[list[str]]:
        """List the cases that this one opened."""
        return child_rows(self.case, self.procedure, self.children, self.names, self.calendar, self.now)

    def joined_case_rows(self) -> list[list[str]]:
        """List the case that this one was joined to, and those that were joined to it."""
        rows = [[joined_case, str(say("waits for this case"))] for joined_case in self.case.joined]
        if self.case.joined_to:
            rows.insert(0, [self.case.joined_to[1], str(say("this case waits for it"))])
        return rows

    def history_rows(self) -> list[list[str]]:
        """List every event: number, local time, and what happened."""
        return [
            [
                str(event.n),
                format_short_moment(event.at, self.calendar, self.now),
                "\n".join(self._event_words_for(event).lines_of(event, was_taken_back(self.case, event))),
            ]
            for event in self.case.events
        ]

    def _event_words_for(self, event: Event) -> EventWords:
        version = self.version(version_digest_after(self.case, event.n))
        return EventWords(version, Names(self.workspace.organisation, version), self.calendar)


def fold_unpainted_line(line: str, width: int) -> list[str]:
    """Fold a line that is still too wide; painted lines are left alone."""
    return [line] if "\x1b" in line else fold_text(line, width)
