"""List the limits of a version's moves, and find what a run does beyond them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.values import resolve_setting
from fujin_cli.core.versions.ladder_matching import can_change_case
from fujin_cli.core.versions.renames import Renames


@dataclass(frozen=True, slots=True)
class Limit:
    """Hold how often a move can be made before it is refused, or leads elsewhere (``overflows``)."""

    most: int
    overflows: bool
    kind: Literal["action", "rung", "silent"]  # automatic moves and reminders are silent: no part of words


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """Hold the limits of one action in two versions; the words of a run name the action.

    Words also say in which zone the count is: how many of the ``thresholds``, the limits of both versions, it has
    reached. With limits 2 and 3, zone 1 is the third time: one version's limit is used up, the other's is not.
    """

    old_rule: str
    new_rule: str
    old: Limit
    new: Limit

    @property
    def thresholds(self) -> tuple[int, ...]:
        """The limits of both versions, without repetition."""
        return tuple(sorted({self.old.most, self.new.most}))

    def list_used_up(self, limit: Limit) -> tuple[bool, ...]:
        """Say for each zone whether a version's limit is used up there."""
        own = self.thresholds.index(limit.most)
        return tuple(zone > own for zone in range(len(self.thresholds) + 1))


def limits_of(exploration: Exploration) -> dict[str, Limit]:
    """List the limits of moves, by rule, under the settings of the exploration."""
    version, settings = exploration.model.version, exploration.model.shape.settings
    moves: list[tuple[Any, Literal["action", "rung", "silent"]]] = [
        (action, "action" if action.by else "silent") for _, action in version.all_actions()
    ]
    rungs = [rung for step in version.steps.values() for rung in step.ladder]
    moves += [(rung, "rung" if can_change_case(rung) else "silent") for rung in rungs]
    return {
        move.rule: Limit(int(resolve_setting(settings, move.limit)), move.then is not None, kind)
        for move, kind in moves
        if move.limit is not None
    }


def share_limits(old: Mapping[str, Limit], new: Mapping[str, Limit], renames: Renames) -> dict[str, SharedLimit]:
    """List the limits of actions that words can count, by the action's new name: it is that of no other limited one."""
    before = Counter(renames.new_action_name(rule) for rule, limit in old.items() if limit.kind == "action")
    after = Counter(RuleName(rule).within_step for rule, limit in new.items() if limit.kind == "action")
    shared = {}
    for rule, limit in old.items():
        name, new_rule = renames.new_action_name(rule), renames.new_rule(rule)
        other = new.get(new_rule)
        if other and limit.kind == other.kind == "action" and before[name] == after[name] == 1:
            shared[name] = SharedLimit(rule, new_rule, limit, other)
    return shared


def has_same_limit(rule: str, old: Mapping[str, Limit], new: Mapping[str, Limit], renames: Renames) -> bool:
    """Whether both versions have the same limit for a move that is part of words; then words say if it is used up."""
    return new.get(renames.new_rule(rule)) == old[rule] and old[rule].kind != "silent"


def find_exceeded_limits(run: Sequence[Edge], limits: Mapping[str, Limit]) -> set[str]:
    """Find the moves that the run makes more often than their limits allow, or that overflow too early."""
    counts: dict[str, int] = {}
    exceeded: set[str] = set()
    for edge in run:
        rule = edge.label.rule
        limit = limits.get(rule)
        if limit is not None:
            if edge.label.overflow != (counts.get(rule, 0) >= limit.most):
                exceeded.add(rule)
            counts[rule] = counts.get(rule, 0) + 1
    return exceeded
