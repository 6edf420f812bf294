"""
# FJ130 · A proof that is never handed out

Somebody who is known only by contact data proves who they are with the acceptance code or with the number on the
receipt. `opened.gives` says what they receive at the opening. If they never receive the proof, every action that
requires it is impossible.

Failing:

```yaml fail procedures/errand.yaml
opened: {by: [resident, clerk], from: [visit], gives: {asker: [receipt]}}
```

Passing:

```yaml pass procedures/errand.yaml
opened: {by: [resident, clerk], from: [visit], gives: {asker: [receipt, acceptance-code]}}
```

To fix it, hand out the code at `opened.gives`, or require the receipt (`proof: receipt`), which everybody has.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Person
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, people, procedure_sources

CODE = "FJ130"
SEVERITY: Severity = "error"
CODE_PROOF = "acceptance-code"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every acceptance code that is required and not handed out, or handed out and never required."""
    for source in procedure_sources(context.workspace):
        if any(route[:1] in (("opened",), ("people",)) for route in source.file.pruned):
            continue
        if not set(source.procedure.gives) <= set(source.procedure.people):
            continue  # a mistyped name (FJ101) may stand for any of the people
        issued = {name for name, proofs in source.procedure.gives.items() if CODE_PROOF in proofs}
        for person in people(source.procedure):
            if person.proof == CODE_PROOF and person.name not in issued:
                yield _never_issued_finding(source, person)
        for name in sorted(issued):
            holder = source.procedure.people.get(name)
            if holder is not None and holder.proof != CODE_PROOF:
                yield _never_required_finding(source, holder)


def _never_issued_finding(source: ProcedureSource, person: Person) -> Finding:
    route = ("opened", "gives") if source.procedure.gives else ("opened",)
    return Finding(
        CODE,
        "error",
        say("{person} is asked for an acceptance code that is never handed out", person=person.name),
        source.place((*person.route, "proof")),
        say("add to opened: gives: {{{person}: [receipt, acceptance-code]}}", person=person.name),
        (Related(say("what the reporter receives is defined here"), Place(source.file.path, route, key=True)),),
    )


def _never_required_finding(source: ProcedureSource, person: Person) -> Finding:
    return Finding(
        CODE,
        "error",
        say("{person} is handed an acceptance code that is never asked for", person=person.name),
        source.place(("opened", "gives"), person.name),
        say("add proof: acceptance-code to {person}, or hand out the receipt only", person=person.name),
        (Related(say("{person} is defined here", person=person.name), source.place(person.route[:-1], person.name)),),
    )
