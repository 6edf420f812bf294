"""Runs to some places, one after another: shortest first, within the limits, and none that begins as a rejected one."""

from __future__ import annotations

from itertools import islice

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.feasible_paths import runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.run_search import RunSearch
from tests.support.small_town import procedure, town

TEXT = """
steps:
  one:
    owner: clerk
    actions:
      again: {to: one, by: clerk, limit: 2}
      on: {to: two, by: clerk}
      over: {to: two, by: clerk}
  two: {owner: clerk, actions: {back: {to: one, by: clerk, limit: 1}, end: {to: done, by: clerk}}}
  done: {end: done}
"""


def explored() -> Exploration:
    (found,) = explore_all(town(procedure(TEXT)).procedures).explorations["loop"]
    return found


def names(run: list) -> str:  # type: ignore[type-arg]
    return " ".join(edge.label.name for edge in run[1:])


def search() -> RunSearch:
    found = explored()
    return RunSearch(runs_of(found), {n for n in range(len(found.states)) if found.step_of(n) == "done"})


def test_runs_come_shortest_first_each_once_and_within_the_limits() -> None:
    runs = [names(run) for run in search()]
    assert runs[:2] == ["on end", "over end"]
    assert [len(run.split()) for run in runs] == sorted(len(run.split()) for run in runs)
    assert len(runs) == len(set(runs))
    assert max(run.split().count("again") for run in runs) == 2
    assert max(run.split().count("back") for run in runs) == 1
    # With at most two `again` before or between, one `back`, and either of two ways each time.
    assert len(runs) == 3 * 2 + (1 + 2 + 3) * 2 * 2


def test_no_run_begins_as_a_rejected_one() -> None:
    runs, later = search(), []
    for number, run in enumerate(runs):
        if number == 0:
            runs.reject(1)  # `on` at first cannot be done
        else:
            later.append(names(run))
    assert later and not any(name.startswith("on ") for name in later)
    assert any("again on" in name for name in later)


def test_a_rejected_run_is_not_extended_over_its_goal() -> None:
    runs = search()
    for _ in islice(runs, 3):
        runs.reject(99)
    assert len({names(run) for run in search()}) > 3
