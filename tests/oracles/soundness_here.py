"""Soundness as fujin judges it: every step and move is possible, and a case can always end."""

from __future__ import annotations

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.core.verify.reachable_moves import find_reachable_rules, find_reachable_steps
from tests.oracles.nets import Tree
from tests.support.small_town import town


def sound(trees: list[Tree]) -> bool:
    """Whether every step and move of the procedures is possible, and a case can always end."""
    explorations = explore_all(town(*trees).procedures).explorations
    return all(_sound(found) for listed in explorations.values() for found in listed)


def _sound(found: Exploration) -> bool:
    version = found.model.version
    moves = {action.rule for _, action in version.all_actions()}
    moves |= {rung.rule for step in version.steps.values() for rung in step.ladder if rung.to}
    return (
        find_reachable_steps(found) == set(version.steps)
        and moves <= find_reachable_rules(found)
        and find_dead_ends(found) == ()
    )
