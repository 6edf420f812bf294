"""Decide whether guarantees imply another one: whether every run that keeps them all keeps it too.

The runs are all sequences of events that the words of a procedure can describe, not only those that its moves allow
(``event_letters``): what nothing states is not implied, even if nothing breaks it today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.state import Edge, Label
from fujin_cli.core.model.procedure import Atom, Condition, Guarantee, Procedure, Test
from fujin_cli.core.verify.automata import LOST, State
from fujin_cli.core.verify.event_letters import EventLetter, TooManyLetters, list_event_letters
from fujin_cli.core.verify.monitors import Monitor, build_monitor

MOST_PLACES = 3000
MOST_EDGES = 200_000
_EVENT = Label("event", "")
Place = tuple[bool, tuple[State, ...]]  # whether the case stands at an end, and what the monitors remember


def is_implied(version: Procedure, guarantee: Guarantee, stated: Sequence[Guarantee]) -> bool:
    """Whether the stated guarantees imply one about the order of events; False where there is too much to look at.

    ``version`` says which steps are ends and who is told together. ``within`` is left aside.
    """
    meaning = _meaning_of(guarantee)
    if any(_meaning_of(candidate) == meaning for candidate in stated):
        return True
    conclusion = build_monitor(without_routes(guarantee))
    if conclusion is None:
        return False
    related = [
        monitor
        for candidate in stated
        if (monitor := build_monitor(without_routes(candidate))) and _has_common_subject(conclusion, monitor)
    ]
    premises: list[list[Monitor]] = [[], *([monitor] for monitor in related)]
    if len(related) > 1:
        premises.append(related)
    return any(_follows(version, conclusion, monitors) for monitors in premises)


def _follows(version: Procedure, conclusion: Monitor, premises: Sequence[Monitor]) -> bool:
    try:
        return not _Refutation(version, [conclusion, *premises]).exists()
    except TooManyLetters:
        return False


class _Reading:
    """Read events with one monitor. ``masks`` has for each of its roles the bits of the role's atoms."""

    def __init__(self, monitor: Monitor, masks: Sequence[int]) -> None:
        self.monitor = monitor
        self._masks = [(1 << place, mask) for place, mask in enumerate(masks)]
        self._stays = 1 << len(masks)
        self._after: dict[tuple[State, int], State] = {}

    def letter_of(self, bits: int) -> int:
        """Give the monitor's letter for an event that shows these atoms."""
        return sum(role for role, mask in self._masks if bits & mask)

    def step(self, state: State, letter: int, stays: bool) -> State:
        """Give the monitor's state after an event; ``stays`` as in ``monitors``."""
        key = (state, letter | self._stays if stays else letter)
        if key not in self._after:
            self._after[key] = self.monitor.step(*key)
        return self._after[key]


