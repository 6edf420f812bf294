"""
# FJ101 · Somebody who is not among the people of the procedure

Whoever acts, owns a step or is told something is called by a name that the procedure explains under `people`.
A name that is not explained there is nobody: the step would have no owner, the message no reader.

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

To mend it, correct the name, or explain it under `people`. `by` may also say `resident`, `member` or `partner`,
and `opened.by` may say `procedure`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.cases.actors import ANYBODY
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.message import say
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
    """Every name of a person that its procedure does not explain."""
    for reading in procedure_sources(context.workspace):
        listed = reading.known("people")
        acting = listed | language_words(*ANYBODY)
        opening = acting | language_words("procedure")
        for known, spots in ((listed, _told(reading)), (acting, _acting(reading)), (opening, _opening(reading))):
            yield from _judge(known, spots)


def _judge(known: DefinedNames, spots: Iterator[Mention]) -> Iterator[Finding]:
    for spot in spots:
        if spot.name not in known:
            message = say("{name} is not among the people of this procedure", name=spot.name)
            yield unknown_name(CODE, message, spot.place, spot.name, known)


def _told(reading: ProcedureSource) -> Iterator[Mention]:
    for route, _ in effect_trees(reading):
        yield from reading.names((*route, "tell"))
    for step in reading.procedure.steps:
        yield from reading.text(("steps", step, "owner"))
    for person in people(reading.procedure):
        yield from reading.names((*person.route, "not"))
        yield from reading.names((*person.route, "through"))
    yield from reading.names(("opened", "gives"))
    for atom in atoms(reading.procedure):
        if atom.kind == "tells":
            yield Mention(atom.name, reading.atom(atom))


def _acting(reading: ProcedureSource) -> Iterator[Mention]:
    for route, _ in effect_trees(reading):
        yield from reading.names((*route, "by"))


def _opening(reading: ProcedureSource) -> Iterator[Mention]:
    yield from reading.names(("opened", "by"))
