"""What people call a thing of a procedure, with the name that stands in files and commands: ``Handling (handling)``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.message import Title, spoken
from fujin_cli.core.wording.outcomes import STATES


@dataclass(frozen=True, slots=True)
class Called:
    """A title for people with the name that they type; the name alone where the title says no more."""

    title: object
    name: str

    def __str__(self) -> str:
        title = spoken(self.title)
        return f"{title} ({self.name})" if title != self.name else title


def called(title: Title | str | None, name: str) -> Called:
    """The title with the name."""
    return Called(title or name, name)


def step_called(version: Procedure, name: str) -> Called:
    """A step; one that the procedure does not have by its name alone."""
    step = version.steps.get(name)
    return called(step.title if step else None, name)


def action_called(version: Procedure, step: str, name: str) -> Called:
    """An action at a step, or at any time; else the first one of that name."""
    there = [(place.name if place else step, action) for place, action in version.all_actions() if action.name == name]
    found = next((action for place, action in there if place == step), there[0][1] if there else None)
    return called(found.title if found else None, name)


def fields_called(version: Procedure, names: Iterable[str]) -> list[Called]:
    """Fields; one that the procedure does not have by its name alone."""
    return [called(version.fields[name].title if name in version.fields else None, name) for name in names]


def person_called(version: Procedure, name: str) -> Called:
    """One of the procedure's people."""
    person = version.people.get(name)
    return called(person.title if person else None, name)


def outcome_called(version: Procedure, name: str) -> Called:
    """How a case can end: by the title of that end, else in the words of every procedure."""
    end = next((step for step in version.steps.values() if step.end == name and step.title), None)
    if end is not None:
        return called(end.title, name)
    return Called(STATES.get(name, name), name)
