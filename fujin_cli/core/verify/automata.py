"""Define the automaton of every guarantee template: what it remembers, event by event.

An automaton reads *letters*; ``monitors.py`` says what their bits mean. The templates are those of
docs/explanation/verification.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

State = Hashable
LOST = "lost"  # violated, whatever follows
SETTLED = "settled"  # fulfilled, whatever follows


@dataclass(frozen=True, slots=True)
class Automaton:
    """Hold a deterministic automaton: ``is_fulfilled`` says whether the guarantee holds if the case ends in a state."""

    start: State
    step: Callable[[State, int], State]
    is_fulfilled: Callable[[State], bool]


# guarantees about one thing: role 0


def _build_at_least(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        count_so_far = _number_of(state) + (letter & 1)
        return SETTLED if count_so_far >= count else count_so_far

    return Automaton(0, step, lambda state: False)


def _build_at_most(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        count_so_far = _number_of(state) + (letter & 1)
        return LOST if count_so_far > count else count_so_far

    return Automaton(0, step, lambda state: True)


def _build_exactly(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        count_so_far = _number_of(state) + (letter & 1)
        return LOST if count_so_far > count else count_so_far

    return Automaton(0, step, lambda state: state == count)


def _build_first(count: int) -> Automaton:
    return Automaton(0, lambda state, letter: SETTLED if letter & 1 else LOST, lambda state: False)


def _build_last(count: int) -> Automaton:
    """Require that the event which ends the case shows the atom; notes at the end change nothing about that."""
    return Automaton(0, lambda state, letter: state if letter & 2 else letter & 1, lambda state: state == 1)


# guarantees about several things: a role for each


def _build_one_of(parts: int) -> Automaton:
    return Automaton(0, lambda state, letter: SETTLED if _select_roles(letter, parts) else 0, lambda state: False)


def _build_exactly_one_of(parts: int) -> Automaton:
    return Automaton(0, _build_gathering_step(parts, 1), lambda state: state != 0)


def _build_never_both(parts: int) -> Automaton:
    return Automaton(0, _build_gathering_step(parts, 1), lambda state: True)


def _build_both_or_neither(parts: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        occurred = _number_of(state) | _select_roles(letter, parts)
        return SETTLED if occurred == (1 << parts) - 1 else occurred

    return Automaton(0, step, lambda state: state == 0)


def _build_always_together(parts: int) -> Automaton:
    """Require of each two neighbours in the list that the second follows the first, and only comes after it."""

    def step(state: State, letter: int) -> State:
        occurred, pending = divmod(_number_of(state), 1 << parts)
        for part in range(parts - 1):
            first, second = letter >> part & 1, letter >> part + 1 & 1
            occurred |= first << part
            if second and not occurred >> part & 1:
                return LOST
            pending = pending & ~(1 << part) if second else pending | first << part
        return occurred << parts | pending

    return Automaton(0, step, lambda state: _number_of(state) % (1 << parts) == 0)


def _build_gathering_step(parts: int, most: int) -> Callable[[State, int], State]:
    """Collect the set of roles that have occurred; lost with more than ``most`` of them."""

    def step(state: State, letter: int) -> State:
        occurred = _number_of(state) | _select_roles(letter, parts)
        return LOST if occurred.bit_count() > most else occurred

    return step


# guarantees about two things: role 0 is what the first key names, role 1 the second, role 2 ``since``


def _build_if_also(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return SETTLED if letter & 2 else _number_of(state) | letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _build_after_eventually(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return 0 if letter & 2 else _number_of(state) | letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _build_after_each_eventually(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        if letter & 2:
            return 0
        return LOST if state and letter & 1 else _number_of(state) | letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _build_after_next(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return LOST if state and not letter & 2 else letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _build_after_not_next(count: int) -> Automaton:
    return Automaton(0, lambda state, letter: LOST if state and letter & 2 else letter & 1, lambda state: True)


def _build_after_never(count: int) -> Automaton:
    """Forbid role 1 after role 0; what the same event shows is not after it."""

    def step(state: State, letter: int) -> State:
        return LOST if state and letter & 2 else _number_of(state) | letter & 1

    return Automaton(0, step, lambda state: True)


def _build_before_require(count: int) -> Automaton:
    """Require role 1 before role 0: ``since`` resets the count before the event is judged."""

    def step(state: State, letter: int) -> State:
        count_so_far = min(count, (0 if letter & 4 else _number_of(state)) + (letter >> 1 & 1))
        return LOST if letter & 1 and count_so_far < count else count_so_far

    return Automaton(0, step, lambda state: True)


def _build_before_each_require(count: int) -> Automaton:
    """Require role 1 before each role 0, which uses up everything required so far."""

    def step(state: State, letter: int) -> State:
        count_so_far = min(count, (0 if letter & 4 else _number_of(state)) + (letter >> 1 & 1))
        if not letter & 1:
            return count_so_far
        return LOST if count_so_far < count else 0

    return Automaton(0, step, lambda state: True)


def _build_before_previous(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return LOST if letter & 1 and not state else letter >> 1 & 1

    return Automaton(0, step, lambda state: True)


def _build_before_quorum(count: int) -> Automaton:
    """Require a quorum at role 0: role 1 is the same event where enough people take part."""
    return Automaton(0, lambda state, letter: LOST if letter & 3 == 1 else 0, lambda state: True)


def _number_of(state: State) -> int:
    return state if isinstance(state, int) else 0


def _select_roles(letter: int, parts: int) -> int:
    return letter & ((1 << parts) - 1)


ONE: dict[str, Callable[[int], Automaton]] = {
    "eventually": lambda count: _build_at_least(1),
    "at_least": _build_at_least,
    "never": lambda count: _build_at_most(0),
    "at_most": _build_at_most,
    "exactly": _build_exactly,
    "first": _build_first,
    "last": _build_last,
}
SEVERAL: dict[str, Callable[[int], Automaton]] = {
    "one_of": _build_one_of,
    "exactly_one_of": _build_exactly_one_of,
    "both_or_neither": _build_both_or_neither,
    "never_both": _build_never_both,
    "always_together": _build_always_together,
}
PAIRS: dict[tuple[str, str], Callable[[int], Automaton]] = {
    ("if", "also"): _build_if_also,
    ("after", "eventually"): _build_after_eventually,
    ("after", "next"): _build_after_next,
    ("after", "not_next"): _build_after_not_next,
    ("after", "never"): _build_after_never,
    ("after_each", "eventually"): _build_after_each_eventually,
    ("before", "require"): _build_before_require,
    ("before", "previous"): _build_before_previous,
    ("before", "quorum"): _build_before_quorum,
    ("before_each", "require"): _build_before_each_require,
}
