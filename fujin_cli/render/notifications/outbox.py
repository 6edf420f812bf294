"""What waits to be told to whom: the words of one message, and the outbox as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.render.basics.moments import iso, short, zone_note
from fujin_cli.render.basics.names import BOARD, Names
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.basics.text import clauses, fold, one_line
from fujin_cli.render.notifications.entries import Entry


def messages_json(entries: Iterable[Entry], calendar: WorkingCalendar) -> dict[str, Any]:
    """The messages as scripts read them, version 1: ``to`` is the procedure's name, ``who`` the id it stood for."""
    return {"version": 1, "messages": [_message_json(entry, calendar) for entry in entries]}


def _message_json(entry: Entry, calendar: WorkingCalendar) -> dict[str, Any]:
    found = {
        "id": entry.id,
        "case": entry.case,
        "to": entry.to,
        "who": entry.who or None,
        "kind": entry.kind,
        "text": entry.text,
        "since": iso(entry.since, calendar),
    }
    return found | ({"contact": entry.contact} if entry.contact else {})


def messages_table(entries: Iterable[Entry], workspace: Workspace, calendar: WorkingCalendar, now: datetime) -> Table:
    """The messages for people: for whom, and the words to tell them."""
    return Table(
        title=say("Messages to deliver"),
        columns=[
            Column(say("message"), whole=True),
            Column(say("to")),
            Column(say("kind"), drop=2),
            Column(say("since"), drop=1, whole=True),
            Column(say("words")),
        ],
        rows=[
            [
                entry.id,
                Cell(
                    _recipient(entry, workspace),
                    plain=[part for part in (entry.who or entry.to, entry.contact) if part],
                ),
                entry.kind,
                Cell(short(entry.since, calendar, now), plain=iso(entry.since, calendar)),
                entry.text,
            ]
            for entry in entries
        ],
        empty=say("No messages to deliver."),
        note=clauses([zone_note(calendar, now), say("record a delivery with `fujin outbox done MESSAGE`")]),
    )


def messages_page(
    entries: Iterable[Entry], workspace: Workspace, calendar: WorkingCalendar, now: datetime, width: int
) -> str:
    """The messages for people on a terminal ``width`` columns wide: words are too long for a column of a table."""
    table = messages_table(entries, workspace, calendar, now)
    lines = [str(table.title)]
    for id, to, _kind, since, text in table.rows:
        shown = to.shown if isinstance(to, Cell) else to
        when = since.shown if isinstance(since, Cell) else since
        below = [str(say("{head}: {text}", head=say("to"), text=shown)), one_line(str(text))]
        lines += ["", f"{id}  {when}", *(f"  {line}" for part in below for line in fold(part, width - 2))]
    lines += ["", *fold(str(table.empty if not table.rows else table.note), width)]
    return "".join(f"{line}\n" for line in lines)


def _recipient(entry: Entry, workspace: Workspace) -> LocalizedText | str:
    """Who is to be told, as the procedure of today calls them; with the contact where it was asked for."""
    organisation = workspace.organisation
    names = Names(organisation)
    if entry.to == BOARD:
        return say("notice board of {community}", community=names.community(entry.who))
    if entry.contact:
        return entry.contact
    if entry.who.startswith("vault:"):
        return say("reporter ({reference})", reference=entry.who)
    return names.who(entry.who) if entry.who else entry.to
