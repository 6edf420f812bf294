"""Say which moment is taken where a change of clock skips or repeats a local time (summer time, a new offset)."""

from __future__ import annotations

from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar, format_local_minute, parse_clock
from fujin_cli.core.text.localized import LocalizedText, say


def find_clock_change(calendar: WorkingCalendar, text: str) -> LocalizedText | None:
    """Say which moment is taken for a written local time that is skipped or repeated; None for any other text."""
    try:
        clock = parse_clock(text)
    except ValueError:
        return None  # whoever reads the value reports it
    is_changed = clock.tzinfo is None and calendar.is_clock_changed(clock)
    return describe_clock_change(calendar, clock) if is_changed else None


def describe_clock_change(calendar: WorkingCalendar, clock: datetime) -> LocalizedText:
    """Say that the local time ``clock`` (naive) is skipped or repeated, and which moment is taken for it."""
    taken = calendar.moment_of_clock(clock)
    values = {"clock": f"{clock:%Y-%m-%d %H:%M}", "zone": calendar.zone, "moment": format_local_minute(calendar, taken)}
    if calendar.to_local(taken).replace(tzinfo=None) == clock:
        return say("{clock} occurs twice in {zone}, since the clocks go back; the first is taken: {moment}", **values)
    return say(
        "{clock} does not exist in {zone}, since the clocks go forward; the moment of the change is taken: {moment}",
        **values,
    )
