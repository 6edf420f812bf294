"""Fire the due timers of several cases of one volume in one operation, so that the volume is written once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fujin_cli.core.cases import timers
from fujin_cli.core.cases.operation import NotPrepared, Operation
from fujin_cli.core.cases.timers import Fired
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.use_cases.run_operation import Fold, OperationResult, operate
from fujin_cli.use_cases.session import Session
from fujin_cli.use_cases.sound_files import check_files

Failures = dict[str, Refusal | Damaged]  # by case


def fire_timers(
    session: Session, cases: Sequence[str], fold: Fold, dry_run: bool
) -> tuple[OperationResult[list[Fired]], Failures]:
    """Fire what is due in ``cases``, which are of one volume; a case that cannot be ticked is left out and reported.

    Raises Busy, OutcomeUnknown.
    """
    failures: Failures = {}

    def decide(operation: Operation) -> list[Fired]:
        fired: list[Fired] = []
        for id in cases:
            if id in failures:
                continue
            try:
                if session.loaded.invalid:
                    case = operation.load_case(id)
                    check_files(session, case.community, case.committee)
                fired += timers.tick(operation, id)
            except (Refusal, Damaged) as failure:  # begin again without the case: it may be half done
                raise NotPrepared(partial(failures.__setitem__, id, failure)) from None
        return fired

    try:
        return operate(session, decide, cases=cases, dry_run=dry_run, fold=fold), failures
    except (Refusal, Damaged) as failure:  # the volume itself, or what completes the operation
        return OperationResult("", [], {}), dict.fromkeys(cases, failure)


def list_messages(failures: Failures) -> list[LocalizedText]:
    """Say what each case failed by; a damaged volume is named once, however many of its cases are due."""
    damages = {str(failure): failure.finding.message for failure in failures.values() if isinstance(failure, Damaged)}
    refusals = [
        say("{case}: {message}", case=id, message=failure.message)
        for id, failure in failures.items()
        if isinstance(failure, Refusal)
    ]
    return [*damages.values(), *refusals]


def code_of(failure: Refusal | Damaged) -> str:
    """Return the code of what a case failed by."""
    return failure.finding.code if isinstance(failure, Damaged) else failure.code
