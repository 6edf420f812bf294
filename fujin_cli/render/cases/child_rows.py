"""Show the cases that a case opened: for whom each is, how it stands, and why it came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case, Child
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, localize_value, say, title_of
from fujin_cli.render.basics.moments import format_iso, format_short_moment
from fujin_cli.render.basics.names import Names, outcome_words, step_title
from fujin_cli.render.cases.case_state import state_words
from fujin_cli.render.cases.history import EventWords


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case that another one opened, as it is now, with its version."""

    case: Case
    version: Procedure
    summary: Summary

    def find_partner(self) -> str | None:
        """Find the partner whom the case is for: in the field that an opening fills with it."""
        fields = (name for name, field in self.version.fields.items() if field.type == "partner" and field.required)
        partner = self.case.values.get(next(fields, ""))
        return str(partner) if partner else None

    def is_lead(self) -> bool | None:
        """Tell whether it is the lead's case; None where its procedure has no such field."""
        field = next((name for name, field in self.version.fields.items() if field.lead), None)
        return None if field is None else self.case.values.get(field) == "yes"

    def find_ending(self) -> Event | None:
        """Find the action that ended the case, with what was entered: why it came back. None for an automatic end."""
        if not self.case.has_ended:
            return None
        moves = (event for event in reversed(self.case.events_in_current_names) if event.to_step == self.case.step)
        ending = next(moves, None)
        return ending if ending is not None and ending.kind == EventKind.ACTION else None


def children_json(
    children: Iterable[Child], opened: Iterable[OpenedCase], calendar: WorkingCalendar
) -> list[dict[str, Any]]:
    """Write the opened cases as JSON; what only a case itself says is null where it cannot be read."""
    by_id = {child.case.id: child for child in opened}
    return [_child_json(child, by_id.get(child.case), calendar) for child in children]


def _child_json(child: Child, opened: OpenedCase | None, calendar: WorkingCalendar) -> dict[str, Any]:
    summary = opened.summary if opened else None
    return {
        "case": child.case,
        "group": child.group,
        "each": child.each or None,
        "procedure": summary.procedure if summary else None,
        "step": summary.step if summary else None,
        "outcome": child.outcome or (summary.outcome if summary else None),
        "due": format_iso(summary.due, calendar) if summary else None,
        "overdue": summary.overdue if summary else False,
        "replaced": child.replaced,
        "partner": opened.find_partner() if opened else None,
        "lead": opened.is_lead() if opened else None,
        "ended_with": _ending_json(opened.find_ending()) if opened else None,
    }


def _ending_json(ending: Event | None) -> dict[str, Any] | None:
    return None if ending is None else {"action": ending.action, "set": dict(ending.set), "note": ending.note}


def child_rows(
    parent: Case,
    procedure: Procedure,
    opened: Iterable[OpenedCase],
    names: Names,
    calendar: WorkingCalendar,
    now: datetime,
) -> list[list[str]]:
    """List the opened cases, each with its group and partner, its state, and what was entered at its end."""
    by_id = {child.case.id: child for child in opened}
    rows = []
    for child in parent.children:
        view = by_id.get(child.case)
        group = procedure.groups.get(child.group)
        heading = [
            title_of(group.title if group else None, child.group),
            *(_partner_words(view, names) if view else ()),
        ]
        lines = [localize_value(heading), f"  {_state_text(child, view, calendar, now)}"]
        if view and (ending := view.find_ending()):
            words = EventWords(view.version, Names(names.organisation, view.version), calendar)
            lines += [*words.value_lines(ending), *words.note_lines(ending)]
        rows.append([child.case, "\n".join(lines)])
    return rows


def _partner_words(view: OpenedCase, names: Names) -> list[object]:
    partner = view.find_partner()
    return [*([names.actor_name(partner)] if partner else []), *([say("lead")] if view.is_lead() else [])]


def _state_text(child: Child, view: OpenedCase | None, calendar: WorkingCalendar, now: datetime) -> str:
    version = view.version if view else None
    words: list[object] = []
    outcome = view.summary.outcome if view and child.outcome else child.outcome
    if outcome:
        words.append(say("ended: {outcome}", outcome=outcome_words(outcome, version)))
    elif view:
        words.append(step_title(view.version, view.summary.step))
        words += state_words(view.summary, calendar, now)
        if view.summary.due is not None:
            words.append(say("due by {due}", due=format_short_moment(view.summary.due, calendar, now)))
    else:
        words.append(say("open"))
    return localize_value([*words, say("replaced by another one")] if child.replaced else words)


def find_common_group_title(procedure: Procedure, children: Iterable[Child]) -> str | None:
    """Find the title of the group that all these children are of; None for several groups, or one without a title."""
    names = {child.group for child in children}
    group = procedure.groups.get(names.pop()) if len(names) == 1 else None
    return title_of(group.title) if group is not None and group.title else None


def opened_words(procedure: Procedure, children: Iterable[Child], opened: Collection[str]) -> LocalizedText:
    """Say which cases were opened, by the title of their group where they have one."""
    group = find_common_group_title(procedure, (child for child in children if child.case in opened))
    return say("opened {group}: {cases}", group=group, cases=opened) if group else say("opened: {cases}", cases=opened)
