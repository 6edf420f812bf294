"""Merge values that nothing tells apart from a step on, so that a large procedure need not be explored for each.

Domains look at one field: they hold a value for everything that some guard asks of it. Guards ask less. Where the only
one reads ``{agreed: yes, paid: yes}``, four pairs of values make two classes: it holds, or it does not. So at each step
values are the same if all *cubes* that are still to be read hold for both or for neither: the tests of fields in one
alternative of a condition, without those fields that are overwritten before. Two cases at the same step and of the same
class can make the same moves, and are of the same class after the same move (a bisimulation), so that one of them
stands for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from fujin_cli.core.explore.domains import build_test_probe
from fujin_cli.core.explore.group_classes import GroupClasses, find_group_tests
from fujin_cli.core.explore.live_variables import BY_MOVES, Flow, list_flows_by_step
from fujin_cli.core.explore.state import Abstraction
from fujin_cli.core.model.procedure import Atom, Condition, Procedure, Test

Cube = frozenset[Test]  # tests of fields that are read together: it only matters whether all of them hold
MOST_CLASSES = 20_000  # of the values after one move


class TooManyClasses(Exception):
    """Raised where one move can lead to more classes of values than can be explored."""


class Option(NamedTuple):
    """Say what a field may be after a move, and what was entered for it: an index, or None."""

    after: int
    entered: int | None


@dataclass(frozen=True, slots=True)
class Readers:
    """Hold what is still to be read of the values at a step: cubes, and the fields that are used as they are."""

    cubes: frozenset[Cube]
    whole: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what is still to be read at each step, of values and of groups: the same under any settings."""

    values: Mapping[str, Readers]
    groups: Mapping[str, frozenset[Test]]


def find_reading(procedure: Procedure, brought: Iterable[str], watched: Sequence[Atom]) -> Reading:
    """Find what is still to be read at each step; ``brought`` are the fields that ends hand on to openers."""
    flows = list_flows_by_step(procedure, watched)
    readers = find_readers(procedure, brought, watched, flows)
    return Reading(readers, find_group_tests(list(procedure.steps), flows, watched))


def find_readers(
    procedure: Procedure, at_ends: Iterable[str], watched: Sequence[Atom], flows: Mapping[str, Sequence[Flow]]
) -> dict[str, Readers]:
    """Find for each step what is still to be read there; ``at_ends`` are the fields that ends hand on to others."""
    brought = frozenset(
        f"field:{name}" for effects in procedure.all_effects() for opens in effects.opens for name in opens.bring
    )
    wheres = [cube for atom in watched if atom.kind not in BY_MOVES for cube in _cubes_of(atom.where)]
    always = [part for cube in wheres for part in _split_off(cube, brought)]
    readers = {
        name: Readers(frozenset(always) - {frozenset()}, frozenset(at_ends if step.end else ()))
        for name, step in procedure.steps.items()
    }
    carried: dict[int, frozenset[Cube]] = {}  # by the identity of flows: cubes that were followed back over them
    fresh = set(readers)  # steps whose readers are new to the steps before them
    while fresh:
        changed, fresh = fresh, set()
        for name, leaving in flows.items():
            cubes, whole = set(readers[name].cubes), set(readers[name].whole)
            for flow in leaving:
                if flow.to not in changed and flow.to not in fresh:
                    continue
                after = readers[flow.to]
                own = _readers_before(flow, Readers(after.cubes - carried.get(id(flow), frozenset()), after.whole))
                carried[id(flow)] = after.cubes
                cubes |= own.cubes
                whole |= own.whole
            new_cubes = cubes - readers[name].cubes
            split = {part for cube in new_cubes for part in _split_off(cube, brought)}  # children may end at any time
            split |= readers[name].cubes
            new = Readers(frozenset(split - {frozenset()}), frozenset(whole))
            if new != readers[name]:
                readers[name] = new
                fresh.add(name)
    return readers


def _readers_before(flow: Flow, after: Readers) -> Readers:
    cubes = after.cubes.union(*(_cubes_of(where) for where in flow.wheres))
    cubes = frozenset(_without(part, flow.kills) for cube in cubes for part in _split_off(cube, flow.may_kill))
    whole = frozenset(name for name in after.whole if f"field:{name}" not in flow.kills)
    return Readers(cubes.union(_cubes_of(flow.guard)), whole | {name.removeprefix("field:") for name in flow.uses})


def _without(cube: Cube, written: Iterable[str]) -> Cube:
    return frozenset(test for test in cube if f"field:{test.name}" not in written)


def _split_off(cube: Cube, variables: frozenset[str]) -> Iterator[Cube]:
    """Split off the tests of fields that may or may not be overwritten before the cube is read."""
    yield _without(cube, variables)
    yield from (frozenset({test}) for test in cube if f"field:{test.name}" in variables)


def _cubes_of(condition: Condition | None) -> Iterator[Cube]:
    """List the cubes of a condition: of each alternative the tests of fields, wherever they stand in the file."""
    for tests in condition.alternatives if condition else ():
        yield frozenset(replace(test, route=()) for test in tests if test.kind == "field")


