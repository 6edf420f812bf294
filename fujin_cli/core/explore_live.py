"""What of a case can still matter at a step: values that are overwritten before anybody reads them are forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fujin_cli.core.effects import Effects
from fujin_cli.core.explore_data import tests_of
from fujin_cli.core.moves import available
from fujin_cli.core.procedure import Condition, Procedure, Step, Test


@dataclass(frozen=True, slots=True)
class Flow:
    """One way from a step: where it leads, what it reads, and what it overwrites."""

    to: str
    reads: frozenset[str]
    kills: frozenset[str]


def live(procedure: Procedure, at_ends: frozenset[str], always: frozenset[str]) -> dict[str, frozenset[str]]:
    """For every step what can matter from there on: ``field:NAME``, ``group:NAME`` and ``times:ACTION``.

    ``at_ends`` are what the end of the case hands to others, ``always`` what matters everywhere.
    """
    counting = _counting(procedure)
    backwards = reversed(list(procedure.steps.items()))  # most ways lead on, so that most is known after one turn
    flows = {name: list(_flows(procedure, step, counting)) for name, step in backwards}
    found = {name: always | (at_ends if step.end else frozenset()) for name, step in procedure.steps.items()}
    changed = True
    while changed:
        changed = False
        for name, listed in flows.items():
            new = found[name].union(*(flow.reads | (found[flow.to] - flow.kills) for flow in listed))
            changed = changed or new != found[name]
            found[name] = new
    return found


def _flows(procedure: Procedure, step: Step, counting: list[Test]) -> Iterator[Flow]:
    if step.lasts and step.lasts.until:
        yield Flow(step.name, frozenset({f"field:{step.lasts.until}"}), frozenset())
    actions = [*step.actions.values(), *step.then, *([step.reopen] if step.reopen else [])]
    actions += [action for action in procedure.anytime.values() if available(action, step)]
    for action in actions:
        needed = {entry.field for entry in action.needs}
        asked = {bound for entry in (*action.needs, *action.may) for _, bound in entry.conditions}
        reads = _asked(action.when) | {f"field:{name}" for name in asked - needed}
        yield from _flow(procedure, counting, step, action.to, action.effects, reads, needed)
        if action.limit and action.then:
            yield from _flow(procedure, counting, step, action.then.to, action.then.effects, reads, needed)
    for rung in step.ladder:
        yield from _flow(procedure, counting, step, rung.to, rung.effects, set(), set())
        if rung.limit and rung.then:
            yield from _flow(procedure, counting, step, rung.then.to, rung.then.effects, set(), set())


def _flow(
    procedure: Procedure, counting: list[Test], step: Step, to: str | None, effects: Effects, reads: set[str],
    needed: set[str],
) -> Iterator[Flow]:  # fmt: skip
    parts = [effects, procedure.steps[to].on_enter] if to else [effects]
    kills = {f"field:{name}" for name in needed}
    for part in parts:
        for opens in part.opens:
            reads = reads | {f"field:{name}" for name in opens.one_each if name not in needed}
            if "ended" in opens.instead_of:
                kills.add(f"group:{opens.group}")
        reads = reads | {f"field:{effect.field}" for effect in part.does if effect.field not in needed}
        reads = reads | {f"field:{name}" for name in part.adds}
    kills |= {f"field:{name}" for part in parts for name in part.sets}
    if to:
        kept = {test.name for test in counting if not _restarts(test, to)}
        kills |= {f"times:{test.name}" for test in counting if test.name not in kept}
    yield Flow(to or step.name, frozenset(reads), frozenset(kills))


def _counting(procedure: Procedure) -> list[Test]:
    return [test for _, action in procedure.all_actions() for test in tests_of(action.when) if test.kind == "times"]


def _restarts(test: Test, to: str) -> bool:
    since = test.since
    return since is not None and (since.kind, since.name, since.where) == ("enter", to, None)


def _asked(condition: Condition | None) -> set[str]:
    prefix = {"field": "field", "case": "group", "group": "group", "times": "times"}
    return {f"{prefix[test.kind]}:{test.name}" for test in tests_of(condition) if test.kind in prefix}
