"""
# FJ115 · A value that the field cannot have

A condition compares a field with values, and `sets` and `default` give it one. A value that is none of the field's
choices, or not of its type, can never be met: the condition would never hold, or the case would carry nonsense.

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

To mend it, correct the value, or add it to the field's choices. What is compared must be written as fujin keeps it:
`yes` and `no`, `3`, `120.00`, `2026-12-01`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.operators import IDENTITY_OPERATORS, ORDER_OPERATORS, ORDERED_TYPES
from fujin_cli.core.model.procedure import Field, Test
from fujin_cli.core.model.values import Unfit, Values
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.ordering import setting_fits
from fujin_cli.rules.support.procedure_source import ProcedureSource, actions, effect_trees, procedure_sources, tests

CODE = "FJ115"
SEVERITY: Severity = "error"
NEVER_WRITTEN = ("contact", "photo", "file", "case", "person", "list", "duty", "survey")  # no literal stands for them


def check(context: RuleContext) -> Iterator[Finding]:
    """Every literal value that its field cannot have."""
    workspace = context.workspace
    calendar = workspace.calendar()
    for reading in procedure_sources(workspace):
        judge = _Judge(reading, Values(reading.procedure, workspace.organisation, calendar))
        for test in tests(reading.procedure):
            yield from judge.test(test)
        yield from judge.inputs()
        for field in reading.procedure.fields.values():
            if field.default is not None:
                yield from judge.value(field, field.default, reading.place((*field.route, "default")), False)
        for route, spec in effect_trees(reading):
            for name in spec.get("sets") or ():
                for spot in reading.text((*route, "sets", name)):
                    yield from judge.named(name, spot.name, spot.place)


class _Judge:
    """Judges values of one procedure's fields."""

    def __init__(self, reading: ProcedureSource, values: Values) -> None:
        self.reading = reading
        self.values = values

    def test(self, test: Test) -> Iterator[Finding]:
        """The values that one test compares a field with."""
        field = self.reading.procedure.fields.get(test.name)
        if test.kind != "field" or field is None or field.is_list:
            return
        for spot in self.reading.names(test.route):
            if test.verb in IDENTITY_OPERATORS and spot.name not in ("given", "missing"):
                yield from self.value(field, spot.name, spot.place, True)
            elif self._is_ordered_literal(field, test.verb, spot.name):
                yield from self.value(field, spot.name, spot.place, False)

    def inputs(self) -> Iterator[Finding]:
        """The values that an input is compared with: of an order, or to be or not to be."""
        for action in actions(self.reading.procedure):
            for entry in (*action.needs, *action.may):
                field = self.reading.procedure.fields.get(entry.field)
                if field is None or field.is_list:
                    continue
                for verb, bound in entry.conditions:
                    route = (*entry.route, verb)
                    if self._is_ordered_literal(field, verb, bound):
                        yield from self.value(field, bound, self.reading.place(route), False)
                    elif verb in IDENTITY_OPERATORS and bound not in self.reading.procedure.fields:
                        yield from self.value(field, bound, self.reading.place(route), True)

    def _is_ordered_literal(self, field: Field, verb: str, text: str) -> bool:
        """Tell whether ``text`` is a bound of the field's own type and no name of a setting."""
        ordered = verb in ORDER_OPERATORS and field.type in ORDERED_TYPES
        return ordered and not setting_fits(self.reading, text, field.type)

    def named(self, name: str, text: str, place: Place) -> Iterator[Finding]:
        """A value that an effect sets."""
        field = self.reading.procedure.fields.get(name)
        if field is not None:
            yield from self.value(field, text, place, False)

    def value(self, field: Field, text: str, place: Place, exact: bool) -> Iterator[Finding]:
        """The finding for ``text``, if it is no value of ``field``; ``exact``: it must be as fujin keeps it."""
        related = (
            Related(say("{field} is defined here", field=field.name), self.reading.place(field.route[:-1], field.name)),
        )
        if field.type in ("choice", "yes_no") and text not in (field.of or ("yes", "no")):
            yield self._choice(field, text, place)
            return
        if field.type in NEVER_WRITTEN:
            return
        try:
            kept = str(self.values.one(Field(field.name, field.type, field.of), text))
        except Unfit as unfit:
            yield Finding(CODE, "error", unfit.message, place, say("correct the value"), related)
            return
        if exact and kept != text:
            message = say("{field} is never {text}: fujin keeps it as {kept}", field=field.name, text=text, kept=kept)
            yield Finding(CODE, "error", message, place, say("write {kept}", kept=kept), related)

    def _choice(self, field: Field, text: str, place: Place) -> Finding:
        known = language_words(*(field.of or ("yes", "no")))
        message = say("{text} is none of the choices of {field}", text=text, field=field.name)
        found = unknown_name(CODE, message, place, text, known)
        defined = self.reading.place((*field.route, "of"))
        related = (Related(say("the choices stand here"), defined),)
        return Finding(CODE, "error", message, place, found.help, related)
