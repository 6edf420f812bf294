"""Every abstract case that a procedure can lead to, breadth first, so that the first way found is a shortest one."""

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
    results: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)  # of ``once``

    def step(self, number: int) -> str:
        """The step of a state."""
        return self.model.shape.steps[self.states[number].step]

    def ended(self, number: int) -> bool:
        """Whether the state stands at an end."""
        return self.model.version.steps[self.step(number)].end is not None

    @property
    def unusual(self) -> dict[str, str]:
        """The settings that are not at their defaults."""
        usual = self.model.version.settings
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


Result = TypeVar("Result")


def once(function: Callable[[Exploration], Result]) -> Callable[[Exploration], Result]:
    """Compute a function once for each exploration: its result is kept with the exploration, for several rules ask."""

    @wraps(function)
    def compute_once(exploration: Exploration) -> Result:
        if function not in exploration.results:
            exploration.results[function] = function(exploration)
        result: Result = exploration.results[function]
        return result

    return compute_once


def explore(model: Model, options: Sequence[Sequence[int]]) -> Exploration:
    """Everything reachable from an opening with these values. Raises TooLarge."""
    found = Exploration(model)
    numbers: dict[State, int] = {}
    todo: deque[int] = deque()

    def reach(source: int, step: Successor) -> Edge:
        label, data, state, marks = step
        number = numbers.get(state)
        fresh = number is None
        if number is None:
            number = numbers[state] = len(found.states)
            if number >= MOST_STATES:
                raise TooLarge(model.version.name)
            found.states.append(state)
            found.edges.append([])
            todo.append(number)
        edge = Edge(source, number, label, data, marks)
        if fresh:
            found.first.append(edge)
        return edge

    begins: dict[tuple[object, ...], Edge] = {}
    for edge in (reach(-1, at) for at in model.openings(options)):
        begins.setdefault((edge.target, edge.label, edge.marks), edge)  # of those that lead to the same the plainest
    found.begins += begins.values()
    while todo:
        number = todo.popleft()
        found.edges[number] += [reach(number, step) for step in model.successors(found.states[number])]
    return found
