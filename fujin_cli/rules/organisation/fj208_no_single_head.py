"""
# FJ208 · A committee without a head, or with two

A committee has one head, who is responsible for it. Two heads are an error; no head, for example after a term has
ended, is a warning.

Failing:

```yaml fail rosters/C1-environment.yaml
members:
  - {person: p-01, name: Jia, seat: head, roles: [coordinator], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-02, name: Yi, seat: head, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-03, name: Bing, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
```

Passing:

```yaml pass rosters/C1-environment.yaml
members:
  - {person: p-01, name: Jia, seat: head, roles: [coordinator], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-02, name: Yi, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-03, name: Bing, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
```

To fix it, choose a head, or make one of the two a member. Terms count: a new head can be entered before the term of the
old one ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.organisation import Unit
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.roster_index import RosterEntry, index_rosters

CODE = "FJ208"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every committee with more or fewer heads than its file states (one by default)."""
    workspace = context.workspace
    organisation = workspace.organisation
    pruned = {file.path for file in workspace.files if file.pruned}
    rosters = index_rosters(workspace)
    by_unit = rosters.by_unit()
    for committee in organisation.committees.values():
        path = organisation.roster_paths.get(committee.id)
        if path is None or path in pruned or rosters.level_of(committee.id) is None:
            continue
        heads = [
            member
            for member in by_unit.get(committee.id, ())
            if member.seated.seat == "head" and member.seated.is_serving_on(context.today)
        ]
        expected = int((committee.details.get("seats") or {}).get("head", 1))
        if len(heads) > expected:
            yield _several_heads_finding(committee, heads)
        elif len(heads) < expected:
            message = say("{committee} has no head", committee=committee.title)
            if heads:
                message = say("{committee} lacks a head", committee=committee.title)
            help = say("choose one of the members and set seat: head")
            yield Finding(CODE, "warning", message, Place(path, ("members",), key=True), help)


def _several_heads_finding(committee: Unit, heads: list[RosterEntry]) -> Finding:
    names = [member.seated.name for member in heads]
    message = say("{committee} has more than one head: {names}", committee=committee.title, names=names)
    related = (Related(say("the first one"), heads[0].place("seat")),)
    return Finding(CODE, "error", message, heads[-1].place("seat"), say("make one of them a member"), related)
