"""Find what another finding already explains, so that one mistake gives one finding."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from fujin_cli.core.cases.moves import is_available_at
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.model.procedure import Action, Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.verify.deadlocks import find_awaited_test, find_dead_ends


def moves_into(version: Procedure) -> dict[str, list[tuple[str, Action | Rung]]]:
    """List for each step the moves and rungs that lead to it, each with the step at which it happens."""
    incoming: dict[str, list[tuple[str, Action | Rung]]] = {name: [] for name in version.steps}
    for step in version.steps.values():
        moves: list[Action | Rung] = [*step.actions.values(), *step.then, *step.ladder]
        moves += [step.reopen] if step.reopen else []
        moves += [action for action in version.anytime.values() if is_available_at(action, step)]
        for move in moves:
            for to in (move.to, move.then.to if move.then else None):
                if to in incoming:
                    incoming[to].append((step.name, move))
    return incoming


def root_unreached_steps(version: Procedure, reached: frozenset[str], explained_rules: frozenset[str]) -> Iterator[str]:
    """List the unreached steps that no other finding explains.

    A step is explained by another unreached step that leads to it, and by a move of ``explained_rules`` that would lead
    to it from a reached step. Of several steps that lead to one another the first in the file is listed.
    """
    incoming = moves_into(version)
    outgoing: dict[str, list[str]] = {name: [] for name in version.steps}
    explained = []
    for name in (name for name in version.steps if name not in reached):
        for at, move in incoming[name]:
            if at not in reached:
                outgoing[at].append(name)
            elif move.rule in explained_rules:
                explained.append(name)
    covered = cover_steps_from(outgoing, explained, set())
    roots = []
    for name in version.steps:
        if name not in reached and name not in covered:
            roots.append(name)
            cover_steps_from(outgoing, [name], covered)
    below_roots: set[str] = set()
    first = set()
    for name in reversed(roots):  # an earlier root leads to no later one, but a later root may lead to an earlier one
        if name not in below_roots:
            first.add(name)
            cover_steps_from(outgoing, [name], below_roots)
    yield from (name for name in roots if name in first)


def cover_steps_from(outgoing: Mapping[str, Collection[str]], starts: Iterable[str], covered: set[str]) -> set[str]:
    """Add the starts, and all the steps that they lead to, to ``covered``; what is in it leads no further."""
    todo = [name for name in starts if name not in covered]
    covered.update(todo)
    while todo:
        for name in outgoing[todo.pop()]:
            if name not in covered:
                covered.add(name)
                todo.append(name)
    return covered


def waits_for_others(explorations: Sequence[Exploration], step: Step, action: Action) -> bool:
    """Whether a case can be stuck at the step because of the other cases that the action tests (FJ312)."""
    groups = {test.name for test in tests_of(action.when) if test.kind in ("group", "case")}
    tests = (
        find_awaited_test(exploration, end.number)
        for exploration in explorations
        for end in find_dead_ends(exploration) or ()
        if groups and not end.circle and exploration.step_of(end.number) == step.name
    )
    return any(test is not None and test.name in groups for test in tests)
