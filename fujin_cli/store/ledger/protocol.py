"""Declare the protocol that every ledger implements. One list of tests runs against each implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding

Answer = TypeVar("Answer")
LONGEST_REQUEST_ID = 200  # characters


class Busy(Exception):
    """Report that another process held a lock for longer than the wait; nothing was changed. Exit code 75."""


class OutcomeUnknown(Exception):
    """Report a write that may or may not have taken effect; repeating it with the same request id is safe."""

    def __init__(self, operation: str, cause: str) -> None:
        super().__init__(cause)
        self.operation = operation
        self.result: object = None  # what the operation answers if it took effect


class Damaged(Exception):
    """Report a volume that is unreadable or differs from what was written; it may have been quarantined."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding.message))
        self.finding = finding


class Refused(Exception):
    """Refuse a folder that cannot hold a ledger; nothing was changed. ``finding`` has the reason and an alternative."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding.message))
        self.finding = finding


class NoSuchCase(Exception):
    """Report an id whose volume does not exist, before any lock is taken; the argument is the case id."""


class NotLocked(Exception):
    """Report that a transaction needs a volume outside its locks; ``transact`` locks it too and runs the work again."""

    def __init__(self, volumes: Sequence[Volume]) -> None:
        super().__init__(", ".join(map(str, volumes)))
        self.volumes = tuple(volumes)


class StoredCase(NamedTuple):
    """Hold a case as the ledger stores it: its events, and the two marks by which lists select it."""

    case: str
    events: tuple[Event, ...]
    open: bool
    waiting: bool  # it has undelivered messages


CaseCheck = Callable[[StoredCase], "Iterator[Finding]"]


class CompanionFile(Protocol):
    """A file outside the ledger to which new events refer, such as a contact."""

    def publish(self) -> None:
        """Give the file its name, durably. Raises OSError."""

    def withdraw(self) -> None:
        """Remove the file, because the events were not written."""


@dataclass(slots=True)
class Changes:
    """Hold what one operation appends: new events of cases, in the order in which they happened, and the marks after.

    Each event's ``n`` is the next one of its case; ``op`` and ``hash`` are stamped by the ledger. A new case without a
    mark is open and not waiting. ``procedure_texts`` are the canonical texts of procedures that these events pin by
    their SHA-256: the ledger stores them before the events, and publishes the ``files``. Empty changes write nothing.

    The ledger fills in ``hashes`` (of each case and number of an event) just before it writes the events.
    """

    appended: list[tuple[str, Event]] = field(default_factory=list)
    open: dict[str, bool] = field(default_factory=dict)
    waiting: dict[str, bool] = field(default_factory=dict)
    procedure_texts: list[str] = field(default_factory=list)
    files: list[CompanionFile] = field(default_factory=list)
    hashes: dict[tuple[str, int], str] = field(default_factory=dict)


class View(Protocol):
    """Read the ledger inside one transaction. Reading or allocating outside the locked volumes raises NotLocked."""

    operation: str

    def read(self, case: str) -> tuple[Event, ...]:
        """List a case's events, oldest first; empty if the case does not exist."""

    def allocate(self, community: str, month: str) -> str:
        """Allocate an unused id in the newest part of a community's month (``YYYYMM``); a full part gets a new one."""


class Ledger(Protocol):
    """Store events of cases, append-only; each operation takes effect as a whole or not at all."""

    def read(self, case: str) -> tuple[Event, ...]:
        """List a case's events, oldest first; empty if the case does not exist. Raises Damaged."""

    def open_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over open cases (of those communities), ordered by id. The cost grows with the open cases alone."""

    def waiting_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over cases, open or ended, that have undelivered messages, ordered by id."""

    def all_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over every case, ordered by id."""

    def communities(self) -> Sequence[str]:
        """List the communities that have had cases, sorted."""

    def find_ids(self, end: str, *, is_open: bool) -> Iterator[str]:
        """Iterate over the ids of open (or ended) cases that end with ``end``, newest month first.

        Upper and lower case are the same here.
        """

    def cases_in(self, volumes: Sequence[Volume]) -> dict[Volume, list[StoredCase]]:
        """List the cases of each volume, ordered by id; a damaged volume is left out and becomes a problem."""

    def problems(self) -> Sequence[Finding]:
        """List the damaged volumes that the iterations above skipped since this ledger was opened, and lost ones."""

    def transact(
        self,
        request_id: str | None,
        cases: Sequence[str],
        opening: tuple[str, str] | None,
        work: Callable[[View], tuple[Changes, Answer]],
    ) -> tuple[str, Answer]:
        """Lock ``cases`` (and the month in which ``opening`` = community, ``YYYYMM`` opens), run ``work``, append.

        ``request_id`` has 1 to 200 characters; None makes one. ``work`` has no effects of its own: it may run more
        than once. The volumes of ``cases`` must exist, so that a mistyped id leaves no lock file behind.
        For an opening, ``work`` may call ``find_operation(view.operation)`` again: its result is exact under the lock.
        Busy is raised if the request id has already opened a case and ``work`` still appends events.
        Returns the request id and the answer. Raises NoSuchCase, Busy, OutcomeUnknown, Damaged, Refused, OSError
        (nothing was changed), ValueError (an invalid community, month or request id; changes that fit no case), and
        whatever ``work`` raises.
        """

    def look(self, request_id: str | None) -> View:
        """Return the current view for a dry run. Nothing is locked, and nothing can be changed."""

    def find_operation(self, request_id: str) -> str | None:
        """Find the first case that this request id opened; None if it opened none."""

    def procedure_text(self, digest: str) -> str | None:
        """Read a stored procedure's canonical text by its SHA-256; None if it is not stored. Raises Damaged."""

    def procedure_texts(self) -> Sequence[tuple[str, datetime | None]]:
        """List the SHA-256 of every stored text and since when it is stored (UTC; None: unknown), oldest first."""

    def verify(self, check_case: CaseCheck | None = None) -> Iterator[Finding]:
        """List every place where the ledger differs from what was written, and what ``check_case`` reports of cases."""
