"""Make sample values for fields, for lines that say that something is entered, but not what; always the same ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar
from fujin_cli.core.model.organisation import REFERENCES, Organisation
from fujin_cli.core.model.procedure import Field

SOME_TEXT = "…"
_FILE = "sha256:" + "0" * 64
_FIXED: Mapping[str, tuple[str, ...]] = {
    "yes_no": ("yes", "no"),
    "duration": ("1 working day", "2 working days", "3 working days"),
    "year": ("2026", "2027"),
    "half-year": ("2026-H1", "2026-H2"),
    "photo": (_FILE,),
    "file": (_FILE,),
}


def sample_values(
    field: Field,
    organisation: Organisation,
    community: str,
    calendar: WorkingCalendar,
    now: datetime,
    excluded: Collection[str] = (),
    conditions: Mapping[str, str] | None = None,
    count: int = 1,
) -> list[object]:
    """List texts that the field accepts, none of ``excluded``; ``count`` of them for a list. Empty where none fits."""
    bounds = conditions or {}
    if not field.is_list:
        return list(_allowed_texts(field, organisation, community, calendar, now, bounds, excluded)[:1])
    least = max(count, int(field.at_least or 1), int(bounds["at_least"]) if _is_count(bounds.get("at_least")) else 1)
    item_field = Field(field.name, field.item_type, field.of)
    texts = _allowed_texts(item_field, organisation, community, calendar, now, bounds, excluded)[:least]
    return list(texts) if len(texts) == least else []


def _is_count(text: str | None) -> bool:
    return text is not None and text.isdigit()


def _allowed_texts(
    field: Field,
    organisation: Organisation,
    community: str,
    calendar: WorkingCalendar,
    now: datetime,
    bounds: Mapping[str, str],
    excluded: Collection[str],
) -> list[str]:
    return [
        text for text in _texts_of_type(field, organisation, community, calendar, now, bounds) if text not in excluded
    ]


def _texts_of_type(
    field: Field,
    organisation: Organisation,
    community: str,
    calendar: WorkingCalendar,
    now: datetime,
    bounds: Mapping[str, str],
) -> list[str]:
    """List texts of the field's type, in a fixed order, as many as lists may need."""
    match field.type:
        case "choice":
            return list(field.of)
        case "partner":
            return [
                name for name, spec in organisation.partners.items() if _serves_community(spec.get("serves"), community)
            ]
        case "person":
            return list(dict.fromkeys(seated.person for seated in organisation.people()))
        case "committee":
            units = sorted(organisation.committees.values(), key=lambda unit: unit.parent != community)
            return [unit.id for unit in units]  # those of the case's own community first
        case type_name if type_name in REFERENCES:
            return list(REFERENCES[type_name](organisation))
        case "contact":
            return [f"vault:c-{number:016x}" for number in range(1, 41)]
        case "count" | "number" | "money" | "share":
            return _sample_numbers(field, bounds)
        case "date" | "moment":
            return _sample_moments(field, calendar, now, bounds)
    return list(_FIXED.get(field.type, (SOME_TEXT, *(f"{SOME_TEXT}{number}" for number in range(2, 41)))))


def _serves_community(serves: object, community: str) -> bool:
    return serves in (None, "all") or (isinstance(serves, list) and community in serves)


def _sample_numbers(field: Field, bounds: Mapping[str, str]) -> list[str]:
    limits = (bounds.get("at_least"), bounds.get("at_most"), field.at_least, field.at_most)
    return [text for text in limits if text is not None and text[:1].isdigit()] + ["1", "0"]


def _sample_moments(field: Field, calendar: WorkingCalendar, now: datetime, bounds: Mapping[str, str]) -> list[str]:
    """List the next 40 days, from the earliest that ``after`` allows."""
    start = now
    if "after" in bounds:
        try:
            start = calendar.add_duration(now, parse_duration(bounds["after"]))
        except (ValueError, NotCovered):
            start = now + timedelta(days=7)
    days = [calendar.to_local(start + timedelta(days=number)) for number in range(1, 41)]
    if field.type == "date":
        return [day.date().isoformat() for day in days]
    return [day.isoformat() for day in days]
