"""
# FJ125 · A field of the wrong type for its place

Some places need a field of a certain type: a partner acts through a field of type `partner`, a pause ends at a `date`
or `moment`, whoever is joined is a `case`. Another type would have nobody act, or no time end.

Failing:

```yaml fail procedures/errand.yaml
people:
  helper: {partner: summary}
```

Passing:

```yaml pass procedures/errand.yaml
people:
  helper: {partner: helper}
```

To mend it, name a field of a fitting type, or give the field that type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, effect_trees, people, procedure_sources

CODE = "FJ125"
SEVERITY: Severity = "error"
TIMES = ("date", "moment")
Use = tuple[
    Mention, tuple[str, ...]
]  # the field's name, and the types that its place takes (of the items of a list, too)
LIST = "list of "


def check(context: RuleContext) -> Iterator[Finding]:
    """Every field that stands where its type does not fit."""
    for reading in procedure_sources(context.workspace):
        for spot, fitting in (*_people(reading), *_times(reading), *_moves(reading)):
            field = reading.procedure.fields.get(spot.name)
            if field is None:
                continue
            type_name = f"{LIST}{field.item_type}" if field.is_list else field.type
            if type_name in fitting or (type_name.removeprefix(LIST) in reading.procedure.forms and "form" in fitting):
                continue
            yield Finding(
                CODE,
                "error",
                say("{field} is of type {type}, which does not fit here", field=spot.name, type=type_name),
                spot.place,
                say("name a field of one of these types: {types}", types=fitting),
                (Related(say("{field} is defined here", field=spot.name), reading.place((*field.route, "type"))),),
            )


def _people(reading: ProcedureSource) -> Iterator[Use]:
    for person in people(reading.procedure):
        for key, fitting in (
            ("partner", ("partner", "list of partner")),
            ("person", ("person", "list of person")),
            ("contact", ("contact",)),
            ("with", ("list of contact",)),
            ("members", ("list of person",)),
        ):
            for spot in reading.text((*person.route, key)):
                yield spot, fitting
        for spot in reading.text((*person.route, "whoever", "in")):
            yield spot, ("case",)


def _times(reading: ProcedureSource) -> Iterator[Use]:
    for step in reading.procedure.steps:
        for spot in reading.text(("steps", step, "lasts", "until")):
            yield spot, TIMES
    for name, field in reading.procedure.fields.items():
        for spot in reading.text(("fields", name, "after")):
            yield spot, (field.type,) if field.type in TIMES else TIMES


def _moves(reading: ProcedureSource) -> Iterator[Use]:
    for route, spec in effect_trees(reading):
        for spot in reading.text((*route, "stops_clock_until")):
            yield spot, TIMES
        for spot in reading.names((*route, "adds")):
            yield spot, ("list of person",)
        for name in spec.get("does") or ():
            for verb in ("join", "part"):
                for spot in reading.text((*route, "does", name, verb)):
                    yield spot, ("case",)
        for group in spec.get("opens") or ():
            for spot in reading.names((*route, "opens", group, "one_each")):
                yield spot, ("partner", "list of partner", "form")
