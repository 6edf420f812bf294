"""
# FJ318 · An outcome that counts again after the work was handed out anew

A step moves on as soon as a child case has ended in certain ways (`any`), and new cases of the group are opened from
there. If none of them is opened `instead_of` one of those outcomes, the old case still counts: once the new ones have
ended, the case is sent away again, whatever they brought.

Failing:

```yaml fail procedures/errand.yaml
steps:
  running:
    then:
      - {when: {orders: {none: open, any: [refused, finished]}}, to: asked, limit: 3, then: declined}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  running:
    then:
      - {when: {orders: {none: open, any: refused}}, to: asked, limit: 3, then: declined}
```

To fix it, list the outcome at `instead_of` where the work is handed out again, or write `instead_of: ended`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.cases.transition import can_replace_child
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.procedure import Action, Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.text.localized import say
from fujin_cli.core.wording.labels import group_label
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources
from fujin_cli.rules.support.root_causes import cover_steps_from, moves_into

CODE = "FJ318"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else
NO_OUTCOMES = ("open", "ended")  # words of a test that name no single outcome


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every outcome that sends a case back to where work is handed out, and that nothing handed out replaces."""
    for source in procedure_sources(context.workspace):
        if not source.procedure.openings_by_group():
            continue
        onward = _map_next_steps(source.procedure)
        for step in source.procedure.steps.values():
            for move in step.then:
                yield from _check_move(source, step, move, onward)


def _check_move(source: ProcedureSource, step: Step, move: Action, onward: Mapping[str, set[str]]) -> Iterator[Finding]:
    for test in (test for test in tests_of(move.when) if test.kind == "group" and test.verb == "any"):
        handed_out = _list_openings_on_the_way_back(source.procedure, test.name, step.name, move.to, onward)
        kept = [
            outcome
            for outcome in test.values
            if outcome not in NO_OUTCOMES
            and not any(can_replace_child(opens.instead_of, outcome) for opens in handed_out)
        ]
        if handed_out and kept:
            yield Finding(
                CODE,
                "warning",
                say(
                    "{group} that ended as {outcomes} still count after new ones are opened: {step} is left again",
                    group=group_label(source.procedure, test.name),
                    outcomes=kept,
                    step=step.title or step.name,
                ),
                source.place_of_test(test),
                say("add instead_of: [{outcomes}] where they are opened again, or instead_of: ended", outcomes=kept),
                tuple(
                    Related(say("new ones are opened here"), Place(source.file.path, opens.route))
                    for opens in handed_out
                ),
            )


def _list_openings_on_the_way_back(
    version: Procedure, group: str, step: str, target: str | None, onward: Mapping[str, set[str]]
) -> list[Opens]:
    """List what opens cases of the group on the way from where the move leads until the case is back at the step."""
    between = _list_steps_before(target, step, onward)
    moves: list[Action | Rung] = []
    for name in between:
        moves += [*version.steps[name].actions.values(), *version.steps[name].then, *version.steps[name].ladder]
    effects = [move.effects for move in moves] + [move.then.effects for move in moves if move.then]
    effects += [version.steps[name].on_enter for name in between]
    openings = [opens for part in effects for opens in part.opens if opens.group == group]
    return sorted(openings, key=lambda opens: str(opens.route))


def _list_steps_before(start: str | None, step: str, onward: Mapping[str, set[str]]) -> set[str]:
    """List the steps that a case can pass from ``start`` before it comes to ``step``; none if it never does."""
    passed = cover_steps_from(onward, [start] if start is not None and start in onward else [], {step}) - {step}
    return passed if any(step in onward[name] for name in passed) else set()


def _map_next_steps(version: Procedure) -> dict[str, set[str]]:
    """Map each step to the steps that a case can come to from it by one move."""
    onward: dict[str, set[str]] = {name: set() for name in version.steps}
    for target, moves in moves_into(version).items():
        for origin, _ in moves:
            onward[origin].add(target)
    return onward
