"""Fold each event of a case once, however often its case is read."""

from __future__ import annotations

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay


class FoldedCases:
    """Hold cases as they were folded last, so that only the events since then are folded when they are read again.

    A tick reads each case twice (to see whether something is due, and again under its lock) and reads a parent for
    each of its orders.
    """

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}

    def fold(self, id: str, events: tuple[Event, ...]) -> Case:
        """Fold the events of the case ``id``, oldest first."""
        case = self._cases.get(id, Case(id))
        if events[: len(case.events)] != case.events:  # somebody edited or restored the volume
            case = Case(id)
        self._cases[id] = replay(id, events[len(case.events) :], case)
        return self._cases[id]
