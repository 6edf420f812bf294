"""
# FJ104 · A field that the procedure does not have

The data of a case is listed under `fields`, with a type for each field. An action cannot fill a field that is not
listed, and a condition on it can never hold.

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

To fix it, correct the name, or add the field. In `when`, the name of a group of cases that this procedure `opens` is
allowed as well, and in `amends` the word `committee`, which is the committee of the case itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.compile_procedure import AMENDED_UNITS
from fujin_cli.core.model.operators import OUTCOME_OPERATORS
from fujin_cli.core.model.procedure import Input
from fujin_cli.core.text.localized import say
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
    """Report every name of a field that its procedure does not have."""
    for source in procedure_sources(context.workspace):
        fields = source.defined("fields")
        for mention in (
            *_fields_in_people(source),
            *_fields_in_steps(source),
            *_fields_in_fields(source),
            *_fields_in_moves(source),
        ):
            if mention.name not in fields:
                message = say("this procedure has no field {field}", field=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, fields)
        amendable = fields | language_words(*AMENDED_UNITS)
        for mention in _amended_names(source):
            if mention.name not in amendable:
                message = say("this procedure has no field {field}", field=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, amendable)
        yield from _check_tests(source, fields)
        yield from _check_hand_overs(source, fields)


def _fields_in_people(source: ProcedureSource) -> Iterator[Mention]:
    for person in people(source.procedure):
        for key in ("partner", "person", "contact", "with"):
            yield from source.text((*person.route, key))
        if person.kind == "members" and person.value != "committee":
            yield from source.text((*person.route, "members"))
        yield from source.text((*person.route, "whoever", "in"))


def _fields_in_steps(source: ProcedureSource) -> Iterator[Mention]:
    for step in source.procedure.steps:
        yield from source.text(("steps", step, "lasts", "until"))


def _fields_in_fields(source: ProcedureSource) -> Iterator[Mention]:
    for name in source.procedure.fields:
        yield from source.text(("fields", name, "after"))


def _fields_in_moves(source: ProcedureSource) -> Iterator[Mention]:
    for route, spec in effect_trees(source):
        for key in ("needs", "may", "sets", "adds"):
            yield from source.names((*route, key))
        yield from source.text((*route, "stops_clock_until"))
        for name in spec.get("does") or ():
            for verb in ("join", "part"):
                yield from source.text((*route, "does", name, verb))
        for group in spec.get("opens") or ():
            yield from source.names((*route, "opens", group, "one_each"))
    for action in actions(source.procedure):
        for field_input in action.inputs:
            yield from _fields_in_comparisons(source, field_input)


def _amended_names(source: ProcedureSource) -> Iterator[Mention]:
    for name in source.procedure.anytime:
        yield from source.names(("anytime", name, "amends"))


def _fields_in_comparisons(source: ProcedureSource, field_input: Input) -> Iterator[Mention]:
    """Give the field that an input must differ from, such as ``lead`` in ``{partners: {not: lead}}``."""
    field = source.procedure.fields.get(field_input.field)
    if field is not None and field.item_type not in ("choice", "case", "yes_no"):
        yield from source.text((*field_input.route, "not"))


def _check_tests(source: ProcedureSource, fields: DefinedNames) -> Iterator[Finding]:
    groups = DefinedNames(dict.fromkeys(source.procedure.openings_by_group())) if source.complete else ANY_NAME
    for test in tests(source.procedure):
        if test.kind != "field" or test.name in fields or test.verb in OUTCOME_OPERATORS:
            continue
        if groups.incomplete or (fields.closest(test.name) is None and groups.closest(test.name) is not None):
            continue
        message = say("this procedure has no field and no group {name}", name=test.name)
        yield unknown_name(
            CODE, message, source.place_of_test(test), test.name, fields | language_words(*groups.places)
        )


def _check_hand_overs(source: ProcedureSource, fields: DefinedNames) -> Iterator[Finding]:
    """Check the sources of ``give``: a field, the actor, or this case itself."""
    for effects in source.procedure.all_effects():
        for opens in effects.opens:
            rows = [
                source.procedure.fields[name].item_type for name in opens.one_each if name in source.procedure.fields
            ]
            forms = [source.procedure.forms.get(row, {}) for row in rows]
            names = fields | language_words("actor", "this case", *(name for form in forms for name in form))
            for child, parent_field in opens.give.items():
                if parent_field not in names:
                    message = say("this procedure has no field {field}", field=parent_field)
                    yield unknown_name(CODE, message, source.place((*opens.route, "give", child)), parent_field, names)
