"""What happens by itself before a move could: exploring keeps no counters, so with a limit it goes both ways."""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.explore import Exploration
from fujin_cli.core.explore_state import Edge, State
from fujin_cli.core.explore_time import surely_before
from fujin_cli.core.procedure import Action, Rung


class Forestalling:
    """For every edge the limited moves of a step's ``then``, and the limited rungs, that are due before it."""

    def __init__(self, found: Exploration) -> None:
        self.found, self.model = found, found.model

    def __call__(self, edge: Edge) -> list[tuple[str, bool]]:
        """The rules that are due before the edge, each with whether its limit must be used up for the edge."""
        if edge.source < 0 or edge.label.kind not in ("action", "move", "rung", "time-up"):
            return []
        state = self.found.states[edge.source]
        return [need for move in self._before(edge, state) for need in self._stands(move, state)]

    def _before(self, edge: Edge, state: State) -> Iterator[Action | Rung]:
        step = self.model.law.steps[self.found.step(edge.source)]
        for action in step.then if step.end is None else ():
            if action.rule == edge.label.rule:
                return
            if self.model.holds(action.when, state):
                yield action
        own = next((rung for rung in step.ladder if rung.rule == edge.label.rule), None)
        seen = self.model.visible[step.name]
        for rung in step.ladder if own else ():
            waits = rung.to is not None or (rung.index in seen and not state.fired >> rung.index & 1)
            if own is not None and waits and rung.when != "before" and surely_before(rung, own):
                yield rung

    def _stands(self, move: Action | Rung, state: State) -> Iterator[tuple[str, bool]]:
        """The need that a move which is due first be used up; none where what it leads to is closed now."""
        if move.limit is None:
            return
        closed = [
            bool(to and self.model.law.steps[to].end and self.model.shape.own_open(state))
            for to in (move.to, move.then.to if move.then else None)
        ]
        if not closed[0] and (move.then is None or closed[1]):
            yield move.rule, True
        elif closed[0] and move.then is not None and not closed[1]:
            yield move.rule, False
