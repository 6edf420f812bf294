"""Every abstract case that a procedure can lead to, breadth first, so that the first way found is a shortest one."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property

from fujin_cli.core.explore_data import NO_VALUE, Settings
from fujin_cli.core.explore_groups import Ending
from fujin_cli.core.explore_model import Found, Model
from fujin_cli.core.explore_shape import Asked, ChildEnds, asked_of, guards, limits_alone, profiles, shape_of
from fujin_cli.core.explore_state import Edge, State
from fujin_cli.core.procedure import Procedure
from fujin_cli.core.values import literal

MOST_STATES = 60_000


class TooLarge(Exception):
    """A procedure has more abstract cases than can be looked at."""


@dataclass(slots=True, eq=False)
class Exploration:
    """The reachable states of one procedure under one choice of settings.

    ``begins`` are the opening events (their source is -1); ``edges[n]`` are those that leave state n.
    """

    model: Model
    states: list[State] = field(default_factory=list)
    begins: list[Edge] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    first: list[Edge] = field(default_factory=list)  # the edge by which each state was found first

    def step(self, number: int) -> str:
        """The step of a state."""
        return self.model.shape.steps[self.states[number].step]

    def ended(self, number: int) -> bool:
        """Whether the state stands at an end."""
        return self.model.law.steps[self.step(number)].end is not None

    @property
    def unusual(self) -> dict[str, str]:
        """The settings that are not at their defaults."""
        usual = self.model.law.settings
        return {name: value for name, value in self.model.shape.settings.items() if value != usual[name].default}

    def under(self, settings: Settings) -> Exploration:
        """The same states under settings that differ in limits alone."""
        model = copy(self.model)
        model.shape = replace(model.shape, settings=settings)
        return self if settings == self.model.shape.settings else replace(self, model=model)

    def way_to(self, number: int) -> list[Edge]:
        """A shortest run to a state, from the opening event on."""
        found = [self.first[number]]
        while found[-1].source >= 0:
            found.append(self.first[found[-1].source])
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Proved:
    """What exploring found of each procedure, once for every choice of settings; ``too_large`` are those given up."""

    explorations: Mapping[str, Sequence[Exploration]]
    too_large: frozenset[str]
    circular: tuple[tuple[str, ...], ...]  # procedures that open one another in a circle


def explore(model: Model, options: Sequence[Sequence[int]]) -> Exploration:
    """Everything reachable from an opening with these values. Raises TooLarge."""
    found = Exploration(model)
    numbers: dict[State, int] = {}
    todo: deque[int] = deque()

    def reach(source: int, step: Found) -> Edge:
        label, data, state, marks = step
        number = numbers.get(state)
        fresh = number is None
        if number is None:
            number = numbers[state] = len(found.states)
            if number >= MOST_STATES:
                raise TooLarge(model.law.name)
            found.states.append(state)
            found.edges.append([])
            todo.append(number)
        edge = Edge(source, number, label, data, marks)
        if fresh:
            found.first.append(edge)
        return edge

    begins = {(edge.target, edge.label, edge.marks): edge for edge in (reach(-1, at) for at in model.openings(options))}
    found.begins += begins.values()
    while todo:
        number = todo.popleft()
        found.edges[number] += [reach(number, step) for step in model.successors(found.states[number])]
    return found


def questions(procedures: Mapping[str, Procedure]) -> dict[str, dict[str, Asked]]:
    """What is asked about the fields of every procedure that can be explored, parents' questions included."""
    calls = {name: _called(law, procedures) for name, law in procedures.items()}
    inside = {name for circle in _circles(calls) for name in circle}
    return _asked(procedures, _children_first(calls, inside))


