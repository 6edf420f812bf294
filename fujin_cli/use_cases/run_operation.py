"""Run one operation on the ledger: read and fold a case under its lock, decide without effects, append the events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.operation import Environment, NewCode, Operation
from fujin_cli.core.findings.refusals import REQUEST_REUSED, Refusal
from fujin_cli.core.text.localized import say
from fujin_cli.store.ledger.protocol import Changes, NoSuchCase, View
from fujin_cli.use_cases.session import Session, refuse_unknown_case

if TYPE_CHECKING:
    from fujin_cli.core.cases.case import Code
    from fujin_cli.core.cases.event import Event

Decided = TypeVar("Decided")
Fold = Callable[[str, tuple["Event", ...]], Case]


@dataclass(frozen=True, slots=True)
class Request(Generic[Decided]):
    """Hold how a request is decided, and the fingerprint that tells a repetition from another request."""

    decide: Callable[[Operation], Decided]
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class OperationResult(Generic[Decided]):
    """Hold what an operation did; for a repeated request, ``decided`` is None and ``repeated`` has the earlier events.

    ``cases`` has the cases that the operation read or changed, as they are after it.
    """

    operation_id: str
    decided: Decided | None
    cases: Mapping[str, Case]
    appended: tuple[tuple[str, Event], ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)  # case → its new acceptance code in plain
    repeated: tuple[tuple[str, Event], ...] = ()

    @property
    def events(self) -> tuple[tuple[str, Event], ...]:
        """The events that this request appended, now or the first time."""
        return self.repeated or self.appended


def operate(
    session: Session,
    decide: Callable[[Operation], Decided],
    *,
    case: str | None = None,
    opening: tuple[str, str] | None = None,
    request_id: str | None = None,
    fingerprint: str | None = None,
    dry_run: bool = False,
    fold: Fold = replay,
) -> OperationResult[Decided]:
    """Run ``decide`` on ``case``, or for ``opening`` (community, month). The same request id takes effect once.

    ``fold`` makes a case of its events: a run over many cases folds each of them once (``FoldedCases``).
    Raises Refusal, Busy, OutcomeUnknown, Damaged.
    """
    request = Request(decide, fingerprint)
    return _run_operation(session, lambda before: request, case, opening, request_id, dry_run, fold)


def operate_on(
    session: Session,
    case: str,
    request_for: Callable[[Case], Request[Decided]],
    *,
    request_id: str | None = None,
    dry_run: bool = False,
) -> OperationResult[Decided]:
    """Build a request with ``request_for`` from the case as it is under the lock, and run it.

    For a repeated request id, the request is built from the case as it was before the first run, so that the same
    arguments mean the same. Raises what ``operate`` and ``request_for`` raise.
    """
    return _run_operation(session, request_for, case, None, request_id, dry_run, replay)


def _run_operation(
    session: Session,
    request_for: Callable[[Case], Request[Decided]],
    case: str | None,
    opening: tuple[str, str] | None,
    request_id: str | None,
    dry_run: bool,
    fold: Fold,
) -> OperationResult[Decided]:
    session.check_now_allowed()

    def work(view: View) -> tuple[Changes, OperationResult[Decided]]:
        operation = Operation(_build_environment(session, view, fold))
        id = case or (session.ledger.find_operation(request_id) if request_id else None)
        events = operation.environment.read(id) if id else ()
        if case and not events:
            raise refuse_unknown_case(case)
        earlier = _find_earlier_events(events, request_id)
        if id and earlier:
            before = replay(id, events[: earlier[0].n - 1])
            _check_same(id, earlier, request_for(before).fingerprint)
            after = replay(id, events[before.next_event_number - 1 : earlier[-1].n], before)
            repeated = tuple((id, event) for event in earlier)
            return Changes(), OperationResult(view.operation, None, {id: after}, repeated=repeated)
        request = request_for(operation.load_case(case) if case else Case(""))
        decided = request.decide(operation)
        operated = OperationResult(view.operation, decided, operation.cases, tuple(operation.appended), operation.codes)
        return _collect_changes(session, operation, request.fingerprint), operated

    if dry_run:
        _, operated = work(session.ledger.look(request_id))
        return operated
    try:
        operation_id, operated = session.ledger.transact(request_id, [case] if case else [], opening, work)
    except NoSuchCase as missing:
        raise refuse_unknown_case(str(missing)) from None
    return replace(operated, operation_id=operation_id)


def start_rehearsal(session: Session) -> Operation:
    """Start an operation on the ledger as it is now; nothing is locked, and nothing that it appends is written."""
    return Operation(_build_environment(session, session.ledger.look(None), replay))


def _build_environment(session: Session, view: View, fold: Fold) -> Environment:
    """Build the environment of a decision from the session and this transaction's view of the ledger."""
    return Environment(
        now=session.now,
        organisation=session.workspace.organisation,
        calendar=session.calendar,
        read=cache(view.read),
        allocate=view.allocate,
        version=session.version,
        current=session.sound_procedure,
        new_code=_make_new_code,
        code_fits=_does_code_fit,
        fold=fold,
    )


def _make_new_code() -> NewCode:
    from fujin_cli.store.vault.acceptance_codes import new_code

    return new_code()


def _does_code_fit(code: Code, text: str) -> bool:
    from fujin_cli.store.vault.acceptance_codes import code_fits

    return code_fits(code, text)


def _find_earlier_events(events: tuple[Event, ...], request_id: str | None) -> tuple[Event, ...]:
    """Find the events that an earlier run with this request id appended to the case."""
    if request_id is None:
        return ()
    # A wrong acceptance code changes nothing, so the same request id with the right code is no repetition.
    return tuple(event for event in events if event.op == request_id and event.kind != "wrong-code")


def _check_same(id: str, earlier: tuple[Event, ...], fingerprint: str | None) -> None:
    """Raise Refusal where the request id was used for another request."""
    first = next((event.data["request"] for event in earlier if "request" in event.data), None)
    if first != fingerprint:
        raise Refusal(
            REQUEST_REUSED,
            say("this request id was already used for another command, on {case}", case=id),
            help=say("use a new request id"),
        )


def _collect_changes(session: Session, operation: Operation, fingerprint: str | None) -> Changes:
    """Collect what the ledger writes for an operation."""
    appended = list(operation.appended)
    if appended and fingerprint and "request" not in appended[0][1].data:
        # The fingerprint is stored with the first event, to detect the same request id used for another request.
        case, event = appended[0]
        appended[0] = (case, replace(event, data={**event.data, "request": fingerprint}))
    touched = dict.fromkeys(case for case, _ in appended)
    pinned = dict.fromkeys(event.data["procedure"] for _, event in appended if event.kind in ("opened", "migrated"))
    return Changes(
        appended=appended,
        open={case: not operation.cases[case].has_ended for case in touched},
        waiting={case: bool(operation.cases[case].waiting_notifications()) for case in touched},
        procedure_texts=[session.procedure_text(procedure) for procedure in pinned],
    )
