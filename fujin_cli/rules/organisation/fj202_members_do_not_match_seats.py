"""
# FJ202 · Members and seats do not match

A committee's file says how many members it has seats for; its roster lists the members. More members than seats is an
error; a vacant seat is a warning, because somebody should be recruited. Members whose term has ended or has not begun
do not count.

Failing:

```yaml fail committees/C1-environment.yaml
seats: {head: 1, member: 3}
```

Passing:

```yaml pass committees/C1-environment.yaml
seats: {head: 1, member: 2}
```

To fix it, recruit a member (or end a membership whose term is over), or change the number of seats in the committee's
file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.organisation import Unit
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.roster_index import index_rosters

CODE = "FJ202"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every committee with more members than seats, or with an empty seat."""
    workspace = context.workspace
    organisation = workspace.organisation
    rosters = index_rosters(workspace)
    pruned = {file.path for file in workspace.files if file.pruned}
    for committee in organisation.committees.values():
        path = organisation.roster_paths.get(committee.id)
        seats = committee.details.get("seats")
        if (
            path is None
            or path in pruned
            or rosters.level_of(committee.id) is None
            or not isinstance(seats, Mapping)
            or "member" not in seats
        ):
            continue
        seated = sum(
            member.seat == "member" and member.is_serving_on(context.today)
            for member in organisation.rosters[committee.id]
        )
        if seated != int(seats["member"]):
            yield _mismatch_finding(committee, path, seated, int(seats["member"]))


def _mismatch_finding(committee: Unit, path: str, seated: int, seats: int) -> Finding:
    place = Place(path, ("members",), key=True)
    related = (Related(say("its seats are defined here"), Place(committee.path, ("seats", "member"))),)
    if seated > seats:
        message = say(
            "{committee} has more members ({seated}) than seats ({seats})",
            committee=committee.title,
            seated=seated,
            seats=seats,
        )
        help = say("end the memberships that are over, or add seats to the committee")
        return Finding(CODE, "error", message, place, help, related)
    message = say_count(
        "{committee} has {count} vacant seat",
        "{committee} has {count} vacant seats",
        committee=committee.title,
        count=seats - seated,
    )
    help = say("recruit members, or reduce the seats in the committee's file")
    return Finding(CODE, "warning", message, place, help, related)
