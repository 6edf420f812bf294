"""
# FJ104 · A field that the procedure does not have

What a case carries is listed under `fields`, with a type for each. A name that is not listed there holds nothing:
an action could never be given it, and a condition on it could never hold.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      decline: {to: declined, by: clerk, needs: [reasons], tell: {asker: answer}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      decline: {to: declined, by: clerk, needs: [reason], tell: {asker: answer}}
```

To mend it, correct the name, or list the field. In `when`, the name of a group of cases that this one `opens` does as
well as that of a field.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.operators import OUTCOME_OPERATORS
from fujin_cli.core.model.procedure import Input
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, language_words, unknown_name
from fujin_cli.rules.support.procedure_source import (
    Mention,
    ProcedureSource,
    actions,
    effect_trees,
    people,
    procedure_sources,
    tests,
)

CODE = "FJ104"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every name of a field that its procedure does not have."""
    for reading in procedure_sources(context.workspace):
        fields = reading.known("fields")
        for spot in (*_of_people(reading), *_of_steps(reading), *_of_fields(reading), *_of_moves(reading)):
            if spot.name not in fields:
                message = say("this procedure has no field {field}", field=spot.name)
                yield unknown_name(CODE, message, spot.place, spot.name, fields)
        yield from _tested(reading, fields)
        yield from _given(reading, fields)


def _of_people(reading: ProcedureSource) -> Iterator[Mention]:
    for person in people(reading.procedure):
        for key in ("partner", "person", "contact", "with"):
            yield from reading.text((*person.route, key))
        if person.kind == "members" and person.value != "committee":
            yield from reading.text((*person.route, "members"))
        yield from reading.text((*person.route, "whoever", "in"))


def _of_steps(reading: ProcedureSource) -> Iterator[Mention]:
    for step in reading.procedure.steps:
        yield from reading.text(("steps", step, "lasts", "until"))


def _of_fields(reading: ProcedureSource) -> Iterator[Mention]:
    for name in reading.procedure.fields:
        yield from reading.text(("fields", name, "after"))


def _of_moves(reading: ProcedureSource) -> Iterator[Mention]:
    for route, spec in effect_trees(reading):
        for key in ("needs", "may", "sets", "adds"):
            yield from reading.names((*route, key))
        yield from reading.text((*route, "stops_clock_until"))
        for name in spec.get("does") or ():
            for verb in ("join", "part"):
                yield from reading.text((*route, "does", name, verb))
        for group in spec.get("opens") or ():
            yield from reading.names((*route, "opens", group, "one_each"))
    for action in actions(reading.procedure):
        for entry in (*action.needs, *action.may):
            yield from _compared(reading, entry)


def _compared(reading: ProcedureSource, entry: Input) -> Iterator[Mention]:
    """``{partners: {not: lead}}``: the field (or, for a choice, the value) that must not be named again."""
    field = reading.procedure.fields.get(entry.field)
    if field is not None and field.item_type not in ("choice", "case", "yes_no"):
        yield from reading.text((*entry.route, "not"))


def _tested(reading: ProcedureSource, fields: DefinedNames) -> Iterator[Finding]:
    groups = DefinedNames(dict.fromkeys(reading.procedure.groups())) if reading.whole else ANY_NAME
    for test in tests(reading.procedure):
        if test.kind != "field" or test.name in fields or test.verb in OUTCOME_OPERATORS:
            continue
        if groups.everything or (fields.closest(test.name) is None and groups.closest(test.name) is not None):
            continue
        message = say("this procedure has no field and no group {name}", name=test.name)
        yield unknown_name(CODE, message, reading.tested(test), test.name, fields | language_words(*groups.places))


def _given(reading: ProcedureSource, fields: DefinedNames) -> Iterator[Finding]:
    """``give``: what a child case is given comes from a field, from whoever acts, or is this case itself."""
    for effects in reading.procedure.all_effects():
        for opens in effects.opens:
            rows = [
                reading.procedure.fields[name].item_type for name in opens.one_each if name in reading.procedure.fields
            ]
            forms = [reading.procedure.forms.get(row, {}) for row in rows]
            known = fields | language_words("actor", "this case", *(name for form in forms for name in form))
            for child, source in opens.give.items():
                if source not in known:
                    message = say("this procedure has no field {field}", field=source)
                    yield unknown_name(CODE, message, reading.place((*opens.route, "give", child)), source, known)
