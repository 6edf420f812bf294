"""List the runs that show a verdict, one after another, for whoever drives them until the engine follows one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from fujin_cli.core.explore.feasible_paths import find_feasible_lasso, runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.run_search import RunSearch
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.performers import Performer
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.verify.automata import LOST
from fujin_cli.core.verify.guarantees import Verdict, describe_violation, is_arrival
from fujin_cli.core.verify.monitors import build_monitor
from fujin_cli.core.verify.product import Product, build_product

MOST_LASSOS = 20


class CounterExamples(Protocol):
    """Runs that show the same verdict; the edges of each are those of the exploration."""

    def __iter__(self) -> Iterator[tuple[Edge, ...]]:
        """Yield the runs. Raises Undecided or TooMany where there is too much to look at."""

    def reject(self, place: int) -> None:
        """Reject the newest run: the engine does not make the event number ``place`` of it."""

    def build_verdict(self) -> Verdict:
        """Build the verdict that the newest run shows."""


def list_counter_examples(exploration: Exploration, verdict: Verdict) -> CounterExamples:
    """List the runs of one exploration that show the verdict, or one like it. Raises TooMany."""
    if verdict.performer is not None:
        return _OutsiderRuns(exploration, verdict, verdict.performer)
    product = _build_product(exploration, (*verdict.conflicting, verdict.guarantee))
    if verdict.kind == "never fulfilled":
        return _Lassos(product, verdict)
    return _ViolatingRuns(product, verdict)


def _build_product(exploration: Exploration, guarantees: Sequence[Guarantee]) -> Product:
    monitors = [monitor for guarantee in guarantees if (monitor := build_monitor(guarantee))]
    adding = {action.rule for _, action in exploration.model.version.all_actions() if action.effects.adds}
    return build_product(exploration, monitors, repeated=adding)


class _ViolatingRuns:
    """Runs to where a guarantee is lost, or where the case ends before it is fulfilled."""

    def __init__(self, product: Product, verdict: Verdict) -> None:
        self.product, self.verdict, self.runs = product, verdict, product.build_runs()
        self.search = RunSearch(self.runs, product.select_places(product.is_broken))
        self.newest: list[Edge] = []

    def __iter__(self) -> Iterator[tuple[Edge, ...]]:
        for run in self.search:
            self.newest = run
            yield tuple(self.product.find_case_edge(edge) for edge in self.newest)

    def reject(self, place: int) -> None:
        self.search.reject(place)

    def build_verdict(self) -> Verdict:
        described = describe_violation(self.product, self.runs, self.newest)
        if self.verdict.kind != "conflicting":
            return described
        return replace(self.verdict, run=described.run, turn=len(described.run) - 1, settings=described.settings)


class _Lassos:
    """Ways round on which a guarantee stays pending; a rejected event is left out of the later ones."""

    def __init__(self, product: Product, verdict: Verdict) -> None:
        self.product, self.verdict, self.runs = product, verdict, product.build_runs()
        self.pending = product.select_places(
            lambda place: not product.is_fulfilled(place) and LOST not in product.pairs[place][1]
        )
        self.path: list[Edge] = []
        self.cycle: list[Edge] = []

    def __iter__(self) -> Iterator[tuple[Edge, ...]]:
        for _ in range(MOST_LASSOS):
            lasso = find_feasible_lasso(self.runs, self.pending, with_one=is_arrival)
            if lasso is None:
                return
            self.path, self.cycle = lasso
            yield tuple(self.product.find_case_edge(edge) for edge in (*self.path, *self.cycle))

    def reject(self, place: int) -> None:
        refused = [*self.path, *self.cycle][place]
        keep = [[edge for edge in edges if edge is not refused] for edges in self.runs.edges]
        begins = [edge for edge in self.runs.begins if edge is not refused]
        self.runs = replace(self.runs, edges=keep, begins=begins)

    def build_verdict(self) -> Verdict:
        run = tuple(self.product.find_case_edge(edge) for edge in (*self.path, *self.cycle))
        return replace(self.verdict, run=run, turn=len(self.path), settings=self.product.exploration.changed_settings)


class _OutsiderRuns:
    """Runs up to an act that somebody outside the names of ``only`` may do."""

    def __init__(self, exploration: Exploration, verdict: Verdict, performer: Performer) -> None:
        rule = verdict.run[-1].label.rule
        self.exploration, self.verdict, self.performer = exploration, verdict, performer
        self.acts = {edge.source: edge for edges in exploration.edges for edge in edges if edge.label.rule == rule}
        self.search = RunSearch(runs_of(exploration), self.acts)
        self.newest: tuple[Edge, ...] = ()

    def __iter__(self) -> Iterator[tuple[Edge, ...]]:
        for run in self.search:
            self.newest = (*run, self.acts[run[-1].target])
            if self.performer.rung is None or any(edge.label.rule == self.performer.rung for edge in run):
                yield self.newest

    def reject(self, place: int) -> None:
        self.search.reject(place)

    def build_verdict(self) -> Verdict:
        settings = self.exploration.changed_settings
        return replace(self.verdict, run=self.newest, turn=len(self.newest) - 1, settings=settings)
