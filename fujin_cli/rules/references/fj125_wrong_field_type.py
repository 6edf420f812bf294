"""
# FJ125 · A field of the wrong type for its place

Some places need a field of a certain type: a partner acts through a field of type `partner`, a pause ends at a `date`
or `moment`, and only a `case` can be joined. With another type, nobody could act, or the time would never end.

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

To fix it, use a field of an allowed type, or change the type of the field.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.text.localized import say
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
    """Report every field that is named where its type does not fit."""
    for source in procedure_sources(context.workspace):
        for mention, fitting in (*_uses_in_people(source), *_uses_in_time_settings(source), *_uses_in_moves(source)):
            field = source.procedure.fields.get(mention.name)
            if field is None:
                continue
            type_name = f"{LIST}{field.item_type}" if field.is_list else field.type
            if type_name in fitting or (type_name.removeprefix(LIST) in source.procedure.forms and "form" in fitting):
                continue
            yield Finding(
                CODE,
                "error",
                say("{field} is of type {type}, which is not allowed here", field=mention.name, type=type_name),
                mention.place,
                say("use a field of one of these types: {types}", types=fitting),
                (Related(say("{field} is defined here", field=mention.name), source.place((*field.route, "type"))),),
            )


def _uses_in_people(source: ProcedureSource) -> Iterator[Use]:
    for person in people(source.procedure):
        for key, fitting in (
            ("partner", ("partner", "list of partner")),
            ("person", ("person", "list of person")),
            ("contact", ("contact",)),
            ("with", ("list of contact",)),
            ("members", ("list of person",)),
        ):
            for mention in source.text((*person.route, key)):
                yield mention, fitting
        for mention in source.text((*person.route, "whoever", "in")):
            yield mention, ("case",)


def _uses_in_time_settings(source: ProcedureSource) -> Iterator[Use]:
    for step in source.procedure.steps:
        for mention in source.text(("steps", step, "lasts", "until")):
            yield mention, TIMES
    for name, field in source.procedure.fields.items():
        for mention in source.text(("fields", name, "after")):
            yield mention, (field.type,) if field.type in TIMES else TIMES


def _uses_in_moves(source: ProcedureSource) -> Iterator[Use]:
    for route, spec in effect_trees(source):
        for mention in source.text((*route, "stops_clock_until")):
            yield mention, TIMES
        for mention in source.names((*route, "adds")):
            yield mention, ("list of person",)
        for name in spec.get("does") or ():
            for verb in ("join", "part"):
                for mention in source.text((*route, "does", name, verb)):
                    yield mention, ("case",)
        for group in spec.get("opens") or ():
            for mention in source.names((*route, "opens", group, "one_each")):
                yield mention, ("partner", "list of partner", "form")
            for mention in source.text((*route, "opens", group, "committee")):
                if mention.name in source.procedure.fields:
                    yield mention, ("committee",)
