"""List the runs to some places one after another, shortest first, for whoever tries them until one can be carried out.

``feasible_paths`` finds one shortest run and counts no further than it has to. This search goes through all of them:
best first by the exact distance that is left, each run once, and nothing that begins as a rejected run did.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from fujin_cli.core.explore.feasible_paths import Runs
from fujin_cli.core.explore.state import Edge

MOST_EXTENDED = 20_000  # beginnings of runs that are looked at


@dataclass(slots=True, eq=False)
class _Beginning:
    """Hold the last edge of a beginning of a run, and what comes before it."""

    edge: Edge
    before: _Beginning | None
    rejected: bool = False

    def chain(self) -> list[_Beginning]:
        """List the beginnings from the first edge to this one."""
        listed: list[_Beginning] = []
        place: _Beginning | None = self
        while place is not None:
            listed.append(place)
            place = place.before
        return listed[::-1]


class RunSearch:
    """Search runs to ``goals`` that keep to every limit; a run may go through a goal to another one."""

    def __init__(self, runs: Runs, goals: Collection[int]) -> None:
        self.runs, self.goals = runs, frozenset(goals)
        self._distances = _measure_distances(runs, self.goals)
        self._numbers = count()
        self._newest: list[_Beginning] = []
        self._queue: list[tuple[int, int, int, _Beginning]] = []

    def __iter__(self) -> Iterator[list[Edge]]:
        """Yield the runs, shortest first; ends where there are no more, or where too many were looked at."""
        self._add(self.runs.begins, None, 0)
        for _ in range(MOST_EXTENDED):
            if not self._queue:
                return
            last = heappop(self._queue)[-1]
            chain = last.chain()
            if any(beginning.rejected for beginning in chain):
                continue
            used = Counter(beginning.edge.label.rule for beginning in chain[:-1])
            if self.runs.order.find_forbidding_rule(last.edge, used, self.runs.order.limits) is not None:
                continue
            if last.edge.target in self.goals:
                self._newest = chain
                yield [beginning.edge for beginning in chain]
                if last.rejected:
                    continue
            self._add(self.runs.edges[last.edge.target], last, len(chain))

    def reject(self, place: int) -> None:
        """Reject the newest run from its edge number ``place`` on: no further run begins as it does up to there."""
        self._newest[min(place, len(self._newest) - 1)].rejected = True

    def _add(self, edges: Collection[Edge], before: _Beginning | None, length: int) -> None:
        for edge in edges:
            if edge.target in self._distances:
                order = (length + 1 + self._distances[edge.target], -length, next(self._numbers))
                heappush(self._queue, (*order, _Beginning(edge, before)))


def _measure_distances(runs: Runs, goals: Collection[int]) -> dict[int, int]:
    """Measure how many edges each place is away from a goal; places without a way to one are left out."""
    distances = dict.fromkeys(goals, 0)
    todo = deque(goals)
    while todo:
        place = todo.popleft()
        for source in runs.predecessors[place]:
            if source not in distances:
                distances[source] = distances[place] + 1
                todo.append(source)
    return distances
