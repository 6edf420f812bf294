"""Explore every abstract case that a procedure can reach, breadth first, so that first paths are shortest ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import wraps
from math import prod
from typing import Any, TypeVar

from fujin_cli.core.explore.apply import Successor
from fujin_cli.core.explore.domains import Settings
from fujin_cli.core.explore.growth import Growth, list_factors
from fujin_cli.core.explore.state import Edge, State
from fujin_cli.core.explore.successors import Model
from fujin_cli.core.explore.value_classes import TooManyClasses

MOST_STATES = 60_000
MOST_WORK = 900_000  # in edges: some three seconds. Measured: a new state takes as long as STATE_WORK edges
STATE_WORK = 12


class TooLarge(Exception):
    """Raised where a procedure has more abstract cases than can be explored; ``growth`` says what multiplies."""

    def __init__(self, growth: Growth) -> None:
        super().__init__()
        self.growth = growth


@dataclass(slots=True, eq=False)
class Exploration:
    """Hold the reachable states of one procedure under one choice of settings.

    ``begins`` are the opening events (their source is -1); ``edges[n]`` are those that leave state n.
    """

    model: Model
    states: list[State] = field(default_factory=list)
    begins: list[Edge] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    first: list[Edge] = field(default_factory=list)  # the edge by which each state was found first
    results: dict[Callable[..., Any], Any] = field(
        default_factory=dict, init=False, repr=False
    )  # of ``cache_per_exploration``

    def step_of(self, number: int) -> str:
        """The step of a state."""
        return self.model.shape.steps[self.states[number].step]

    def is_ended(self, number: int) -> bool:
        """Whether the state stands at an end."""
        return self.model.version.steps[self.step_of(number)].end is not None

    @property
    def changed_settings(self) -> dict[str, str]:
        """The settings that are not at their defaults."""
        usual = self.model.version.settings
        return {name: value for name, value in self.model.shape.settings.items() if value != usual[name].default}

    def with_settings(self, settings: Settings) -> Exploration:
        """Give the same states under settings that differ in limits alone."""
        model = copy(self.model)
        model.shape = replace(model.shape, settings=settings)
        return self if settings == self.model.shape.settings else replace(self, model=model)

    def find_path_to(self, number: int) -> list[Edge]:
        """Give a shortest run to a state, from the opening event on."""
        path = [self.first[number]]
        while path[-1].source >= 0:
            path.append(self.first[path[-1].source])
        return path[::-1]


Result = TypeVar("Result")


def cache_per_exploration(function: Callable[[Exploration], Result]) -> Callable[[Exploration], Result]:
    """Compute a function once for each exploration: the result is kept with it, since several rules need it."""

    @wraps(function)
    def compute_once(exploration: Exploration) -> Result:
        if function not in exploration.results:
            exploration.results[function] = function(exploration)
        result: Result = exploration.results[function]
        return result

    return compute_once


def _drop_parallel_edges(leaving: Iterable[Edge]) -> list[Edge]:
    """Keep the first of the edges that lead to the same state by the same event, whatever data they show."""
    distinct: dict[tuple[int, int, int], Edge] = {}
    for edge in leaving:
        distinct.setdefault((edge.target, id(edge.label), edge.marks), edge)
    return list(distinct.values())


class Budget:
    """Bound the work for one procedure: its states, and what it takes to find them, under all choices of settings."""

    def __init__(self, states: int, work: int) -> None:
        self.states, self.work = states, work

    def spend_state(self) -> None:
        """Count one more state. Raises Exhausted."""
        self.states -= 1
        self.work -= STATE_WORK
        if self.states < 0:
            raise Exhausted

    def spend_edges(self, number: int) -> None:
        """Count more edges. Raises Exhausted."""
        self.work -= number
        if self.work < 0:
            raise Exhausted


class Exhausted(Exception):
    """Raised where a budget is used up."""


def explore_model(model: Model, options: Sequence[Sequence[int]], budget: Budget | None = None) -> Exploration:
    """Explore everything reachable from an opening with these values. Raises TooLarge.

    What cannot fit into the budget is refused before the work begins: the openings are counted first.
    """
    budget = budget or Budget(MOST_STATES, MOST_WORK)
    if model.classes is None and prod(map(len, options)) > budget.states:
        raise TooLarge(Growth(list_factors(model.shape)))
    try:
        return _explore_within(model, model.list_openings(options), budget)
    except (Exhausted, TooManyClasses) as reason:
        raise TooLarge(Growth(list_factors(model.shape))) from reason


def explore_from(model: Model, openings: Iterable[Successor], later: Model | None = None) -> Exploration:
    """Explore everything reachable from where these openings lead. Raises TooLarge.

    With ``later``, that model says what follows once the case has opened another child.
    """
    try:
        return _explore_within(model, openings, Budget(MOST_STATES, MOST_WORK), later)
    except (Exhausted, TooManyClasses) as reason:
        raise TooLarge(Growth(list_factors(model.shape))) from reason


def _explore_within(
    model: Model, openings: Iterable[Successor], budget: Budget, later: Model | None = None
) -> Exploration:
    exploration = Exploration(model if later is None else later)
    numbers: dict[tuple[State, bool], int] = {}
    phases: list[bool] = []  # of each state: whether the case has opened another child
    todo: deque[int] = deque()

    def reach_state(source: int, step: Successor) -> Edge:
        label, entered, state, marks = step
        phase = later is not None and source >= 0 and (phases[source] or bool(label.opens))
        number = numbers.get((state, phase))
        fresh = number is None
        if number is None:
            number = numbers[state, phase] = len(exploration.states)
            budget.spend_state()
            exploration.states.append(state)
            exploration.edges.append([])
            phases.append(phase)
            todo.append(number)
        edge = Edge(source, number, label, entered, marks)
        if fresh:
            exploration.first.append(edge)
        return edge

    begins: dict[tuple[object, ...], Edge] = {}
    for edge in (reach_state(-1, opening) for opening in openings):
        begins.setdefault((edge.target, edge.label, edge.marks), edge)  # of those that lead to the same the plainest
    exploration.begins += begins.values()
    while todo:
        number = todo.popleft()
        followed = later if later is not None and phases[number] else model
        leaving = [reach_state(number, step) for step in followed.list_successors(exploration.states[number])]
        if model.classes is not None:
            leaving = _drop_parallel_edges(leaving)
        budget.spend_edges(len(leaving) + model.count_work())
        exploration.edges[number] += leaving
    return exploration
