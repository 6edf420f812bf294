"""One version of a procedure as a machine that reads runs: words of what people, other cases and deadlines do.

What follows by itself, and reminders, are silent. Names are those of the new version. A move with a limit is either
counted (``counted``), or both versions have the same limit, and the word says whether it was used up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.explore.child_groups import LEAVING, OPEN, Group
from fujin_cli.core.explore.explorer import opening_options
from fujin_cli.core.explore.feasible_paths import runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge, Label
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.ladder_matching import does_more, lively_names
from fujin_cli.core.versions.renames import Renames

Symbol = tuple[Any, ...]
Element = tuple[int, tuple[int, ...]]  # an abstract case, and how often each counted move was made
Way = dict[Element, tuple[Element, Edge, bool]]  # how each element of a set was reached; whether by a symbol
BEGIN: Element = (-1, ())


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a move can be made before it is refused, or leads elsewhere (``overflows``)."""

    most: int
    overflows: bool
    silent: bool  # what nobody makes, and reminders


def limits_of(found: Exploration) -> dict[str, Limit]:
    """Every move with a limit, by rule, under the settings of the exploration."""
    version, settings = found.model.version, found.model.shape.settings
    listed: list[tuple[Any, bool]] = [(action, not action.by) for _, action in version.all_actions()]
    listed += [(rung, not does_more(rung)) for step in version.steps.values() for rung in step.ladder]
    return {
        entry.rule: Limit(int(settings.get(entry.limit, entry.limit)), entry.then is not None, silent)
        for entry, silent in listed
        if entry.limit is not None
    }


