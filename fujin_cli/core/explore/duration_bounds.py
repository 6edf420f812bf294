"""Compare durations of different units: what is surely never later, whatever the moment at which they begin or end.

90 minutes are longer than 1 hour on any calendar; 9 working hours are longer than 1 working day only where the offices
are open for so long. Each duration is measured as far as it can be: in wall time, in office time, in working days.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from fujin_cli.core.calendar.duration import parse_duration

OfficeHours = tuple[tuple[int, int], ...]  # minutes of the local day
Bounds = tuple[int, int | None]  # the least and the most; None where nothing bounds it
DAY = 24 * 60
SHIFT = 60  # minutes by which a change of the clocks lengthens or shortens a month
_WALL = {"minutes": 1, "hours": 60, "days": DAY, "weeks": 7 * DAY}
_MONTHS = {"months": 1, "years": 12}
_SHORTEST, _LONGEST = {"months": 28, "years": 365}, {"months": 31, "years": 366}


def is_never_longer(
    text: str, other_text: str, backwards: bool, office_hours: OfficeHours | None, strictly: bool = False
) -> bool:
    """Whether the first duration is surely never longer than the second, or (``strictly``) surely shorter.

    ``backwards``: they end at one moment, instead of beginning there. False for settings, which may have any value.
    """
    bounds = measure_duration(text, backwards, office_hours)
    other_bounds = measure_duration(other_text, backwards, office_hours)
    for measure in bounds.keys() & other_bounds.keys():
        most, least = bounds[measure][1], other_bounds[measure][0]
        if most is not None and (most < least or (most == least and not strictly)):
            return True
    return False


@cache
def measure_duration(text: str, backwards: bool, office_hours: OfficeHours | None) -> Mapping[str, Bounds]:
    """Measure a duration in every way that bounds it; empty for what is no duration."""
    try:
        duration = parse_duration(text)
    except ValueError:
        return {}
    amount, unit = duration.amount, duration.unit
    if unit in _WALL:
        minutes = amount * _WALL[unit]
        return {"wall": (minutes, minutes), "office": (0, minutes)}
    if unit in _MONTHS:
        least, most = amount * _SHORTEST[unit] * DAY - SHIFT, amount * _LONGEST[unit] * DAY + SHIFT
        return {"months": (amount * _MONTHS[unit],) * 2, "wall": (least, most)}
    if unit == "working hours":
        return {"office": (60 * amount, 60 * amount), "wall": (60 * amount, None)}
    return {"working days": (amount, amount), **_measure_working_days(amount, backwards, office_hours)}


def _measure_working_days(amount: int, backwards: bool, office_hours: OfficeHours | None) -> dict[str, Bounds]:
    """Measure working days, which end at a close of the office: the day on which they begin may count in part.

    Forwards, the first counted day comes after the day of the beginning; backwards, they begin at the close of an
    earlier day, and the last day counts in part.
    """
    if office_hours is None:
        return {}
    a_day = sum(closes - opens for opens, closes in office_hours)
    closes = office_hours[-1][1]
    whole = amount - 1 if backwards else amount
    night = DAY - closes if backwards else closes
    return {"office": (whole * a_day, (whole + 1) * a_day), "wall": ((amount - 1) * DAY + night - SHIFT, None)}
