"""Define rungs of ladders and their types: when each is due, what it tells by default, and how it reads.

A new type is one row here and one key in the schema (``store/schema/shapes/steps.py``); a type that is not due at the
deadline plus or minus a duration also needs its moment in ``core/cases/deadlines.py`` and its order in
``core/explore/ladder_order.py``. See docs/how-to-extend/rung.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fujin_cli.core.model.effects import Effects, Then
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.text.localized import LocalizedText, say

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Route


@dataclass(frozen=True, slots=True)
class RungType:
    """One type. ``offset`` is −1 before the deadline, 0 at it, +1 after it; types come in the order of their offsets.

    - ``notification``: the kind of message that ``tell: [NAME]`` sends where the file names none.
    - ``due``: when it is due, with the hole ``time``; ``due_alone``: the same where the deadline is not named before.
    - ``happened``: what the history says of it.
    """

    key: str
    offset: int
    notification: str
    due: LocalizedText
    due_alone: LocalizedText
    happened: LocalizedText


RUNG_TYPES = {
    row.key: row
    for row in (
        RungType(
            "before",
            -1,
            "reminder",
            say("{time} before it"),
            say("{time} before the deadline"),
            say("reminder before the deadline"),
        ),
        RungType("at", 0, "demand", say("at the deadline"), say("at the deadline"), say("deadline passed")),
        RungType(
            "after",
            1,
            "overdue",
            say("{time} after it"),
            say("{time} after the deadline"),
            say("overdue for some time"),
        ),
    )
}
AT_DEADLINE = next(key for key, row in RUNG_TYPES.items() if row.offset == 0)
WITH_DURATION = tuple(key for key, row in RUNG_TYPES.items() if row.offset != 0)


def is_reminder(key: object) -> bool:
    """Tell whether rungs of a type come before the deadline; a reminder whose time is over is left out."""
    row = RUNG_TYPES.get(str(key))
    return row is not None and row.offset < 0


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a ladder: ``when`` before, at or after the deadline by ``by``; tells, raises a level, or moves."""

    index: int
    rule: RuleName
    when: str
    by: str | None
    raises: str | None
    to: str | None
    effects: Effects
    limit: str | None = None
    then: Then | None = None
    route: Route = ()

    @property
    def is_reminder(self) -> bool:
        """Whether the rung comes before the deadline."""
        return is_reminder(self.when)
