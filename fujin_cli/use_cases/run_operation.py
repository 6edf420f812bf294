"""One operation on the ledger: decide purely under its locks, append what was decided, or rehearse it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.operation import Environment, Operation
from fujin_cli.core.findings.refusals import REQUEST_REUSED, UNKNOWN_CASE, Refusal
from fujin_cli.core.text.message import say
from fujin_cli.store.ledger.protocol import Changes, NoSuchCase, View
from fujin_cli.store.vault.acceptance_codes import code_fits, new_code
from fujin_cli.use_cases.session import Session

Decided = TypeVar("Decided")


@dataclass(frozen=True, slots=True)
class Operated(Generic[Decided]):
    """What an operation did: ``decided`` is None where it is a repetition, whose earlier events are in ``repeated``."""

    operation_id: str
    operation: Operation
    decided: Decided | None
    repeated: tuple[tuple[str, Event], ...] = ()


def environment(session: Session, view: View) -> Environment:
    """Everything that a decision looks at, from this run and inside this transaction."""
    return Environment(
        now=session.now,
        organisation=session.workspace.organisation,
        calendar=session.calendar,
        read=view.read,
        allocate=view.allocate,
        version=session.version,
        current=session.sound_procedure,
        new_code=new_code,
        code_fits=code_fits,
    )


def operate(
    session: Session,
    decide: Callable[[Operation], Decided],
    *,
    case: str | None = None,
    opening: tuple[str, str] | None = None,
    request_id: str | None = None,
    fingerprint: str | None = None,
    dry_run: bool = False,
) -> Operated[Decided]:
    """Run ``decide`` on ``case``, or for ``opening`` (community, month). The same request id takes effect once.

    Raises Refusal, Busy, OutcomeUnknown, Damaged.
    """
    session.check_clock()

    def work(view: View) -> tuple[Changes, Operated[Decided]]:
        operation = Operation(environment(session, view))
        earlier = _earlier(session, view, case, request_id)
        if earlier:
            _check_same(earlier, fingerprint)
            return Changes(), Operated(view.operation, operation, None, earlier)
        decided = decide(operation)
        return _changes(session, operation, fingerprint), Operated(view.operation, operation, decided)

    if dry_run:
        _, operated = work(session.ledger.look(request_id))
        return operated
    try:
        operation_id, operated = session.ledger.transact(request_id, [case] if case else [], opening, work)
    except NoSuchCase:
        raise Refusal(UNKNOWN_CASE, say("there is no case {case}", case=case)) from None
    return Operated(operation_id, operated.operation, operated.decided, operated.repeated)


def _earlier(session: Session, view: View, case: str | None, request_id: str | None) -> tuple[tuple[str, Event], ...]:
    """The events that an earlier run with this request id appended to the case."""
    if request_id is None:
        return ()
    known = case or session.ledger.find_operation(request_id)
    if known is None:
        return ()
    # A wrong code changed nothing that was asked for: the same request with the right one is no repetition.
    return tuple((known, event) for event in view.read(known) if event.op == request_id and event.kind != "wrong-code")


def _check_same(earlier: Sequence[tuple[str, Event]], fingerprint: str | None) -> None:
    kept = next((event.data["request"] for _, event in earlier if "request" in event.data), None)
    if kept != fingerprint:
        raise Refusal(
            REQUEST_REUSED,
            say("this request id was used for something else, on {case}", case=earlier[0][0]),
            help=say("take a new one"),
        )


def _changes(session: Session, operation: Operation, fingerprint: str | None) -> Changes:
    appended = list(operation.appended)
    if appended and fingerprint and "request" not in appended[0][1].data:
        # What was asked is kept with its first event: the same request id for something else is told by it.
        case, event = appended[0]
        appended[0] = (case, replace(event, data={**event.data, "request": fingerprint}))
    touched = dict.fromkeys(case for case, _ in appended)
    pinned = dict.fromkeys(event.data["procedure"] for _, event in appended if event.kind in ("opened", "migrated"))
    return Changes(
        appended=appended,
        open={case: not operation.cases[case].ended for case in touched},
        waiting={case: bool(operation.cases[case].waiting_notifications()) for case in touched},
        procedure_texts=[session.procedure_text(procedure) for procedure in pinned],
    )
