"""Who a name of a procedure is in a given case, and whether somebody may act under it.

See docs/reference/contract.md, "Who".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.findings.refusals import FOUR_EYES, NOT_ENTITLED, Refusal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Person, Procedure
from fujin_cli.core.text.message import say

SYSTEM = "system"
ANYBODY_WORDS = {"resident": say("resident"), "member": say("member"), "partner": say("partner")}
ANYBODY = tuple(ANYBODY_WORDS)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts (``by``), who types it in, under which name of the procedure, and for whom where not for themselves."""

    by: str
    entered_by: str
    name: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Resolves names for one case on one local day."""

    case: Case
    procedure: Procedure
    organisation: Organisation
    day: date
    other: Callable[[str], Case] | None = None  # how to look at another case

    def resolve(self, name: str) -> tuple[str, ...]:
        """The ids that a name stands for now; a contact is its reference, or the name itself where it has none."""
        person = self.procedure.people.get(name)
        if person is None:
            return ()
        excluded = self._excluded(person)
        return tuple(dict.fromkeys(who for who in self._resolve(person) if who not in excluded))

    def _resolve(self, person: Person) -> tuple[str, ...]:
        match person.kind:
            case "name":  # without its own `not`: two names may exclude each other
                named = self.procedure.people.get(person.value)
                return self._resolve(named) if named else ()
            case "role":
                return self.organisation.holders(self._unit(person.of), person.value, self.day)
            case "seat":
                return self.organisation.seated(self._unit(person.of), person.value, self.day)
            case "members":
                if person.value == "committee":
                    return self.organisation.seated(self.case.committee, None, self.day)
                return self._values(person.value)
            case "partner" | "person":
                return self._values(person.value)
            case "contact":
                return self._contacts(person)
            case "whoever":
                return self._hands_in(person.of) if person.value == "in" else (self.case.opened_by,)
            case "groups":
                return tuple(who for part in person.groups for who in self._resolve(part))
        return ()

    def _unit(self, level: str | None) -> str | None:
        return self.organisation.unit_at(level or "community", self.case.community, self.case.committee)

    def _values(self, field: str) -> tuple[str, ...]:
        value = self.case.values.get(field)
        if value is None:
            return ()
        return tuple(value) if isinstance(value, list) else (str(value),)

    def _contacts(self, person: Person) -> tuple[str, ...]:
        contacts = self._values(person.value) or (person.name,)
        if person.also:
            contacts += self._values(person.also)
        return contacts

    def _excluded(self, person: Person) -> set[str]:
        """Whoever ``not`` names: who they are now, and whoever has acted in this case under that name."""
        out: set[str] = set()
        for other in person.excluded:
            out |= set(self._resolve(other))
            out |= {who for name, who in self._acted() if name == other.name}
        return out

    def _hands_in(self, field: str | None) -> tuple[str, ...]:
        """Everybody who acted or entered something in the case that stands in ``field``.

        Whoever only brought it under another version of its law had no hand in it.
        """
        value = self.case.values.get(field or "")
        if not value or self.other is None:
            return ()
        acts = [
            event
            for event in self.other(str(value)).events
            if event.kind not in (EventKind.MIGRATED, EventKind.MIGRATION_UNDONE)
        ]
        hands = [who for event in acts for who in (event.by, event.entered_by)]
        return tuple(dict.fromkeys(who for who in hands if who != SYSTEM))

    def _acted(self) -> list[tuple[str, str]]:
        """(name, id) of everybody who acted or entered something for somebody else in this case."""
        return [
            (event.data["as"], who)
            for event in self.case.past
            if "as" in event.data
            for who in {event.by, event.entered_by}
        ]

    def may_act(self, names: tuple[str, ...], actor: str) -> Actor:
        """How ``actor`` acts under one of ``names``. Raises Refusal with everybody who could."""
        for name in names:
            acting = self._as(name, actor)
            if acting:
                return acting
        for level in self.case.raised:
            if actor in self.supervisors(level) and any(not self.is_contact(name) for name in names):
                return Actor(actor, actor, level)
        raise Refusal(
            NOT_ENTITLED,
            say("{actor} may not do this; it is for {names}", actor=actor, names=[self.titled(name) for name in names]),
            who=self.everybody(names),
        )

    def _as(self, name: str, actor: str) -> Actor | None:
        person = self.procedure.people.get(name)
        if person is None:
            return Actor(actor, actor, name) if self._is_any(name, actor) else None
        if person.kind == "anyone":
            return Actor(actor, actor, name) if self._is_any(person.value, actor) else None
        if person.kind == "contact":
            return self._for_contact(person, actor)
        who = self.resolve(name)
        if actor in who:
            return Actor(actor, actor, name)
        if who and any(actor in self.resolve(helper) for helper in person.through):
            return Actor(who[0], actor, name, on_behalf_of=who[0])
        return None

    def _is_any(self, kind: str, actor: str) -> bool:
        """Whether ``actor`` is one of ``kind``: by that very word, a declared partner, somebody seated today."""
        if kind not in ANYBODY:
            return False
        known = kind == "partner" and actor in self.organisation.partners
        seated = (entry for entry in self.organisation.people() if entry.seat and entry.serves_on(self.day))
        return actor == kind or known or (kind == "member" and any(entry.person == actor for entry in seated))

    def _for_contact(self, person: Person, actor: str) -> Actor | None:
        """A contact acts through the proof; whoever enters it must not have handled the case."""
        if actor == person.name and person.proof:
            return Actor(person.name, person.name, person.name)
        if not any(actor in self.resolve(helper) for helper in person.through):
            return None
        if any(name not in (*person.through, person.name) and actor == who for name, who in self._acted()):
            raise Refusal(
                FOUR_EYES,
                say(
                    "{actor} has handled this case and may not enter the word of {name}",
                    actor=actor,
                    name=self.titled(person.name),
                ),
                who=self.everybody((person.name,)),
            )
        return Actor(person.name, actor, person.name, on_behalf_of=person.name)

    def supervisors(self, level: str) -> tuple[str, ...]:
        """The supervisors of the case's unit at ``level``, whom ``raise`` tells and admits."""
        return self.organisation.holders(self._unit(level), "supervisor", self.day)

    def is_contact(self, name: str) -> bool:
        """Whether the name is somebody outside, known by contact data and a proof."""
        person = self.procedure.people.get(name)
        return person is not None and person.kind == "contact"

    def titled(self, name: str) -> object:
        """The name's title, for a sentence."""
        person = self.procedure.people.get(name)
        return (person.title if person else None) or ANYBODY_WORDS.get(name, name)

    def everybody(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Everybody who may act under one of the names: persons, partners, and who enters it for a contact."""
        found: list[str] = []
        for name in names:
            person = self.procedure.people.get(name)
            if person is None or person.kind == "anyone":
                found.append(person.value if person else name)
            elif person.kind == "contact":
                found += [person.name] if person.proof else []
                found += [who for helper in person.through for who in self.resolve(helper)]
            else:
                found += self.resolve(name)
        for level in self.case.raised:
            found += self.supervisors(level)
        return tuple(dict.fromkeys(found))
