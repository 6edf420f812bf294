"""A small deterministic monitor for every template of guarantees (docs/explanation/verification.md).

A monitor reads one *letter* for each event: bit n is set where the event shows any atom of the monitor's role n, and
the bit after the last role where the case stood at an end before the event and still does. One event may show several
atoms at once; what that means for each template is written in docs/decisions/notes/0007-guarantees.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fujin_cli.core.explore.counted_atoms import build_counting_roles
from fujin_cli.core.model.guarantee_templates import BY_KEYS
from fujin_cli.core.model.procedure import Atom, Guarantee
from fujin_cli.core.verify.automata import LOST, ONE, PAIRS, SETTLED, SEVERAL, Automaton, State

Role = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Monitor:
    """The machine of one guarantee, what its letters are made of, and the roles that trigger it."""

    guarantee: Guarantee
    roles: tuple[Role, ...]
    machine: Automaton
    triggers: tuple[Role, ...] = ()
    needed: int = 1  # how many of the triggers must be able to happen for the promise to say anything

    @property
    def start(self) -> State:
        """The state before the first event."""
        return self.machine.start

    def step(self, state: State, letter: int) -> State:
        """The state after an event."""
        return state if state in (LOST, SETTLED) else self.machine.step(state, letter)

    def kept(self, state: State) -> bool:
        """Whether the promise is kept if the case ends in this state."""
        return state == SETTLED or (state != LOST and self.machine.kept(state))


def build_monitor(guarantee: Guarantee) -> Monitor | None:
    """The monitor; None for what no run of one case shows (``different_people``) and for what has no template."""
    monitor = _plain(guarantee)
    if monitor and guarantee.except_for:
        monitor = _excepting(monitor, guarantee.except_for)
    return _counting(monitor) if monitor else None


def build_forbidding_monitor(guarantee: Guarantee, role: Role) -> Monitor:
    """The monitor that is lost as soon as anything of a role of the guarantee happens."""
    return _counting(Monitor(guarantee, (role,), ONE["at_most"](0)))


def _plain(guarantee: Guarantee) -> Monitor | None:
    atoms, count = guarantee.atoms, int(guarantee.times or 1)
    keys = [key for key in atoms if key != "since"]
    lead, partner = (keys[0] if keys else ""), (keys[1] if len(keys) > 1 else "")
    if lead in ONE:
        return Monitor(guarantee, (atoms[lead],), ONE[lead](count))
    if lead in SEVERAL:
        parts: tuple[Role, ...] = tuple((atom,) for atom in atoms[lead])
        template = BY_KEYS[(lead,)]
        triggers = parts if template.trigger == "listed" else ()
        return Monitor(guarantee, parts, SEVERAL[lead](len(parts)), triggers, template.needed)
    if (lead, partner) not in PAIRS:
        return None
    machine = PAIRS[lead, partner](count)
    roles = (atoms[lead], atoms[partner], atoms.get("since", ()))
    return Monitor(guarantee, roles, machine, (atoms[lead],))


def _excepting(monitor: Monitor, excepted: Role) -> Monitor:
    """The same promise, except of runs in which one of the atoms happens at any time."""
    bit, machine = 1 << len(monitor.roles), monitor.machine

    def step(state: State, letter: int) -> State:
        if letter & bit:
            return SETTLED
        inner = letter & (bit - 1) | (letter & bit << 1) >> 1
        return state if state == "lost so far" else _unlost(machine.step(state, inner))

    def kept(state: State) -> bool:
        return state != "lost so far" and machine.kept(state)

    roles = (*monitor.roles, excepted)
    return Monitor(monitor.guarantee, roles, Automaton(machine.start, step, kept), monitor.triggers, monitor.needed)


def _counting(monitor: Monitor) -> Monitor:
    """The same promise, which counts by itself what its atoms ask of counts (``counting.py``)."""
    counter = build_counting_roles(monitor.roles)
    if counter is None:
        return monitor
    machine, own_roles = monitor.machine, len(monitor.roles)

    def step(state: State, letter: int) -> State:
        before, inner = cast(tuple[tuple[int, ...], State], state)
        counts = counter.counted(before, letter)
        after = machine.step(inner, counter.own_letter(counts, letter, own_roles))
        return after if after in (LOST, SETTLED) else (counts, after)

    def kept(state: State) -> bool:
        return machine.kept(cast(tuple[tuple[int, ...], State], state)[1])

    start = ((0,) * len(counter.most), machine.start)
    return Monitor(monitor.guarantee, counter.roles, Automaton(start, step, kept), monitor.triggers, monitor.needed)


def _unlost(state: State) -> State:
    return "lost so far" if state == LOST else state
