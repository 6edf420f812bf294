"""Build a small deterministic monitor for every guarantee (docs/explanation/verification.md).

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
    """Hold the automaton of one guarantee, the roles that its letters are made of, and those that trigger it."""

    guarantee: Guarantee
    roles: tuple[Role, ...]
    automaton: Automaton
    triggers: tuple[Role, ...] = ()
    fewest_triggers: int = 1  # how many of the triggers must be able to happen for the guarantee to say anything

    @property
    def start(self) -> State:
        """The state before the first event."""
        return self.automaton.start

    def step(self, state: State, letter: int) -> State:
        """Give the state after an event."""
        return state if state in (LOST, SETTLED) else self.automaton.step(state, letter)

    def is_fulfilled(self, state: State) -> bool:
        """Whether the guarantee is fulfilled if the case ends in this state."""
        return state == SETTLED or (state != LOST and self.automaton.is_fulfilled(state))


def build_monitor(guarantee: Guarantee) -> Monitor | None:
    """Build the monitor; None for guarantees that no single run shows (``different_people``) or without a template."""
    monitor = _build_plain_monitor(guarantee)
    if monitor and guarantee.except_for:
        monitor = _add_exceptions(monitor, guarantee.except_for)
    return _add_counters(monitor) if monitor else None


def build_forbidding_monitor(guarantee: Guarantee, role: Role) -> Monitor:
    """Build the monitor that is lost as soon as any atom of a role of the guarantee happens."""
    return _add_counters(Monitor(guarantee, (role,), ONE["at_most"](0)))


def _build_plain_monitor(guarantee: Guarantee) -> Monitor | None:
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
    automaton = PAIRS[lead, partner](count)
    roles = (atoms[lead], atoms[partner], atoms.get("since", ()))
    return Monitor(guarantee, roles, automaton, (atoms[lead],))


def _add_exceptions(monitor: Monitor, excepted: Role) -> Monitor:
    """Exempt runs in which one of the ``excepted`` atoms happens at any time."""
    bit, automaton = 1 << len(monitor.roles), monitor.automaton

    def step(state: State, letter: int) -> State:
        if letter & bit:
            return SETTLED
        inner = letter & (bit - 1) | (letter & bit << 1) >> 1
        return state if state == "lost so far" else _make_loss_provisional(automaton.step(state, inner))

    def is_fulfilled(state: State) -> bool:
        return state != "lost so far" and automaton.is_fulfilled(state)

    roles = (*monitor.roles, excepted)
    return Monitor(
        monitor.guarantee,
        roles,
        Automaton(automaton.start, step, is_fulfilled),
        monitor.triggers,
        monitor.fewest_triggers,
    )


def _add_counters(monitor: Monitor) -> Monitor:
    """Let the monitor count what its atoms compare (``counted_atoms``)."""
    counter = build_counting_roles(monitor.roles)
    if counter is None:
        return monitor
    automaton, own_roles = monitor.automaton, len(monitor.roles)

    def step(state: State, letter: int) -> State:
        before, inner = cast(tuple[tuple[int, ...], State], state)
        counts = counter.update_counts(before, letter)
        after = automaton.step(inner, counter.compute_own_letter(counts, letter, own_roles))
        return after if after in (LOST, SETTLED) else (counts, after)

    def is_fulfilled(state: State) -> bool:
        return automaton.is_fulfilled(cast(tuple[tuple[int, ...], State], state)[1])

    start = ((0,) * len(counter.most), automaton.start)
    return Monitor(
        monitor.guarantee,
        counter.roles,
        Automaton(start, step, is_fulfilled),
        monitor.triggers,
        monitor.fewest_triggers,
    )


def _make_loss_provisional(state: State) -> State:
    return "lost so far" if state == LOST else state
