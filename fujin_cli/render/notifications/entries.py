"""Messages of a case that wait to be delivered, put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import version_at
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.render.notifications.words import message_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: ``to`` is the procedure's name for the recipient, ``who`` the person, partner or vault reference."""

    id: str
    case: str
    to: str
    who: str
    kind: str
    text: str
    since: datetime
    contact: str = ""

    def named(self, contact: str) -> Entry:
        """The same message with the recipient's contact line."""
        return replace(self, contact=contact)


def entries_of(
    case: Case, version: Callable[[str], Procedure], organisation: Organisation, calendar: WorkingCalendar
) -> list[Entry]:
    """Every message of the case that nobody has delivered yet, in the words of the law in force when it was queued."""
    return [
        Entry(
            id,
            case.id,
            tell["to"],
            tell.get("who", ""),
            tell["kind"],
            message_text(case, version(version_at(case, event.n)), organisation, calendar, event, tell),
            event.at,
        )
        for id, event, tell in case.waiting_notifications()
    ]


def contact_line(contact: Mapping[str, str] | None) -> str:
    """Name, phone and the rest of a contact in one line; empty where it is gone."""
    return " ".join(contact[key] for key in ("name", "phone", "address", "note") if contact.get(key)) if contact else ""
