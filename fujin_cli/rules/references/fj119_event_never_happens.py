"""
# FJ119 · Something that never happens in this procedure

Clocks, counts and guarantees watch for what happens: an action, or something being published. An action or publication
that the procedure does not have never happens, so a promise about it promises nothing.

Failing:

```yaml fail procedures/errand.yaml
guarantees:
  no-end-without-approval: {before: {enter: done}, require: aprove, except: join}
```

Passing:

```yaml pass procedures/errand.yaml
guarantees:
  no-end-without-approval: {before: {enter: done}, require: approve, except: join}
```

To mend it, correct the name of the action or of what is published. Other things that happen are written with their
sort: `enter: STEP`, `tells: NAME`, `opens: GROUP`, `answered: GROUP`, `overdue: STEP`, `time_up: STEP`, `end: OUTCOME`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, atoms, procedure_sources, tests

CODE = "FJ119"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every atom that names no action, and nothing that is published."""
    for reading in procedure_sources(context.workspace):
        if not reading.whole:
            continue
        actions, published = _actions(reading), _published(reading)
        for spot in _done(reading):
            if not spot.name:
                help = say("name an action, or the sort of thing and its name, such as enter: STEP")
                yield Finding(CODE, "error", say("this is nothing that can happen"), spot.place, help)
            elif spot.name not in actions:
                message = say("this procedure has no action {action}", action=spot.name)
                yield unknown_name(CODE, message, spot.place, spot.name, actions)
        for atom in atoms(reading.procedure):
            if atom.kind == "publish" and atom.name and atom.name not in published:
                message = say("this procedure never publishes {name}", name=atom.name)
                yield unknown_name(CODE, message, reading.atom(atom), atom.name, published)


def _done(reading: ProcedureSource) -> Iterator[Mention]:
    for atom in atoms(reading.procedure):
        if atom.kind == "action":
            yield Mention(atom.name, reading.atom(atom) if atom.name else reading.place(atom.route))
    for test in tests(reading.procedure):
        if test.kind == "times":
            yield Mention(test.name, reading.place(test.route[:-2], test.name))


def _actions(reading: ProcedureSource) -> DefinedNames:
    places: dict[str, Place | None] = {}
    for step in reading.procedure.steps.values():
        for name, action in step.actions.items():
            places.setdefault(name, reading.place(action.route[:-1], name))
        if step.reopen:
            places.setdefault("reopen", reading.place(step.reopen.route))
    for name, action in reading.procedure.anytime.items():
        places.setdefault(name, reading.place(action.route[:-1], name))
    return DefinedNames(places)


def _published(reading: ProcedureSource) -> DefinedNames:
    names = {name for effects in reading.procedure.all_effects() for name in effects.publish}
    return DefinedNames(dict.fromkeys(sorted(names)))