class Prover:
    """Explores the procedures of a workspace as they are asked for, children before those that open them.

    ``asked`` are the questions that states answer, where they are to tell more apart than the procedures do alone.
    ``settings`` are choices of settings to be explored beside those of ``profiles``.
    ``earlier`` has explored almost the same procedures: what would come out as before is taken from it.
    """

    def __init__(
        self,
        procedures: Mapping[str, Procedure],
        asked: Mapping[str, Mapping[str, Asked]] | None = None,
        earlier: Prover | None = None,
        settings: Mapping[str, Sequence[Settings]] | None = None,
    ) -> None:
        self.procedures = procedures
        self._settings = settings or {}
        self._asked_for = asked
        self._earlier = earlier
        self.calls = {name: _called(law, procedures) for name, law in procedures.items()}
        self.circles = tuple(_circles(self.calls))
        self.order = _children_first(self.calls, {name for circle in self.circles for name in circle})
        self.outcomes = {
            name: tuple(dict.fromkeys(s.end for s in law.steps.values() if s.end)) for name, law in procedures.items()
        }
        self._explored: dict[str, list[Exploration] | None] = {}
        self._ends: dict[str, ChildEnds] = {}

    def explored(self, name: str) -> list[Exploration] | None:
        """What was found of a procedure of ``order`` under each choice of settings; None where it is too large."""
        if name not in self._explored:
            self._explored[name] = self._explore(name)
        return self._explored[name]

    def ends(self, name: str) -> ChildEnds | None:
        """What those who open it have to know of it; None where it is too large."""
        explored = self.explored(name)
        if explored is not None and name not in self._ends:
            own = len(profiles(self.procedures[name]))  # children of real cases have settings inside their range
            self._ends[name] = _ends(explored[:own], self._brought_by(name))
        return self._ends.get(name)

    @cached_property
    def proved(self) -> Proved:
        """What was found of all of them."""
        found = {name: self.explored(name) for name in self.order}
        explorations = {name: explored for name, explored in found.items() if explored is not None}
        return Proved(explorations, frozenset(found.keys() - explorations.keys()), self.circles)

    def _explore(self, name: str) -> list[Exploration] | None:
        ends = {child: self.ends(child) for child in self.calls[name]}
        known = {child: end for child, end in ends.items() if end is not None}
        if len(known) < len(ends):
            return None
        law, asked, brought = self.procedures[name], self._asked[name], self._brought_by(name)
        if self._earlier is not None and self._same(name, self._earlier, known):
            return self._earlier.explored(name)
        limits, found = limits_alone(law), dict[frozenset[tuple[str, str]], Exploration]()
        explored = []
        for settings in _every(profiles(law), self._settings.get(name, ())):
            told_apart = frozenset((key, value) for key, value in settings.items() if key not in limits)
            try:
                if told_apart not in found:
                    prepared = _prepared(law, settings, asked, known, self.outcomes, brought, self.procedures)
                    found[told_apart] = explore(*prepared)
            except TooLarge:
                return None
            explored.append(found[told_apart].under(settings))
        return explored

    def _same(self, name: str, earlier: Prover, ends: Mapping[str, ChildEnds]) -> bool:
        """Whether exploring the procedure would meet with exactly what the earlier one met with."""
        return (
            earlier.procedures.get(name) is self.procedures[name]
            and earlier.outcomes == self.outcomes
            and _questions(name, earlier) == _questions(name, self)
            and earlier._brought_by(name) == self._brought_by(name)
            and {child: earlier.ends(child) for child in earlier.calls[name]} == ends
            and _given(name, earlier.procedures) == _given(name, self.procedures)
        )

    @cached_property
    def _asked(self) -> Mapping[str, Mapping[str, Asked]]:
        return self._asked_for or _asked(self.procedures, self.order)

    def _brought_by(self, name: str) -> frozenset[str]:
        return frozenset(_brought(name, self.procedures))


def prove(
    procedures: Mapping[str, Procedure], asked: Mapping[str, Mapping[str, Asked]] | None = None,
    settings: Mapping[str, Sequence[Settings]] | None = None,
) -> Proved:  # fmt: skip
    """Explore all procedures; what calls itself, or opens one that does, is left out. For the rest see ``Prover``."""
    return Prover(procedures, asked, settings=settings).proved


def _every(usual: Sequence[Settings], more: Sequence[Settings]) -> list[Settings]:
    found = list(usual)
    found += [settings for place, settings in enumerate(more) if settings not in usual and settings not in more[:place]]
    return found


def _prepared(
    law: Procedure, settings: Settings, asked: Mapping[str, Asked], ends: Mapping[str, ChildEnds],
    outcomes: Mapping[str, tuple[str, ...]], brought: frozenset[str], procedures: Mapping[str, Procedure],
) -> tuple[Model, list[list[int]]]:  # fmt: skip
    model = Model(shape_of(law, settings, asked, ends, outcomes), brought)
    return model, opening_options(model, procedures)


def _given(name: str, procedures: Mapping[str, Procedure]) -> set[str]:
    """The fields that those who open cases of a procedure fill in."""
    opens = [entry for other in procedures.values() for listed in other.groups().values() for entry in listed]
    given = {field for entry in opens if entry.procedure == name for field in entry.give}
    if any(entry.procedure == name and entry.one_each for entry in opens):
        given.add("is_lead")
    return given


