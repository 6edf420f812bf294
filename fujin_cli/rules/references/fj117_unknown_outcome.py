"""
# FJ117 · An outcome that no case can have

A procedure's outcomes are the words at `end:` of its last steps. Asking whether the orders are `all: doen` asks for
something that never comes.

Failing:

```yaml fail procedures/errand.yaml
steps:
  running:
    actions:
      finish: {to: checking, by: clerk, when: {orders: {all: finnished}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  running:
    actions:
      finish: {to: checking, by: clerk, when: {orders: {all: finished}}}
```

To mend it, use an outcome of the procedure that the group opens (or that the field of type `case` points at); `open`
and `ended` fit every case.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import (
    ANY_NAME,
    NO_NAMES,
    DefinedNames,
    index_files,
    language_words,
    unknown_name,
)
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, atoms, people, procedure_sources, tests

CODE = "FJ117"
SEVERITY: Severity = "error"
Asked = Iterator[tuple[Mention, DefinedNames]]


def check(context: RuleContext) -> Iterator[Finding]:
    """Every outcome that the cases it is asked of can never have."""
    judge = _Outcomes(context.workspace)
    for reading in procedure_sources(context.workspace):
        for spot, known in (*_tested(reading, judge), *_replaced(reading, judge), *_promised(reading, judge)):
            if spot.name not in known:
                message = say("none of these cases can end as {outcome}", outcome=spot.name)
                yield unknown_name(CODE, message, spot.place, spot.name, known)


class _Outcomes:
    """The outcomes of procedures, with the steps that have them."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.by_path = index_files(workspace).by_path
        self.found: dict[str, DefinedNames] = {}

    def of(self, procedures: tuple[str, ...]) -> DefinedNames:
        """Everything that cases of these procedures can end as; everything for one that cannot be read."""
        known = NO_NAMES if procedures else ANY_NAME
        for name in procedures:
            if name not in self.found:
                self.found[name] = self._outcomes(name)
            known |= self.found[name]
        return known

    def _outcomes(self, name: str) -> DefinedNames:
        version = self.workspace.procedures.get(name)
        if version is None or any(route[:1] == ("steps",) for route in self.by_path[version.path].pruned):
            return ANY_NAME
        return DefinedNames(
            {step.end: Place(version.path, (*step.route, "end")) for step in version.steps.values() if step.end}
        )

    def of_group(self, reading: ProcedureSource, group: str) -> DefinedNames:
        """What the cases of a group can end as."""
        opened = reading.procedure.groups().get(group, [])
        return self.of(tuple(dict.fromkeys(opens.procedure for opens in opened)))


def _tested(reading: ProcedureSource, judge: _Outcomes) -> Asked:
    for test in tests(reading.procedure):
        if test.kind not in ("group", "case") or test.verb == "at_least":
            continue
        field = reading.procedure.fields.get(test.name)
        known = judge.of_group(reading, test.name) if test.kind == "group" else judge.of(field.of if field else ())
        for spot in reading.names(test.route):
            yield spot, known | language_words("open", "ended")


def _replaced(reading: ProcedureSource, judge: _Outcomes) -> Asked:
    for effects in reading.procedure.all_effects():
        for opens in effects.opens:
            known = judge.of_group(reading, opens.group) | language_words("ended")
            for spot in reading.names((*opens.route, "instead_of")):
                yield spot, known


def _promised(reading: ProcedureSource, judge: _Outcomes) -> Asked:
    for atom in atoms(reading.procedure):
        if atom.kind == "end" and atom.name:
            yield Mention(atom.name, reading.atom(atom)), judge.of((reading.procedure.name,))
    for person in people(reading.procedure):
        if person.kind == "those_who" and person.of:
            place = reading.place((*person.route, "those_who", person.of))
            yield Mention(person.value, place), judge.of_group(reading, person.of)
