"""
# FJ117 · An outcome that no case can have

The outcomes of a procedure are the words at `end:` of its final steps. A condition such as `all: doen` waits for an
outcome that does not exist.

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

To fix it, use an outcome of the procedure that the group opens (or that the field of type `case` refers to); `open` and
`ended` are allowed for every case.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, NO_NAMES, DefinedNames, language_words, unknown_name
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, atoms, people, procedure_sources, tests

CODE = "FJ117"
SEVERITY: Severity = "error"
OutcomeUses = Iterator[tuple[Mention, DefinedNames]]


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every outcome that the cases that are tested can never have."""
    outcomes = _Outcomes(context.workspace)
    for source in procedure_sources(context.workspace):
        for mention, possible in (
            *_outcomes_in_tests(source, outcomes),
            *_outcomes_in_openings(source, outcomes),
            *_outcomes_in_guarantees(source, outcomes),
        ):
            if mention.name not in possible:
                message = say("none of these cases can end as {outcome}", outcome=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, possible)


class _Outcomes:
    """Look up the outcomes of procedures, with the steps that have them."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.by_path = index_files(workspace).by_path
        self.by_procedure: dict[str, DefinedNames] = {}

    def of(self, procedures: tuple[str, ...]) -> DefinedNames:
        """List the outcomes of cases of these procedures; any name where one of them cannot be read."""
        possible = NO_NAMES if procedures else ANY_NAME
        for name in procedures:
            if name not in self.by_procedure:
                self.by_procedure[name] = self._list_outcomes(name)
            possible |= self.by_procedure[name]
        return possible

    def _list_outcomes(self, name: str) -> DefinedNames:
        version = self.workspace.procedures.get(name)
        if version is None or any(route[:1] == ("steps",) for route in self.by_path[version.path].pruned):
            return ANY_NAME
        return DefinedNames(
            {step.end: Place(version.path, (*step.route, "end")) for step in version.steps.values() if step.end}
        )

    def of_group(self, source: ProcedureSource, group: str) -> DefinedNames:
        """List the outcomes of the cases of a group."""
        opened = source.procedure.openings_by_group().get(group, [])
        return self.of(tuple(dict.fromkeys(opens.procedure for opens in opened)))


def _outcomes_in_tests(source: ProcedureSource, outcomes: _Outcomes) -> OutcomeUses:
    for test in tests(source.procedure):
        if test.kind not in ("group", "case") or test.verb == "at_least":
            continue
        field = source.procedure.fields.get(test.name)
        possible = (
            outcomes.of_group(source, test.name) if test.kind == "group" else outcomes.of(field.of if field else ())
        )
        for mention in source.names(test.route):
            yield mention, possible | language_words("open", "ended")


def _outcomes_in_openings(source: ProcedureSource, outcomes: _Outcomes) -> OutcomeUses:
    for effects in source.procedure.all_effects():
        for opens in effects.opens:
            possible = outcomes.of_group(source, opens.group) | language_words("ended")
            for mention in source.names((*opens.route, "instead_of")):
                yield mention, possible


def _outcomes_in_guarantees(source: ProcedureSource, outcomes: _Outcomes) -> OutcomeUses:
    for atom in atoms(source.procedure):
        if atom.kind == "end" and atom.name:
            yield Mention(atom.name, source.place_of_atom(atom)), outcomes.of((source.procedure.name,))
    for person in people(source.procedure):
        if person.kind == "those_who" and person.of:
            place = source.place((*person.route, "those_who", person.of))
            yield Mention(person.value, place), outcomes.of_group(source, person.of)
