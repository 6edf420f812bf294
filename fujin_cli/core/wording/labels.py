"""Label the parts of a procedure with their title and the name that people type: ``Handling (handling)``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import Title, localize_value, say
from fujin_cli.core.wording.outcomes import STATES


@dataclass(frozen=True, slots=True)
class NamedTitle:
    """A title with the name that people type; the name alone where the title is the same."""

    title: object
    name: str

    def __str__(self) -> str:
        title = localize_value(self.title)
        return f"{title} ({self.name})" if title != self.name else title


def make_label(title: Title | str | None, name: str) -> NamedTitle:
    """Make the label of a title and a name."""
    return NamedTitle(title or name, name)


def step_label(version: Procedure, name: str) -> NamedTitle:
    """Label a step; a step that the procedure does not have is labelled by its name."""
    step = version.steps.get(name)
    return make_label(step.title if step else None, name)


def action_label(version: Procedure, step: str, name: str) -> NamedTitle:
    """Label an action at a step, or at any time; else the first action of that name."""
    places = [(place.name if place else step, action) for place, action in version.all_actions() if action.name == name]
    chosen = next((action for place, action in places if place == step), places[0][1] if places else None)
    return make_label(chosen.title if chosen else None, name)


def field_labels(version: Procedure, names: Iterable[str]) -> list[NamedTitle]:
    """Label fields; a field that the procedure does not have is labelled by its name."""
    return [make_label(version.fields[name].title if name in version.fields else None, name) for name in names]


UNIT_TITLES = {"committee": say("committee")}
"""What an action may amend beside fields: a unit of the case itself."""


def amended_title(version: Procedure, name: str) -> Any:
    """Give the title of what an action amends: a field, or a unit of the case."""
    field = version.fields.get(name)
    return (field.title if field else UNIT_TITLES.get(name)) or name


def person_label(version: Procedure, name: str) -> NamedTitle:
    """Label one of the procedure's people."""
    person = version.people.get(name)
    return make_label(person.title if person else None, name)


def group_label(version: Procedure, name: str) -> NamedTitle:
    """Label a group of child cases."""
    group = version.groups.get(name)
    return make_label(group.title if group else None, name)


def outcome_label(version: Procedure, name: str) -> NamedTitle:
    """Label an outcome by the title of its end, else in the words of every procedure."""
    end = next((step for step in version.steps.values() if step.end == name and step.title), None)
    if end is not None:
        return make_label(end.title, name)
    return NamedTitle(STATES.get(name, name), name)
