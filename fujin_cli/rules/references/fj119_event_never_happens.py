"""
# FJ119 · An event that cannot happen in this procedure

Clocks, counts and guarantees refer to events: an action, or something being published. If the procedure does not have
that action or publication, the event never happens, and a guarantee about it has no effect.

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

To fix it, correct the name of the action or of what is published. Other events are written with their kind: `enter:
STEP`, `tells: NAME`, `opens: GROUP`, `answered: GROUP`, `overdue: STEP`, `time_up: STEP`, `end: OUTCOME`, and
`amends: FIELD` for a field that an action `amends`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.ids import OPENED
from fujin_cli.core.model.performers import find_actions
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, atoms, procedure_sources, tests

CODE = "FJ119"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every atom that names no action, and nothing that is published."""
    for source in procedure_sources(context.workspace):
        if not source.complete:
            continue
        actions, published = _list_actions(source), _list_published_names(source)
        for mention in _list_named_actions(source):
            if not mention.name:
                help = say("write an action, or a kind of event and its name, such as enter: STEP")
                yield Finding(CODE, "error", say("this is not an event"), mention.place, help)
            elif mention.name not in actions:
                message = say("this procedure has no action {action}", action=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, actions)
        amended = _list_amended_names(source)
        for atom in atoms(source.procedure):
            if atom.kind == "amends" and atom.name not in amended:
                message = say("no action of this procedure amends {field}", field=atom.name)
                yield unknown_name(CODE, message, source.place_of_atom(atom), atom.name, amended)
            if atom.kind == "publish" and atom.name and atom.name not in published:
                message = say("this procedure never publishes {name}", name=atom.name)
                yield unknown_name(CODE, message, source.place_of_atom(atom), atom.name, published)


def _list_named_actions(source: ProcedureSource) -> Iterator[Mention]:
    for atom in atoms(source.procedure):
        if atom.kind == "action":
            yield Mention(atom.name, source.place_of_atom(atom) if atom.name else source.place(atom.route))
    for guarantee in source.procedure.guarantees.values():
        for action in guarantee.only:
            if action != OPENED and not find_actions(source.procedure, action):
                yield Mention(action, source.place((*guarantee.route, "only"), action))
    for test in tests(source.procedure):
        if test.kind == "times":
            yield Mention(test.name, source.place(test.route[:-2], test.name))


def _list_actions(source: ProcedureSource) -> DefinedNames:
    places: dict[str, Place | None] = {}
    for step in source.procedure.steps.values():
        for name, action in step.actions.items():
            places.setdefault(name, source.place(action.route[:-1], name))
        if step.reopen:
            places.setdefault("reopen", source.place(step.reopen.route))
    for name, action in source.procedure.anytime.items():
        places.setdefault(name, source.place(action.route[:-1], name))
    return DefinedNames(places)


def _list_amended_names(source: ProcedureSource) -> DefinedNames:
    names = {name for action in source.procedure.anytime.values() for name in action.amended_names}
    return DefinedNames(dict.fromkeys(sorted(names)))


def _list_published_names(source: ProcedureSource) -> DefinedNames:
    names = {name for effects in source.procedure.all_effects() for name in effects.publish}
    return DefinedNames(dict.fromkeys(sorted(names)))
