"""Find what is pending in an open case: guarantees that its end now would break, and that can still be kept."""

from __future__ import annotations

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.conditions import CaseFacts, condition_holds
from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.cases.evolve import evolve
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.verify.automata import LOST
from fujin_cli.core.verify.monitors import Monitor, Role, build_monitor


def find_open_obligations(case: Case, version: Procedure) -> tuple[str, ...]:
    """Name those guarantees, in the order of the file, by the case's own history."""
    monitors = [monitor for guarantee in version.guarantees.values() if (monitor := build_monitor(guarantee))]
    states = [monitor.start for monitor in monitors]
    so_far = Case(case.id)
    for event in case.events_in_current_names:
        before = so_far
        so_far = evolve(so_far, event)
        stays = before.has_ended and so_far.has_ended
        for place, monitor in enumerate(monitors):
            states[place] = monitor.step(states[place], _compute_letter(monitor, so_far, version, stays))
    return tuple(
        monitor.guarantee.name
        for monitor, state in zip(monitors, states, strict=True)
        if state != LOST and not monitor.is_fulfilled(state)
    )


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
