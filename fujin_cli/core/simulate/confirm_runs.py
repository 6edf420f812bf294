"""Drive a run to a state through the engine before it is shown; search on where the engine does not follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fujin_cli.core.explore.feasible_paths import runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.run_search import RunSearch
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.simulate.driven_runs import RunDriver
from fujin_cli.core.simulate.scenario import ScenarioRun
from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.core.verify.unconfirmed import Unconfirmed

MOST_TRIED = 200

Run = tuple[Edge, ...]
Shows = Callable[[ScenarioRun], bool]


def confirm_run(
    driver: RunDriver,
    exploration: Exploration,
    run: Sequence[Edge],
    circle: Sequence[Edge] = (),
    shows: Shows | None = None,
) -> Run | Unconfirmed:
    """Return a run to the same state that the engine follows, and then the ``circle``; else what was tried in vain.

    ``shows`` tells whether the case of the sandbox is then as the finding says.
    """
    version, settings = exploration.model.version, exploration.changed_settings
    first: tuple[Run, LocalizedText | None] | None = None
    tried = 0
    search = RunSearch(runs_of(exploration), {run[-1].target})
    for candidate in _list_candidates(run, search):
        edges = (*candidate, *circle)
        driven = driver.drive(version, edges, settings)
        stopped_at = driven.stopped_at
        if stopped_at is None and (shows is None or shows(driven.run)):
            return edges
        stopped_at = len(edges) - 1 if stopped_at is None else stopped_at
        first = first or (edges[: stopped_at + 1], driven.reason)
        tried += 1
        if tried == MOST_TRIED:
            break
        if tried > 1:
            search.reject(stopped_at)
    shortest, reason = first or (tuple(run), None)
    return Unconfirmed(tried, shortest, reason)


def _list_candidates(run: Sequence[Edge], search: RunSearch) -> Iterator[Sequence[Edge]]:
    yield run
    yield from search
