"""Follow the values of fields: into fields of other cases, to the notice board, and into notifications.

What a notification and a notice really say is decided in ``render/notifications``; a test compares ``QUOTING`` with it.
Who may know what is decided in docs/decisions/notes/0010-privacy-and-format.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from fujin_cli.core.cases.actors import ANYBODY
from fujin_cli.core.findings.finding import Place, Related, TraceStep
from fujin_cli.core.model.effects import Effects, Tell
from fujin_cli.core.model.procedure import Action, Field, Person, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.child_openings import ChildOpening, child_openings, source_field
from fujin_cli.rules.support.procedure_source import procedure_sources

SECRET = ("contact", "photo", "file", "survey")
"""Types whose values no message and no notice ever shows."""
OPENNESS = {"no": 0, "preview": 1, "yes": 2}
QUOTING: Mapping[str, tuple[str, ...]] = {
    "answer": (),
    "result": ("result",),
    "dispatched": (),
    "withdrawn": (),
    "agenda": ("agenda",),
    "minutes": ("minutes",),
}
"""Kinds of message that say what was entered with their event, and what else of the case."""


class FieldKey(NamedTuple):
    """One field of one procedure."""

    procedure: str
    field: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """One `give` or `bring`: the value of a field becomes that of a field of another case."""

    source: FieldKey
    target: FieldKey
    place: Place


@dataclass(frozen=True, slots=True)
class QuotingNotification:
    """A notification that quotes fields. ``entered`` are those entered with its event, by the people of ``by``."""

    tell: Tell
    fields: tuple[str, ...]
    entered: frozenset[str]
    by: tuple[str, ...]


class DataFlow:
    """Hold every hand-over of a workspace, and follow what residents entered along them."""

    def __init__(self, workspace: Workspace) -> None:
        self.sources = {source.procedure.name: source for source in procedure_sources(workspace)}
        self.hand_overs = [
            hand_over for opening in child_openings(workspace) for hand_over in _list_hand_overs(opening)
        ]

    def field(self, key: FieldKey) -> Field:
        """Look up a field."""
        return self.sources[key.procedure].procedure.fields[key.field]

    @cached_property
    def residents(self) -> Mapping[FieldKey, tuple[HandOver, ...]]:
        """Map every field that can hold what a resident entered to the shortest chain of hand-overs to it."""
        chains: dict[FieldKey, tuple[HandOver, ...]] = {
            FieldKey(name, field): ()
            for name, source in self.sources.items()
            for field in fields_entered_by_residents(source.procedure)
        }
        todo = list(chains)
        while todo:
            key = todo.pop(0)
            for hand_over in self.hand_overs:
                if hand_over.source == key and hand_over.target not in chains:
                    chains[hand_over.target] = (*chains[key], hand_over)
                    todo.append(hand_over.target)
        return chains

    def trace(self, hand_overs: Iterable[HandOver]) -> tuple[TraceStep, ...]:
        """Describe hand-overs as lines of a finding."""
        return tuple(
            TraceStep(
                say(
                    "{field} of {procedure} is handed to {other} of {child}",
                    field=hand_over.source.field,
                    procedure=self.title(hand_over.source),
                    other=hand_over.target.field,
                    child=self.title(hand_over.target),
                ),
                hand_over.place,
            )
            for hand_over in hand_overs
        )

    def title(self, key: FieldKey) -> object:
        """Return the title of the procedure that has the field."""
        return self.sources[key.procedure].procedure.title or key.procedure

    def defined(self, key: FieldKey) -> Related:
        """Point at the definition of a field."""
        place = self.sources[key.procedure].place(("fields",), key.field)
        return Related(say("{field} is defined here", field=key.field), place)


def _list_hand_overs(opening: ChildOpening) -> Iterator[HandOver]:
    own, child = opening.opener.procedure, opening.child
    for target, name in opening.opens.give.items():
        source = source_field(opening, name)
        if source is not None and source.name in own.fields and target in child.fields:
            place = opening.opener.place((*opening.opens.route, "give"), target)
            yield HandOver(FieldKey(own.name, source.name), FieldKey(child.name, target), place)
    for name in opening.opens.bring:
        if name in own.fields and name in child.fields:
            place = opening.opener.place((*opening.opens.route, "bring"), name)
            yield HandOver(FieldKey(child.name, name), FieldKey(own.name, name), place)


def is_outsider(procedure: Procedure, name: str) -> bool:
    """Whether a name in ``by`` stands for people without an office: residents, the public, contacts."""
    person = procedure.people.get(name)
    if person is None:
        return name in ("resident", "member")
    return person.kind == "contact" or (person.kind == "anyone" and person.value != "partner")


def fields_entered_by_residents(procedure: Procedure) -> Iterator[str]:
    """List the fields that residents fill in: with their own actions, and when they bring a case."""
    fields_of_actions: set[str] = set()
    for _, action in procedure.all_actions():
        names = _list_fields_entered_with(action)
        fields_of_actions |= names
        if any(is_outsider(procedure, actor) for actor in action.by):
            yield from sorted(names & procedure.fields.keys())
    residents_open = any(is_outsider(procedure, opener) for opener in procedure.opened_by)
    residents_open |= any(field.type == "contact" and field.required for field in procedure.fields.values())
    for field in procedure.fields.values():
        if residents_open and not field.computed and (field.required or field.name not in fields_of_actions):
            yield field.name


def reporters(procedure: Procedure) -> frozenset[str]:
    """List the contacts whose words an opening brings.

    They are the contacts who get a receipt or a code then; where there are none, the first contact that is required.
    """
    receiving = {procedure.people[name].value for name in procedure.gives if name in procedure.people}
    contacts = [field.name for field in procedure.fields.values() if field.type == "contact"]
    required = [name for name in contacts if procedure.fields[name].required]
    return frozenset(receiving & set(contacts)) or frozenset((required or contacts)[:1])


def authors(procedure: Procedure, name: str) -> frozenset[str]:
    """List the contacts who may have entered a field of this case: with their actions, or at its opening."""
    entering = [action for _, action in procedure.all_actions() if name in _list_fields_entered_with(action)]
    contacts = frozenset().union(*(contacts_of(procedure, action.by) for action in entering))
    field = procedure.fields[name]
    return contacts | reporters(procedure) if field.required or not entering else contacts


def contacts_of(procedure: Procedure, names: Iterable[str]) -> frozenset[str]:
    """List the contact fields of those among ``names`` who are contacts."""
    people = (procedure.people.get(name) for name in names)
    return frozenset(person.value for person in people if person is not None and person.kind == "contact")


def is_private(procedure: Procedure, field: Field) -> bool:
    """Whether the values of a field may be told only to those who handle the case."""
    return field.public == "no" and field.item_type not in SECRET and field.item_type not in procedure.forms


def quoting_notifications(procedure: Procedure) -> Iterator[QuotingNotification]:
    """List every notification that quotes fields, with the fields that are entered when it is sent."""
    for entered_fields, by, effects in _list_entries(procedure):
        for tell in effects.tells:
            if tell.kind in QUOTING:
                quoted = (*QUOTING[tell.kind], *(_fields_of_invitation(procedure) if tell.kind == "agenda" else ()))
                yield QuotingNotification(
                    tell, tuple(dict.fromkeys((*quoted, *sorted(entered_fields)))), entered_fields, by
                )
            elif tell.kind in procedure.fields:
                yield QuotingNotification(tell, (tell.kind,), entered_fields, by)


def _fields_of_invitation(procedure: Procedure) -> Iterator[str]:
    """List the fields with the time and the venue, which every agenda quotes."""
    return (field.name for field in procedure.fields.values() if field.type in ("moment", "venue"))


def _list_entries(procedure: Procedure) -> Iterator[tuple[frozenset[str], tuple[str, ...], Effects]]:
    """List what is entered, by whom, and the effects: of moves and rungs, and of the arrivals that they lead to."""
    arrivals: list[tuple[str, frozenset[str], tuple[str, ...]]] = []
    at_opening = frozenset(field.name for field in procedure.fields.values() if not field.computed)
    arrivals.append((procedure.first_step, at_opening, ()))  # a resident's words may come from another case
    for _, action in procedure.all_actions():
        names = _list_fields_entered_with(action)
        yield names, action.by, action.effects
        if action.then:
            yield names, action.by, action.then.effects
        arrivals += [(to, names, action.by) for to in (action.to, action.then.to if action.then else None) if to]
    nothing: frozenset[str] = frozenset()
    for step in procedure.steps.values():
        for rung in step.ladder:
            yield nothing, (), rung.effects
            if rung.then:
                yield nothing, (), rung.then.effects
            arrivals += [(to, nothing, ()) for to in (rung.to, rung.then.to if rung.then else None) if to]
    for to, names, by in arrivals:
        if to in procedure.steps:
            yield names, by, procedure.steps[to].on_enter


def _list_fields_entered_with(action: Action) -> frozenset[str]:
    return frozenset(field_input.field for field_input in action.inputs)


def works_on(procedure: Procedure, name: str) -> bool:
    """Whether a person has a part in the case: acts in it, owns a step, or gets a child case."""
    person = procedure.people[name]
    acting = {actor for _, action in procedure.all_actions() for actor in action.by}
    owning = {step.owner for step in procedure.steps.values()}
    if name in acting | owning or name in procedure.opened_by:
        return True
    return any(person.value in opens.one_each for effects in procedure.all_effects() for opens in effects.opens)


def may_know(procedure: Procedure, name: str, whose: frozenset[str] | None) -> LocalizedText | None:
    """Return the reason why a person may not know what a resident entered; None where they may.

    ``whose`` are the contacts of this case who may have entered it; None for words from another case.
    """
    person = procedure.people.get(name)
    if person is None:
        return say("anybody could read it") if name in ANYBODY else None
    return _find_reason_against(procedure, person, name, whose)


def _find_reason_against(
    procedure: Procedure, person: Person, name: str, whose: frozenset[str] | None
) -> LocalizedText | None:
    if person.kind == "anyone":
        return say("anybody could read it")
    if person.kind == "contact" and person.also:
        return say("other residents receive it")
    if person.kind == "contact" and (whose is None or not whose <= {person.value}):
        return say("another resident receives it")
    if person.kind == "whoever" and _may_be_residents(procedure, person, whose):
        return say("they may include residents")
    if person.kind == "partner" and not works_on(procedure, name):
        return say("this partner is not involved in the case")
    if person.kind == "groups":
        return next(
            (reason for part in person.groups if (reason := _find_reason_against(procedure, part, name, whose))), None
        )
    return None


def _may_be_residents(procedure: Procedure, person: Person, whose: frozenset[str] | None) -> bool:
    """Whether those who acted in another case, or opened this one with words from another case, may be residents."""
    if person.value == "in":
        return True
    return whose is None and any(is_outsider(procedure, name) for name in procedure.opened_by)
