"""Write the outbox, the notifications to be delivered: as JSON, as a table and as a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.render.basics.moments import format_iso, format_short_moment, zone_note
from fujin_cli.render.basics.names import BOARD, Names
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.basics.text import fold_text, join_clauses, to_one_line
from fujin_cli.render.notifications.outbox_entries import OutboxEntry


def messages_json(outbox_entries: Iterable[OutboxEntry], calendar: WorkingCalendar) -> dict[str, Any]:
    """Write the outbox as JSON, version 1: ``to`` is the procedure's name, ``who`` the id that it stood for."""
    return {"version": 1, "messages": [_message_json(notification, calendar) for notification in outbox_entries]}


def _message_json(notification: OutboxEntry, calendar: WorkingCalendar) -> dict[str, Any]:
    answer = {
        "id": notification.id,
        "case": notification.case,
        "to": notification.to,
        "who": notification.who or None,
        "kind": notification.kind,
        "text": notification.text,
        "since": format_iso(notification.since, calendar),
    }
    return answer | ({"contact": notification.contact} if notification.contact else {})


def messages_table(
    outbox_entries: Iterable[OutboxEntry], workspace: Workspace, calendar: WorkingCalendar, now: datetime
) -> Table:
    """Write the outbox for people: recipients and texts."""
    return Table(
        title=say("Messages to deliver"),
        columns=[
            Column(say("message"), whole=True),
            Column(say("to")),
            Column(say("kind"), drop=2),
            Column(say("since"), drop=1, whole=True),
            Column(say("words"), for_people=True),
        ],
        rows=[
            [
                notification.id,
                Cell(
                    _recipient_name(notification, workspace),
                    plain=[part for part in (notification.who or notification.to, notification.contact) if part],
                ),
                notification.kind,
                Cell(
                    format_short_moment(notification.since, calendar, now),
                    plain=format_iso(notification.since, calendar),
                ),
                notification.text,
            ]
            for notification in outbox_entries
        ],
        empty=say("No messages to deliver."),
        note=join_clauses([zone_note(calendar, now), say("record a delivery with `fujin outbox done MESSAGE`")]),
    )


def messages_page(
    outbox_entries: Iterable[OutboxEntry],
    workspace: Workspace,
    calendar: WorkingCalendar,
    now: datetime,
    width: int,
    numbered: bool,
) -> str:
    """Write the outbox for a terminal ``width`` columns wide: texts are too long for a column of a table.

    ``numbered`` puts @1, @2 … before each, by which the next command can name it.
    """
    table = messages_table(outbox_entries, workspace, calendar, now)
    lines = [str(table.title)]
    for number, (id, to, _kind, since, text) in enumerate(table.rows, 1):
        recipient = to.shown if isinstance(to, Cell) else to
        when = since.shown if isinstance(since, Cell) else since
        below = [str(say("{head}: {text}", head=say("to"), text=recipient)), to_one_line(str(text))]
        head = f"@{number}  {id}  {when}" if numbered else f"{id}  {when}"
        lines += ["", head, *(f"  {line}" for part in below for line in fold_text(part, width - 2))]
    lines += ["", *fold_text(str(table.empty if not table.rows else table.note), width)]
    return "".join(f"{line}\n" for line in lines)


def _recipient_name(notification: OutboxEntry, workspace: Workspace) -> LocalizedText | str:
    """Name the recipient in the workspace's words of today; by the contact line where there is one."""
    organisation = workspace.organisation
    names = Names(organisation)
    if notification.to == BOARD:
        return say("notice board of {community}", community=names.community_title(notification.who))
    if notification.contact:
        return notification.contact
    if notification.who.startswith("vault:"):
        return say("reporter ({reference})", reference=notification.who)
    return names.actor_name(notification.who) if notification.who else notification.to
