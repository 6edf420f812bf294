"""List which watched atoms one event can show together, whatever the moves of a procedure are.

What an event is (an action, an opening …), where it leads, whom it tells and what it opens, answers or publishes are
independent of one another; every atom is about one of these. A `where` may hold or not at any event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations, product
from typing import Any, Literal

from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.model.operators import values_imply
from fujin_cli.core.model.procedure import Atom, Condition, Procedure, Test

MOST_LETTERS = 4096
MOST_CONDITIONS = 6
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_OTHER = "…"  # a name that no procedure has
Arrival = Literal["none", "step", "end"]


class TooManyLetters(Exception):
    """Raised where the atoms can be combined in more ways than can be looked at."""


@dataclass(frozen=True, slots=True)
class EventLetter:
    """What one event shows: a bit for each atom, where it leads, and whether it is the opening of the case."""

    bits: int
    arrival: Arrival
    opens_case: bool


@dataclass(frozen=True, slots=True)
class _Aspect:
    """One aspect of an event, such as whom it tells."""

    kind: EventKind = EventKind.MOVE
    action: str | None = None
    from_step: str | None = None
    to_step: str | None = None
    tells: tuple[dict[str, str], ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)


def list_event_letters(version: Procedure, atoms: Sequence[Atom]) -> list[EventLetter]:
    """List every combination of atoms that one event can show. Raises TooManyLetters."""
    seen: dict[EventLetter, None] = {}
    conditions = list(dict.fromkeys(atom.where for atom in atoms if atom.where is not None))
    masks = [_mask_of(atoms, holding) for holding in _list_consistent_choices(conditions)]
    occurrences = _bits_of_each(version, atoms, _list_occurrences(version, atoms))
    arrivals = _bits_of_each(version, atoms, _list_arrivals(version, atoms))
    extras = [
        _combine_bits(_bits_of_each(version, atoms, aspects), several)
        for aspects, several in _list_independent_aspects(atoms)
    ]
    for (occurrence, happens), (arrival, leads) in product(occurrences, arrivals):
        opens_case = occurrence.kind == EventKind.OPENED
        if opens_case and arrival.to_step != version.first_step:
            continue
        for chosen in product(*extras):
            bits = happens | leads
            for more in chosen:
                bits |= more
            for mask in masks:
                seen[EventLetter(bits & mask, _arrival_of(version, arrival), opens_case)] = None
            if len(seen) > MOST_LETTERS:
                raise TooManyLetters
    return list(seen)


def _bits_of_each(version: Procedure, atoms: Sequence[Atom], aspects: Iterable[_Aspect]) -> list[tuple[_Aspect, int]]:
    """List each aspect with the atoms that it shows, their `where` aside."""
    return [
        (
            aspect,
            sum(1 << place for place, atom in enumerate(atoms) if atom_matches(atom, _event_of(aspect), version)),
        )
        for aspect in aspects
    ]


def _event_of(aspect: _Aspect) -> Event:
    return Event(
        n=0,
        at=_SOME_DAY,
        kind=aspect.kind,
        by="",
        entered_by="",
        action=aspect.action,
        from_step=aspect.from_step,
        to_step=aspect.to_step,
        tells=aspect.tells,
        data=aspect.payload,
    )


def _list_occurrences(version: Procedure, atoms: Sequence[Atom]) -> Iterator[_Aspect]:
    yield _Aspect(EventKind.OPENED)
    yield _Aspect(EventKind.MOVE)
    for name in _names_of(atoms, "action"):
        yield _Aspect(EventKind.ACTION, action=name)
    for name in _names_of(atoms, "overdue"):
        yield _Aspect(EventKind.RUNG, from_step=name, payload={"when": "at"})
    for name in _names_of(atoms, "time_up"):
        yield _Aspect(EventKind.TIME_UP, from_step=name)


def _list_arrivals(version: Procedure, atoms: Sequence[Atom]) -> Iterator[_Aspect]:
    """List no arrival, one at each step that the atoms tell apart, and one at another step and another end."""
    yield _Aspect()
    entered = set(_names_of(atoms, "enter"))
    outcomes = set(_names_of(atoms, "end"))
    yielded: set[tuple[str, str | None]] = set()
    for step in version.steps.values():
        told_apart = step.name if step.name in entered or step.name == version.first_step else _OTHER
        key = (told_apart, step.end if step.end in outcomes else (_OTHER if step.end else None))
        if key not in yielded:
            yielded.add(key)
            yield _Aspect(to_step=step.name, payload={"outcome": step.end} if step.end else {})


def _list_independent_aspects(atoms: Sequence[Atom]) -> Iterator[tuple[list[_Aspect], bool]]:
    """List what an event may do besides; with each whether it may do several of these at once."""
    told = dict.fromkeys((atom.name, atom.detail) for atom in atoms if atom.kind == "tells")
    yield [_Aspect(tells=({"to": name, "kind": detail or _OTHER},)) for name, detail in told], True
    yield [_Aspect(payload={"opens": {name: None}}) for name in _names_of(atoms, "opens")], True
    yield [_Aspect(payload={"answered": [name]}) for name in _names_of(atoms, "answered")], False
    published = dict.fromkeys(name or _OTHER for name in _names_of(atoms, "publish"))
    yield [_Aspect(payload={"publish": [name]}) for name in published], True
    yield [_Aspect(payload={"amended": {name: None}}) for name in _names_of(atoms, "amends")], True


def _names_of(atoms: Sequence[Atom], kind: str) -> list[str]:
    return list(dict.fromkeys(atom.name for atom in atoms if atom.kind == kind))


def _combine_bits(options: Sequence[tuple[_Aspect, int]], several: bool) -> list[int]:
    """List the bits of no option, of each one and, with ``several``, of every set of them."""
    combined = {0: None}
    for _, bits in options:
        before = list(combined) if several else [0]
        combined |= dict.fromkeys(earlier | bits for earlier in before)
    return list(combined)


def _arrival_of(version: Procedure, aspect: _Aspect) -> Arrival:
    if aspect.to_step is None:
        return "none"
    return "end" if version.steps[aspect.to_step].end is not None else "step"


def _mask_of(atoms: Sequence[Atom], holding: frozenset[Condition]) -> int:
    """The atoms whose `where` is among those that hold."""
    return sum(1 << place for place, atom in enumerate(atoms) if atom.where is None or atom.where in holding)


def _list_consistent_choices(conditions: Sequence[Condition]) -> Iterator[frozenset[Condition]]:
    """List the sets of conditions that can hold together: one that implies another does not hold without it."""
    if len(conditions) > MOST_CONDITIONS:
        raise TooManyLetters
    implied = [(first, second) for first in conditions for second in conditions if condition_implies(first, second)]
    for size in range(len(conditions) + 1):
        for chosen in combinations(conditions, size):
            if all(second in chosen for first, second in implied if first in chosen):
                yield frozenset(chosen)


def condition_implies(first: Condition, second: Condition) -> bool:
    """Whether the second condition surely holds wherever the first does; False where that cannot be told."""
    return all(
        any(all(any(_test_implies(own, other) for own in tests) for other in others) for others in second.alternatives)
        for tests in first.alternatives
    )


def _test_implies(first: Test, second: Test) -> bool:
    if (first.kind, first.name, first.since, first.verb) != (second.kind, second.name, second.since, second.verb):
        return False
    return values_imply(first.verb, first.values, second.values)
