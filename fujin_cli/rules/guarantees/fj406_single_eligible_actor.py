"""
# FJ406 · Different people are required, but only one is available

`different_people` is enforced while cases run: whoever did or entered one of the actions may not do another one. If
only one person can do both, a case stops after the first action. It is an error if that person is the only one for
either action; it is a warning if others could have done the first one, if the case is served by an office alone, or if
somebody outside could still do it with a code of their own.

Failing:

```yaml fail procedures/errand.yaml
guarantees:
  four-eyes: {different_people: [send, finish]}
```

Passing:

```yaml pass procedures/errand.yaml
guarantees:
  four-eyes: {different_people: [send, try]}
```

To fix it, give somebody else on that roster the role, or let another role do one of the actions. There is no finding
where other people could do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Guarantee, Person, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.case_scopes import CaseScope, case_scopes, rosters_of, titles_of
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.eligible_actors import EligibleActors, names_entering
from fujin_cli.rules.support.guarantee_findings import place_of
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ406"
SEVERITY: Severity = "error"
Clash = tuple[Severity, str, str]  # severity, the action done first, the action that nobody can do after it


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every unit in which only one person can do two actions that different people must do."""
    workspace = context.workspace
    actors = EligibleActors(workspace, context.today)
    scopes = case_scopes(workspace)
    for source in procedure_sources(workspace):
        for guarantee in source.procedure.guarantees.values():
            if guarantee.template == "different_people":
                clashes = _find_clashes(actors, source.procedure, guarantee, scopes[source.procedure.name])
                yield from _make_findings(workspace, source, guarantee, clashes)


def _find_clashes(
    actors: EligibleActors, version: Procedure, guarantee: Guarantee, scopes: list[CaseScope]
) -> Mapping[Clash, list[str]]:
    """Map each clash to its units; of the two orders of a pair only the first is kept."""
    clashes: dict[Clash, list[str]] = {}
    names = [atom.name for atom in guarantee.atoms["different_people"]]
    for scope in scopes:
        reported_pairs: set[frozenset[str]] = set()
        for first, second in permutations(names, 2):
            severity = _judge_pair(actors, version, first, second, scope)
            if severity is None or frozenset((first, second)) in reported_pairs:
                continue
            reported_pairs.add(frozenset((first, second)))
            clashes.setdefault((severity, first, second), []).append(scope.committee or scope.community)
    return clashes


def _judge_pair(
    actors: EligibleActors, version: Procedure, first: str, second: str, scope: CaseScope
) -> Severity | None:
    """Return the severity if only one person can do the second action, and can do the first one too; else None."""
    before, after = _list_doers(actors, version, first, scope), _list_doers(actors, version, second, scope)
    if not before or not after or len(after) != 1 or not after <= before:
        return None
    alone = before == after and not _is_open_to_contacts(version, second) and not _is_open_to_contacts(version, first)
    return "error" if alone and scope.severity == "error" else "warning"


def _list_doers(actors: EligibleActors, version: Procedure, action: str, scope: CaseScope) -> frozenset[str]:
    """List the people who can do the action; none where the rosters do not decide that."""
    named = _actors_of(version, action)
    people = [version.people[name] for person in named for name in names_entering(person) if name in version.people]
    if not people or not all(actors.is_decided(person, scope) for person in people):
        return frozenset()
    return frozenset().union(*(actors.eligible(version, person, scope) for person in people))


def _actors_of(version: Procedure, action: str) -> list[Person]:
    names = {name for _, move in version.all_actions() if move.name == action for name in move.by}
    return [version.people[name] for name in sorted(names) if name in version.people]


def _is_open_to_contacts(version: Procedure, action: str) -> bool:
    """Whether a contact may do the action, who is no member of a roster."""
    return any(person.kind == "contact" for person in _actors_of(version, action))


def _make_findings(
    workspace: Workspace, source: ProcedureSource, guarantee: Guarantee, clashes: Mapping[Clash, list[str]]
) -> Iterator[Finding]:
    organisation = workspace.organisation
    for (severity, first, second), units in clashes.items():
        yield Finding(
            CODE,
            severity,
            say(
                "in {units}, only one person can do {second}, and only if they have not done {first}",
                units=titles_of(organisation, units),
                first=first,
                second=second,
            ),
            place_of(source, guarantee),
            say("give somebody else on that roster the role, or let another role do one of the two"),
            rosters_of(organisation, units),
        )
