"""Hold a compiled procedure (docs/reference/language.md): every short form written out, each part with its route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fujin_cli.core.model.effects import ChildGroup, Effects, Opens, Then
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.text.localized import Title

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Route


@dataclass(frozen=True, slots=True)
class Setting:
    """A named duration, count or share with its default and range; all values as written."""

    name: str
    type: str
    default: str
    low: str | None
    high: str | None
    route: Route
    was: str | None = None  # what an earlier version of the file called it


@dataclass(frozen=True, slots=True)
class Person:
    """Who a name is. ``kind`` is the key that says it; ``value`` what stands there (a role, a field, a seat …)."""

    name: str
    kind: str
    value: str
    of: str | None = None
    proof: str | None = None
    also: str | None = None  # `with`: a list of contacts told beside the first one
    excluded: tuple[Person, ...] = ()
    through: tuple[str, ...] = ()
    groups: tuple[Person, ...] = ()
    title: Title | str | None = None
    was: str | None = None
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A typed value that a case carries. ``of`` is the choices, the item's type or form, or a procedure.

    ``choices`` has the titles of choices. ``lead``: an opening fills in whether its partner is alone in its field.
    """

    name: str
    type: str
    of: tuple[str, ...] = ()
    required: bool = False
    computed: bool = False
    lead: bool = False
    default: str | None = None
    public: str = "no"
    at_least: str | None = None
    at_most: str | None = None
    after: str | None = None
    title: Title | str | None = None
    choices: Mapping[str, Title | str] = field(default_factory=dict)
    was: str | None = None
    route: Route = ()

    @property
    def is_list(self) -> bool:
        """Whether the value is a list of ``of[0]``."""
        return self.type == "list"

    @property
    def item_type(self) -> str:
        """The type of one value: the item's type for a list."""
        return self.of[0] if self.is_list and self.of else self.type


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a condition: ``kind`` is field, case, group, time or times; ``verb`` says how ``values`` compare."""

    kind: str
    name: str
    verb: str
    values: tuple[str, ...]
    since: Atom | None = None
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, each a conjunction of tests; an absent condition is None, never an empty one."""

    alternatives: tuple[tuple[Test, ...], ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """A pattern of events, such as an action, an arrival (``enter``) or a message (``tells``)."""

    kind: str
    name: str
    detail: str | None = None
    where: Condition | None = None
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Input:
    """An input of an action, with conditions on it: (verb, value) such as ("within", "10 working days")."""

    field: str
    conditions: tuple[tuple[str, str], ...] = ()
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Action:
    """
    A move: of people (``actions``, ``anytime``, ``reopen``) or automatic (a step's ``then``; ``by`` is empty).

    ``rule`` names it within the procedure and is what limits count by: ``handling.finish``, ``handling.then.1``.
    """

    name: str
    rule: RuleName
    title: Title | str | None = None
    to: str | None = None
    by: tuple[str, ...] = ()
    when: Condition | None = None
    needs: tuple[Input, ...] = ()
    may: tuple[Input, ...] = ()
    effects: Effects = field(default_factory=Effects)
    limit: str | None = None
    then: Then | None = None
    spaced: str | None = None
    stops_clock_until: str | None = None
    amends: tuple[Input, ...] = ()  # anytime: fields that may be entered anew
    amends_units: tuple[str, ...] = ()  # anytime: "committee", where the case's own committee may be entered anew
    window: str | None = None  # reopen: how long after the end
    only_in: tuple[str, ...] = ()  # anytime: steps where it may be done; empty = everywhere
    except_in: tuple[str, ...] = ()
    was: str | None = None
    route: Route = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Every field that is or may be entered with the action."""
        return (*self.needs, *self.optional_inputs)

    @property
    def optional_inputs(self) -> tuple[Input, ...]:
        """The fields that may be entered with the action: ``may``, and those that it ``amends``."""
        return (*self.may, *self.amends)

    @property
    def amended_names(self) -> tuple[str, ...]:
        """The names of what the action amends: fields, and the case's committee."""
        return (*(input.field for input in self.amends), *self.amends_units)


@dataclass(frozen=True, slots=True)
class Lasts:
    """The period of a step: it ends after a duration (or setting), or at the moment in a field less a duration."""

    duration: str | None = None
    until: str | None = None
    less: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a procedure: an end (``end`` is its outcome), or one that somebody owns."""

    name: str
    title: Title | str | None = None
    owner: str | None = None
    within: str | None = None
    lasts: Lasts | None = None
    ladder: tuple[Rung, ...] = ()
    on_enter: Effects = field(default_factory=Effects)
    actions: Mapping[str, Action] = field(default_factory=dict)
    then: tuple[Action, ...] = ()
    end: str | None = None
    counts_as: tuple[str, ...] = ()
    reopen: Action | None = None
    was: tuple[str, ...] = ()  # its earlier names; of an end, or those of its outcome
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock across steps; it is published and counted, and never moves a case."""

    name: str
    start: Atom
    until: Atom
    within: str
    promised: bool
    title: Title | str | None = None
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A guarantee about every run: ``template`` is its leading key, ``atoms`` what stands at each of its keys."""

    name: str
    template: str
    atoms: Mapping[str, tuple[Atom, ...]]
    except_for: tuple[Atom, ...] = ()
    times: str | None = None
    within: str | None = None
    title: Title | str | None = None
    route: Route = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # action, STEP.reopen or opened → names


@dataclass(frozen=True, slots=True)
class Procedure:
    """A closed loop. ``digest`` identifies it: SHA-256 over what the ledger keeps of it (``procedure_text``)."""

    name: str
    title: Title | str | None
    case_of: str
    opened_by: tuple[str, ...]
    channels: tuple[str, ...]
    gives: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, Setting]
    people: Mapping[str, Person]
    fields: Mapping[str, Field]
    forms: Mapping[str, Mapping[str, Field]]
    clocks: Mapping[str, Clock]
    steps: Mapping[str, Step]
    anytime: Mapping[str, Action]
    guarantees: Mapping[str, Guarantee]
    groups: Mapping[str, ChildGroup] = field(default_factory=dict)
    digest: str = ""
    path: str = ""

    @property
    def first_step(self) -> str:
        """The step where a case starts: the first one listed."""
        return next(iter(self.steps))

    def openings_by_group(self) -> dict[str, list[Opens]]:
        """List every group of child cases and what opens into it, in the order of the file."""
        groups: dict[str, list[Opens]] = {}
        for effects in self.all_effects():
            for opens in effects.opens:
                groups.setdefault(opens.group, []).append(opens)
        return groups

    def all_actions(self) -> Iterator[tuple[Step | None, Action]]:
        """List every move, automatic ones too, with the step it stands in; None for ``anytime``."""
        for step in self.steps.values():
            for action in (*step.actions.values(), *step.then):
                yield step, action
            if step.reopen:
                yield step, step.reopen
        for action in self.anytime.values():
            yield None, action

    def all_moves(self) -> Iterator[Action | Rung]:
        """List every move, automatic ones too, and every rung."""
        for _, action in self.all_actions():
            yield action
        for step in self.steps.values():
            yield from step.ladder

    def all_effects(self) -> Iterator[Effects]:
        """List every effect that any move, arrival or rung carries out."""
        for _, action in self.all_actions():
            yield action.effects
            if action.then:
                yield action.then.effects
        for step in self.steps.values():
            yield step.on_enter
            for rung in step.ladder:
                yield rung.effects
                if rung.then:
                    yield rung.then.effects
