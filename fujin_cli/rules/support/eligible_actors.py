"""Who may act under a name of a procedure, as the rosters of one context say today."""

from __future__ import annotations

from datetime import date

from fujin_cli.core.model.procedure import Person, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.rules.support.case_scopes import CaseScope
from fujin_cli.rules.support.roster_index import index_rosters


class EligibleActors:
    """Roles and seats looked up in rosters; a partner or a contact is whoever the case says, which no roster knows."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self.organisation = workspace.organisation
        offices = index_rosters(workspace)
        self.holders = offices.holders(today)
        self.seated = offices.seated(today)
        # A unit without a roster has a finding of its own (FJ207), and so has a role that is not held there (FJ102).
        self.known = set(self.organisation.rosters) - offices.doubtful(workspace)

    def decided(self, person: Person, context: CaseScope) -> bool:
        """Whether the rosters decide who this is."""
        role = self.organisation.roles.get(person.value) or {}
        if person.kind == "role" and person.of not in (role.get("at") or ()):
            return False
        return person.kind in ("role", "seat") and self.unit(person, context) in self.known

    def unit(self, person: Person, context: CaseScope) -> str | None:
        """The unit whose roster decides."""
        return self.organisation.unit_at(person.of or "community", context.community, context.committee)

    def who(self, version: Procedure, person: Person, context: CaseScope) -> frozenset[str]:
        """Everybody who is that, without those whom ``not`` excludes."""
        found = self._all(person, context)
        for out in excluded(version, person):
            found -= self._all(out, context)
        return found

    def _all(self, person: Person, context: CaseScope) -> frozenset[str]:
        who = self.holders if person.kind == "role" else self.seated
        return who.get((self.unit(person, context) or "", person.value), frozenset())


def excluded(version: Procedure, person: Person) -> tuple[Person, ...]:
    """Whoever ``not`` names that rosters decide: roles and seats."""
    others = [version.people.get(other.value) if other.kind == "name" else other for other in person.excluded]
    return tuple(other for other in others if other is not None and other.kind in ("role", "seat"))


def names_entering(person: Person) -> tuple[str, ...]:
    """The names under which this one's word is entered: a contact's by those ``through`` whom it comes."""
    return person.through if person.kind == "contact" and person.through else (person.name,)
