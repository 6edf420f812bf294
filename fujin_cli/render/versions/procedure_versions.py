"""The versions of procedures that the ledger keeps, and how many open cases still follow each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.text.message import Title, say, title_of
from fujin_cli.render.basics.moments import full, iso
from fujin_cli.render.basics.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class LawVersion:
    """One version. ``active`` is the one that new cases get; ``since`` when its text was first kept, if it is."""

    procedure: str
    title: Title | str | None
    digest: str
    active: bool
    open: int
    since: datetime | None = None

    @property
    def state(self) -> str:
        """``active``, ``draining`` (open cases still follow it) or ``drained``."""
        return "active" if self.active else "draining" if self.open else "drained"


def versions_json(found: Iterable[LawVersion], calendar: WorkingCalendar) -> dict[str, Any]:
    """The versions as scripts read them, version 1 of this answer."""
    return {
        "version": 1,
        "versions": [
            {
                "procedure": entry.procedure,
                "law": entry.digest,
                "state": entry.state,
                "open": entry.open,
                "since": iso(entry.since, calendar),
            }
            for entry in found
        ],
    }


def versions_table(found: Iterable[LawVersion], calendar: WorkingCalendar) -> Table:
    """The versions for people."""
    words = {"active": say("active"), "draining": say("draining"), "drained": say("drained")}
    columns = [
        Column(say("procedure")),
        Column(say("version"), whole=True),
        Column(say("state")),
        Column(say("open cases"), right=True),
        Column(say("first stored"), drop=1),
    ]
    rows: list[list[object]] = [
        [
            Cell(title_of(entry.title, entry.procedure), plain=entry.procedure),
            entry.digest[:12],
            words[entry.state],
            entry.open,
            Cell(full(entry.since, calendar), plain=iso(entry.since, calendar)) if entry.since else "",
        ]
        for entry in found
    ]
    return Table(say("Versions"), columns, rows, say("no procedures"))