class Machine:
    """Reads words over sets of elements. ``laws`` are all procedures of its version.

    Of ``alike`` groups both versions tell apart the same; there a word says how many cases are left in which state.
    """

    def __init__(
        self,
        found: Exploration,
        versions: Mapping[str, Procedure],
        renames: Renames,
        counted: Iterable[str],
        alike: frozenset[str],
    ) -> None:
        self.versions = versions
        self.alike = alike
        self.found = found
        self.renames = renames
        self.counted = {rule: place for place, rule in enumerate(sorted(counted))}
        self.limits = limits_of(found)
        self._order = runs_of(found).order
        version = found.model.version
        self._lively = {
            step.ladder[index].rule: name
            for step in version.steps.values()
            for index, name in lively_names(step).items()
        }
        self._known: dict[Element, list[tuple[Symbol | None, Element, Edge]]] = {}
        self._symbols: dict[Any, list[Symbol | None]] = {}
        self._groups = {group.name: (place, group) for place, group in enumerate(found.model.shape.groups)}

    def start(self) -> dict[Symbol, Way]:
        """What a run may begin with."""
        zero = (0,) * len(self.counted)
        found: dict[Symbol, Way] = {}
        for edge in self._begins():
            for symbol in self._named(edge):
                assert symbol is not None  # noqa: S101 - an opening is never silent
                found.setdefault(symbol, {}).setdefault((edge.target, zero), (BEGIN, edge, True))
        return {symbol: self._closed(way) for symbol, way in found.items()}

    def _begins(self) -> Iterator[Edge]:
        """Every opening with its data, also data that nothing remembers afterwards."""
        model = self.found.model
        numbers = {state: number for number, state in enumerate(self.found.states)}
        for label, data, state, marks in model.openings(opening_options(model, self.versions)):
            yield Edge(-1, numbers[state], label, data, marks)

    def after(self, elements: Iterable[Element]) -> dict[Symbol, Way]:
        """What may happen next, and where it leads. An end can be read, and leads nowhere."""
        found: dict[Symbol, Way] = {}
        for element in elements:
            outcome = self.found.model.version.steps[self.found.step(element[0])].end
            if outcome is not None:
                found.setdefault(("ended", outcome), {})
            for symbol, target, edge in self._steps(element):
                if symbol is not None:
                    found.setdefault(symbol, {}).setdefault(target, (element, edge, True))
        return {symbol: self._closed(way) for symbol, way in found.items()}

    def rests(self, element: Element) -> bool:
        """Whether a case stays there until something happens: nothing follows by itself at once."""
        return not self.found.model.settles(self.found.states[element[0]])

    def run(self, word: Sequence[Symbol]) -> list[Edge]:
        """The events of a run that reads the word, silent ones included; a final end is no event."""
        ways: list[Way] = []
        following = self.start()
        for symbol in word:
            if symbol[0] == "ended":
                break
            ways.append(following[symbol])
            following = self.after(ways[-1])
        last = ways[-1]
        element = next(iter(last))
        if word[-1][0] == "ended":
            element = next(
                at for at in last if self.found.model.version.steps[self.found.step(at[0])].end == word[-1][1]
            )
        edges: list[Edge] = []
        for way in reversed(ways):
            element = _back(way, element, edges)
        return edges[::-1]

    def _closed(self, way: Way) -> Way:
        """The elements with all that follow silently."""
        todo = list(way)
        for element in todo:
            for symbol, target, edge in self._steps(element):
                if symbol is None and target not in way:
                    way[target] = (element, edge, False)
                    todo.append(target)
        return way

    def _steps(self, element: Element) -> list[tuple[Symbol | None, Element, Edge]]:
        if element not in self._known:
            number, counts = element
            used = dict(zip(self.counted, counts, strict=True))
            self._known[element] = [
                (symbol, (edge.target, counted), edge)
                for edge in self.found.edges[number]
                if self._order.forbids(edge, used, self.counted) is None  # another that nobody makes may come first
                for counted in self._count(edge.label, counts)
                for symbol in self._named(edge)
            ]
        return self._known[element]

    def _count(self, label: Label, counts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """The counters after a move; nothing where they forbid it."""
        place = self.counted.get(label.rule)
        if place is None:
            yield counts
            return
        limit = self.limits[label.rule]
        used_up = counts[place] >= limit.most
        if label.overflow == used_up:
            yield (*counts[:place], min(limit.most, counts[place] + 1), *counts[place + 1 :])

    def _named(self, edge: Edge) -> list[Symbol | None]:
        left = self._left(edge) if edge.label.kind == "child" else ()
        key = (edge.label, tuple((name, _fixed(value)) for name, value in edge.data), left)
        if key not in self._symbols:
            self._symbols[key] = list(self._name(edge.label, key[1], left))
        return self._symbols[key]

    def _left(self, edge: Edge) -> tuple[int, ...]:
        """What is left of a group once one of its cases ended or is open again, as far as both versions can tell."""
        place, group = self._groups[edge.label.group]
        counts = self.found.states[edge.target].groups[place]
        if group.name in self.alike:
            return counts
        return (min(2, counts[OPEN] + counts[LEAVING]),)

    def _name(self, label: Label, data: tuple[tuple[str, Any], ...], left: tuple[int, ...]) -> Iterator[Symbol | None]:
        fields = self.renames.fields
        given = tuple(sorted(((fields.get(name, name), value) for name, value in data), key=lambda item: item[0]))
        used_up = label.overflow if label.rule in self.limits and label.rule not in self.counted else None
        step = self.renames.step(label.step)
        match label.kind:
            case "opened":
                yield ("opened", given)
            case "action":
                yield ("action", self.renames.action_name(label.rule), given, used_up)
            case "rung":
                yield ("rung", step, self._lively[label.rule], used_up) if label.rule in self._lively else None
            case "time-up":
                yield ("time-up", step)
            case "child":
                for outcome in self._outcomes(label):
                    yield ("child", label.group, outcome, given, left)
            case "other-ended":
                yield ("other-ended",)
            case _:
                yield None

    def _outcomes(self, label: Label) -> list[str | None]:
        """Every outcome that the guards do not tell apart from the one shown."""
        if label.outcome is None:
            return [None]
        _, group = self._groups[label.group]
        own = group.class_of[label.outcome]
        return [outcome for outcome, place in group.class_of.items() if place == own]


def same_groups(old: Exploration, new: Exploration) -> frozenset[str]:
    """The groups of which both versions remember the same."""
    known = {group.name: _remembered(group) for group in old.model.shape.groups}
    return frozenset(g.name for g in new.model.shape.groups if known.get(g.name) == _remembered(g))


def _remembered(group: Group) -> tuple[Any, ...]:
    instead = tuple((opens.one_each, opens.instead_of, opens.leaves) for opens in group.opens)
    return group.outcomes, dict(group.class_of), group.reopens, group.cap, group.plain, instead


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _back(way: Way, element: Element, edges: list[Edge]) -> Element:
    """Add the edges by which an element of a set was reached, newest first; where the set was entered from."""
    while True:
        before, edge, read = way[element]
        edges.append(edge)
        if read:
            return before
        element = before


def overstepped(run: Sequence[Edge], limits: Mapping[str, Limit]) -> set[str]:
    """The moves that the run makes more often than their limits allow, or that overflow before they are used up."""
    done: dict[str, int] = {}
    found: set[str] = set()
    for edge in run:
        rule = edge.label.rule
        limit = limits.get(rule)
        if limit is not None:
            if edge.label.overflow != (done.get(rule, 0) >= limit.most):
                found.add(rule)
            done[rule] = done.get(rule, 0) + 1
    return found
