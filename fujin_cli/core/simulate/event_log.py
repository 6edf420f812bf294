"""Keep the events of cases in memory: what a ledger does, without locks, files, or limits of volumes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume, format_case_id, next_part

CASES_PER_PART = 100


class EventLog:
    """Append events of cases and read them back; each is stamped and chained as a ledger does."""

    def __init__(self) -> None:
        self._events: dict[str, tuple[Event, ...]] = {}
        self._newest_hash = ""

    def cases(self) -> list[str]:
        """List the ids of all cases, in the order in which they were opened."""
        return list(self._events)

    def read(self, case: str) -> tuple[Event, ...]:
        """Give a case's events, oldest first; empty where there is no such case."""
        return self._events.get(case, ())

    def append(self, events: Iterable[tuple[str, Event]], operation: str = "sandbox") -> None:
        """Append events of cases in the order in which they happened."""
        for case, event in events:
            stamped = event.with_hash(operation, case, self._newest_hash)
            self._newest_hash = stamped.hash
            self._events[case] = (*self._events.get(case, ()), stamped)

    def make_id_allocator(self) -> Callable[[str, str], str]:
        """Make the function by which one operation allocates case ids in a community and a month (``YYYYMM``)."""
        allocated: list[str] = []

        def allocate(community: str, month: str) -> str:
            start = f"{community}-{month}"
            used = sum(case.startswith(start) for case in (*self._events, *allocated))
            part = "a"
            for _ in range(used // CASES_PER_PART):
                part = next_part(part)
            allocated.append(format_case_id(Volume(community, month, part), used % CASES_PER_PART + 1))
            return allocated[-1]

        return allocate
