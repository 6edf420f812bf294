"""
# FJ205 · The same person twice

A person has one line on a roster, with all their roles; a second line would count them twice. An id belongs to one
person: if two rosters give it different names, two people have been mixed up.

Failing:

```yaml fail rosters/C1-environment.yaml
members:
  - {person: p-01, name: Jia, seat: head, roles: [coordinator], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-02, name: Yi, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-02, name: Yi, seat: member, roles: [inspector], term: {from: 2026-01-01, until: 2028-12-31}}
```

Passing:

```yaml pass rosters/C1-environment.yaml
members:
  - {person: p-01, name: Jia, seat: head, roles: [coordinator], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-02, name: Yi, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-03, name: Bing, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
```

To fix it, put all roles on one line, or give the second person an id of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.roster_index import RosterEntry, index_rosters

CODE = "FJ205"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every person who is twice on one roster, or has another name on another roster."""
    first: dict[str, RosterEntry] = {}
    on_roster: dict[tuple[str, str], RosterEntry] = {}
    for line in index_rosters(context.workspace).lines:
        key = (line.seated.unit, line.seated.person)
        if key in on_roster:
            finding = _duplicate_finding(line, on_roster[key])
            if replace(line.seated, index=0) == replace(on_roster[key].seated, index=0):
                fix = Fix(say("delete the second line, which is a duplicate"), True, (Edit("delete", line.place()),))
                finding = replace(finding, fix=fix)
            yield finding
            continue
        on_roster[key] = line
        earlier = first.setdefault(line.seated.person, line)
        if earlier.seated.name != line.seated.name:
            yield _second_name_finding(line, earlier)


def _duplicate_finding(line: RosterEntry, earlier: RosterEntry) -> Finding:
    related = (Related(say("first listed here"), earlier.place("person")),)
    return Finding(
        CODE,
        "error",
        say("{name} is on this roster twice", name=line.seated.name),
        line.place("person"),
        say("put all roles on one line, or give the second person an id of their own"),
        related,
    )


def _second_name_finding(line: RosterEntry, earlier: RosterEntry) -> Finding:
    related = (Related(say("the other name stands here"), earlier.place("name")),)
    return Finding(
        CODE,
        "error",
        say(
            "{person} is called {name} here and {other} elsewhere",
            person=line.seated.person,
            name=line.seated.name,
            other=earlier.seated.name,
        ),
        line.place("name"),
        say("correct the name, or give one of the two an id of their own"),
        related,
    )
