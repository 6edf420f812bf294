"""Show the versions of procedures that the ledger keeps, with the open cases that follow each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.text.localized import Title, say, title_of
from fujin_cli.render.basics.moments import format_iso, format_moment
from fujin_cli.render.basics.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class ProcedureVersion:
    """Hold one version. ``active``: new cases get it; ``since``: when the ledger first kept its text, if it did."""

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


def versions_json(versions: Iterable[ProcedureVersion], calendar: WorkingCalendar) -> dict[str, Any]:
    """Write the versions as JSON, version 1 of this answer."""
    return {
        "version": 1,
        "versions": [
            {
                "procedure": version.procedure,
                "law": version.digest,
                "state": version.state,
                "open": version.open,
                "since": format_iso(version.since, calendar),
            }
            for version in versions
        ],
    }


def versions_table(versions: Iterable[ProcedureVersion], calendar: WorkingCalendar) -> Table:
    """Write the versions for people."""
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
            Cell(title_of(version.title, version.procedure), plain=version.procedure),
            version.digest[:12],
            Cell(words[version.state], plain=version.state),
            version.open,
            Cell(format_moment(version.since, calendar), plain=format_iso(version.since, calendar))
            if version.since
            else "",
        ]
        for version in versions
    ]
    return Table(say("Versions"), columns, rows, say("no procedures"))
