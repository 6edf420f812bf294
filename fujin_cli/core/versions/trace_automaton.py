"""Read one version of a procedure as an automaton over words of what people, other cases and deadlines do.

What follows by itself, and reminders, are silent. Names are those of the new version. A move with a limit is either
counted (``counted``), or both versions have the same limit, and the word says whether it was used up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fujin_cli.core.explore.child_groups import LEAVING, OPEN
from fujin_cli.core.explore.explorer import list_opening_options
from fujin_cli.core.explore.feasible_paths import runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge, Label
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.ladder_matching import name_changing_rungs
from fujin_cli.core.versions.renames import Renames
from fujin_cli.core.versions.trace_limits import limits_of

Symbol = tuple[Any, ...]
Element = tuple[int, tuple[int, ...]]  # an abstract case, and how often each counted move was made
Predecessors = dict[Element, tuple[Element, Edge, bool]]  # the element and edge before; whether by a symbol
BEGIN: Element = (-1, ())


class Successors(NamedTuple):
    """Hold what a symbol leads to, what follows silently included, and everybody who may do what the symbol says."""

    elements: frozenset[Element]
    actors: tuple[str, ...]


NOWHERE = Successors(frozenset(), ())


class TraceAutomaton:
    """Read words over sets of elements. ``versions`` are all procedures of its side.

    ``zones`` say, by rule, where words tell how often a limited action was done, and in which of these zones the limit
    is used up.

    ``alike`` are the groups of which both sides distinguish the same; for these a word says how many children are left
    in which state.
    """

    def __init__(
        self,
        exploration: Exploration,
        versions: Mapping[str, Procedure],
        renames: Renames,
        counted: Iterable[str],
        zones: Mapping[str, tuple[bool, ...]],
        alike: frozenset[str],
    ) -> None:
        self.versions = versions
        self.zones = zones
        self.alike = alike
        self.exploration = exploration
        self.renames = renames
        self.counted = {rule: place for place, rule in enumerate(sorted(counted))}
        self.limits = limits_of(exploration)
        self._order = runs_of(exploration).order
        version = exploration.model.version
        self._lively: dict[str, str] = {
            step.ladder[index].rule: name
            for step in version.steps.values()
            for index, name in name_changing_rungs(step).items()
        }
        self._following: dict[Element, tuple[list[tuple[Symbol, Element, Edge]], list[tuple[Element, Edge]]]] = {}
        self._readings: dict[int, list[tuple[Edge, bool, list[Symbol | None]]]] = {}  # by the number of a state
        self._resting: dict[frozenset[Element], Mapping[str, None]] = {}
        self._moving: dict[int, bool] = {}  # by the number of a state: whether an automatic move is due
        self._symbols: dict[Any, list[Symbol | None]] = {}
        self._closures: dict[Element, dict[Element, None]] = {}
        self._groups = {group.name: (place, group) for place, group in enumerate(exploration.model.shape.groups)}

    def list_first_symbols(self) -> dict[Symbol, Predecessors]:
        """List the symbols that a run may begin with, and what they lead to."""
        zero = (0,) * len(self.counted)
        following: dict[Symbol, Predecessors] = {}
        for edge in self._list_openings():
            for symbol in self._symbols_of(edge):
                assert symbol is not None  # noqa: S101 - an opening is never silent
                following.setdefault(symbol, {}).setdefault((edge.target, zero), (BEGIN, edge, True))
        return {symbol: self._add_silent_successors(predecessors) for symbol, predecessors in following.items()}

    def _list_openings(self) -> Iterator[Edge]:
        """List every opening with its data, also data that the abstraction drops afterwards."""
        model = self.exploration.model
        numbers = {state: number for number, state in enumerate(self.exploration.states)}
        for label, data, state, marks in model.list_openings(list_opening_options(model, self.versions)):
            yield Edge(-1, numbers[state], label, data, marks)

    def list_next_symbols(self, elements: Iterable[Element]) -> dict[Symbol, Predecessors]:
        """List the symbols that may follow, and what they lead to. An end is a symbol that leads nowhere."""
        following: dict[Symbol, Predecessors] = {}
        for element in elements:
            outcome = self._outcome_at(element)
            if outcome is not None:
                following.setdefault(("ended", self.renames.outcomes.get(outcome, outcome)), {})
            for symbol, target, edge in self._list_transitions(element)[0]:
                following.setdefault(symbol, {}).setdefault(target, (element, edge, True))
        return {symbol: self._add_silent_successors(predecessors) for symbol, predecessors in following.items()}

    def list_first_successors(self) -> Mapping[Symbol, Successors]:
        """List the symbols that a run may begin with, and what they lead to, without the way there."""
        return {
            symbol: Successors(frozenset(predecessors), self.exploration.model.version.opened_by)
            for symbol, predecessors in self.list_first_symbols().items()
        }

    def list_successors(self, elements: frozenset[Element]) -> Mapping[Symbol, Successors]:
        """List what ``list_next_symbols`` lists, without the way there: a search asks this of many sets."""
        reached: dict[Symbol, tuple[dict[Element, None], dict[str, None]]] = {}
        for element in elements:
            outcome = self._outcome_at(element)
            if outcome is not None:
                reached.setdefault(("ended", self.renames.outcomes.get(outcome, outcome)), ({}, {}))
            for symbol, target, edge in self._list_transitions(element)[0]:
                targets, actors = reached.setdefault(symbol, ({}, {}))
                targets |= self._find_silent_successors(target)
                actors |= dict.fromkeys(edge.label.by)
        return {symbol: Successors(frozenset(targets), tuple(actors)) for symbol, (targets, actors) in reached.items()}

    def _find_silent_successors(self, element: Element) -> dict[Element, None]:
        """Find an element and all that follows silently."""
        if element not in self._closures:
            reached, todo = {element: None}, [element]
            for place in todo:
                for target, _ in self._list_transitions(place)[1]:
                    if target not in reached:
                        reached[target] = None
                        todo.append(target)
            self._closures[element] = reached
        return self._closures[element]

    def _outcome_at(self, element: Element) -> str | None:
        return self.exploration.model.version.steps[self.exploration.step_of(element[0])].end

    def list_resting_steps(self, elements: frozenset[Element]) -> Mapping[str, None]:
        """List the steps where these cases stay until something happens: open ones, where no automatic move is due."""
        if elements not in self._resting:
            exploration = self.exploration
            self._resting[elements] = dict.fromkeys(
                exploration.step_of(number)
                for number, _ in elements
                if not (exploration.is_ended(number) or self._must_move_at_once(number))
            )
        return self._resting[elements]

    def _must_move_at_once(self, number: int) -> bool:
        if number not in self._moving:
            self._moving[number] = self.exploration.model.must_move_at_once(self.exploration.states[number])
        return self._moving[number]

    def build_run(self, word: Sequence[Symbol]) -> list[Edge]:
        """Build a run that reads the word: its edges, silent ones included; a final end adds none."""
        steps_back: list[Predecessors] = []
        following = self.list_first_symbols()
        for symbol in word:
            if symbol[0] == "ended":
                break
            steps_back.append(following[symbol])
            following = self.list_next_symbols(steps_back[-1])
        last = steps_back[-1]
        element = next(iter(last))
        if word[-1][0] == "ended":
            outcomes = self.renames.outcomes
            element = next(
                reached
                for reached in last
                if (end := self._outcome_at(reached)) is not None and outcomes.get(end, end) == word[-1][1]
            )
        edges: list[Edge] = []
        for predecessors in reversed(steps_back):
            element = _collect_edges_back(predecessors, element, edges)
        return edges[::-1]

    def _add_silent_successors(self, predecessors: Predecessors) -> Predecessors:
        """Add all elements that follow silently."""
        todo = list(predecessors)
        for element in todo:
            for target, edge in self._list_transitions(element)[1]:
                if target not in predecessors:
                    predecessors[target] = (element, edge, False)
                    todo.append(target)
        return predecessors

    def _list_transitions(
        self, element: Element
    ) -> tuple[list[tuple[Symbol, Element, Edge]], list[tuple[Element, Edge]]]:
        """List what follows with a symbol, and what follows silently."""
        if element not in self._following:
            number, counts = element
            used = dict(zip(self.counted, counts, strict=True))
            read: list[tuple[Symbol, Element, Edge]] = []
            silent: list[tuple[Element, Edge]] = []
            for edge, may_be_forbidden, symbols in self._read_edges(number):
                if may_be_forbidden and self._order.find_forbidding_rule(edge, used, self.counted) is not None:
                    continue  # another automatic move comes first
                for counted in self._advance_counters(edge.label, counts):
                    target = edge.target, counted
                    read += [(symbol, target, edge) for symbol in symbols if symbol is not None]
                    silent += [(target, edge) for symbol in symbols if symbol is None]
            self._following[element] = read, silent
        return self._following[element]

    def _read_edges(self, number: int) -> list[tuple[Edge, bool, list[Symbol | None]]]:
        """List the edges that leave a state: whether counted limits can forbid one, and its symbols."""
        if number not in self._readings:
            self._readings[number] = [
                (edge, bool(self.counted) and self._order.can_forbid(edge), self._symbols_of(edge))
                for edge in self.exploration.edges[number]
            ]
        return self._readings[number]

    def _advance_counters(self, label: Label, counts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Compute the counters after a move; nothing where they forbid it."""
        place = self.counted.get(label.rule)
        if place is None:
            yield counts
            return
        limit = self.limits[label.rule]
        used_up = counts[place] >= limit.most
        if label.overflow == used_up:
            yield (*counts[:place], min(limit.most, counts[place] + 1), *counts[place + 1 :])

    def _symbols_of(self, edge: Edge) -> list[Symbol | None]:
        remaining = self._count_remaining_children(edge) if edge.label.kind == "child" else ()
        key = (edge.label, tuple((name, _make_hashable(value)) for name, value in edge.data), remaining)
        if key not in self._symbols:
            self._symbols[key] = list(self._make_symbols(edge.label, key[1], remaining))
        return self._symbols[key]

    def _count_remaining_children(self, edge: Edge) -> tuple[int, ...]:
        """Count the open children of a group after one ended or was reopened, as far as both versions tell apart."""
        place, group = self._groups[edge.label.group]
        counts = self.exploration.states[edge.target].groups[place]
        if group.name in self.alike:
            return counts
        return (min(2, counts[OPEN] + counts[LEAVING]),)

    def _make_symbols(
        self, label: Label, data: tuple[tuple[str, Any], ...], left: tuple[int, ...]
    ) -> Iterator[Symbol | None]:
        fields = self.renames.fields
        entered = tuple(sorted(((fields.get(name, name), value) for name, value in data), key=lambda pair: pair[0]))
        used_up = label.overflow if label.rule in self.limits and label.rule not in self.counted else None
        step = self.renames.new_step_name(label.step)
        match label.kind:
            case "opened":
                yield ("opened", entered)
            case "action":
                name = self.renames.new_action_name(label.rule)
                if label.rule not in self.zones:
                    yield ("action", name, entered, used_up)
                for zone, is_used_up in enumerate(self.zones.get(label.rule, ())):
                    if is_used_up == label.overflow:
                        yield ("action", name, entered, zone)
            case "rung":
                yield ("rung", step, self._lively[label.rule], used_up) if label.rule in self._lively else None
            case "time-up":
                yield ("time-up", step)
            case "child":
                for outcome in self._list_equivalent_outcomes(label):
                    group = self.renames.new_group_name(label.group)
                    yield ("child", group, self.renames.new_child_outcome(group, outcome), entered, left)
            case "other-ended" | "joined" | "parted":
                yield (label.kind,)
            case _:
                yield None

    def _list_equivalent_outcomes(self, label: Label) -> list[str | None]:
        """List every outcome that the guards do not distinguish from the label's."""
        if label.outcome is None:
            return [None]
        _, group = self._groups[label.group]
        own = group.class_of[label.outcome]
        return [outcome for outcome, place in group.class_of.items() if place == own]


def _make_hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _collect_edges_back(predecessors: Predecessors, element: Element, edges: list[Edge]) -> Element:
    """Add the edges that led to an element of a set, newest first; returns the element before the set."""
    while True:
        before, edge, read = predecessors[element]
        edges.append(edge)
        if read:
            return before
        element = before
