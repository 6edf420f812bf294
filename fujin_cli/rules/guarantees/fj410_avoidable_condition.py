"""
# FJ410 · A guarantee that an action can slip out of

A guarantee with `where` holds for cases in which a field has certain values. If an action can change that field on the
way, the case can be taken out of the guarantee first, and then do what it forbids. There is no finding where every
case must pass the action before the event anyway: then the action is where the value comes from.

Failing:

```yaml fail procedures/errand.yaml
anytime:
  shrink: {title: shrink, by: clerk, in: [asked, running], sets: {scope: small}}
guarantees:
  large-errands-are-checked: {never: {enter: declined, where: {scope: large}}}
```

Passing:

```yaml pass procedures/errand.yaml
anytime:
  grow: {title: grow, by: clerk, in: [asked, running], sets: {scope: large}}
guarantees:
  large-errands-are-finished: {before: {enter: checking, where: {scope: large}}, require: finish}
```

To fix it, let the action only move the field towards the value that the guarantee reads, or take the field out of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.explore.graph import find_ancestors, find_descendants
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge, Label
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Action, Atom, Condition, Guarantee, Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import place_of, title_of
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ410"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee with the first action that takes a case out of its ``where``."""
    for source, explorations in context.explored():
        for guarantee in source.procedure.guarantees.values():
            atoms = [atom for listed in guarantee.atoms.values() for atom in listed if _reads_fields(atom.where)]
            ways_out = (_find_way_out(explorations, atom, _writers_of(source.procedure, atom)) for atom in atoms)
            rule = next((rule for rule in ways_out if rule is not None), None)
            action = next((move for _, move in source.procedure.all_actions() if move.rule == rule), None)
            if action is not None:
                yield _make_finding(source, guarantee, action)


def _reads_fields(where: Condition | None) -> bool:
    """Whether a condition compares values of fields; whether there is a value is another question."""
    tests = list(tests_of(where))
    return bool(tests) and all(test.kind == "field" and test.verb not in ("given", "missing") for test in tests)


def _writers_of(version: Procedure, atom: Atom) -> frozenset[str]:
    """List the rules of the actions that change a field which ``where`` reads."""
    names = {test.name for test in tests_of(atom.where)}
    return frozenset(
        action.rule
        for _, action in version.all_actions()
        if names & {*action.effects.sets, *action.effects.adds, *(entry.field for entry in action.inputs)}
    )


def _find_way_out(explorations: Sequence[Exploration], atom: Atom, writers: frozenset[str]) -> str | None:
    """Find the rule of an action after which ``where`` does not hold any more though the event can still come.

    States forget a value once nothing reads it, so only actions that change a field count as ``writers``.
    """
    for exploration in explorations:
        happening = _AtomEdges(exploration, atom)
        sources = [edge.source for edges in exploration.edges for edge in edges if happening.includes(edge)]
        before_event = find_ancestors(exploration.edges, sources)
        for edges in exploration.edges:
            for edge in edges:
                if edge.label.rule not in writers or edge.target not in before_event:
                    continue
                if happening.is_left_by(edge) and happening.is_avoidable(edge):
                    return edge.label.rule
    return None


class _AtomEdges:
    """Recognise the edges of an exploration at which an atom's event happens, its ``where`` aside."""

    def __init__(self, exploration: Exploration, atom: Atom) -> None:
        self.exploration, self.atom = exploration, atom
        self._matches: dict[Label, bool] = {}
        self._avoidable: dict[str, bool] = {}

    def includes(self, edge: Edge) -> bool:
        """Whether the event happens along the edge."""
        model = self.exploration.model
        if edge.label not in self._matches:
            self._matches[edge.label] = atom_matches(self.atom, model.watch.build_event(edge.label), model.version)
        return self._matches[edge.label]

    def is_left_by(self, edge: Edge) -> bool:
        """Whether somebody's action, which is not the event itself, makes ``where`` false."""
        holds, where = self.exploration.model.guards.guard_holds, self.atom.where
        states = self.exploration.states
        return (
            edge.label.kind == "action"
            and not self.includes(edge)
            and holds(where, states[edge.source])
            and not holds(where, states[edge.target])
        )

    def is_avoidable(self, edge: Edge) -> bool:
        """Whether the event can also come without the edge's action: else the action is where the value comes from."""
        rule = edge.label.rule
        if rule not in self._avoidable:
            begins = [begin.target for begin in self.exploration.begins]
            reached = find_descendants(self.exploration.edges, begins, lambda other: other.label.rule != rule)
            self._avoidable[rule] = any(
                self.includes(other) for place in reached for other in self.exploration.edges[place]
            )
        return self._avoidable[rule]


def _make_finding(source: ProcedureSource, guarantee: Guarantee, action: Action) -> Finding:
    promise, name = title_of(guarantee), action.title or action.name
    return Finding(
        CODE,
        "warning",
        say("“{promise}” can be slipped out of: {action} changes what its where: reads", promise=promise, action=name),
        place_of(source, guarantee),
        say("let {action} change the field only towards that value, or guarantee it without where:", action=name),
        (Related(say("this changes the field"), Place(source.file.path, action.route)),),
    )
