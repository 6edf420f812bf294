"""Compare a folded case with the marks that lists go by, and look for events that go back in time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import FORMAT
from fujin_cli.core.cases.evolve import PINNING
from fujin_cli.core.cases.operation import refuse_step
from fujin_cli.core.cases.payloads import PAYLOADS, Attributed
from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.text.localized import say

_LEDGER_KEYS = frozenset(("format", "op", "hash", "seq"))
_EVENT_KEYS = _LEDGER_KEYS.union(
    ("n", "at", "kind", "by", "entered_by", "action", "from", "to", "set", "note", "tells", "data")
)
_PAYLOAD_KEYS = {
    str(kind): frozenset((*payload.__annotations__, *Attributed.__annotations__)) for kind, payload in PAYLOADS.items()
}


def find_wrong_marks(case: Case, open: bool, waiting: bool) -> Iterator[str]:
    """Name the marks ``open`` and ``waiting`` that differ from what the case's events say."""
    if open == case.has_ended:
        yield "open"
    if waiting != bool(case.waiting_notifications()):
        yield "waiting"


def find_backward_events(case: Case) -> Iterator[int]:
    """List the numbers of the events that are earlier than the event before them."""
    return (event.n for before, event in pairwise(case.events) if event.at < before.at)


def find_unknown_keys(record: Mapping[str, Any]) -> list[str]:
    """Name the keys of an event's record that this fujin does not know; those of its data as ``data.KEY``.

    Events of newer formats and of unknown kinds are reported as such, and not looked into.
    """
    if record.get("format", FORMAT) != FORMAT:
        return []
    unknown = [] if _EVENT_KEYS.issuperset(record) else sorted(record.keys() - _EVENT_KEYS)
    payload = record.get("data")
    if isinstance(payload, dict):
        keys = _PAYLOAD_KEYS.get(str(record.get("kind")))
        if keys is not None and not keys.issuperset(payload):
            unknown += (f"data.{key}" for key in sorted(payload.keys() - keys))
    return unknown


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
            help = say("The volume was changed, or a newer fujin wrote it: compare it with the newest backup.")
            yield Finding("FJ708", "error", message, Place(case.id), help=help)
