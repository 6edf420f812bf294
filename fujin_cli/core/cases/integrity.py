"""Compare a folded case with the marks that lists go by, and look for events that go back in time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from fujin_cli.core.cases.case import Case


def find_wrong_marks(case: Case, open: bool, waiting: bool) -> Iterator[str]:
    """Name the marks ``open`` and ``waiting`` that differ from what the case's events say."""
    if open == case.has_ended:
        yield "open"
    if waiting != bool(case.waiting_notifications()):
        yield "waiting"


def find_backward_events(case: Case) -> Iterator[int]:
    """List the numbers of the events that are earlier than the event before them."""
    return (event.n for before, event in pairwise(case.events) if event.at < before.at)


def list_linked_cases(case: Case) -> Iterator[str]:
    """List the cases that a case refers to: its parent, its children, and those that joined it."""
    if case.parent:
        yield case.parent
    yield from (child.case for child in case.children)
    yield from case.joined
