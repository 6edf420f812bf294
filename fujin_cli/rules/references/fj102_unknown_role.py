"""
# FJ102 · A role that is unknown, or is not held at that level

`jurisdiction.yaml` lists the city's roles under `roles`, each with the levels at which it can be held. People of a
procedure and people on a roster can have only these roles. If nobody can hold a role, nobody can do its work.

Failing:

```yaml fail procedures/errand.yaml
people:
  clerk: {role: co-ordinator, of: committee}
```

Passing:

```yaml pass procedures/errand.yaml
people:
  clerk: {role: coordinator, of: committee}
```

To fix it, correct the role, ask for it at a level where it is held (`of`), or add the role or the level in
`jurisdiction.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.procedure_source import people, procedure_sources
from fujin_cli.rules.support.roster_index import RosterIndex, index_rosters

CODE = "FJ102"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every role, of a procedure's people or of a roster, that its level does not have."""
    workspace = context.workspace
    roles = index_files(workspace).of_kind("jurisdiction", "roles")
    levels = {
        name: tuple(spec.get("at") or ())
        for name, spec in workspace.organisation.roles.items()
        if isinstance(spec, Mapping)
    }
    role_check = _RoleCheck(roles, levels)
    for source in procedure_sources(workspace):
        for person in people(source.procedure):
            if person.kind == "role":
                yield from role_check.check_role(person.value, person.of, source.place((*person.route, "role")))
    rosters = index_rosters(workspace)
    yield from _check_rosters(rosters, role_check)


def _check_rosters(rosters: RosterIndex, role_check: _RoleCheck) -> Iterator[Finding]:
    for member in rosters.lines:
        level = rosters.level_of(member.seated.unit)
        for role in member.seated.roles:
            yield from role_check.check_role(role, level, Place(member.path, (*member.route, "roles", role)))


class _RoleCheck:
    """Check one role at one place."""

    def __init__(self, roles: DefinedNames, levels: Mapping[str, tuple[str, ...]]) -> None:
        self.roles = roles
        self.levels = levels

    def check_role(self, role: str, level: str | None, place: Place) -> Iterator[Finding]:
        """Report a role that does not exist, or that does not exist at ``level``."""
        if role not in self.roles:
            yield unknown_name(CODE, say("the city has no role {role}", role=role), place, role, self.roles)
            return
        role_levels = self.levels.get(role, ())
        if level is None or not role_levels or level in role_levels:
            return
        defined = self.roles.places.get(role)
        related = (Related(say("{role} is defined here", role=role), defined),) if defined else ()
        yield Finding(
            CODE,
            "error",
            say("the role {role} is not held at the level {level}", role=role, level=level),
            place,
            say(
                "the role is held at these levels: {levels}; use one of them, or add {level} there",
                levels=role_levels,
                level=level,
            ),
            related,
        )
