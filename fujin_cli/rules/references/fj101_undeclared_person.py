"""
# FJ101 · A name that is not defined under people

Actors, owners of steps and recipients of messages are names that the procedure defines under `people`. With an
undefined name, the step would have no owner, or the message no recipient.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    owner: clark
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    owner: clerk
```

To fix it, correct the name, or define it under `people`. `by` also accepts `resident`, `member` and `partner`, and
`opened.by` accepts `procedure`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.cases.actors import ANYBODY
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.ids import RAISED
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, language_words, unknown_name
from fujin_cli.rules.support.procedure_source import (
    Mention,
    ProcedureSource,
    atoms,
    effect_trees,
    people,
    procedure_sources,
)

CODE = "FJ101"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every name of a person that its procedure does not declare."""
    for source in procedure_sources(context.workspace):
        listed = source.defined("people")
        acting = listed | language_words(*ANYBODY)
        opening = acting | language_words("procedure")
        for names, mentions in (
            (listed, _list_person_mentions(source)),
            (acting, _list_actor_mentions(source)),
            (opening, _list_opener_mentions(source)),
            (
                opening | language_words(RAISED, *context.workspace.organisation.levels),
                _list_performer_mentions(source),
            ),
        ):
            yield from _check_mentions(names, mentions)


def _check_mentions(names: DefinedNames, mentions: Iterator[Mention]) -> Iterator[Finding]:
    for mention in mentions:
        if mention.name not in names:
            message = say("{name} is not defined under people in this procedure", name=mention.name)
            yield unknown_name(CODE, message, mention.place, mention.name, names)


def _list_person_mentions(source: ProcedureSource) -> Iterator[Mention]:
    for route, _ in effect_trees(source):
        yield from source.names((*route, "tell"))
    for step in source.procedure.steps:
        yield from source.text(("steps", step, "owner"))
    for person in people(source.procedure):
        yield from source.names((*person.route, "not"))
        yield from source.names((*person.route, "through"))
    yield from source.names(("opened", "gives"))
    for atom in atoms(source.procedure):
        if atom.kind == "tells":
            yield Mention(atom.name, source.place_of_atom(atom))


def _list_actor_mentions(source: ProcedureSource) -> Iterator[Mention]:
    for route, _ in effect_trees(source):
        yield from source.names((*route, "by"))


def _list_opener_mentions(source: ProcedureSource) -> Iterator[Mention]:
    yield from source.names(("opened", "by"))


def _list_performer_mentions(source: ProcedureSource) -> Iterator[Mention]:
    for guarantee in source.procedure.guarantees.values():
        for action in guarantee.only:
            yield from source.names((*guarantee.route, "only", action))
