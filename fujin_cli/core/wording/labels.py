"""What people call a thing of a procedure, with the name that stands in files and commands: ``Handling (handling)``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.message import Title, spoken
from fujin_cli.core.wording.outcomes import STATES


@dataclass(frozen=True, slots=True)
class NamedTitle:
    """A title for people with the name that they type; the name alone where the title says no more."""

    title: object
    name: str

    def __str__(self) -> str:
        title = spoken(self.title)
        return f"{title} ({self.name})" if title != self.name else title


def label(title: Title | str | None, name: str) -> NamedTitle:
    """The title with the name."""
    return NamedTitle(title or name, name)


def step_label(version: Procedure, name: str) -> NamedTitle:
    """A step; one that the procedure does not have by its name alone."""
    step = version.steps.get(name)
    return label(step.title if step else None, name)


def action_label(version: Procedure, step: str, name: str) -> NamedTitle:
    """An action at a step, or at any time; else the first one of that name."""
    there = [(place.name if place else step, action) for place, action in version.all_actions() if action.name == name]
    found = next((action for place, action in there if place == step), there[0][1] if there else None)
    return label(found.title if found else None, name)


def field_labels(version: Procedure, names: Iterable[str]) -> list[NamedTitle]:
    """Fields; one that the procedure does not have by its name alone."""
    return [label(version.fields[name].title if name in version.fields else None, name) for name in names]


def person_label(version: Procedure, name: str) -> NamedTitle:
    """One of the procedure's people."""
    person = version.people.get(name)
    return label(person.title if person else None, name)


def outcome_label(version: Procedure, name: str) -> NamedTitle:
    """How a case can end: by the title of that end, else in the words of every procedure."""
    end = next((step for step in version.steps.values() if step.end == name and step.title), None)
    if end is not None:
        return label(end.title, name)
    return NamedTitle(STATES.get(name, name), name)
