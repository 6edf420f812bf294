"""``--dry-run``: do everything but write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from fujin_cli.core.model.ids import Volume
from fujin_cli.store.ledger.protocol import Changes, View

Answer = TypeVar("Answer")


class Rehearsable(Protocol):
    """A ledger that can be looked at as an operation would see it."""

    def look(self, operation: str | None) -> View:
        """A view that holds nothing and can change nothing."""


def rehearse(
    ledger: Rehearsable,
    operation: str | None,
    volumes: Sequence[Volume],
    work: Callable[[View], tuple[Changes, Answer]],
    opening: tuple[str, str] | None = None,
) -> Answer:
    """The answer that ``transact`` with the same arguments would give now; no lock is taken and nothing is written.

    Ids that it allocates are not kept: the real run may get others. Raises Damaged and whatever ``work`` raises.
    """
    _, answer = work(ledger.look(operation))
    return answer
