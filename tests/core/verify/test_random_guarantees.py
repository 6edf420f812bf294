"""Random promises of random procedures: what is proved is kept by the engine, and what is shown breaks it there."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.simulate.confirm_verdicts import confirm_verdict
from fujin_cli.core.simulate.driven_runs import RunDriver
from fujin_cli.core.verify.guarantees import Verdict, judge_guarantees
from tests.core.cases.test_random_operations import Walk
from tests.core.verify.test_guarantees_in_the_engine import small  # noqa: F401  (procedures that are too large are left out)
from tests.support.generators.random_guarantees import Promise
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.small_town import town

pytestmark = pytest.mark.slow

PROMISES = 8
WALKS = 3
GENERATE = (Phase.reuse, Phase.generate)  # shrinking takes minutes, and what fails is said in full


@st.composite
def promising(draw: Any) -> tuple[list[Any], dict[str, Promise]]:
    """A procedure, the one that it may open, and the promises that the first makes."""
    pair = draw(procedure_pairs())
    promises = {f"g{n}": Promise(lambda *options: draw(st.sampled_from(options))) for n in range(PROMISES)}
    pair[0]["guarantees"] = {name: promise.tree for name, promise in promises.items()}
    return pair, promises


def verdicts(pair: list[Any]) -> tuple[Any, dict[str, Verdict]] | None:
    """What was found of the procedure, and what is said of its promises; None where it is too large."""
    workspace = town(*pair)
    proved = explore_all(workspace.procedures, office_hours=workspace.build_calendar().office_hours)
    found = proved.explorations.get("loop")
    if found is None:
        return None
    judged = judge_guarantees(found[0].model.version, found[:1])
    by_name = {other.name: verdict for verdict in judged for other in verdict.conflicting}
    return proved, by_name | {verdict.guarantee.name: verdict for verdict in judged}


@pytest.mark.no_cover
@pytest.mark.hypothesis
def test_the_engine_breaks_no_promise_that_is_proved() -> None:
    done: Counter[str] = Counter()

    @given(st.data(), promising())
    @settings(deadline=None, max_examples=40, phases=GENERATE, suppress_health_check=list(HealthCheck))
    def walk_on(data: st.DataObject, made: tuple[list[Any], dict[str, Promise]]) -> None:
        pair, promises = made
        judged = verdicts(pair)
        if judged is None:
            return
        for _ in range(WALKS):
            walk = Walk(data.draw, pair)
            walk.go()
            for name, promise in promises.items():
                way = judged[1][name].kind if name in judged[1] else "kept"
                broken = promise.broken(pair[0]["steps"], walk.cases[0], walk.sandbox.ledger.read(walk.cases[0]))
                done[f"{way}, {'broken' if broken else 'not broken'}"] += 1
                assert broken is None or way not in ("kept", "vacuous", "never fulfilled"), (promise.tree, way, broken)

    walk_on()
    assert done["kept, not broken"] > 5 and done["violated, broken"] + done["doomed, broken"] > 5, done


@pytest.mark.no_cover
@pytest.mark.hypothesis
def test_runs_that_are_shown_break_their_promise_in_the_engine() -> None:
    done: Counter[str] = Counter()

    @given(promising())
    @settings(deadline=None, max_examples=40, phases=GENERATE, suppress_health_check=list(HealthCheck))
    def drive(made: tuple[list[Any], dict[str, Promise]]) -> None:
        pair, promises = made
        judged = verdicts(pair)
        workspace = town(*pair)
        driver = RunDriver(workspace.procedures, workspace.calendar_data)
        for verdict in judged[1].values() if judged else ():
            if verdict.kind not in ("violated", "inevitably violated"):
                continue
            shown = confirm_verdict(driver, judged[0].explorations["loop"][:1], verdict)
            done["shown" if shown is verdict else "searched on" if shown.run else "unconfirmed"] += 1
            if shown.run:
                run = driver.drive(workspace.procedures["loop"], shown.run, shown.settings).run
                promise = promises[verdict.guarantee.name]
                assert promise.broken(pair[0]["steps"], run.id, run.case.events) is not None, (promise.tree, shown.run)

    drive()
    assert done["shown"] > 5 * done["unconfirmed"], done
