"""
# FJ204 · A term that is over, has not begun, or ends before it begins

Members sit for a term. Before it begins and after it ends they may not act; this is a warning, so that it does not come
as a surprise. A term that ends before it begins is an error.

Failing:

```yaml fail rosters/C1.yaml
staff:
  - {person: p-11, name: Ding, roles: [supervisor], term: {from: 2026-06-30, until: 2026-01-01}}
  - {person: p-12, name: Wu, roles: [supervisor]}
  - {person: p-13, name: Ji, roles: [coordinator]}
  - {person: p-14, name: Geng, roles: [inspector]}
```

Passing:

```yaml pass rosters/C1.yaml
staff:
  - {person: p-11, name: Ding, roles: [supervisor], term: {from: 2026-01-01, until: 2030-06-30}}
  - {person: p-12, name: Wu, roles: [supervisor]}
  - {person: p-13, name: Ji, roles: [coordinator]}
  - {person: p-14, name: Geng, roles: [inspector]}
```

To fix it, renew the term, or remove the person from the roster; a successor can be entered before the term begins.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.roster_index import RosterEntry, index_rosters

CODE = "FJ204"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every term that does not cover today, or covers no day at all."""
    iso = context.today.isoformat()
    for member in index_rosters(context.workspace).lines:
        begins, ends = member.seated.term_from, member.seated.term_until
        name = member.seated.name
        if begins and ends and ends < begins:
            message = say("the term of {name} ends before it begins", name=name)
            related = (Related(say("it begins here"), member.place("term", "from")),)
            help = say("swap from and until, or correct one of them")
            yield Finding(CODE, "error", message, member.place("term", "until"), help, related)
        elif ends and ends < iso:
            yield _warn_of_term(member, "until", "over")
        elif begins and begins > iso:
            yield _warn_of_term(member, "from", "early")


def _warn_of_term(member: RosterEntry, key: str, problem: str) -> Finding:
    name = member.seated.name
    if problem == "over":
        message = say("the term of {name} ended on {date}", name=name, date=member.seated.term_until)
        help = say("renew the term, or take the person off the roster")
    else:
        message = say("the term of {name} begins on {date}", name=name, date=member.seated.term_from)
        help = say("the seat is empty until then; nothing needs to be done if this is intended")
    return Finding(CODE, "warning", message, member.place("term", key), help)
