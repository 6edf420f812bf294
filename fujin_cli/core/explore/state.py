"""Abstract cases: the step, and of everything that guards read only what they can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from fujin_cli.core.explore.child_groups import OPEN, REPLACED_OPEN, Counts, Group
from fujin_cli.core.explore.domains import Domain, Settings
from fujin_cli.core.explore.duration_bounds import OfficeHours
from fujin_cli.core.findings.finding import Route
from fujin_cli.core.model.procedure import Atom, Procedure, Test
from fujin_cli.core.model.values import resolve_setting


class State(NamedTuple):
    """Hold an abstract case. Every part is a number or a tuple of numbers, in the order of ``Abstraction``."""

    step: int
    fired: int  # bits of the rungs that have happened in this visit
    time_up: bool
    values: tuple[int, ...]
    groups: tuple[Counts, ...]
    times: tuple[int, ...]
    joined: int  # 0: to no case; 1: to an open one; else 2 + the place of its outcome


# The kinds of events that cases linked by joining cause here.
OF_LINKED_CASES = frozenset({"other-ended", "joined", "parted"})


@dataclass(frozen=True, slots=True)
class Label:
    """Say what happens along an edge, whatever the data: the move, who makes it, and the step it leads to.

    ``to`` is None where the case stays. ``kind`` is that of the event: opened, action, move, rung, time-up, child,
    other-ended, joined or parted.
    """

    kind: str
    name: str
    rule: str = ""
    by: tuple[str, ...] = ()
    to: str | None = None
    step: str = ""
    overflow: bool = False
    limited: bool = False  # can happen a limited number of times
    told: bool = True
    group: str = ""
    outcome: str | None = None
    answered: bool = False
    opens: frozenset[str] = frozenset()
    amends: frozenset[str] = frozenset()  # of the fields that atoms watch, those that are entered anew
    route: Route = ()


class Edge(NamedTuple):
    """Lead from one state to another. ``marks`` has a bit for each watched atom that the event makes true."""

    source: int
    target: int
    label: Label
    data: tuple[tuple[str, Any], ...]
    marks: int


@dataclass(frozen=True, slots=True)
class Abstraction:
    """Say what the parts of a state stand for."""

    procedure: Procedure
    settings: Settings
    domains: tuple[Domain, ...]
    groups: tuple[Group, ...]
    counted: tuple[Test, ...]  # one for each (action, since) that guards count
    most: tuple[int, ...]  # counting stops there
    joinable: str  # the field by which the case can be joined to another
    joined_outcomes: tuple[str, ...]
    steps: tuple[str, ...]
    office_hours: OfficeHours | None = None  # where they decide in which order rungs are due

    def find_field_place(self, name: str) -> int | None:
        """Find the place of a field among the values; None for a field that nothing reads."""
        return next((place for place, own in enumerate(self.domains) if own.field.name == name), None)

    def has_open_own_child(self, state: State) -> bool:
        """Whether a child that keeps the case from ending is open."""
        return any(counts[OPEN] or counts[REPLACED_OPEN] for counts in state.groups)


class AbstractFacts:
    """Answer what conditions ask (``conditions.Facts``) for an abstract case."""

    def __init__(self, shape: Abstraction, places: Mapping[str, int], state: State) -> None:
        self.shape, self.places, self.state = shape, places, state

    def field_value(self, field: str) -> Any:
        """The value that stands for the class of the field's values."""
        place = self.places.get(field)
        return None if place is None else self.shape.domains[place].values[self.state.values[place]]

    def group_outcomes(self, group: str) -> list[str | None]:
        """The outcomes of the group's cases, or of the case that this one was joined to."""
        if group == self.shape.joinable and self.state.joined:
            return [self.shape.joined_outcomes[self.state.joined - 2] if self.state.joined > 1 else None]
        for own, counts in zip(self.shape.groups, self.state.groups, strict=True):
            if own.name == group:
                return own.list_outcomes(counts)
        return []

    def is_time_up(self) -> bool:
        """Whether the step's period is over."""
        return self.state.time_up

    def count_action(self, test: Test) -> int:
        """How often the action was done, counted up to the highest number that a guard compares with."""
        for place, counted in enumerate(self.shape.counted):
            if (counted.name, counted.since) == (test.name, test.since):
                return self.state.times[place]
        return 0

    def resolve_setting(self, text: str) -> str:
        """The value of the setting of that name, else the text itself."""
        return resolve_setting(self.shape.settings, text)

    def type_of(self, field: str) -> str:
        """The type of a field."""
        declared = self.shape.procedure.fields.get(field)
        return declared.type if declared else "text"


def is_same_atom(first: Atom, second: Atom) -> bool:
    """Whether two atoms are the same, wherever they stand in the file."""
    return (first.kind, first.name, first.detail, first.where) == (
        second.kind,
        second.name,
        second.detail,
        second.where,
    )
