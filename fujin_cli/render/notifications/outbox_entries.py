"""Collect the notifications of a case that are not delivered yet, with their texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import version_digest_after
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.render.notifications.notification_text import notification_text


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """Hold one notification: ``to`` is the procedure's name for the recipient, ``who`` a person, partner or contact."""

    id: str
    case: str
    to: str
    who: str
    kind: str
    text: str
    since: datetime
    contact: str = ""

    def with_contact(self, contact: str) -> OutboxEntry:
        """Add the recipient's contact line."""
        return replace(self, contact=contact)


def list_outbox_entries(
    case: Case, version: Callable[[str], Procedure], organisation: Organisation, calendar: WorkingCalendar
) -> list[OutboxEntry]:
    """List the case's undelivered notifications, worded by the version in force when each was queued."""
    return [
        OutboxEntry(
            id,
            case.id,
            tell["to"],
            tell.get("who", ""),
            tell["kind"],
            notification_text(case, version(version_digest_after(case, event.n)), organisation, calendar, event, tell),
            event.at,
        )
        for id, event, tell in case.waiting_notifications()
    ]


def contact_line(contact: Mapping[str, str] | None) -> str:
    """Write name, phone, address and note of a contact in one line; empty where the contact is deleted."""
    return " ".join(contact[key] for key in ("name", "phone", "address", "note") if contact.get(key)) if contact else ""
