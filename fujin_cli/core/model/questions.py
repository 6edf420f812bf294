"""List what an action or an opening asks for: each field with its title, and the values to choose from.

Forms on a terminal ask these questions; ``case actions`` and ``procedure show`` list them as ``fields``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fujin_cli.core.model.organisation import REFERENCES, Organisation
from fujin_cli.core.model.procedure import Action, Field, Input, Procedure
from fujin_cli.core.model.values import list_procedures_served
from fujin_cli.core.text.localized import LocalizedText, Title, say


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose, and its title. ``doubt`` says why it does not suit the case; None where it suits."""

    value: str
    title: object
    doubt: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A field to enter. ``choices`` are its values, suitable ones first; None where they cannot be listed.

    ``present`` are the values that the case has, where the field is entered anew.
    """

    field: Field
    required: bool
    choices: tuple[Choice, ...] | None = None
    present: tuple[str, ...] = ()

    @property
    def title(self) -> Title | str:
        """The field's title, else its name."""
        return self.field.title or self.field.name


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What decides which values suit: the community that a case is of, and the values that its fields have."""

    community: str = ""
    values: Mapping[str, Any] | None = None


NOWHERE = Surroundings()


def list_action_questions(
    version: Procedure, organisation: Organisation, action: Action, surroundings: Surroundings = NOWHERE
) -> list[Question]:
    """List what an action needs, then what it may take."""
    values = surroundings.values or {}
    required = dict.fromkeys((use.field for use in action.needs), True)
    # A pause needs its end and a merge its other case, where the case does not have them yet.
    followed = [action.stops_clock_until, *(effect.field for effect in action.effects.does if effect.verb == "join")]
    required |= {name: True for name in followed if name and not values.get(name)}
    optional = {use.field: False for use in action.optional_inputs if use.field not in required}
    uses = {use.field: use for use in action.inputs}
    questions = [
        _build_question(version, organisation, version.fields[name], is_required, surroundings, uses.get(name))
        for name, is_required in (required | optional).items()
    ]
    amended = {use.field for use in action.amends}
    questions = [
        replace(question, present=tuple(_texts_of(values.get(question.field.name))))
        if question.field.name in amended
        else question
        for question in questions
    ]
    return questions + [_build_unit_question(unit, version, organisation, surroundings) for unit in action.amends_units]


def _build_unit_question(
    unit: str, version: Procedure, organisation: Organisation, surroundings: Surroundings
) -> Question:
    """Build the question for a unit that an action amends: the committee, of those that use the procedure there."""
    units = organisation.committees_of(surroundings.community, version.name) if unit == "committee" else []
    return Question(Field(unit, unit), False, tuple(Choice(row.id, row.title or row.id) for row in units) or None)


def list_opening_questions(
    version: Procedure, organisation: Organisation, surroundings: Surroundings = NOWHERE
) -> list[Question]:
    """List what a new case asks for: the required fields, then those that nothing else fills in later."""
    later = set(_list_later_fields(version))
    fields = [field for field in version.fields.values() if not field.computed]
    needed = [field for field in fields if field.required and field.default is None]
    optional = [field for field in fields if field not in needed and field.name not in later]
    return [
        _build_question(version, organisation, field, field in needed, surroundings) for field in [*needed, *optional]
    ]


def _list_later_fields(version: Procedure) -> Iterator[str]:
    """List the fields that an action, a child case or a joining case fills in.

    What a remark may add at any time, such as photos, is never too early.
    """
    any_time = {use.field for action in version.anytime.values() for use in action.may}
    for step in version.steps.values():
        names = (use.field for action in step.actions.values() for use in action.inputs)
        yield from (name for name in names if name not in any_time)
    yield from (use.field for action in version.anytime.values() for use in action.needs)
    yield from (name for effects in version.all_effects() for opens in effects.opens for name in opens.bring)
    yield from (person.also for person in version.people.values() if person.also)


def _build_question(
    version: Procedure,
    organisation: Organisation,
    field: Field,
    required: bool,
    surroundings: Surroundings,
    use: Input | None = None,
) -> Question:
    choices = _list_choices(version, organisation, field, surroundings)
    if choices is None:
        return Question(field, required)
    excluded = _list_excluded_values(use, surroundings.values or {})
    suitable = [choice for choice in choices if choice.value not in excluded]
    return Question(field, required, tuple(sorted(suitable, key=lambda choice: choice.doubt is not None)))


def _list_excluded_values(use: Input | None, values: Mapping[str, Any]) -> set[str]:
    """List the values that a condition ``not`` of the input excludes, as far as the case has them already."""
    bounds = [bound for verb, bound in (use.conditions if use else ()) if verb == "not"]
    return {text for bound in bounds for text in [bound, *_texts_of(values.get(bound))]}


def _texts_of(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else [] if value is None else [value]
    return [part for part in parts if isinstance(part, str)]


def _list_choices(
    version: Procedure, organisation: Organisation, field: Field, surroundings: Surroundings
) -> list[Choice] | None:
    """List the values that a field takes; None where they cannot be listed, as those of a text."""
    type = field.item_type
    if type == "choice":
        return [Choice(value, field.choices.get(value) or value) for value in field.of]
    if type == "yes_no":
        return [Choice("yes", say("yes")), Choice("no", say("no"))]
    if type == "partner":
        return list(_list_partners(version, organisation, surroundings))
    if type == "committee":
        ids: Iterable[str] = organisation.list_committees_using(list_procedures_served(version, field.name))
        return [Choice(id, organisation.committees[id].title or id) for id in ids]
    if type in REFERENCES:
        return [Choice(id, _title_of(spec) or id) for id, spec in REFERENCES[type](organisation).items()]
    return None


def _title_of(spec: Any) -> Title | str | None:
    """Find the title in what the files say of an id: a mapping, or a unit."""
    return spec.get("title") if isinstance(spec, Mapping) else getattr(spec, "title", None)


def _list_partners(version: Procedure, organisation: Organisation, surroundings: Surroundings) -> Iterator[Choice]:
    """List every partner, with a doubt on those that do not declare a topic of the case or do not serve there."""
    values = surroundings.values or {}
    names = [name for name, field in version.fields.items() if field.item_type == "topic"]
    topics = [topic for name in names for topic in _texts_of(values.get(name))]
    for id, spec in organisation.partners.items():
        missing = [topic for topic in topics if topic not in (spec.get("can") or ())]
        serves = spec.get("serves") or ()
        doubt = None
        if topics and len(missing) == len(topics):
            titles = [_title_of(organisation.topics.get(topic)) or topic for topic in missing]
            doubt = say("does not declare {topics}", topics=titles)
        elif surroundings.community and serves != "all" and surroundings.community not in serves:
            unit = organisation.communities.get(surroundings.community)
            doubt = say("does not serve {community}", community=(unit and unit.title) or surroundings.community)
        yield Choice(id, spec.get("title") or id, doubt)
