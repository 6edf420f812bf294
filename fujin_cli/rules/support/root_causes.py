"""What follows from another finding, and is not told beside it: one mistake, one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fujin_cli.core.cases.moves import available
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.model.procedure import Action, Procedure, Rung, Step
from fujin_cli.core.verify.deadlocks import awaited, dead_ends


def moves_into(version: Procedure) -> dict[str, list[tuple[str, Action | Rung]]]:
    """For each step the moves and rungs that lead there, each with the step at which it can be made."""
    found: dict[str, list[tuple[str, Action | Rung]]] = {name: [] for name in version.steps}
    for step in version.steps.values():
        moves: list[Action | Rung] = [*step.actions.values(), *step.then, *step.ladder]
        moves += [step.reopen] if step.reopen else []
        moves += [action for action in version.anytime.values() if available(action, step)]
        for move in moves:
            for to in (move.to, move.then.to if move.then else None):
                if to in found:
                    found[to].append((step.name, move))
    return found


def root_unreached_steps(version: Procedure, reached: frozenset[str], told: frozenset[str]) -> Iterator[str]:
    """The steps that no case reaches though nothing else explains it.

    A step that only another unreached one leads to waits for that one; one that a move of ``told`` would lead to from a
    reached step waits for that move. Of several that lead to one another the first of the file is named.
    """
    into = moves_into(version)
    onward: dict[str, list[str]] = {name: [] for name in version.steps}
    explained = []
    for name in (name for name in version.steps if name not in reached):
        for at, move in into[name]:
            if at not in reached:
                onward[at].append(name)
            elif move.rule in told:
                explained.append(name)
    known = _spread(onward, explained, set())
    roots = []
    for name in version.steps:
        if name not in reached and name not in known:
            roots.append(name)
            _spread(onward, [name], known)
    covered: set[str] = set()
    first = set()
    for name in reversed(roots):  # an earlier one leads to no later one, but a later one may lead to it
        if name not in covered:
            first.add(name)
            _spread(onward, [name], covered)
    yield from (name for name in roots if name in first)


def _spread(onward: Mapping[str, list[str]], starts: Iterable[str], known: set[str]) -> set[str]:
    """``known`` with the starts and all that they lead to."""
    todo = [name for name in starts if name not in known]
    known.update(todo)
    while todo:
        for name in onward[todo.pop()]:
            if name not in known:
                known.add(name)
                todo.append(name)
    return known


def waits_for_others(found: Sequence[Exploration], step: Step, action: Action) -> bool:
    """Whether cases can wait at the step for ever for just those other cases that the action asks for (FJ312)."""
    asked = {test.name for test in tests_of(action.when) if test.kind in ("group", "case")}
    tests = (
        awaited(entry, end.number)
        for entry in found
        for end in dead_ends(entry) or ()
        if asked and not end.circle and entry.step(end.number) == step.name
    )
    return any(test is not None and test.name in asked for test in tests)
