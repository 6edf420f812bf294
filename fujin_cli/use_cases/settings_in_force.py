"""List the workspace's settings that are in force, and which of them no file states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.workspace.calendar_years import CALENDAR_KEYS, WEEKDAYS

if TYPE_CHECKING:
    from fujin_cli.core.calendar.working_calendar import Hours
    from fujin_cli.use_cases.session import Session

TITLES = {
    "languages": say("languages"),
    "zone": say("time zone"),
    "office_hours": say("office hours"),
    "week": say("week"),
    "calendar": say("calendar"),
    "rehearsal": say("rehearsal"),
    "undo_within": say("time to take back"),
}


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """A key of workspace.yaml with the value in force; ``stated``: the file has it, and it is no default."""

    key: str
    value: str | LocalizedText
    stated: bool


def list_settings_in_force(session: Session) -> list[SettingInForce]:
    """List the settings of workspace.yaml in force. Those of time are not where one is invalid."""
    head = session.loaded.head
    if session.loaded.calendar_data is None:
        times: Mapping[str, Any] = dict.fromkeys(CALENDAR_KEYS, say("not in force"))
        left_out = (route[0] for file in session.loaded.files if file[1] == "workspace" for route in file[4])
        stated = {*head, *map(str, left_out)}
    else:
        times, stated = _list_times(session), set(head)
    values = {
        "languages": " ".join(session.workspace.languages),
        **times,
        "rehearsal": "yes" if session.workspace.rehearsal else "no",
        "undo_within": session.workspace.undo_within,
    }
    return [SettingInForce(key, values[key], key in stated) for key in TITLES]


def _list_times(session: Session) -> dict[str, str | LocalizedText]:
    calendar = session.calendar
    if calendar.weekday_hours:
        hours = "; ".join(
            f"{WEEKDAYS[day]} {_write_hours(spans)}" for day, spans in sorted(calendar.weekday_hours.items())
        )
    else:
        hours = _write_hours(calendar.office_hours)
    return {
        "zone": calendar.zone,
        "office_hours": hours,
        "week": " ".join(WEEKDAYS[day] for day in sorted(calendar.week)),
        "calendar": ", ".join(_join_years(sorted(calendar.years or ()))) or say("no year"),
    }


def _write_hours(spans: Hours) -> str:
    return " ".join("-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span) for span in spans)


def _join_years(years: Sequence[int]) -> Iterator[str]:
    """Join years that follow each other: ``2004-2026``, ``2028``."""
    first = previous = None
    for year in [*years, None]:
        if first is not None and previous is not None and year != previous + 1:
            yield str(first) if first == previous else f"{first}-{previous}"
            first = None
        first, previous = year if first is None else first, year
