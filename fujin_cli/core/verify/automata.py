"""The machine of every template of guarantees: what it remembers, event by event (docs/explanation/verification.md).

A machine reads *letters*; ``monitors.py`` says what their bits mean.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

State = Hashable
LOST = "lost"  # no continuation can be kept
SETTLED = "settled"  # every continuation is kept


@dataclass(frozen=True, slots=True)
class Automaton:
    """``step`` gives the state after a letter; ``kept`` whether the promise holds if the case ended in that state."""

    start: State
    step: Callable[[State, int], State]
    kept: Callable[[State], bool]


# promises about one thing: role 0


def _at_least(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        done = _number(state) + (letter & 1)
        return SETTLED if done >= count else done

    return Automaton(0, step, lambda state: False)


def _at_most(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        done = _number(state) + (letter & 1)
        return LOST if done > count else done

    return Automaton(0, step, lambda state: True)


def _exactly(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        done = _number(state) + (letter & 1)
        return LOST if done > count else done

    return Automaton(0, step, lambda state: state == count)


def _first(count: int) -> Automaton:
    return Automaton(0, lambda state, letter: SETTLED if letter & 1 else LOST, lambda state: False)


def _last(count: int) -> Automaton:
    """A case ends with what brings it to the end; notes that are made there later change nothing about that."""
    return Automaton(0, lambda state, letter: state if letter & 2 else letter & 1, lambda state: state == 1)


# promises about several things: a role for each


def _one_of(parts: int) -> Automaton:
    return Automaton(0, lambda state, letter: SETTLED if _seen(letter, parts) else 0, lambda state: False)


def _exactly_one_of(parts: int) -> Automaton:
    return Automaton(0, _gathering(parts, 1), lambda state: state != 0)


def _never_both(parts: int) -> Automaton:
    return Automaton(0, _gathering(parts, 1), lambda state: True)


def _both_or_neither(parts: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        seen = _number(state) | _seen(letter, parts)
        return SETTLED if seen == (1 << parts) - 1 else seen

    return Automaton(0, step, lambda state: state == 0)


def _always_together(parts: int) -> Automaton:
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

    return Automaton(0, step, lambda state: _number(state) % (1 << parts) == 0)


def _gathering(parts: int, most: int) -> Callable[[State, int], State]:
    """The set of things seen so far; lost with more than ``most`` of them."""

    def step(state: State, letter: int) -> State:
        seen = _number(state) | _seen(letter, parts)
        return LOST if seen.bit_count() > most else seen

    return step


# promises about two things: role 0 is what the first key names, role 1 the second, role 2 ``since``


def _if_also(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return SETTLED if letter & 2 else _number(state) | letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _after_eventually(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return 0 if letter & 2 else _number(state) | letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _after_each_eventually(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        if letter & 2:
            return 0
        return LOST if state and letter & 1 else _number(state) | letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _after_next(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return LOST if state and not letter & 2 else letter & 1

    return Automaton(0, step, lambda state: state == 0)


def _after_not_next(count: int) -> Automaton:
    return Automaton(0, lambda state, letter: LOST if state and letter & 2 else letter & 1, lambda state: True)


def _after_never(count: int) -> Automaton:
    """What the very same event shows is not after it."""

    def step(state: State, letter: int) -> State:
        return LOST if state and letter & 2 else _number(state) | letter & 1

    return Automaton(0, step, lambda state: True)


def _before_require(count: int) -> Automaton:
    """``since`` makes stale, what is required makes fresh again, and only then the event is judged."""

    def step(state: State, letter: int) -> State:
        done = min(count, (0 if letter & 4 else _number(state)) + (letter >> 1 & 1))
        return LOST if letter & 1 and done < count else done

    return Automaton(0, step, lambda state: True)


def _before_each_require(count: int) -> Automaton:
    """As ``before``, and each time everything required so far is used up."""

    def step(state: State, letter: int) -> State:
        done = min(count, (0 if letter & 4 else _number(state)) + (letter >> 1 & 1))
        if not letter & 1:
            return done
        return LOST if done < count else 0

    return Automaton(0, step, lambda state: True)


def _before_previous(count: int) -> Automaton:
    def step(state: State, letter: int) -> State:
        return LOST if letter & 1 and not state else letter >> 1 & 1

    return Automaton(0, step, lambda state: True)


def _before_quorum(count: int) -> Automaton:
    """Role 1 is the same event where enough take part."""
    return Automaton(0, lambda state, letter: LOST if letter & 3 == 1 else 0, lambda state: True)


def _number(state: State) -> int:
    return state if isinstance(state, int) else 0


def _seen(letter: int, parts: int) -> int:
    return letter & ((1 << parts) - 1)


ONE: dict[str, Callable[[int], Automaton]] = {
    "eventually": lambda count: _at_least(1),
    "at_least": _at_least,
    "never": lambda count: _at_most(0),
    "at_most": _at_most,
    "exactly": _exactly,
    "first": _first,
    "last": _last,
}
SEVERAL: dict[str, Callable[[int], Automaton]] = {
    "one_of": _one_of,
    "exactly_one_of": _exactly_one_of,
    "both_or_neither": _both_or_neither,
    "never_both": _never_both,
    "always_together": _always_together,
}
PAIRS: dict[tuple[str, str], Callable[[int], Automaton]] = {
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
