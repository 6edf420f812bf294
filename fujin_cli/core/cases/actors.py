"""Resolve the names of a procedure in one case on one day, and check who may act under them.

See docs/reference/contract.md, "Who".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.findings.refusals import FOUR_EYES, NOT_ENTITLED, Refusal
from fujin_cli.core.model.ids import ANYBODY_WORDS, OPENED, RAISED
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Action, Person, Procedure
from fujin_cli.core.text.localized import say

SYSTEM = "system"
ANYBODY = tuple(ANYBODY_WORDS)


@dataclass(frozen=True, slots=True)
class Actor:
    """Name who acts (``by``), who enters it, under which name of the procedure, and for whom (``on_behalf_of``)."""

    by: str
    entered_by: str
    name: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Resolve names for one case on one local day."""

    case: Case
    procedure: Procedure
    organisation: Organisation
    day: date
    other_case: Callable[[str], Case] | None = None  # reads another case by its id

    def resolve_name(self, name: str) -> tuple[str, ...]:
        """List the ids that a name stands for now; a contact is its reference, or the name itself where it has none."""
        person = self.procedure.people.get(name)
        if person is None:
            return ()
        excluded = self._excluded_ids(person)
        return tuple(dict.fromkeys(id for id in self._resolve_person(person) if id not in excluded))

    def _resolve_person(self, person: Person) -> tuple[str, ...]:
        match person.kind:
            case "name":  # without its own `not`: two names may exclude each other
                named = self.procedure.people.get(person.value)
                return self._resolve_person(named) if named else ()
            case "role":
                return self.organisation.role_holders(self.unit_of(person), person.value, self.day)
            case "seat":
                return self.organisation.seat_holders(self.unit_of(person), person.value, self.day)
            case "members":
                if person.value == "committee":
                    return self.organisation.seat_holders(self.case.committee, None, self.day)
                return self.values_in_field(person.value)
            case "partner":  # one that was removed stands for nobody, as a person does who left the roster
                return tuple(id for id in self.values_in_field(person.value) if id in self.organisation.partners)
            case "person":
                return self.values_in_field(person.value)
            case "contact":
                return self._contact_ids(person)
            case "whoever":
                return self._participants_of_case(person.of) if person.value == "in" else (self.case.opened_by,)
            case "groups":
                return tuple(id for part in person.groups for id in self._resolve_person(part))
        return ()

    def unit_of(self, person: Person) -> str | None:
        """Find the unit whose roster says who holds a role or a seat."""
        return self._unit_at_level(person.of)

    def _unit_at_level(self, level: str | None) -> str | None:
        return self.organisation.unit_at(level or "community", self.case.community, self.case.committee)

    def values_in_field(self, field: str) -> tuple[str, ...]:
        """List the ids that stand in a field."""
        value = self.case.values.get(field)
        if value is None:
            return ()
        return tuple(value) if isinstance(value, list) else (str(value),)

    def _contact_ids(self, person: Person) -> tuple[str, ...]:
        contacts = self.values_in_field(person.value) or (person.name,)
        if person.also:
            contacts += self.values_in_field(person.also)
        return contacts

    def _excluded_ids(self, person: Person) -> set[str]:
        """Collect the ids that ``not`` excludes: who holds each name now, and who acted in this case under it."""
        ids: set[str] = set()
        for excluded in person.excluded:
            ids |= set(self._resolve_person(excluded))
            ids |= {id for name, id in self._list_past_actors() if name == excluded.name}
        return ids

    def _participants_of_case(self, field: str | None) -> tuple[str, ...]:
        """List everybody who acted or entered something in the case that stands in ``field``.

        Migrating a case to another version does not count as acting in it.
        """
        value = self.case.values.get(field or "")
        if not value or self.other_case is None:
            return ()
        acts = [
            event
            for event in self.other_case(str(value)).events_in_effect
            if event.kind not in (EventKind.MIGRATED, EventKind.MIGRATION_UNDONE)
        ]
        participants = [id for event in acts for id in (event.by, event.entered_by)]
        return tuple(dict.fromkeys(id for id in participants if id != SYSTEM))

    def _list_past_actors(self) -> list[tuple[str, str]]:
        """List (name, id) of everybody who acted in this case, or entered something for somebody else."""
        return [
            (event.data["as"], id)
            for event in self.case.events_in_current_names
            if "as" in event.data
            for id in {event.by, event.entered_by}
        ]

    def authorize_actor(self, names: tuple[str, ...], actor: str, only: Sequence[tuple[str, ...]] = ()) -> Actor:
        """Find the name among ``names`` under which ``actor`` may act. Raises Refusal with everybody who could.

        ``only`` are the names that guarantees allow (``list_allowed_names``): each has to admit the name.
        """
        for name in names:
            acting = self._actor_under_name(name, actor)
            if acting and all(self._is_admitted(acting, allowed) for allowed in only):
                return acting
        for level in self.case.raised:
            admitted = all(is_within_allowed(self.procedure, level, allowed, raised=True) for allowed in only)
            if admitted and actor in self.supervisors(level) and any(not self.is_contact(name) for name in names):
                return Actor(actor, actor, level)
        names = tuple(
            name for name in names if all(is_within_allowed(self.procedure, name, allowed) for allowed in only)
        )
        raise Refusal(
            NOT_ENTITLED,
            say(
                "{actor} may not do this; allowed: {names}",
                actor=self.organisation.label_id(actor),
                names=[self.title_of_name(name) for name in names],
            ),
            who=self.list_eligible_actors(names),
        )

    def _is_admitted(self, acting: Actor, allowed: tuple[str, ...]) -> bool:
        """Whether whoever acts is among the allowed names, and whoever enters it for somebody without a proof too."""
        person = self.procedure.people.get(acting.name)
        if person is None or acting.by == acting.entered_by or (person.kind == "contact" and person.proof):
            return is_within_allowed(self.procedure, acting.name, allowed)
        helpers = [helper for helper in person.through if acting.entered_by in self.resolve_name(helper)]
        return is_within_allowed(self.procedure, acting.name, allowed) and any(
            is_within_allowed(self.procedure, helper, allowed) for helper in helpers
        )

    def _actor_under_name(self, name: str, actor: str) -> Actor | None:
        person = self.procedure.people.get(name)
        if person is None:
            return Actor(actor, actor, name) if self._is_anybody_of_kind(name, actor) else None
        if person.kind == "anyone":
            return Actor(actor, actor, name) if self._is_anybody_of_kind(person.value, actor) else None
        if person.kind == "contact":
            return self._actor_for_contact(person, actor)
        holders = self.resolve_name(name)
        if actor in holders:
            return Actor(actor, actor, name)
        if holders and any(actor in self.resolve_name(helper) for helper in person.through):
            return Actor(holders[0], actor, name, on_behalf_of=holders[0])
        return None

    def _is_anybody_of_kind(self, kind: str, actor: str) -> bool:
        """Whether ``actor`` is ``kind`` itself (a word of ``ANYBODY``), a declared partner, or seated today."""
        if kind not in ANYBODY:
            return False
        is_partner = kind == "partner" and actor in self.organisation.partners
        seated = (
            member.person for member in self.organisation.people() if member.seat and member.is_serving_on(self.day)
        )
        return actor == kind or is_partner or (kind == "member" and actor in seated)

    def _actor_for_contact(self, person: Person, actor: str) -> Actor | None:
        """Let a contact act by proof, or through a helper who has not handled the case. Raises Refusal."""
        if actor == person.name and person.proof:
            return Actor(person.name, person.name, person.name)
        if not any(actor in self.resolve_name(helper) for helper in person.through):
            return None
        if any(name not in (*person.through, person.name) and actor == id for name, id in self._list_past_actors()):
            raise Refusal(
                FOUR_EYES,
                say(
                    "{actor} has handled this case and must not act for {name}",
                    actor=self.organisation.label_id(actor),
                    name=self.title_of_name(person.name),
                ),
                who=self.list_eligible_actors((person.name,)),
            )
        return Actor(person.name, actor, person.name, on_behalf_of=person.name)

    def supervisors(self, level: str) -> tuple[str, ...]:
        """List the supervisors of the case's unit at ``level``: ``raise`` tells them and lets them act."""
        return self.organisation.role_holders(self._unit_at_level(level), "supervisor", self.day)

    def is_contact(self, name: str) -> bool:
        """Whether the name is a contact: somebody outside the offices, identified by contact data and a proof."""
        person = self.procedure.people.get(name)
        return person is not None and person.kind == "contact"

    def title_of_name(self, name: str) -> object:
        """Give the title of a name for a sentence."""
        person = self.procedure.people.get(name)
        return (person.title if person else None) or ANYBODY_WORDS.get(name, name)

    def list_eligible_actors(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """List everybody who may act under one of the names, helpers who enter it for a contact included."""
        ids: list[str] = []
        for name in names:
            person = self.procedure.people.get(name)
            if person is None or person.kind == "anyone":
                ids.append(person.value if person else name)
            elif person.kind == "contact":
                ids += [person.name] if person.proof else []
                ids += [id for helper in person.through for id in self.resolve_name(helper)]
            else:
                ids += self.resolve_name(name)
        for level in self.case.raised:
            ids += self.supervisors(level)
        return tuple(dict.fromkeys(ids))


def list_allowed_names(version: Procedure, action: Action | None) -> list[tuple[str, ...]]:
    """List the names that each guarantee of ``only`` allows for an action (None: for opening a case)."""
    keys = {OPENED} if action is None else {action.name, action.rule}
    return [names for guarantee in version.guarantees.values() for key, names in guarantee.only.items() if key in keys]


def is_within_allowed(version: Procedure, name: str, allowed: tuple[str, ...], raised: bool = False) -> bool:
    """Tell whether whoever acts under ``name`` (or as a ``raised`` level) also acts under one of the allowed names.

    A level may be allowed by its own name, too, where no person of the procedure has it, and every level by the word
    ``raised``: ``[clerk, raised]`` lets the street act once the case was raised to it, and never before. A name is
    within another that has the same definition, that has it among its ``groups``, or that is the whole committee of
    which it is the head. A contact without a proof is nobody in particular, so nothing is within it.
    """
    if raised and RAISED in allowed and RAISED not in version.people:
        return True
    person = Person(name, "role", "supervisor", name) if raised else version.people.get(name)
    for other_name in allowed:
        other = version.people.get(other_name)
        if other is not None and other.kind == "contact" and not other.proof:
            continue
        if name == other_name and not (raised and other is not None):
            return True
        if person is not None and other is not None and _is_part_of(version, person, other):
            return True
    return False


def _is_part_of(version: Procedure, part: Person, whole: Person, depth: int = 4) -> bool:
    if depth == 0:
        return False
    if whole.kind == "name" and whole.value in version.people:
        return not whole.excluded and _is_part_of(version, part, version.people[whole.value], depth - 1)
    if part.kind == "name" and part.value in version.people:
        return _is_part_of(version, version.people[part.value], whole, depth - 1)
    if part.kind == "groups" and part.groups:
        return all(_is_part_of(version, member, whole, depth - 1) for member in part.groups)
    if whole.kind == "groups":
        return not whole.excluded and any(_is_part_of(version, part, member, depth - 1) for member in whole.groups)
    if part.kind == "contact" and (part.proof != whole.proof or part.also not in (None, whole.also)):
        return False  # more contacts, or the same one with another proof
    narrower = {definition_of(person) for person in whole.excluded} <= {
        definition_of(person) for person in part.excluded
    }
    if part.kind == "seat" and whole.kind == "members" and whole.value == "committee":
        return narrower and part.of in (None, "committee")
    return narrower and definition_of(part) == definition_of(whole)


def definition_of(person: Person) -> tuple[str, str, str | None]:
    """Give what makes two names of a procedure mean the same people, exclusions aside."""
    return person.kind, person.value, person.of
