"""Find moves that lead elsewhere in the new version of a procedure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fujin_cli.core.cases.transition import branch_of
from fujin_cli.core.findings.finding import Place
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.versions.renames import NO_CHILDREN, find_renames


@dataclass(frozen=True, slots=True)
class RetargetedMove:
    """Hold a move of people or of a deadline that leads to another step; a step of None means that the case stays.

    ``overflow``: it is about where the move leads once its limit is used up. ``is_certain`` is False where the new
    version does not have the old step: then this step may only have been renamed.
    """

    rule: str
    old_target: str | None
    new_target: str | None
    overflow: bool
    is_certain: bool
    old_place: Place
    new_place: Place


def find_retargeted_moves(
    old: Procedure, new: Procedure, children: Mapping[str, Procedure] = NO_CHILDREN
) -> list[RetargetedMove]:
    """List the moves of both versions whose targets differ, in the order of the old file; renames are followed."""
    renames = find_renames(old, new, children)
    successors: dict[str, Action | Rung] = {move.rule: move for move in new.all_moves()}
    listed: list[RetargetedMove] = []
    for move in old.all_moves():
        successor = successors.get(renames.new_move_rule(move.rule))
        for overflow in _list_common_branches(move, successor):
            if successor is None:
                continue
            before = branch_of(old, move, overflow).target
            after = branch_of(new, successor, overflow).target
            expected = None if before is None else renames.new_step_name(before)
            if expected != after:
                key = ("then", "to") if overflow else ("to",)
                places = _place(old, move, key, before), _place(new, successor, key, after)
                is_certain = expected is None or expected in new.steps
                listed.append(RetargetedMove(move.rule, before, after, overflow, is_certain, *places))
    return listed


def _list_common_branches(move: Action | Rung, successor: Action | Rung | None) -> Iterator[bool]:
    yield False
    if successor is not None and move.then is not None and successor.then is not None:
        yield True


def _place(version: Procedure, move: Action | Rung, key: tuple[str, ...], target: str | None) -> Place:
    if target is None:
        return Place(version.path, move.route, key=isinstance(move.route[-1], str))
    return Place(version.path, (*move.route, *key))
