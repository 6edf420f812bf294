"""A small deterministic monitor for every template of guarantees (verification.md, "Guarantees").

A monitor reads one *letter* for each event: bit n is set where the event shows any atom of the monitor's role n, and
the bit after the last role where the case stood at an end before the event and still does. One event may show several
atoms at once; what that means for each template is written in docs/decisions/0007-guarantees.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import cast

from fujin_cli.core.counting import counter_of
from fujin_cli.core.procedure import Atom, Guarantee

State = Hashable
LOST = "lost"  # no continuation can be kept
SETTLED = "settled"  # every continuation is kept
Role = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """``step`` gives the state after a letter; ``kept`` whether the promise holds if the case ended in that state."""

    start: State
    step: Callable[[State, int], State]
    kept: Callable[[State], bool]


@dataclass(frozen=True, slots=True)
class Monitor:
    """The machine of one guarantee, what its letters are made of, and the roles that trigger it."""

    guarantee: Guarantee
    roles: tuple[Role, ...]
    machine: Machine
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


def monitor_of(guarantee: Guarantee) -> Monitor | None:
    """The monitor; None for what no run of one case shows (``different_people``) and for what has no template."""
    monitor = _plain(guarantee)
    if monitor and guarantee.except_for:
        monitor = _excepting(monitor, guarantee.except_for)
    return _counting(monitor) if monitor else None


def forbidding(guarantee: Guarantee, role: Role) -> Monitor:
    """The monitor that is lost as soon as anything of a role of the guarantee happens."""
    return _counting(Monitor(guarantee, (role,), _at_most(0)))


def _plain(guarantee: Guarantee) -> Monitor | None:
    atoms, count = guarantee.atoms, int(guarantee.times or 1)
    keys = [key for key in atoms if key != "since"]
    lead, partner = (keys[0] if keys else ""), (keys[1] if len(keys) > 1 else "")
    if lead in _ONE:
        return Monitor(guarantee, (atoms[lead],), _ONE[lead](count))
    if lead in _SEVERAL:
        parts: tuple[Role, ...] = tuple((atom,) for atom in atoms[lead])
        needed = 2 if lead == "never_both" else 1
        triggers = () if lead == "exactly_one_of" else parts
        return Monitor(guarantee, parts, _SEVERAL[lead](len(parts)), triggers, needed)
    if (lead, partner) not in _PAIRS:
        return None
    machine = _PAIRS[lead, partner](count)
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
    return Monitor(monitor.guarantee, roles, Machine(machine.start, step, kept), monitor.triggers, monitor.needed)


def _counting(monitor: Monitor) -> Monitor:
    """The same promise, which counts by itself what its atoms ask of counts (``counting.py``)."""
    counter = counter_of(monitor.roles)
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
    return Monitor(monitor.guarantee, counter.roles, Machine(start, step, kept), monitor.triggers, monitor.needed)


def _unlost(state: State) -> State:
    return "lost so far" if state == LOST else state


# promises about one thing: role 0


def _at_least(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        done = _number(state) + (letter & 1)
        return SETTLED if done >= count else done

    return Machine(0, step, lambda state: False)


def _at_most(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        done = _number(state) + (letter & 1)
        return LOST if done > count else done

    return Machine(0, step, lambda state: True)


def _exactly(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        done = _number(state) + (letter & 1)
        return LOST if done > count else done

    return Machine(0, step, lambda state: state == count)


def _first(count: int) -> Machine:
    return Machine(0, lambda state, letter: SETTLED if letter & 1 else LOST, lambda state: False)


def _last(count: int) -> Machine:
    """A case ends with what brings it to the end; notes that are made there later change nothing about that."""
    return Machine(0, lambda state, letter: state if letter & 2 else letter & 1, lambda state: state == 1)


# promises about several things: a role for each


def _one_of(parts: int) -> Machine:
    return Machine(0, lambda state, letter: SETTLED if _seen(letter, parts) else 0, lambda state: False)


def _exactly_one_of(parts: int) -> Machine:
    return Machine(0, _gathering(parts, 1), lambda state: state != 0)


def _never_both(parts: int) -> Machine:
    return Machine(0, _gathering(parts, 1), lambda state: True)


def _both_or_neither(parts: int) -> Machine:
    def step(state: State, letter: int) -> State:
        seen = _number(state) | _seen(letter, parts)
        return SETTLED if seen == (1 << parts) - 1 else seen

    return Machine(0, step, lambda state: state == 0)


def _always_together(parts: int) -> Machine:
    """Of each two neighbours in the list: the first is followed by the second, which never comes without it."""

    def step(state: State, letter: int) -> State:
        seen, owing = divmod(_number(state), 1 << parts)
        for part in range(parts - 1):
            one, other = letter >> part & 1, letter >> part + 1 & 1
            seen |= one << part
            if other and not seen >> part & 1:
                return LOST
            owing = owing & ~(1 << part) if other else owing | one << part
        return seen << parts | owing

    return Machine(0, step, lambda state: _number(state) % (1 << parts) == 0)


def _gathering(parts: int, most: int) -> Callable[[State, int], State]:
    """The set of things seen so far; lost with more than ``most`` of them."""

    def step(state: State, letter: int) -> State:
        seen = _number(state) | _seen(letter, parts)
        return LOST if seen.bit_count() > most else seen

    return step


# promises about two things: role 0 is what the first key names, role 1 the second, role 2 ``since``


def _if_also(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        return SETTLED if letter & 2 else _number(state) | letter & 1

    return Machine(0, step, lambda state: state == 0)


def _after_eventually(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        return 0 if letter & 2 else _number(state) | letter & 1

    return Machine(0, step, lambda state: state == 0)


def _after_each_eventually(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        if letter & 2:
            return 0
        return LOST if state and letter & 1 else _number(state) | letter & 1

    return Machine(0, step, lambda state: state == 0)


def _after_next(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        return LOST if state and not letter & 2 else letter & 1

    return Machine(0, step, lambda state: state == 0)


def _after_not_next(count: int) -> Machine:
    return Machine(0, lambda state, letter: LOST if state and letter & 2 else letter & 1, lambda state: True)


def _after_never(count: int) -> Machine:
    """What the very same event shows is not after it."""

    def step(state: State, letter: int) -> State:
        return LOST if state and letter & 2 else _number(state) | letter & 1

    return Machine(0, step, lambda state: True)


def _before_require(count: int) -> Machine:
    """``since`` makes stale, what is required makes fresh again, and only then the event is judged."""

    def step(state: State, letter: int) -> State:
        done = min(count, (0 if letter & 4 else _number(state)) + (letter >> 1 & 1))
        return LOST if letter & 1 and done < count else done

    return Machine(0, step, lambda state: True)


def _before_each_require(count: int) -> Machine:
    """As ``before``, and each time everything required so far is used up."""

    def step(state: State, letter: int) -> State:
        done = min(count, (0 if letter & 4 else _number(state)) + (letter >> 1 & 1))
        if not letter & 1:
            return done
        return LOST if done < count else 0

    return Machine(0, step, lambda state: True)


def _before_previous(count: int) -> Machine:
    def step(state: State, letter: int) -> State:
        return LOST if letter & 1 and not state else letter >> 1 & 1

    return Machine(0, step, lambda state: True)


def _before_quorum(count: int) -> Machine:
    """Role 1 is the same event where enough take part."""
    return Machine(0, lambda state, letter: LOST if letter & 3 == 1 else 0, lambda state: True)


def _number(state: State) -> int:
    return state if isinstance(state, int) else 0


def _seen(letter: int, parts: int) -> int:
    return letter & ((1 << parts) - 1)


_ONE: dict[str, Callable[[int], Machine]] = {
    "eventually": lambda count: _at_least(1), "at_least": _at_least,
    "never": lambda count: _at_most(0), "at_most": _at_most,
    "exactly": _exactly, "first": _first, "last": _last,
}  # fmt: skip
_SEVERAL: dict[str, Callable[[int], Machine]] = {
    "one_of": _one_of, "exactly_one_of": _exactly_one_of, "both_or_neither": _both_or_neither,
    "never_both": _never_both, "always_together": _always_together,
}  # fmt: skip
_PAIRS: dict[tuple[str, str], Callable[[int], Machine]] = {
    ("if", "also"): _if_also,
    ("after", "eventually"): _after_eventually,
    ("after", "next"): _after_next,
    ("after", "not_next"): _after_not_next,
    ("after", "never"): _after_never,
    ("after_each", "eventually"): _after_each_eventually,
    ("before", "require"): _before_require,
    ("before", "previous"): _before_previous,
    ("before", "quorum"): _before_quorum,
    ("before_each", "require"): _before_each_require,
}
