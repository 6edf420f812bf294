"""What time brings to a case: rungs of ladders, ends of periods and of pauses, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fujin_cli.core.cases.attribution import SYSTEM_ACTING, Doing
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.moves import Due, due, rung_target, used_up
from fujin_cli.core.cases.operation import Proceedings
from fujin_cli.core.model.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Fired:
    """What a tick did to a case: ``effect`` names the rung, the end of a period, or the automatic move."""

    case: str
    step: str
    effect: str


def tick(proceedings: Proceedings, id: str) -> list[Fired]:
    """Everything that time has brought to a case by now, each once, with what follows from it."""
    office = proceedings.office
    before = len(proceedings.appended)
    for _ in range(1000):
        case = proceedings.case(id)
        entry = next(due(proceedings.law_of(case), case, office.now, office.calendar), None)
        if entry is None:
            break
        _happen(proceedings, case, entry)
    return list(_fired(proceedings, before))


def _happen(proceedings: Proceedings, case: Case, entry: Due) -> None:
    scheduled = {"scheduled": entry.at.isoformat()}
    if entry.rung is None:
        proceedings.append(case.id, proceedings.event(case, entry.kind, SYSTEM_ACTING, data=scheduled))
        proceedings.settle(case.id)
        return
    rung = entry.rung
    law = proceedings.law_of(case)
    to = rung_target(law, case, rung)
    data: dict[str, object] = {**scheduled, "rung": rung.index, "when": rung.when, "rule": rung.rule}
    tells: list[dict[str, object]] = []
    if rung.raises:
        data["raise"] = rung.raises
        who = proceedings.people(case).supervisors(rung.raises) or ("",)
        tells = [{"to": rung.raises, "who": person, "kind": "raised"} for person in who]
    doing = Doing("rung", None, SYSTEM_ACTING, data=data, tells=tuple(tells))
    effects = rung.then.effects if rung.then and used_up(case, rung) else rung.effects
    if rung.when == "before" and _too_late(proceedings, case, law):
        effects = replace(effects, tells=())  # nobody is reminded of a deadline that has passed meanwhile
    proceedings.move(case.id, effects, to if isinstance(to, str) and to else None, doing)


def _too_late(proceedings: Proceedings, case: Case, law: Procedure) -> bool:
    deadline = Deadlines(case, law, proceedings.office.calendar).first()
    return deadline is not None and deadline <= proceedings.office.now


def _fired(proceedings: Proceedings, before: int) -> Iterator[Fired]:
    for id, event in proceedings.appended[before:]:
        step = event.from_step or ""
        if event.kind == "rung":
            yield Fired(id, step, str(event.data["rule"]))
        elif event.kind in ("time-up", "resume"):
            yield Fired(id, step, event.kind)
        elif event.kind == "move":
            yield Fired(id, step, str(event.data["rule"]))
