"""
# FJ209 · A skill that nobody on the committee has

Some kinds of committee need a skill: legal advice needs a lawyer, water and power an electrician. `licences` on the
roster says who has it. Without it the committee still works, but must ask somebody outside; so this is only a remark.

Failing:

```yaml fail committees/C1-environment.yaml
kind: legal
```

Passing:

```yaml pass committees/C1-environment.yaml
kind: environment
```

To fix it, recruit somebody who has the skill, or enter the licence on the roster.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ209"
SEVERITY: Severity = "info"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every skill that a committee's kind needs and none of its members has."""
    organisation = context.workspace.organisation
    menu = context.workspace.path_of("menu")
    for committee in organisation.committees.values():
        kind = str(committee.details.get("kind"))
        required_skills = (organisation.kinds.get(kind) or {}).get("needs_skills") or ()
        roster = organisation.rosters.get(committee.id)
        if not required_skills or not roster:
            continue
        serving = [member for member in roster if member.is_serving_on(context.today)]
        skills = {skill for member in serving for skill in member.details.get("licences") or ()}
        for skill in required_skills:
            if skill not in skills:
                related = (Related(say("its kind needs it"), Place(menu, ("kinds", kind, "needs_skills", skill))),)
                yield Finding(
                    CODE,
                    "info",
                    say("nobody on {committee} has the licence {skill}", committee=committee.title, skill=skill),
                    Place(organisation.roster_paths[committee.id], ("members",), key=True),
                    say("recruit somebody who has it, or enter it for a member: licences: [{skill}]", skill=skill),
                    related,
                )
