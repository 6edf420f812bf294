"""What follows from another finding, and is not told beside it: one mistake, one finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.dead_ends import awaited, dead_ends
from fujin_cli.core.explore import Exploration
from fujin_cli.core.explore_data import tests_of
from fujin_cli.core.moves import available
from fujin_cli.core.procedure import Action, Procedure, Rung, Step


def ways_into(law: Procedure) -> dict[str, list[tuple[str, Action | Rung]]]:
    """For each step the moves and rungs that lead there, each with the step at which it can be made."""
    found: dict[str, list[tuple[str, Action | Rung]]] = {name: [] for name in law.steps}
    for step in law.steps.values():
        moves: list[Action | Rung] = [*step.actions.values(), *step.then, *step.ladder]
        moves += [step.reopen] if step.reopen else []
        moves += [action for action in law.anytime.values() if available(action, step)]
        for move in moves:
            for to in (move.to, move.then.to if move.then else None):
                if to in found:
                    found[to].append((step.name, move))
    return found


def first_unreached(law: Procedure, reached: frozenset[str], told: frozenset[str]) -> Iterator[str]:
    """The steps that no case reaches though nothing else explains it.

    A step that only another unreached one leads to waits for that one; one that a move of ``told`` would lead to from a
    reached step waits for that move. Of several that lead to one another the first of the file is named.
    """
    into = ways_into(law)
    explained = {name for name in law.steps if any(at in reached and move.rule in told for at, move in into[name])}
    for name in law.steps:
        if name in reached or _explained(name, into, reached, explained):
            continue
        yield name
        explained.add(name)


def _explained(
    name: str, into: Mapping[str, list[tuple[str, Action | Rung]]], reached: frozenset[str], explained: set[str]
) -> bool:
    """Whether an unreached step that is explained leads here, or one that nothing here leads back to."""
    before = _leading(name, into, reached)
    return bool(before & explained) or any(name not in _leading(other, into, reached) for other in before)


def _leading(name: str, into: Mapping[str, list[tuple[str, Action | Rung]]], reached: frozenset[str]) -> set[str]:
    """The unreached steps from which others like them lead to a step, itself included."""
    found, todo = {name}, [name]
    while todo:
        for at, _ in into[todo.pop()]:
            if at not in reached and at not in found:
                found.add(at)
                todo.append(at)
    return found


def waits_for_others(found: list[Exploration], step: Step, action: Action) -> bool:
    """Whether cases can wait at the step for ever for just those other cases that the action asks for (FJ312)."""
    asked = {test.name for test in tests_of(action.when) if test.kind in ("group", "case")}
    tests = (
        awaited(entry, end.number)
        for entry in found
        for end in dead_ends(entry) or ()
        if asked and not end.circle and entry.step(end.number) == step.name
    )
    return any(test is not None and test.name in asked for test in tests)