def opening_options(model: Model, procedures: Mapping[str, Procedure]) -> list[list[int]]:
    """For each remembered field the values that a case may begin with."""
    law = model.law
    by_people = any(name != "procedure" for name in law.opened_by)
    given = _given(law.name, procedures)
    found = []
    for own in model.shape.domains:
        spec = own.field
        every = list(range(1, len(own.values)))
        usual = NO_VALUE if spec.default is None else own.index(literal(spec.type, spec.default))
        free = (by_people and not spec.computed) or spec.name in given
        if spec.required and usual == NO_VALUE:
            found.append(every)
        else:
            found.append(list(dict.fromkeys([usual, *every])) if free else [usual])
    return found


def _called(law: Procedure, procedures: Mapping[str, Procedure]) -> frozenset[str]:
    return frozenset(o.procedure for listed in law.groups().values() for o in listed if o.procedure in procedures)


def _circles(calls: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """One circle through each procedure that can open itself again, each circle once."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for name in calls:
        ways: dict[str, tuple[str, ...]] = {name: (name,)}
        todo = deque([name])
        while todo:
            at = todo.popleft()
            for other in sorted(calls[at]):
                if other == name:
                    found.setdefault(frozenset(ways[at]), ways[at])
                elif other not in ways:
                    ways[other] = (*ways[at], other)
                    todo.append(other)
    return list(found.values())


def _children_first(calls: Mapping[str, frozenset[str]], inside: set[str]) -> list[str]:
    """Every procedure that neither is in a circle nor opens one that is, children first."""
    order: list[str] = []
    changed = True
    while changed:
        changed = False
        for name in calls:
            if name not in order and name not in inside and calls[name] <= set(order):
                order.append(name)
                changed = True
    return order


def _asked(procedures: Mapping[str, Procedure], order: Sequence[str]) -> dict[str, dict[str, Asked]]:
    """What is asked about fields, parents' questions about what they are brought included."""
    found = {name: asked_of(procedures[name]) for name in order}
    for name in reversed(order):
        for listed in procedures[name].groups().values():
            for opens in listed:
                for brought in opens.bring:
                    asked, there = found[name].get(brought), found.get(opens.procedure)
                    if asked and there is not None and brought in procedures[opens.procedure].fields:
                        own = there.get(brought, Asked((), ()))
                        there[brought] = Asked(own.probes + asked.probes, own.bounds + asked.bounds)
    return found


def _questions(name: str, prover: Prover) -> object:
    """What can be compared of the questions about a procedure: its own never differ, those of others may."""
    asking = [law for law in prover.procedures.values() if any(o.bring for e in law.all_effects() for o in e.opens)]
    inputs = [[(*action.needs, *action.may) for _, action in law.all_actions()] for law in asking]
    counts = {field: (len(asked.probes), asked.bounds) for field, asked in prover._asked[name].items()}
    return counts, [list(guards(law)) for law in asking], inputs, [law.settings for law in asking]


def _brought(name: str, procedures: Mapping[str, Procedure]) -> set[str]:
    return {
        field
        for law in procedures.values()
        for listed in law.groups().values()
        for opens in listed
        if opens.procedure == name
        for field in opens.bring
    }


def _ends(explorations: Sequence[Exploration], brought: frozenset[str]) -> ChildEnds:
    endings: dict[Ending, None] = {}
    instant = False
    for found in explorations:
        shape, law = found.model.shape, found.model.law
        places = [(place, own) for place, own in enumerate(shape.domains) if own.field.name in brought]
        for state in found.states:
            outcome = law.steps[shape.steps[state.step]].end
            if outcome:
                brings = [(own.field.name, own.values[state.values[place]]) for place, own in places]
                endings[Ending(outcome, tuple((n, tuple(v) if isinstance(v, list) else v) for n, v in brings))] = None
        instant = instant or _instant(found)
    law = explorations[0].model.law
    reopens = frozenset(step.end for step in law.steps.values() if step.end and step.reopen)
    return ChildEnds(tuple(endings), reopens, instant)


def _instant(found: Exploration) -> bool:
    """Whether a case can end before anybody could do anything."""
    seen = {edge.target for edge in found.begins}
    todo = list(seen)
    while todo:
        number = todo.pop()
        if found.ended(number):
            return True
        for edge in found.edges[number]:
            if edge.label.kind == "move" and edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return False
