"""Judge the events of a real case: which guarantee is violated by which event, and what is still pending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.conditions import CaseFacts, condition_holds
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.cases.evolve import evolve
from fujin_cli.core.model.procedure import Guarantee, Procedure
from fujin_cli.core.verify.automata import LOST, State
from fujin_cli.core.verify.monitors import Monitor, Role, build_monitor

# Records, and what other cases do to this one: no guarantee is about them, and they come between no two events.
RECORDS = frozenset(
    {
        EventKind.RESUME,
        EventKind.WRONG_CODE,
        EventKind.CODE,
        EventKind.TOLD,
        EventKind.UNDELIVERED,
        EventKind.JOINED,
        EventKind.PARTED,
        EventKind.MIGRATION_UNDONE,
    }
)


@dataclass(frozen=True, slots=True)
class Violation:
    """Say which event of a case violates a guarantee first."""

    guarantee: Guarantee
    event: Event


def find_violations(case: Case, version: Procedure, names: Iterable[str] | None = None) -> tuple[Violation, ...]:
    """Find the first event that violates each guarantee (or each of ``names``), in the order of the events.

    Guarantees without a monitor (``only``, ``different_people``) are enforced by the engine, so no event violates them.
    """
    monitors = _build_monitors(version, names)
    violations: dict[str, Violation] = {}
    for event, ended, states in _follow_events(case, version, monitors):
        for monitor, state in zip(monitors, states, strict=True):
            if state == LOST or (ended and not monitor.is_fulfilled(state)):
                violations.setdefault(monitor.guarantee.name, Violation(monitor.guarantee, event))
    return tuple(violations.values())


def find_open_obligations(case: Case, version: Procedure) -> tuple[str, ...]:
    """Name the guarantees that an end now would violate, and that can still be kept, in the order of the file."""
    monitors = _build_monitors(version, None)
    states = [monitor.start for monitor in monitors]
    for _, _, after in _follow_events(case, version, monitors):
        states = list(after)
    return tuple(
        monitor.guarantee.name
        for monitor, state in zip(monitors, states, strict=True)
        if state != LOST and not monitor.is_fulfilled(state)
    )


def _build_monitors(version: Procedure, names: Iterable[str] | None) -> list[Monitor]:
    chosen = set(version.guarantees if names is None else names)
    guarantees = (guarantee for guarantee in version.guarantees.values() if guarantee.name in chosen)
    return [monitor for guarantee in guarantees if (monitor := build_monitor(guarantee))]


def _follow_events(
    case: Case, version: Procedure, monitors: list[Monitor]
) -> Iterator[tuple[Event, bool, tuple[State, ...]]]:
    """Yield each event, whether the case stands at an end after it, and the state of every monitor then."""
    states = tuple(monitor.start for monitor in monitors)
    so_far = Case(case.id)
    for event in case.events_in_current_names:
        before = so_far
        so_far = evolve(so_far, event)
        if event.kind in RECORDS:
            continue
        stays = before.has_ended and so_far.has_ended
        states = tuple(
            monitor.step(state, _compute_letter(monitor, so_far, version, stays))
            for monitor, state in zip(monitors, states, strict=True)
        )
        yield event, so_far.has_ended, states


def _compute_letter(monitor: Monitor, after: Case, version: Procedure, stays: bool) -> int:
    letter = 1 << len(monitor.roles) if stays else 0
    for place, role in enumerate(monitor.roles):
        if _is_role_shown(role, after, version):
            letter |= 1 << place
    return letter


def _is_role_shown(role: Role, after: Case, version: Procedure) -> bool:
    """Whether the newest event shows one of the role's atoms; ``where`` looks at the case after it."""
    event = after.events[-1]
    facts = CaseFacts(after, version)
    return any(atom_matches(atom, event, version) and condition_holds(atom.where, facts) for atom in role)
