"""Decide guarantees of ``only``: find an action that somebody outside the allowed names can do, and a run up to it.

Who can do what follows from the file alone (``core/model/performers``); the exploration only tells whether a case can
come to where the action stands, and shows how.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fujin_cli.core.cases.actors import is_within_allowed
from fujin_cli.core.explore.feasible_paths import runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.ids import OPENED
from fujin_cli.core.model.performers import Performer, find_actions, list_openers, list_performers
from fujin_cli.core.model.procedure import Guarantee, Procedure
from fujin_cli.core.verify.reachable_moves import find_run_ending_with


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody outside the names that a guarantee allows, who can make the move ``rule`` (None: open a case)."""

    performer: Performer
    rule: str | None


def find_outsiders(version: Procedure, guarantee: Guarantee) -> Iterator[Outsider]:
    """List everybody outside the allowed names who can do one of the actions, in the order of the file."""
    for name, allowed in guarantee.only.items():
        if name == OPENED:
            yield from (
                Outsider(who, None)
                for who in list_openers(version)
                if not is_within_allowed(version, who.name, allowed)
            )
        for action in find_actions(version, name):
            for who in list_performers(version, action):
                if not is_within_allowed(version, who.name, allowed, raised=who.how == "raised"):
                    yield Outsider(who, action.rule)


def find_run_to(exploration: Exploration, outsider: Outsider) -> tuple[Edge, ...] | None:
    """Find a shortest run within the limits that ends with the outsider's act; None where there is none.

    For a level to which the case was raised, the run passes the rung that raises it. Raises Undecided where there is
    too much to look at.
    """
    runs = runs_of(exploration)
    if outsider.rule is None:
        return tuple(exploration.begins[:1]) or None
    acts = [edge for edges in exploration.edges for edge in edges if edge.label.rule == outsider.rule]
    if outsider.performer.rung is None:
        return find_run_ending_with(runs, acts)
    for act in acts:
        for rung in _edges_of(exploration, outsider.performer.rung, act.label.step):
            before = find_run_ending_with(runs, [rung])
            if before is not None and rung.target == act.source:
                return (*before, act)
    return find_run_ending_with(runs, acts) if _edges_of(exploration, outsider.performer.rung) else None


def _edges_of(exploration: Exploration, rule: str, step: str | None = None) -> list[Edge]:
    every = (edge for edges in exploration.edges for edge in edges if edge.label.rule == rule)
    return [edge for edge in every if step in (None, edge.label.step)]
