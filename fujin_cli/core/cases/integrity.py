"""Compare a folded case with the marks that lists go by, and look for events that go back in time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import PINNING
from fujin_cli.core.cases.operation import refuse_step
from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.text.localized import say


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


def check_steps(case: Case, steps_of: Callable[[str], Collection[str] | None]) -> Iterator[Finding]:
    """Report each step that the version in force then did not have: FJ818 for the current step, FJ708 for earlier ones.

    ``steps_of`` gives the steps of a version by its digest; None where that version cannot be read.
    """
    steps = steps_of(case.version_digest)
    if steps is not None and case.step not in steps:
        refusal = refuse_step(case.id, case.step)
        yield Finding(refusal.code, "error", refusal.message, Place(case.id), help=refusal.help)
    arrivals = [event.n for event in case.events if event.to_step is not None]
    digest = ""
    for event in case.events:
        if event.kind in PINNING:
            digest = str(event.data.get("law", digest))
        steps = steps_of(digest) if event.to_step is not None and event.n != arrivals[-1] else None
        if steps is not None and event.to_step not in steps:
            message = say(
                "{case}: event {number} leads to step {step}, which its procedure version then did not have",
                case=case.id,
                number=event.n,
                step=str(event.to_step),
            )
            help = say("Restore the missing file from the newest backup.")
            yield Finding("FJ708", "error", message, Place(case.id), help=help)
