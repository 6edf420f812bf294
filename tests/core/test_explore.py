"""What is proved is what runs: the engine never does what the explorer did not find."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore import prove
from tests.core.support_engine import city
from tests.core.support_explore import check_known
from tests.core.support_random import procedure_pairs
from tests.core.test_properties_random import Walk


@given(st.data())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_engine_takes_no_edge_that_the_explorer_did_not_find(data: st.DataObject) -> None:
    walk = Walk(data.draw, data.draw(procedure_pairs()))
    proved = prove(walk.desk.workspace.procedures)
    walk.go()
    for case in walk.cases:
        name = walk.desk.case(case).procedure
        if name in proved.explorations:
            check_known(proved.explorations[name][0], case, walk.desk.ledger.read(case))


def test_the_shipped_procedures_are_explored_at_once() -> None:
    proved = prove(city().procedures)
    assert set(proved.explorations) == set(city().procedures)
    assert not proved.too_large and not proved.circular
    for name, listed in proved.explorations.items():
        for found in listed:
            reached = {found.step(number) for number in range(len(found.states))}
            assert reached == set(city().procedures[name].steps)
