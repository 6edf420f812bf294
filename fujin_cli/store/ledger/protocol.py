"""What every ledger does, whatever it is kept in. One list of tests runs against each implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from fujin_cli.core.cases.event import Event
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.ids import Volume

Answer = TypeVar("Answer")


class Busy(Exception):
    """Somebody else holds a volume for longer than we wait; nothing was changed. Exit code 75."""


class OutcomeUnknown(Exception):
    """The write failed at a point where it may or may not have taken effect; ask again by the operation's id."""

    def __init__(self, operation: str, cause: str) -> None:
        super().__init__(cause)
        self.operation = operation


class Damaged(Exception):
    """A volume does not say what was written into it; it was put in quarantine or is unreadable."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding.message))
        self.finding = finding


class Refused(Exception):
    """No ledger can be kept there; nothing was changed. ``finding`` says why and what to do instead."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding.message))
        self.finding = finding


class NotLocked(Exception):
    """A transaction reached a volume that it does not hold; ``transact`` takes it too and runs the work again."""

    def __init__(self, volumes: Sequence[Volume]) -> None:
        super().__init__(", ".join(map(str, volumes)))
        self.volumes = tuple(volumes)


class Kept(NamedTuple):
    """A case as the ledger keeps it: its events, and the two marks by which lists find it."""

    case: str
    events: tuple[Event, ...]
    open: bool
    waiting: bool  # somebody still has to be told something


@dataclass(slots=True)
class Changes:
    """What one operation appends: new events of cases, in the order in which they happened, and the marks after them.

    Each event's ``n`` is the next one of its case; ``op`` and ``hash`` are stamped by the ledger. A new case without a
    mark is open and not waiting. An operation that changes nothing returns empty changes; nothing is written then.
    """

    appended: list[tuple[str, Event]] = field(default_factory=list)
    open: dict[str, bool] = field(default_factory=dict)
    waiting: dict[str, bool] = field(default_factory=dict)


class View(Protocol):
    """The ledger inside one transaction. Reading or allocating in a volume not held raises NotLocked."""

    operation: str

    def read(self, case: str) -> tuple[Event, ...]:
        """A case's events, oldest first; empty where there is no such case."""

    def allocate(self, community: str, month: str) -> str:
        """A case id nobody has yet, in the newest part of that community's month (``YYYYMM``), a new one when full."""


class Ledger(Protocol):
    """Append-only events of cases, in volumes; each operation takes effect as a whole or not at all."""

    def read(self, case: str) -> tuple[Event, ...]:
        """A case's events, oldest first; empty where there is no such case. Raises Damaged."""

    def open_cases(self, communities: Sequence[str] | None = None) -> Iterator[Kept]:
        """Open cases (of those communities), ordered by id. Costs what is open, not what ever was."""

    def waiting_cases(self, communities: Sequence[str] | None = None) -> Iterator[Kept]:
        """Cases, open or ended, with messages that nobody has delivered yet, ordered by id."""

    def all_cases(self, communities: Sequence[str] | None = None) -> Iterator[Kept]:
        """Every case, ordered by id."""

    def problems(self) -> Sequence[Finding]:
        """Damaged volumes that the iterations above passed over since this ledger was made."""

    def transact(
        self,
        operation: str | None,
        volumes: Sequence[Volume],
        work: Callable[[View], tuple[Changes, Answer]],
        opening: tuple[str, str] | None = None,
    ) -> tuple[str, Answer]:
        """Hold ``volumes`` (and the month in which ``opening`` = community, ``YYYYMM`` opens), run ``work``, append.

        ``operation`` is the caller's request id (1 to 200 characters), None to make one. ``work`` may run more than
        once (it has no effects of its own). For an opening it may ask ``find_operation(view.operation)`` again: under
        the lock the answer is exact; an opening that repeats one and appends all the same is Busy.
        Returns the operation's id and the answer. Raises Busy, OutcomeUnknown, Damaged, Refused, OSError (nothing was
        changed), ValueError (ids that are none, changes that fit no case), and whatever work raises.
        """

    def find_operation(self, operation: str) -> str | None:
        """The first case that an opening with this request id made, where one did."""

    def keep_procedure_text(self, text: str) -> str:
        """Keep a procedure's canonical text; returns its SHA-256, by which events pin it. Safe to repeat."""

    def version(self, digest: str) -> str | None:
        """The text that ``keep_law`` was given."""

    def versions(self) -> Sequence[tuple[str, datetime | None]]:
        """The digest of every law that is kept and since when (UTC; None: not known), oldest first."""

    def verify(self) -> Iterator[Finding]:
        """Every place where the ledger is not what was written: damaged volumes, broken chains, wrong marks."""