class _Refutation:
    """Search for a run that keeps all monitors but the first, which it breaks."""

    def __init__(self, version: Procedure, monitors: Sequence[Monitor]) -> None:
        atoms = list(dict.fromkeys(atom for monitor in monitors for role in monitor.roles for atom in role))
        numbers = {atom: 1 << place for place, atom in enumerate(atoms)}
        self.readings = [
            _Reading(monitor, [sum(numbers[atom] for atom in dict.fromkeys(role)) for role in monitor.roles])
            for monitor in monitors
        ]
        self.letters = [
            (letter, [reading.letter_of(letter.bits) for reading in self.readings])
            for letter in list_event_letters(version, atoms)
        ]
        self.places: dict[Place, int] = {}
        self.edges: list[list[Edge]] = []

    def exists(self) -> bool:
        """Whether there is such a run, to an end or without one. Raises TooManyLetters."""
        start = (False, tuple(reading.monitor.start for reading in self.readings))
        listed = list(self._list_next_places(start, opening=True))
        for place in listed:
            self._add_place(place)
        for number, source in enumerate(listed):  # which grows meanwhile
            ended, states = source
            if ended and self._is_refuting(states):
                return True
            for place in self._list_next_places(source, opening=False):
                if place not in self.places:
                    self._add_place(place)
                    listed.append(place)
                self.edges[number].append(Edge(number, self.places[place], _EVENT, (), 0))
            if sum(map(len, self.edges)) > MOST_EDGES:
                raise TooManyLetters
        return self._goes_round_unfulfilled(listed)

    def _add_place(self, place: Place) -> int:
        if len(self.places) >= MOST_PLACES:
            raise TooManyLetters
        self.edges.append([])
        return self.places.setdefault(place, len(self.places))

    def _list_next_places(self, place: Place, opening: bool) -> dict[Place, None]:
        """List where each event leads; nothing where a premise is lost for good."""
        ended, states = place
        following: dict[Place, None] = {}
        for letter, own_letters in self.letters:
            if letter.opens_case != opening:
                continue
            arrives = _is_at_end_after(letter, ended)
            after = tuple(
                reading.step(state, own, ended and arrives)
                for reading, state, own in zip(self.readings, states, own_letters, strict=True)
            )
            if LOST not in after[1:]:
                following[arrives, after] = None
        return following

    def _is_refuting(self, states: tuple[State, ...]) -> bool:
        """Whether a case may end like this: all premises are fulfilled, and the conclusion is not."""
        broken, *premises = self._fulfilment(states)
        return not broken and all(premises)

    def _fulfilment(self, states: tuple[State, ...]) -> list[bool]:
        return [reading.monitor.is_fulfilled(state) for reading, state in zip(self.readings, states, strict=True)]

    def _goes_round_unfulfilled(self, listed: Sequence[Place]) -> bool:
        """Whether a case can go round for ever with the conclusion open and every premise fulfilled now and then."""
        fulfilment = [self._fulfilment(states) for _, states in listed]
        inner = [
            [] if fulfilment[number][0] else [edge for edge in edges if not fulfilment[edge.target][0]]
            for number, edges in enumerate(self.edges)
        ]
        component = graph.find_components(inner)
        cyclic = {
            component[edge.source]
            for edges in inner
            for edge in edges
            if component[edge.source] == component[edge.target]
        }
        met: dict[int, set[int]] = {number: set() for number in cyclic}
        for number, flags in enumerate(fulfilment):
            if component[number] in cyclic and not flags[0]:
                met[component[number]] |= {place for place, flag in enumerate(flags) if flag}
        return any(len(places) == len(self.readings) - 1 for places in met.values())


def _is_at_end_after(letter: EventLetter, ended: bool) -> bool:
    return ended if letter.arrival == "none" else letter.arrival == "end"


def _has_common_subject(first: Monitor, second: Monitor) -> bool:
    """Whether both speak of arrivals, or of a common kind and name of event; others cannot help each other."""
    subjects = [
        {atom.kind if atom.kind in ("enter", "end", "tells") else atom.name for role in monitor.roles for atom in role}
        for monitor in (first, second)
    ]
    return bool(subjects[0] & subjects[1]) or {"enter", "end"} <= subjects[0] | subjects[1]


def _meaning_of(guarantee: Guarantee) -> Guarantee:
    return replace(without_routes(guarantee), name="", title=None, within=None)


def without_routes(guarantee: Guarantee) -> Guarantee:
    """Give the guarantee without the places where it is written, so that equal atoms compare equal."""
    return replace(
        guarantee,
        atoms={key: tuple(map(_plain_atom, atoms)) for key, atoms in guarantee.atoms.items()},
        except_for=tuple(map(_plain_atom, guarantee.except_for)),
        route=(),
    )


def _plain_atom(atom: Atom) -> Atom:
    return replace(atom, where=_plain_condition(atom.where) if atom.where else None, route=())


def _plain_condition(condition: Condition) -> Condition:
    return Condition(tuple(tuple(_plain_test(test) for test in tests) for tests in condition.alternatives))


def _plain_test(test: Test) -> Test:
    return replace(test, since=_plain_atom(test.since) if test.since else None, route=())
