"""What is proved is what runs: the engine never breaks a proved guarantee, and runs that break one can be driven."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.explore import reachability
from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.verify.automata import LOST
from fujin_cli.core.verify.guarantees import judge_guarantees
from fujin_cli.core.verify.monitors import Monitor, build_monitor
from tests.core.cases.test_random_operations import Walk
from tests.support.abstract_cases import SEEN
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_automata import automaton, explored
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.ltlf_formulas import FORMULAS
from tests.support.small_town import town
from tests.support.yaml_trees import tree_of

pytestmark = pytest.mark.slow

MOST_STATES = 2000  # larger ones say nothing more and take minutes
PROMISES = """
g0: {before: {enter: any end}, require: go0}
g1: {after: go0, eventually: {tells: clerk}}
g2: {never_both: [{enter: e0}, {enter: e1}]}
g3: {at_most: {go0: 2}}
g4: {before_each: {enter: any end}, require: {tells: street}}
g5: {after: {overdue: s0}, never: go1}
g6: {one_of: [{publish: notice}, {enter: e0}]}
g7: {after: go1, next: {enter: e0}}
g8: {before: {enter: e0}, require: {answered: g-order}, since: {opens: g-order}}
g9: {at_most: {time_up: s0}, times: 1}
g10: {after: {enter: s0}, eventually: {enter: any end}}
g11: {before: go1, quorum: {n: 2}}
g12: {after: {action: go0, where: {b: x}}, eventually: {tells: clerk}, except: {enter: e0}}
g13: {last: {enter: e0}}
"""


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    before = reachability.MOST_STATES
    reachability.MOST_STATES = MOST_STATES
    yield
    reachability.MOST_STATES = before


def broken(monitor: Monitor, version: Procedure, events: Any) -> int | None:
    """The number of the event after which the guarantee is broken, by the ledger's own events (`where` aside)."""
    state, ended = monitor.start, False
    for event in events:
        if event.kind not in SEEN:
            continue
        stays = ended and event.to_step is None
        ended = stays or (event.to_step is not None and version.steps[event.to_step].end is not None)
        letter = sum(
            1 << place for place, role in enumerate(monitor.roles) if any(atom_matches(a, event, version) for a in role)
        )
        state = monitor.step(state, letter | (1 << len(monitor.roles) if stays else 0))
        if state == LOST or (ended and not monitor.is_fulfilled(state)):
            return int(event.n)
    return None


@pytest.mark.no_cover
@given(st.data())
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_engine_breaks_no_guarantee_that_is_proved(data: st.DataObject) -> None:
    pair = data.draw(procedure_pairs())
    promises = tree_of(PROMISES)
    chosen = data.draw(st.lists(st.sampled_from(sorted(promises)), min_size=3, max_size=3, unique=True))
    pair[0]["guarantees"] = {name: promises[name] for name in chosen}
    walk = Walk(data.draw, pair)
    versions = walk.sandbox.workspace.procedures
    found = explore_all(versions).explorations.get("loop")
    if found is None:
        return
    version = versions["loop"]
    verdicts = [verdict for verdict in judge_guarantees(version, found) if verdict.kind != "vacuous"]
    short = {guarantee.name for verdict in verdicts for guarantee in (verdict.guarantee, *verdict.conflicting)}
    proved = [m for g in version.guarantees.values() if g.name not in short and (m := build_monitor(g))]
    plain = [m for m in proved if not any(atom.where for role in m.roles for atom in role)]
    walk.go()
    for case in walk.cases:
        if walk.sandbox.replay_case(case).procedure == "loop":
            for monitor in plain:
                assert broken(monitor, version, walk.sandbox.ledger.read(case)) is None, monitor.guarantee.name


def test_every_run_that_is_shown_can_be_driven_through_the_engine() -> None:
    driven = 0
    for seed in range(250):
        chance = Random(seed)
        yaml = chance.choice(list(FORMULAS))
        tree = automaton(chance, [yaml])
        found = explored(tree)
        version = found.model.version
        for verdict in judge_guarantees(version, [found]):
            if verdict.kind in ("violated", "inevitably violated"):
                sandbox = CaseSandbox(town(tree), community="C1")
                case = drive(sandbox, verdict.run)
                monitor = build_monitor(verdict.guarantee)
                assert monitor is not None
                assert broken(monitor, version, sandbox.ledger.read(case)) == len(verdict.run), (seed, yaml)
                driven += 1
    assert driven > 100


def drive(sandbox: CaseSandbox, run: Any) -> str:
    """Do in the engine what a run says: one command for each of its events."""
    case = sandbox.open("loop", "clerk-1")
    for edge in run[1:]:
        sandbox.do(case, edge.label.name, "clerk-1")
        assert sandbox.replay_case(case).step == (edge.label.to or edge.label.step)
    return case
