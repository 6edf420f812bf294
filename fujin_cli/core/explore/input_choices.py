"""Choose what people enter with a move: counted before any choice is made, and made one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

from fujin_cli.core.explore.domains import is_valid_input
from fujin_cli.core.explore.state import Abstraction
from fujin_cli.core.model.procedure import Action, Input


@dataclass(frozen=True, slots=True)
class InputChoices:
    """Hold what may be entered with one move: the place of each field → indexes of its values; None for nothing.

    ``checked`` are the inputs whose conditions compare them with other fields: the case decides whether they are met.
    """

    options: Mapping[int, Sequence[int | None]]
    checked: Mapping[int, Sequence[Input]]
    compared: frozenset[str]  # the fields of those inputs, and those that they are compared with

    def count(self) -> int:
        """Count the choices."""
        return prod(len(own) for own in self.options.values())

    def list_all(self) -> Iterator[Mapping[int, int]]:
        """List every choice."""
        for chosen in product(*self.options.values()):
            yield {place: index for place, index in zip(self.options, chosen, strict=True) if index is not None}

    def list_checked(self, chosen: Mapping[int, int]) -> list[Input]:
        """List the inputs of a choice whose conditions have to be checked."""
        return [input for place, own in self.checked.items() if place in chosen for input in own]


NO_CHOICES = InputChoices({}, {}, frozenset())


def list_watched_amendments(action: Action, watched: frozenset[str]) -> list[frozenset[str]]:
    """List which of the ``watched`` fields an action may enter anew at once; at least one where it amends no other."""
    names = [name for name in action.amended_names if name in watched]
    fewest = 1 if names and len(names) == len(action.amended_names) else 0
    return [frozenset(chosen) for size in range(fewest, len(names) + 1) for chosen in combinations(names, size)]


def build_input_choices(
    shape: Abstraction,
    places: Mapping[str, int],
    action: Action,
    amends: frozenset[str] = frozenset(),
    watched: frozenset[str] = frozenset(),
) -> InputChoices:
    """Build the choices of an action; values that no case may enter are left out at once.

    Of the ``watched`` fields that it amends, those of ``amends`` are entered, and no other.
    """
    options: dict[int, Sequence[int | None]] = {}
    checked: dict[int, list[Input]] = {}
    amended = [
        (input, input.field in watched)
        for input in action.amends
        if input.field in amends or input.field not in watched
    ]
    for input, required in [
        *((input, True) for input in action.needs),
        *((input, False) for input in action.may),
        *amended,
    ]:
        place = places.get(input.field)
        if place is None or place in options:
            continue
        domain = shape.domains[place]
        indexes: list[int] = list(range(1, len(domain.values)))
        if any(bound in shape.procedure.fields for _, bound in input.conditions):
            checked.setdefault(place, []).append(input)
        elif input.conditions:
            indexes = [
                index
                for index in indexes
                if is_valid_input(domain.field, domain.values[index], input, shape.settings, lambda name: None)
            ]
        none_first = input in action.amends  # shown runs correct no more than they have to
        options[place] = indexes if required else [None, *indexes] if none_first else [*indexes, None]
    names = {shape.domains[place].field.name for place in checked}
    bounds = {bound for own in checked.values() for input in own for _, bound in input.conditions}
    return InputChoices(options, checked, frozenset(names | (bounds & shape.procedure.fields.keys())))
