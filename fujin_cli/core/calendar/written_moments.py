"""Read a date or a moment as people write it, the year first.

``2026/6/1``, ``2026年6月1日 9:30`` and ``２０２６－０６－０１`` are read.
Week dates (``2026-W23``) are not, nor dates that begin with the day.
"""

from __future__ import annotations

import re
from datetime import datetime

from fujin_cli.core.text.half_width import to_half_width

_DAYS = (
    r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})",
    r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日",
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
)
_TIME = r"(?:[Tt ] *)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>\.[0-9]{1,6})?)?"
_OFFSET = r" *(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})"
_FORMS = tuple(re.compile(f"{day}(?:{_TIME}(?:{_OFFSET})?)?") for day in _DAYS)


def read_written_moment(text: str) -> datetime:
    """Read a date (at midnight) or a moment; without an offset it is naive. Raises ValueError."""
    narrowed = to_half_width(text.strip())
    match = next(filter(None, (form.fullmatch(narrowed) for form in _FORMS)), None)
    if match is None:
        raise ValueError(text)
    iso = f"{match['year']}-{match['month']:0>2}-{match['day']:0>2}"
    if match["hour"]:
        iso += f"T{match['hour']:0>2}:{match['minute']}:{match['second'] or '00'}{match['fraction'] or ''}"
        iso += (match["offset"] or "").upper()
    return datetime.fromisoformat(iso)
