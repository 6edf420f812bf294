"""Explore every abstract case that a procedure can reach, breadth first, so that first paths are shortest ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar

from fujin_cli.core.explore.apply import Successor
from fujin_cli.core.explore.domains import Settings
from fujin_cli.core.explore.state import Edge, State
from fujin_cli.core.explore.successors import Model

MOST_STATES = 60_000


class TooLarge(Exception):
    """Raised where a procedure has more abstract cases than can be explored."""


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


def explore_model(model: Model, options: Sequence[Sequence[int]]) -> Exploration:
    """Explore everything reachable from an opening with these values. Raises TooLarge."""
    exploration = Exploration(model)
    numbers: dict[State, int] = {}
    todo: deque[int] = deque()

    def reach_state(source: int, step: Successor) -> Edge:
        label, entered, state, marks = step
        number = numbers.get(state)
        fresh = number is None
        if number is None:
            number = numbers[state] = len(exploration.states)
            if number >= MOST_STATES:
                raise TooLarge(model.version.name)
            exploration.states.append(state)
            exploration.edges.append([])
            todo.append(number)
        edge = Edge(source, number, label, entered, marks)
        if fresh:
            exploration.first.append(edge)
        return edge

    begins: dict[tuple[object, ...], Edge] = {}
    for edge in (reach_state(-1, opening) for opening in model.list_openings(options)):
        begins.setdefault((edge.target, edge.label, edge.marks), edge)  # of those that lead to the same the plainest
    exploration.begins += begins.values()
    while todo:
        number = todo.popleft()
        exploration.edges[number] += [
            reach_state(number, step) for step in model.list_successors(exploration.states[number])
        ]
    return exploration
