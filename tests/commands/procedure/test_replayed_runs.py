"""What is proved can be shown: runs that the explorer finds, driven through the engine, end where it says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.refusals import LIMIT_REACHED, NOTHING_SUCH, PERIOD_OVER, WINDOW_CLOSED, Refusal
from fujin_cli.core.model.scenario_file import compile_line, compile_scenario
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.simulate.trace_lines import edge_to_line
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.small_town import town
from tests.support.yaml_trees import city

# What the explorer leaves open: limits are not counted, and how long a step lasts beside another is not known to it.
LEFT_OPEN = (LIMIT_REACHED, NOTHING_SUCH, PERIOD_OVER, WINDOW_CLOSED)


def replayed(workspace: Workspace, name: str, way: list[Edge]) -> ScenarioRun:
    """The way, carried out. Raises Refusal."""
    first, *rest = [edge_to_line(name, edge) for edge in way]
    told = compile_scenario({"scenario": "x", **first, "then": {"stuck": "no"}})
    run = prepare_run(workspace, workspace.build_calendar(), told, patient=True)
    run.open_case()
    for tree in rest:
        if tree is not None:
            run.carry_out_line(compile_line(tree))
    return run


def ways(found: Exploration) -> list[tuple[int, list[Edge]]]:
    return [(number, found.find_path_to(number)) for number in range(len(found.states))]


def by_people_alone(found: Exploration, way: list[Edge]) -> bool:
    """Whether nothing on the way depends on time, or on cases other than this one (some end as they are opened)."""
    instant = any(group.instant for group in found.model.shape.groups)
    return all(edge.label.kind in ("opened", "action", "move") and not (instant and edge.label.opens) for edge in way)


def settled(found: Exploration, way: list[Edge]) -> bool:
    """Whether the way ends where nothing happens by itself, and never does anything else where something would."""
    after = [edge.label.kind for edge in way[1:]] + ["rests"]
    moving = [any(edge.label.kind == "move" for edge in found.edges[edge_in.target]) for edge_in in way]
    return all(not moves or kind == "move" for moves, kind in zip(moving, after, strict=True))


def overflows(way: list[Edge]) -> bool:
    """Whether a limit is taken to be used up, or an action with one is done again."""
    limited = [edge.label.rule for edge in way if edge.label.limited]
    return len(limited) > len(set(limited)) or any(edge.label.overflow for edge in way)


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_run_of_the_explorer_ends_where_it_says(data: st.DataObject) -> None:
    workspace = town(*data.draw(procedure_pairs()))
    listed = explore_all(workspace.procedures).explorations.get("loop")
    assume(listed)
    known = [
        (number, way)
        for number, way in ways(listed[0])
        if by_people_alone(listed[0], way) and not overflows(way) and settled(listed[0], way)
    ]
    assume(known)
    number, way = known[data.draw(st.integers(0, len(known) - 1))]
    run = replayed(workspace, "loop", way)
    assert run.case.step == listed[0].step_of(number)


def test_every_state_of_the_shipped_procedures_is_reached_by_its_run() -> None:
    """Where time and other cases play a part, too; a run that the explorer takes too easily is refused, never wrong."""
    refused = 0
    for name, listed in explore_all(city().procedures).explorations.items():
        found = listed[0]
        known = [entry for entry in reversed(ways(found)) if not overflows(entry[1]) and settled(found, entry[1])]
        shortest = {found.step_of(number): (number, way) for number, way in known}
        # Reached only once a limit is used up, or by a limited action done thrice; some steps are left at once.
        used_up = {"no-quorum", "failed", "unreachable"}
        instant = {"counting", "separated"}
        assert set(city().procedures[name].steps) - set(shortest) <= used_up | instant
        for number, way in shortest.values():
            try:
                run = replayed(city(), name, way)
            except Refusal as refusal:
                assert refusal.code in LEFT_OPEN, (name, way, str(refusal.message))
                refused += 1
            else:
                assert run.case.step == found.step_of(number), (name, [edge.label for edge in way])
    assert refused == 0
