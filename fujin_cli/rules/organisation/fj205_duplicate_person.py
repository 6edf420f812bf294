"""
# FJ205 · One person twice

A person sits once on a committee, with all their roles on one line; whoever is there twice would count twice. And an
id is one person: two rosters that give it different names have mixed up two people.

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

To mend it, put all roles on one line, or give the second person an id of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Related, Severity
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.roster_index import RosterEntry, index_rosters

CODE = "FJ205"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every person who is twice on one roster, or bears another name on another one."""
    first: dict[str, RosterEntry] = {}
    on_roster: dict[tuple[str, str], RosterEntry] = {}
    for entry in index_rosters(context.workspace).entries:
        here = (entry.seated.unit, entry.seated.person)
        if here in on_roster:
            found = _twice(entry, on_roster[here])
            if replace(entry.seated, index=0) == replace(on_roster[here].seated, index=0):
                fix = Fix(say("delete the second line, which says the same"), True, (Edit("delete", entry.place()),))
                found = replace(found, fix=fix)
            yield found
            continue
        on_roster[here] = entry
        other = first.setdefault(entry.seated.person, entry)
        if other.seated.name != entry.seated.name:
            yield _renamed(entry, other)


def _twice(entry: RosterEntry, other: RosterEntry) -> Finding:
    related = (Related(say("the first time"), other.place("person")),)
    return Finding(
        CODE,
        "error",
        say("{name} is on this roster twice", name=entry.seated.name),
        entry.place("person"),
        say("put all roles on one line, or give the second person an id of their own"),
        related,
    )


def _renamed(entry: RosterEntry, other: RosterEntry) -> Finding:
    related = (Related(say("the other name stands here"), other.place("name")),)
    return Finding(
        CODE,
        "error",
        say(
            "{person} is called {name} here and {other} elsewhere",
            person=entry.seated.person,
            name=entry.seated.name,
            other=other.seated.name,
        ),
        entry.place("name"),
        say("correct the name, or give one of the two an id of their own"),
        related,
    )
