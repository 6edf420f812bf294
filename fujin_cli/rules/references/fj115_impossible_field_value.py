"""
# FJ115 · A value that the field cannot have

A condition compares a field with values, and `sets` and `default` assign them. If a value is not one of the field's
choices, or not of its type, the condition can never hold, or the case would contain an invalid value.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      send: {when: {scope: smal}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send: {when: {scope: small}}
```

To fix it, correct the value, or add it to the field's choices. A value in a condition must be written as fujin stores
it: `yes` and `no`, `3`, `120.00`, `2026-12-01`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.operators import IDENTITY_OPERATORS, ORDER_OPERATORS, ORDERED_TYPES
from fujin_cli.core.model.procedure import Field, Test
from fujin_cli.core.model.values import Unfit, Values
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.procedure_source import ProcedureSource, actions, effect_trees, procedure_sources, tests
from fujin_cli.rules.support.setting_values import is_comparable_setting

CODE = "FJ115"
SEVERITY: Severity = "error"
NEVER_WRITTEN = ("contact", "photo", "file", "case", "person", "list", "duty", "survey")  # types without literals


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every literal value that its field cannot have."""
    workspace = context.workspace
    calendar = workspace.build_calendar()
    for source in procedure_sources(workspace):
        value_check = _ValueCheck(source, Values(source.procedure, workspace.organisation, calendar))
        for test in tests(source.procedure):
            yield from value_check.test(test)
        yield from value_check.check_inputs()
        for field in source.procedure.fields.values():
            if field.default is not None:
                yield from value_check.check_text(field, field.default, source.place((*field.route, "default")), False)
        for route, spec in effect_trees(source):
            for name in spec.get("sets") or ():
                for mention in source.text((*route, "sets", name)):
                    yield from value_check.check_effect_value(name, mention.name, mention.place)


class _ValueCheck:
    """Check literal values of one procedure's fields."""

    def __init__(self, source: ProcedureSource, values: Values) -> None:
        self.reading = source
        self.values = values

    def test(self, test: Test) -> Iterator[Finding]:
        """Check the values that one test compares a field with."""
        field = self.reading.procedure.fields.get(test.name)
        if test.kind != "field" or field is None or field.is_list:
            return
        for mention in self.reading.names(test.route):
            if test.verb in IDENTITY_OPERATORS and mention.name not in ("given", "missing"):
                yield from self.check_text(field, mention.name, mention.place, True)
            elif self._is_ordered_literal(field, test.verb, mention.name):
                yield from self.check_text(field, mention.name, mention.place, False)

    def check_inputs(self) -> Iterator[Finding]:
        """Check the values that inputs are compared with, by an order or for equality."""
        for action in actions(self.reading.procedure):
            for field_input in action.inputs:
                field = self.reading.procedure.fields.get(field_input.field)
                if field is None or field.is_list:
                    continue
                for verb, bound in field_input.conditions:
                    route = (*field_input.route, verb)
                    if self._is_ordered_literal(field, verb, bound):
                        yield from self.check_text(field, bound, self.reading.place(route), False)
                    elif verb in IDENTITY_OPERATORS and bound not in self.reading.procedure.fields:
                        yield from self.check_text(field, bound, self.reading.place(route), True)

    def _is_ordered_literal(self, field: Field, verb: str, text: str) -> bool:
        """Tell whether ``text`` is a bound of the field's own type and no name of a setting."""
        ordered = verb in ORDER_OPERATORS and field.type in ORDERED_TYPES
        return ordered and not is_comparable_setting(self.reading, text, field.type)

    def check_effect_value(self, name: str, text: str, place: Place) -> Iterator[Finding]:
        """Check a value that an effect sets."""
        field = self.reading.procedure.fields.get(name)
        if field is not None:
            yield from self.check_text(field, text, place, False)

    def check_text(self, field: Field, text: str, place: Place, exact: bool) -> Iterator[Finding]:
        """Report a text that is no value of a field; with ``exact`` it must also be written as fujin stores it."""
        related = (
            Related(say("{field} is defined here", field=field.name), self.reading.place(field.route[:-1], field.name)),
        )
        if field.type in ("choice", "yes_no") and text not in (field.of or ("yes", "no")):
            yield self._choice_finding(field, text, place)
            return
        if field.type in NEVER_WRITTEN:
            return
        try:
            stored = str(self.values.read_one(Field(field.name, field.type, field.of), text))
        except Unfit as unfit:
            yield Finding(CODE, "error", unfit.message, place, say("correct the value"), related)
            return
        if exact and stored != text:
            message = say(
                "{field} is never {text}, because fujin stores it as {kept}", field=field.name, text=text, kept=stored
            )
            yield Finding(CODE, "error", message, place, say("write {kept}", kept=stored), related)

    def _choice_finding(self, field: Field, text: str, place: Place) -> Finding:
        choices = language_words(*(field.of or ("yes", "no")))
        message = say("{text} is not one of the choices of {field}", text=text, field=field.name)
        finding = unknown_name(CODE, message, place, text, choices)
        defined = self.reading.place((*field.route, "of"))
        related = (Related(say("the choices are defined here"), defined),)
        return Finding(CODE, "error", message, place, finding.help, related)