@dataclass(slots=True)
class _Signatures:
    """Compute signatures of values: which cubes a value of a field makes false, and the fields that are kept whole."""

    masks: list[list[int]]  # by place and value: a bit for each cube that the value makes false
    whole: list[int]
    read: list[tuple[int, list[int]]] = field(init=False)  # the places whose values can make a cube false
    first: dict[tuple[int, tuple[int, ...]], tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.read = [(place, masks) for place, masks in enumerate(self.masks) if any(masks)]

    def represent(self, values: tuple[int, ...]) -> tuple[int, ...]:
        """Give the first values that were met in the class of these."""
        false = 0
        for place, masks in self.read:
            false |= masks[values[place]]
        return self.first.setdefault((false, tuple([values[place] for place in self.whole])), values)


_Chosen = tuple["Option", Any] | None  # the last option that was chosen, and those before it


def _list_chosen(chosen: _Chosen) -> tuple[Option, ...]:
    options = []
    while chosen is not None:
        option, chosen = chosen
        options.append(option)
    return tuple(reversed(options))


class ValueClasses:
    """Merge the values and the groups of one procedure."""

    def __init__(self, shape: Abstraction, watched: Sequence[Atom], reading: Reading) -> None:
        self.shape = shape
        self.groups = GroupClasses(shape, reading.groups)
        self._readers = reading.values
        self._where = Readers(frozenset(cube for atom in watched for cube in _cubes_of(atom.where)), frozenset())
        self._signatures: dict[object, _Signatures] = {}
        self.work = 0  # classes that were looked at, so that a search can stop in time

    def represent(self, step: int, values: tuple[int, ...]) -> tuple[int, ...]:
        """Give the values that stand at this step for all of the class."""
        signatures = self._signatures.get(step)
        if signatures is None:
            readers = self._readers[self.shape.steps[step]]
            signatures = self._signatures[step] = self._build_signatures(readers)
        return signatures.represent(values) if values else values

    def list_classes(
        self, step: int, options: Sequence[Sequence[Option]], used: frozenset[str]
    ) -> Iterator[tuple[Option, ...]]:
        """List a choice of options for each class of values at ``step``. Raises TooManyClasses.

        ``used`` are fields that the move itself uses as they are. The classes are built field by field, so that the
        choices are never listed: many of them make the same cubes false.
        """
        readers = self._readers[self.shape.steps[step]]
        key = (step, used)
        if key not in self._signatures:
            cubes = (readers.cubes | self._where.cubes) - {frozenset()}
            self._signatures[key] = self._build_signatures(Readers(cubes, readers.whole | used))
        signatures = self._signatures[key]
        if not all(options):
            return
        several = [place for place, own in enumerate(options) if len(own) > 1]  # the others are the same in each class
        self.work += len(options) - len(several)
        common = 0
        for place, own in enumerate(options):
            if len(own) == 1:
                common |= signatures.masks[place][own[0].after]
        classes: dict[tuple[int, tuple[Option, ...]], _Chosen] = {(common, ()): None}
        for place in several:
            own = options[place]
            masks, is_whole = signatures.masks[place], place in signatures.whole
            longer: dict[tuple[int, tuple[Option, ...]], _Chosen] = {}
            for (false, whole), chosen in classes.items():
                for option in own:
                    key_after = (false | masks[option.after], (*whole, option) if is_whole else whole)
                    if key_after not in longer:
                        longer[key_after] = (option, chosen)
            classes = longer
            self.work += len(classes)
            if len(classes) > MOST_CLASSES:
                raise TooManyClasses
        row = [own[0] for own in options]
        for chosen in classes.values():
            for place, option in zip(several, _list_chosen(chosen), strict=True):
                row[place] = option
            yield tuple(row)

    def _build_signatures(self, readers: Readers) -> _Signatures:
        places = {domain.field.name: place for place, domain in enumerate(self.shape.domains)}
        masks = [[0] * len(domain.values) for domain in self.shape.domains]
        cubes: Iterable[Cube] = readers.cubes
        for bit, cube in enumerate(sorted(cubes, key=lambda cube: sorted(map(str, cube)))):
            for test in cube:
                place = places[test.name]
                domain = self.shape.domains[place]
                holds = build_test_probe(domain.field, test, self.shape.settings)
                for index, value in enumerate(domain.values):
                    masks[place][index] |= 0 if holds(value) else 1 << bit
        whole = sorted(places[name] for name in readers.whole if name in places)
        return _Signatures(masks, whole)


def list_options(
    values: Sequence[int], inputs: Mapping[int, Sequence[int | None]], written: Mapping[int, Sequence[int]]
) -> list[list[Option]]:
    """List for each field what it may be after a move: what is entered (None: nothing), then what effects write."""
    options: list[list[Option]] = []
    for place, value in enumerate(values):
        entered = inputs.get(place, (None,))
        if place in written:
            options.append([Option(after, index) for index in entered for after in written[place]])
        else:
            options.append([Option(value if index is None else index, index) for index in entered])
    return options
