"""
# FJ404 · A vacuous guarantee

The event that triggers the guarantee can never happen, whatever the data and the settings, so the guarantee is always
kept and has no effect. Most often a wrong name is the cause. If the action or the step itself can never happen, FJ302
or FJ301 is reported instead.

Failing:

```yaml fail procedures/order.yaml
guarantees:
  announced-means-done: {before: publish, require: finish}
```

Passing:

```yaml pass procedures/order.yaml
guarantees:
  told-means-over: {before: {end: finished}, require: {tells: clerk}}
```

To fix it, use an event that can happen, or remove the guarantee.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Atom
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.monitors import build_monitor
from fujin_cli.core.wording.guarantees import describe_atom
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, place_of, title_of
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ404"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee whose activation never happens, unless another finding explains that."""
    for source, verdict in failing_guarantees(context, "vacuous"):
        monitor = build_monitor(verdict.guarantee)
        atoms = [atom for role in monitor.triggers or monitor.roles[:1] for atom in role] if monitor else []
        if all(_is_explained(context, source, atom) for atom in atoms):
            continue
        words = [describe_atom(atom, source.procedure) for atom in atoms]
        promise = title_of(verdict.guarantee)
        message = say(
            "“{promise}” guarantees nothing, because this can never happen: {atoms}", promise=promise, atoms=words
        )
        if len(atoms) > 1 and monitor and monitor.fewest_triggers > 1:
            message = say(
                "“{promise}” guarantees nothing, because no two of these can happen: {atoms}",
                promise=promise,
                atoms=words,
            )
        help = say("use an event that can happen, or remove the guarantee")
        yield Finding(CODE, "warning", message, place_of(source, verdict.guarantee), help)


def _is_explained(context: RuleContext, source: ProcedureSource, atom: Atom) -> bool:
    """Whether FJ301 or FJ302 already reports that the atom can never happen."""
    explorations = context.explorations.explorations[source.procedure.name]
    if atom.where is not None:
        return False
    if atom.kind == "action":
        return not any(
            edge.label.name == atom.name
            for exploration in explorations
            for edges in exploration.edges
            for edge in edges
        )
    if atom.kind in ("enter", "overdue", "time_up") and atom.name in source.procedure.steps:
        steps = {
            exploration.model.shape.steps[state.step] for exploration in explorations for state in exploration.states
        }
        return atom.name not in steps
    return False
