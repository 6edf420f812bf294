"""Compare a folded case with the marks that lists go by, and look for events that go back in time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import version_digest_after


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
    """List the cases that a case refers to: its parent, its children, those that joined it, and the one it joined."""
    if case.parent:
        yield case.parent
    if case.joined_to:
        yield case.joined_to[1]
    yield from (child.case for child in case.children)
    yield from case.joined


def find_unknown_steps(case: Case, steps_of: Callable[[str], Collection[str] | None]) -> Iterator[tuple[int, str]]:
    """List number and step of each event that leads to a step which the version in force then did not have.

    ``steps_of`` gives the steps of a version by its digest; None where that version cannot be read.
    """
    for event in case.events:
        if event.to_step is not None:
            steps = steps_of(version_digest_after(case, event.n))
            if steps is not None and event.to_step not in steps:
                yield event.n, event.to_step
