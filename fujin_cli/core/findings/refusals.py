"""Refusals: findings of family 8, with all their codes, so that a screen, a script and ``explain`` agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fujin_cli.core.text.localized import LocalizedText, Title

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding

NEWER_FORMAT = "FJ711"  # a finding about a file of the ledger, and a refusal of the cases in it
UNKNOWN_ACTION = "FJ801"
NOT_NOW = "FJ802"
NOT_ENTITLED = "FJ803"
INPUT_MISSING = "FJ804"
INPUT_UNFIT = "FJ805"
WRONG_CODE = "FJ806"
CODE_LOCKED = "FJ807"
FOUR_EYES = "FJ808"
LIMIT_REACHED = "FJ809"
TOO_SOON = "FJ810"
CHILDREN_OPEN = "FJ811"
PERIOD_OVER = "FJ812"
REQUEST_REUSED = "FJ813"
UNKNOWN_CASE = "FJ814"
OPENING_REFUSED = "FJ815"
MERGE_REFUSED = "FJ816"
WINDOW_CLOSED = "FJ817"
UNREADABLE_CASE = "FJ818"
AUTOMATIC_CIRCLE = "FJ819"
TIME_SET_BACK = "FJ826"
INVALID_FILE = "FJ827"
NO_CONTACT = "FJ828"
NO_OWN_ACTION = "FJ829"  # to take back
UNDO_TOO_LATE = "FJ838"
HAS_CONSEQUENCES = "FJ839"  # an action that cannot be taken back
# Of runs that are not written to the ledger: scenarios and replays.
LINE_REFUSED = "FJ820"
ENDS_OTHERWISE = "FJ821"
NOT_REFUSED = "FJ822"
NOTHING_SUCH = "FJ823"
CANNOT_RUN = "FJ824"
OTHER_CONTENT = "FJ825"
CANNOT_MIGRATE = "FJ830"
MIGRATION_UNFIT = "FJ831"
NOTHING_TO_UNDO = "FJ832"
MIGRATE_ENDED = "FJ833"
NO_NEW_LAW = "FJ834"
# Of changes of configuration files: `NOUN new` and `NOUN rename`.
ID_TAKEN = "FJ835"
ID_IN_OPEN_CASES = "FJ836"
FILES_NOT_CHANGED = "FJ837"


@dataclass(eq=False)  # Python writes a traceback into exceptions that it raises, so this one is not frozen
class Refusal(Exception):
    """The reason why something may not be done; ``who`` could do it, or what leads out of it (ids or names)."""

    code: str
    message: LocalizedText
    who: tuple[str, ...] = ()
    help: LocalizedText | None = None
    names: dict[str, Title | str] = field(default_factory=dict)  # of those in ``who`` that have one

    def to_finding(self, case: str = "") -> Finding:
        """Make a finding of the refusal, placed at the case."""
        from fujin_cli.core.findings.finding import Finding, Place  # a refusal on a screen needs no finding

        return Finding(self.code, "error", self.message, Place(case), help=self.help)
