"""Find who may act under a name of a procedure, as the rosters of one case scope decide today."""

from __future__ import annotations

from datetime import date

from fujin_cli.core.model.procedure import Person, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.rules.support.case_scopes import CaseScope
from fujin_cli.rules.support.roster_index import index_rosters


class EligibleActors:
    """Look up roles and seats in rosters.

    Partners and contacts are named by each case, so no roster decides who they are.
    """

    def __init__(self, workspace: Workspace, today: date) -> None:
        self.organisation = workspace.organisation
        rosters = index_rosters(workspace)
        self.holders = rosters.holders(today)
        self.seated = rosters.seated(today)
        # A unit without a roster has a finding of its own (FJ207), and so has a role that is not held there (FJ102).
        self.reliable_units = set(self.organisation.rosters) - rosters.unreliable_units(workspace)

    def is_decided(self, person: Person, scope: CaseScope) -> bool:
        """Whether rosters decide who this person of a procedure is."""
        role = self.organisation.roles.get(person.value) or {}
        if person.kind == "role" and person.of not in (role.get("at") or ()):
            return False
        return person.kind in ("role", "seat") and self.unit(person, scope) in self.reliable_units

    def unit(self, person: Person, scope: CaseScope) -> str | None:
        """Return the unit whose roster decides who this person is."""
        return self.organisation.unit_at(person.of or "community", scope.community, scope.committee)

    def eligible(self, version: Procedure, person: Person, scope: CaseScope) -> frozenset[str]:
        """List everybody on the rosters who may act as this person; those whom ``not`` excludes are left out."""
        people = self._holders_of(person, scope)
        for out in excluded(version, person):
            people -= self._holders_of(out, scope)
        return people

    def _holders_of(self, person: Person, scope: CaseScope) -> frozenset[str]:
        people = self.holders if person.kind == "role" else self.seated
        return people.get((self.unit(person, scope) or "", person.value), frozenset())


def excluded(version: Procedure, person: Person) -> tuple[Person, ...]:
    """List the persons whom ``not`` excludes and on whom rosters decide: roles and seats."""
    people = [version.people.get(out.value) if out.kind == "name" else out for out in person.excluded]
    return tuple(out for out in people if out is not None and out.kind in ("role", "seat"))


def names_entering(person: Person) -> tuple[str, ...]:
    """List the names that enter this person's words: for a contact, the people ``through`` whom they come."""
    return person.through if person.kind == "contact" and person.through else (person.name,)
