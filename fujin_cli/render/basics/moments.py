"""Write moments for scripts and people: always in the workspace's zone, and with its offset."""

from __future__ import annotations

from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.text.localized import LocalizedText, say, say_count


def format_iso(moment: datetime | None, calendar: WorkingCalendar) -> str | None:
    """Write ISO 8601 to the second with the zone's offset: ``2026-06-12T17:00:00+08:00``."""
    return None if moment is None else calendar.to_local(moment).isoformat(timespec="seconds")


def format_moment(moment: datetime, calendar: WorkingCalendar) -> str:
    """Write a moment for sentences: ``2026-06-12 17:00 +08:00``."""
    local = calendar.to_local(moment)
    return f"{local:%Y-%m-%d %H:%M} {_format_offset(local)}"


def format_short_moment(moment: datetime | None, calendar: WorkingCalendar, now: datetime) -> str:
    """Write a moment for tables that give the offset of ``now`` once (``zone_note``); another offset is added."""
    if moment is None:
        return ""
    local = calendar.to_local(moment)
    text = f"{local:%Y-%m-%d %H:%M}"
    return text if local.utcoffset() == calendar.to_local(now).utcoffset() else f"{text} {_format_offset(local)}"


def format_day(moment: datetime, calendar: WorkingCalendar) -> str:
    """Write the local day: ``2026-06-12``."""
    return f"{calendar.to_local(moment):%Y-%m-%d}"


def zone_note(calendar: WorkingCalendar, now: datetime) -> LocalizedText:
    """Say below a table which offset its times have."""
    return say("times are {zone}, {offset}", zone=calendar.zone, offset=_format_offset(calendar.to_local(now)))


def _format_offset(local: datetime) -> str:
    return local.isoformat()[-6:]


def time_left_words(due: datetime, now: datetime) -> LocalizedText:
    """Say how far off a deadline is: "in 2 h", "3 days late"; under a minute either way it is "now"."""
    minutes = int(abs((due - now).total_seconds()) // 60)
    if minutes < 1:
        return say("now")
    late = due < now
    if minutes < 60:
        return say("{count} min late", count=minutes) if late else say("in {count} min", count=minutes)
    if minutes < 48 * 60:
        return say("{count} h late", count=minutes // 60) if late else say("in {count} h", count=minutes // 60)
    days = minutes // (24 * 60)
    late_words = say_count("{count} day late", "{count} days late", count=days)
    return late_words if late else say_count("in {count} day", "in {count} days", count=days)
