"""The columns that a list of cases can have: how each is headed, and what stands in it for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say, title_of
from fujin_cli.render.basics.moments import format_iso, format_short_moment
from fujin_cli.render.basics.names import Names, outcome_words
from fujin_cli.render.basics.tables import Cell, Column
from fujin_cli.render.cases.case_state import state_words

PROGRAM_COLUMNS = (
    *("case", "procedure", "community", "committee", "step", "due", "state"),
    *("summary", "topic", "owner", "partners", "orders"),
)
SCREEN_COLUMNS = ("case", "summary", "procedure", "community", "committee", "step", "due", "state")
IMPLIED = ("procedure", "community", "committee")  # not shown where it is the same for every case of the list


@dataclass(frozen=True)
class ListContext:
    """
    What the cells of a list are made of.

    ``titles`` gives the title of a procedure's step, ``owners`` the ids of those whom the step of a case waits for;
    ``cases`` are the whole cases, where a column shows a field.
    """

    workspace: Workspace
    titles: Callable[[str, str], str]
    owners: Callable[[Summary], Sequence[str]]
    calendar: WorkingCalendar
    now: datetime
    cases: Mapping[str, tuple[Case, Procedure]] = field(default_factory=dict)

    @cached_property
    def names(self) -> Names:
        """The names of the organisation."""
        return Names(self.workspace.organisation)

    def procedure_title(self, name: str) -> str:
        """Give the title of a procedure, else its name."""
        procedure = self.workspace.procedures.get(name)
        return title_of(procedure.title, name) if procedure else name


Fill = Callable[[Summary, ListContext], object]


def _case(summary: Summary, context: ListContext) -> object:
    return summary.case


def _subject(summary: Summary, context: ListContext) -> object:
    return Cell(summary.subject or context.procedure_title(summary.procedure), plain=summary.subject)


def _procedure(summary: Summary, context: ListContext) -> object:
    return Cell(context.procedure_title(summary.procedure), plain=summary.procedure)


def _community(summary: Summary, context: ListContext) -> object:
    return Cell(context.names.community_title(summary.community), plain=summary.community)


def _committee(summary: Summary, context: ListContext) -> object:
    shown = context.names.committee_title(summary.committee) or say("(office)")
    return Cell(shown, plain=summary.committee or "")


def _step(summary: Summary, context: ListContext) -> object:
    return Cell(context.titles(summary.procedure, summary.step), plain=summary.step)


def _moment(moment: datetime | None, context: ListContext) -> Cell:
    shown = format_short_moment(moment, context.calendar, context.now)
    return Cell(shown, plain=format_iso(moment, context.calendar))


def _state(summary: Summary, context: ListContext) -> object:
    words = state_words(summary, context.calendar, context.now, context.workspace.procedures.get(summary.procedure))
    return Cell(words, style="red" if summary.overdue else "")


def _topic(summary: Summary, context: ListContext) -> object:
    topic = context.workspace.organisation.topics.get(summary.topic or "")
    return Cell(title_of(topic.get("title") if topic else None, summary.topic or ""), plain=summary.topic)


def _owner(summary: Summary, context: ListContext) -> object:
    ids = list(context.owners(summary))
    nobody = say("nobody") if summary.outcome is None else None
    return Cell([context.names.actor_name(id) for id in ids] or nobody, plain=ids)


def _partners(summary: Summary, context: ListContext) -> object:
    ids = list(summary.partners)
    return Cell([context.names.actor_name(id) for id in ids], plain=ids)


def _orders(summary: Summary, context: ListContext) -> object:
    """Write how many orders are open, of how many: ``1/3``."""
    if not summary.orders:
        return None
    is_open = [order.outcome is None for order in summary.orders]
    return f"{sum(is_open)}/{len(is_open)}"


def _outcome(summary: Summary, context: ListContext) -> object:
    procedure = context.workspace.procedures.get(summary.procedure)
    return Cell(outcome_words(summary.outcome, procedure) if summary.outcome else None, plain=summary.outcome)


def _contact(summary: Summary, context: ListContext) -> object:
    """Say whether there is a contact: never who it is."""
    case, version = context.cases.get(summary.case, (None, None))
    if case is None or version is None:
        return None
    names = (name for name, declared in version.fields.items() if declared.item_type == "contact")
    return Cell(say("yes"), plain="yes") if any(case.values.get(name) for name in names) else None


COLUMNS: Mapping[str, tuple[Column, Fill]] = {
    "case": (Column(say("case"), whole=True), _case),
    "summary": (Column(say("summary"), cut=True), _subject),
    "procedure": (Column(say("procedure"), drop=5), _procedure),
    "community": (Column(say("community"), drop=4), _community),
    "committee": (Column(say("committee"), drop=3), _committee),
    "step": (Column(say("step")), _step),
    "due": (Column(say("due"), drop=2, whole=True), lambda summary, context: _moment(summary.due, context)),
    "state": (Column(say("state")), _state),
    "topic": (Column(say("topic"), drop=1), _topic),
    "owner": (Column(say("owner"), drop=1), _owner),
    "partners": (Column(say("partners"), drop=1), _partners),
    "orders": (Column(say("orders"), drop=1, whole=True), _orders),
    "opened": (
        Column(say("opened"), drop=1, whole=True),
        lambda summary, context: _moment(summary.opened, context),
    ),
    "paused": (
        Column(say("paused"), drop=1, whole=True),
        lambda summary, context: _moment(summary.paused, context),
    ),
    "outcome": (Column(say("outcome"), drop=1), _outcome),
    "parent": (Column(say("parent"), drop=1, whole=True), lambda summary, context: summary.parent),
    "contact": (Column(say("contact"), drop=1, whole=True), _contact),
}


def choose_screen_columns(summaries: Sequence[Summary]) -> list[str]:
    """Choose the columns of a list on the screen: what is the same for every case is not repeated in each row."""
    implied = {name for name in IMPLIED if len({getattr(summary, name) for summary in summaries}) <= 1}
    return [name for name in SCREEN_COLUMNS if name not in implied]


FROM_WHOLE_CASES = "contact"  # besides the fields
ROUND_COLUMNS = ("case", "summary", "place", "due", "state", "contact")
"""The columns for somebody who goes from door to door: where, by when, and whether there is somebody to call."""


def find_column(name: str, versions: Sequence[Procedure]) -> tuple[Column, Fill]:
    """Find a column by name; one that is no column of all cases shows the field of that name."""
    if name in COLUMNS:
        return COLUMNS[name]
    declared = next((version.fields[name] for version in versions if name in version.fields), None)
    title = title_of(declared.title if declared else None, name)
    return Column(Cell(title, plain=name), drop=1), partial(_field, name)


def _field(name: str, summary: Summary, context: ListContext) -> object:
    """Write the value of a field; of a contact only that there is one."""
    case, version = context.cases.get(summary.case, (None, None))
    value = case.values.get(name) if case else None
    declared = version.fields.get(name) if version else None
    if value is None or declared is None:
        return None
    if declared.item_type == "contact":
        return Cell(say("yes"), plain="yes")
    shown = Names(context.workspace.organisation, version).format_value(declared, value, context.calendar)
    return Cell(shown, plain=value)
