"""
# FJ105 · A group of cases that nothing opens

`opens` creates a group of cases: the orders of a request, or a conference about it. A rule that refers to a group which
no action opens waits for cases that never come.

Failing:

```yaml fail procedures/errand.yaml
steps:
  running:
    actions:
      finish: {to: checking, by: clerk, when: {oders: {all: finished}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  running:
    actions:
      finish: {to: checking, by: clerk, when: {orders: {all: finished}}}
```

To fix it, correct the name, or let an action open the group. `all`, `any` and `none` test the outcomes of other cases,
so they can be used only with a group or a field of type `case`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.procedure_source import (
    Mention,
    ProcedureSource,
    atoms,
    opened_groups,
    people,
    procedure_sources,
    tests,
)

CODE = "FJ105"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every name of a group that no action of the procedure opens."""
    for source in procedure_sources(context.workspace):
        if not source.complete:
            continue
        groups = opened_groups(source)
        for mention in (*_group_mentions(source), *_test_mentions(source, groups)):
            if mention.name not in groups:
                message = say("nothing in this procedure opens {group}", group=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, groups)


def _group_mentions(source: ProcedureSource) -> Iterator[Mention]:
    for atom in atoms(source.procedure):
        if atom.kind in ("opens", "answered"):
            yield Mention(atom.name, source.place_of_atom(atom))
    for name in source.procedure.groups:
        yield Mention(name, source.place(("groups",), name))
    for person in people(source.procedure):
        if person.kind == "those_who" and person.of:
            yield Mention(person.of, source.place((*person.route, "those_who"), person.of))


def _test_mentions(source: ProcedureSource, groups: DefinedNames) -> Iterator[Mention]:
    fields = source.defined("fields")
    for test in tests(source.procedure):
        if test.kind != "field" or test.name in fields:
            continue
        is_group_test = test.verb in ("all", "any", "none")
        if is_group_test or (fields.closest(test.name) is None and groups.closest(test.name) is not None):
            yield Mention(test.name, source.place_of_test(test))
