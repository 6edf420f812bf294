"""
# FJ118 · An unknown kind of message

`tell: {reporter: answer}` names the kind of message, which determines its text. It can also name a field, whose content
is then sent. With any other word the message would be empty.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      decline: {to: declined, by: clerk, needs: [reason], tell: {asker: anwser}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      decline: {to: declined, by: clerk, needs: [reason], tell: {asker: reason}}
```

To fix it, use a known kind or a field of the procedure.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, atoms, effect_trees, procedure_sources

CODE = "FJ118"
SEVERITY: Severity = "error"
KINDS = language_words(
    "accepted",
    "answer",
    "progress",
    "result",
    "merged",
    "reminder",
    "demand",
    "overdue",
    "raised",
    "agenda",
    "minutes",
    "results",
    "dispatched",
    "withdrawn",
)


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every notification whose kind is neither a kind of the language nor a field."""
    for source in procedure_sources(context.workspace):
        kinds = KINDS | source.defined("fields")
        for mention in (*_list_kinds_in_moves(source), *_list_kinds_in_guarantees(source)):
            if mention.name not in kinds:
                message = say("there is no kind of message {kind}, and no field of that name", kind=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, kinds)


def _list_kinds_in_moves(source: ProcedureSource) -> Iterator[Mention]:
    for route, spec in effect_trees(source):
        tell = spec.get("tell")
        if isinstance(tell, dict):
            for name in tell:
                yield from source.text((*route, "tell", name))


def _list_kinds_in_guarantees(source: ProcedureSource) -> Iterator[Mention]:
    for atom in atoms(source.procedure):
        if atom.kind == "tells" and atom.detail is not None:
            yield Mention(atom.detail, source.place(atom.route))
