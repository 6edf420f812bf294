"""Find the names that people read instead of ids: of persons, partners, steps, fields and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import SYSTEM
from fujin_cli.core.model.ids import ANYBODY_WORDS
from fujin_cli.core.model.organisation import REFERENCES, Organisation
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.text.localized import Title, add_id_to_title, localize_value, say, title_of
from fujin_cli.core.wording.outcomes import OUTCOMES, SHIPPED
from fujin_cli.render.basics.moments import format_moment

BOARD = "notice-board"

_LEVELS = {
    "committee": say("committee"),
    "community": say("community"),
    "street": say("street"),
    "city": say("city"),
}


def level_words(level: str) -> object:
    """Name a level of the organisation."""
    return _LEVELS.get(level, level)


def outcome_words(outcome: str | None, procedure: Procedure | None = None) -> object:
    """Say how a case ended; for an outcome of a procedure's own, the title of that end, else its name."""
    if outcome in OUTCOMES:
        return OUTCOMES[outcome]
    if procedure is None:
        return SHIPPED.get(outcome or "", outcome)
    ends = (step for step in procedure.steps.values() if step.end == outcome)
    return next((step_title(procedure, step.name) for step in ends), outcome)


def title_with_id(title: object, id: str) -> str:
    """Write a title with the id that commands take: ``Police (police)``; the id alone where there is no title."""
    return title_of(add_id_to_title(title, id))


def step_title(procedure: Procedure, step: str | None) -> str:
    """Give a step's title, else its name."""
    declared = procedure.steps.get(step or "")
    return title_of(declared.title, declared.name) if declared else step or ""


def action_title(procedure: Procedure, step: str | None, action: str) -> str:
    """Give the title of an action at that step (or at any step), else its name."""
    place = procedure.steps.get(step or "")
    declared = (place.actions.get(action) if place else None) or procedure.anytime.get(action)
    if declared is None and place and place.reopen and action == place.reopen.name:
        declared = place.reopen
    return title_of(declared.title, action) if declared else action


@dataclass(frozen=True, slots=True)
class Names:
    """Look up names of people, partners, units and values; without a procedure, only those of the organisation."""

    organisation: Organisation
    procedure: Procedure | None = None
    _labels: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def actor_name(self, id: str) -> str:
        """Name an actor by id: a person, a partner, a name of the procedure, or the system; never by contact data."""
        if id not in self._labels:
            self._labels[id] = self._find_actor_name(id)
        return self._labels[id]

    def _find_actor_name(self, id: str) -> str:
        if id == SYSTEM:
            return str(say("automatic"))
        person = self.organisation.find_person(id)
        if person:
            return title_with_id(person.name, id)
        if id in self.organisation.partners:
            return title_with_id(self.organisation.partners[id].get("title"), id)
        if id.startswith("vault:"):
            return str(say("a resident ({reference})", reference=id))
        return self.person_title(id)

    def person_title(self, name: str) -> str:
        """Give the title of a person that the procedure names, else the name."""
        person = self.procedure.people.get(name) if self.procedure else None
        return title_of(person.title, name) if person else str(ANYBODY_WORDS.get(name, name))

    def community_title(self, id: str) -> str:
        """Give a community's title, else its id."""
        unit = self.organisation.communities.get(id)
        return title_of(unit.title, id) if unit else id

    def committee_title(self, id: str | None) -> str:
        """Give a committee's title, else its id; an empty text for None."""
        unit = self.organisation.committees.get(id or "")
        return title_of(unit.title, id or "") if unit else id or ""

    def unit_title(self, id: str) -> str:
        """Give the title of a unit that has a roster: a committee, a community, a street or the city."""
        return title_of(self.declared_unit_title(id), id)

    def declared_unit_title(self, id: str) -> Title | str:
        """Give the title of a unit in all its languages, else its id."""
        if id == self.organisation.city:
            return self.organisation.title or id
        units = (self.organisation.streets, self.organisation.committees, self.organisation.communities)
        unit = next((by_id[id] for by_id in units if id in by_id), None)
        return (unit and unit.title) or id

    def field_title(self, name: str) -> str:
        """Give a field's title, else its name."""
        declared = self.procedure.fields.get(name) if self.procedure else None
        return title_of(declared.title if declared else None, name)

    def format_value(self, field: Field, value: Any, calendar: WorkingCalendar) -> str:
        """Write a field's value for people. A contact stays a reference into the vault."""
        if isinstance(value, list):
            item_field = Field(field.name, field.item_type)
            return localize_value([self.format_value(item_field, part, calendar) for part in value])
        if isinstance(value, Mapping):
            return "; ".join(f"{name}: {part}" for name, part in value.items())
        if field.type in ("partner", "person"):
            return self.actor_name(str(value))
        if field.type == "moment":
            return format_moment(calendar.parse_moment(str(value)), calendar)
        if field.type == "choice":
            return title_of(field.choices.get(str(value)), str(value))
        if field.type == "yes_no":
            return str(say("yes") if value == "yes" else say("no"))
        return self._reference_title(field.type, str(value))

    def _reference_title(self, kind: str, id: str) -> str:
        if kind == "committee":
            return title_with_id(self.committee_title(id), id)
        declared = REFERENCES[kind](self.organisation).get(id, {}) if kind in REFERENCES else {}
        return title_with_id(declared.get("title"), id) if declared else id
