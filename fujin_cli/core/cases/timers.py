"""Carry out what falls due in a case: rungs of ladders, ends of periods and of pauses, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import complete_follow_ups
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.due import Due, is_reminder_left_out, list_due
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.operation import SYSTEM_ACTING, MakeMove, MoveRequest, Operation, Settle
from fujin_cli.core.cases.transition import branch_of, is_limit_used_up
from fujin_cli.core.model.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Fired:
    """What a tick did to a case: ``effect`` names the rung, the end of a period, or the automatic move.

    ``at`` is when it was carried out, ``scheduled`` when it fell due (None for an automatic move). A reminder is
    ``left_out`` where its deadline had passed before the tick: it counts as fired and tells nobody.
    """

    case: str
    step: str
    effect: str
    at: datetime
    scheduled: datetime | None = None
    left_out: bool = False


def tick(operation: Operation, id: str) -> list[Fired]:
    """Carry out everything that fell due in a case by now, each once, with what follows from it."""
    environment = operation.environment
    before = len(operation.appended)
    for _ in range(1000):
        case = operation.load_case(id)
        fallen = next(list_due(operation.version_of(case), case, environment.now, environment.calendar), None)
        if fallen is None:
            break
        _carry_out_due(operation, case, fallen)
    return list(_list_fired(operation, before))


def _carry_out_due(operation: Operation, case: Case, fallen: Due) -> None:
    scheduled = {"scheduled": fallen.at.isoformat()}
    if fallen.rung is None:
        operation.append_event(case.id, operation.make_event(case, fallen.kind, SYSTEM_ACTING, data=scheduled))
        complete_follow_ups(operation, [Settle(case.id)])
        return
    rung = fallen.rung
    version = operation.version_of(case)
    payload: dict[str, object] = {**scheduled, "rung": rung.index, "when": rung.when, "rule": rung.rule}
    tells: list[dict[str, object]] = []
    if rung.raises:
        payload["raise"] = rung.raises
        supervisors = operation.people_of(case).supervisors(rung.raises) or ("",)
        tells = [{"to": rung.raises, "who": person, "kind": "raised"} for person in supervisors]
    move_request = MoveRequest(EventKind.RUNG, None, SYSTEM_ACTING, data=payload, tells=tuple(tells))
    branch = branch_of(version, rung, is_limit_used_up(case, rung))
    if rung.is_reminder and _is_deadline_passed(operation, case, version):
        branch = branch.without_notifications()  # nobody is reminded of a deadline that has passed meanwhile
    complete_follow_ups(operation, [MakeMove(case.id, branch, move_request)])


def _is_deadline_passed(operation: Operation, case: Case, version: Procedure) -> bool:
    deadline = Deadlines(case, version, operation.environment.calendar).step_deadline()
    return deadline is not None and deadline <= operation.environment.now


def _list_fired(operation: Operation, before: int) -> Iterator[Fired]:
    for id, event in operation.appended[before:]:
        step = event.from_step or ""
        if event.kind == EventKind.MOVE:
            yield Fired(id, step, str(event.data["rule"]), event.at)
        elif event.kind in (EventKind.TIME_UP, EventKind.RESUME):
            yield Fired(id, step, event.kind, event.at, _scheduled_of(event))
        elif event.kind == EventKind.RUNG:
            left_out = is_reminder_left_out(operation.version_of(operation.load_case(id)), event)
            yield Fired(id, step, str(event.data["rule"]), event.at, _scheduled_of(event), left_out)


def _scheduled_of(event: Event) -> datetime | None:
    """Return when what an event records fell due; a tick writes it, who resumes a case by hand does not."""
    text = event.data.get("scheduled")
    return datetime.fromisoformat(text) if text else None
