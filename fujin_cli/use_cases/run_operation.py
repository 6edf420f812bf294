"""Run one operation on the ledger: read and fold a case under its lock, decide without effects, append the events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Generic, TypeVar

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.operation import Environment, NewCode, NotPrepared, Operation
from fujin_cli.core.findings.refusals import REQUEST_REUSED, Refusal
from fujin_cli.core.text.localized import say
from fujin_cli.store.ledger.protocol import Changes, CompanionFile, NoSuchCase, OutcomeUnknown, View
from fujin_cli.use_cases.session import Session, refuse_unknown_case

if TYPE_CHECKING:
    from fujin_cli.core.cases.event import Event
    from fujin_cli.use_cases.prepared_codes import PreparedCodes

Decided = TypeVar("Decided")
Fold = Callable[[str, tuple["Event", ...]], Case]


def run_prepared(work: Callable[[], Decided]) -> Decided:
    """Run ``work``, from the beginning again each time that it raised NotPrepared and what it needs was prepared."""
    while True:
        try:
            return work()
        except NotPrepared as missing:
            missing.prepare()


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
    cases: Sequence[str] = (),
    opening: tuple[str, str] | None = None,
    request_id: str | None = None,
    fingerprint: str | None = None,
    dry_run: bool = False,
    fold: Fold = replay,
    expected_codes: int = 0,
) -> OperationResult[Decided]:
    """Run ``decide`` on ``case``, or for ``opening`` (community, month). The same request id takes effect once.

    ``cases`` are cases whose volumes are locked, too; whether they can be read is left to ``decide``.
    ``fold`` makes a case of its events: a run over many cases folds each of them once (``FoldedCases``).
    ``expected_codes`` are so many acceptance codes to make beforehand. ``decide`` may raise NotPrepared.
    Raises Refusal, Busy, OutcomeUnknown (with the result, if it took effect), Damaged.
    """
    request = Request(decide, fingerprint)
    run = _Run(session, lambda before: request, case, request_id, fold)
    run.community = opening[0] if opening else None
    return run.rehearse() if dry_run else run.commit(opening, cases, expected_codes)


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
    run = _Run(session, request_for, case, request_id, replay)
    return run.rehearse() if dry_run else run.commit()


class _Run(Generic[Decided]):
    """Run one request, in a transaction or as a rehearsal that writes nothing."""

    def __init__(
        self,
        session: Session,
        request_for: Callable[[Case], Request[Decided]],
        case: str | None,
        request_id: str | None,
        fold: Fold,
    ) -> None:
        session.check_now_allowed()
        session.check_calendar()
        self.community: str | None = None  # of a case to be opened
        self._session = session
        self._request_for = request_for
        self._case = case
        self._request_id = request_id
        self._fold = fold
        self._codes: PreparedCodes | None = None  # few operations need any
        self._changes = Changes()  # of the last attempt, with its result
        self._result: OperationResult[Decided] | None = None
        self._set_back: tuple[str, ...] = ()  # the cases of which an event lies after the present moment

    def rehearse(self) -> OperationResult[Decided]:
        """Decide on the ledger as it is now; nothing is locked and nothing is written."""
        view = self._session.ledger.look(self._request_id)
        _, result = run_prepared(lambda: self._work(view, _build_rehearsal(self._session, view, self._fold)))
        self._warn_of_clock()
        return result

    def commit(
        self, opening: tuple[str, str] | None = None, more: Sequence[str] = (), expected_codes: int = 0
    ) -> OperationResult[Decided]:
        """Decide under the lock and append the events; the volumes of ``more`` cases are locked, too."""
        session, cases = self._session, [*([self._case] if self._case else []), *more]
        for _ in range(expected_codes):
            self._prepared_codes().make_code()

        def work(view: View) -> tuple[Changes, None]:
            session.read_clock_again()
            if self._codes is not None:
                self._codes.begin()
            environment = replace(
                _build_rehearsal(session, view, self._fold),
                new_code=lambda: self._prepared_codes().take_code(),
                code_fits=lambda code, text: self._prepared_codes().code_fits(code, text),
                checks_proof=True,
            )
            self._changes, self._result = self._work(view, environment)
            return self._changes, None

        try:
            operation_id, _ = run_prepared(lambda: session.ledger.transact(self._request_id, cases, opening, work))
        except NoSuchCase as missing:
            raise refuse_unknown_case(str(missing)) from None
        except OutcomeUnknown as unknown:
            unknown.result = self._stamp_result(unknown.operation) if self._changes.hashes else None
            raise
        self._warn_of_clock()
        return self._stamp_result(operation_id)

    def _prepared_codes(self) -> PreparedCodes:
        if self._codes is None:
            from fujin_cli.use_cases.prepared_codes import PreparedCodes

            self._codes = PreparedCodes()
        return self._codes

    def _warn_of_clock(self) -> None:
        """Warn that the clock stands before events that are written already; nothing is lost, but times are wrong."""
        for case in self._set_back:
            self._session.warn(
                say(
                    "the clock of this computer stands before the last event of {case}; the new event is recorded "
                    "all the same, but its time is wrong: set the clock",
                    case=case,
                )
            )

    def _work(self, view: View, environment: Environment) -> tuple[Changes, OperationResult[Decided]]:
        operation = Operation(environment)
        request_id, case = self._request_id, self._case
        id = case or (self._session.ledger.find_operation(request_id) if request_id else None)
        events = environment.read(id) if id else ()
        if case and not events:
            raise refuse_unknown_case(case)
        earlier = _find_earlier_events(events, request_id)
        if id and earlier:
            before = replay(id, events[: earlier[0].n - 1])
            _check_same(id, earlier, self._request_for(before).fingerprint)
            after = replay(id, events[before.next_event_number - 1 : earlier[-1].n], before)
            repeated = tuple((id, event) for event in earlier)
            return Changes(), OperationResult(view.operation, None, {id: after}, repeated=repeated)
        request = self._request_for(operation.load_case(case) if case else Case(""))
        decided = self._choose_decision(request)(operation)
        self._set_back = tuple(operation.set_back)
        result = OperationResult(view.operation, decided, operation.cases, tuple(operation.appended), operation.codes)
        return _collect_changes(self._session, operation, request.fingerprint), result

    def _choose_decision(self, request: Request[Decided]) -> Callable[[Operation], Decided]:
        """Decide as the request says; where files are invalid, check those that its cases need, too."""
        if not self._session.loaded.invalid:
            return request.decide
        from fujin_cli.use_cases.sound_files import decide_on_sound_files

        return partial(decide_on_sound_files, self._session, request.decide, self.community)

    def _stamp_result(self, operation_id: str) -> OperationResult[Decided]:
        """Complete the result of the last attempt by what the ledger stamps on the events that it writes."""
        assert self._result is not None  # noqa: S101 - a transaction runs its work
        hashes = self._changes.hashes
        appended = tuple(
            (case, replace(event, op=operation_id, hash=hashes[case, event.n])) for case, event in self._result.appended
        )
        return replace(self._result, operation_id=operation_id, appended=appended)


def start_rehearsal(session: Session) -> Operation:
    """Start an operation on the ledger as it is now; nothing is locked, and nothing that it appends is written."""
    return Operation(_build_rehearsal(session, session.ledger.look(None), replay))


def _build_rehearsal(session: Session, view: View, fold: Fold) -> Environment:
    """Build the environment of a rehearsal, which hands out no codes and does not tell whether one is right."""
    return Environment(
        now=session.now,
        organisation=session.workspace.organisation,
        calendar=session.calendar,
        read=cache(view.read),
        allocate=view.allocate,
        version=session.version,
        current=session.current_procedure,
        new_code=lambda: NewCode("", "", ""),
        code_fits=lambda code, text: False,
        fold=fold,
        checks_proof=False,
        is_rehearsal=session.workspace.rehearsal,
    )


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
        files=_list_referenced_files(session, appended) if session.staged_files else [],
    )


def _list_referenced_files(session: Session, appended: list[tuple[str, Event]]) -> list[CompanionFile]:
    """List the staged files to which the values of the new events refer."""
    pending: list[object] = [dict(event.set) for _, event in appended]
    references: dict[str, None] = {}
    while pending:
        value = pending.pop()
        if isinstance(value, str) and value in session.staged_files:
            references[value] = None
        elif isinstance(value, Mapping):
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return [session.staged_files[reference] for reference in references]
