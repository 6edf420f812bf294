"""
# FJ103 · A step that the procedure does not have

An action leads to a step, or a guarantee refers to arriving at one, that is not listed under `steps`. No case could
ever get there.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      decline: {to: delcined, by: clerk}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      decline: {to: declined, by: clerk}
```

To fix it, correct the name, or add the step. Write `enter: any end` for arriving at any end.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, atoms, effect_trees, procedure_sources

CODE = "FJ103"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every name of a step that its procedure does not have."""
    for source in procedure_sources(context.workspace):
        steps = source.defined("steps")
        for mention in (*_list_targets(source), *_list_atom_mentions(source)):
            if mention.name not in steps:
                message = say("this procedure has no step {step}", step=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, steps)
        for mention in _list_arrivals(source):
            if mention.name not in steps | language_words("any end"):
                message = say("this procedure has no step {step}", step=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, steps | language_words("any end"))


def _list_targets(source: ProcedureSource) -> Iterator[Mention]:
    for route, spec in effect_trees(source):
        yield from source.text((*route, "to"))
        if isinstance(spec.get("then"), str):
            yield from source.text((*route, "then"))
    for name in source.procedure.anytime:
        yield from source.names(("anytime", name, "in"))
        yield from source.names(("anytime", name, "except"))


def _list_atom_mentions(source: ProcedureSource) -> Iterator[Mention]:
    for atom in atoms(source.procedure):
        if atom.kind in ("overdue", "time_up"):
            yield Mention(atom.name, source.place_of_atom(atom))


def _list_arrivals(source: ProcedureSource) -> Iterator[Mention]:
    for atom in atoms(source.procedure):
        if atom.kind == "enter":
            yield Mention(atom.name, source.place_of_atom(atom))
