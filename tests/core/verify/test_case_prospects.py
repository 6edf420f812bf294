"""Whether one open case can still end: by its children, fields and counters, under any version of its procedure."""

from __future__ import annotations

from fujin_cli.core.verify.case_prospects import CaseDeadEnd, CaseProspects
from tests.core.versions.test_renamed_outcomes import CHILD, NEW_CHILD, NEW_PARENT, laid, reformed, sent
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import sandbox

UNNAMED_CHILD = NEW_CHILD.replace(", was: verified", "").replace(", was: [bounced]", "")


def dead_end(on: CaseSandbox, case: str, current: bool = False) -> CaseDeadEnd | None:
    """Judge a case under its own version, or under the current one."""
    state = on.replay_case(case)
    prospects = CaseProspects(on.workspace.procedures, on.replay_case, on.versions.get)
    version = on.workspace.procedures[state.procedure] if current else on.version_of(case)
    return prospects.find_dead_end(state, version)


def test_a_parent_whose_children_nobody_changed_can_end() -> None:
    on = laid()
    case, _ = sent(on)
    assert dead_end(on, case) is None


def test_a_parent_that_still_has_to_open_its_child_waits_for_an_outcome_that_is_gone() -> None:
    on = laid()
    case = on.open("loop", "clerk-1")
    reformed(on, child=UNNAMED_CHILD)
    found = dead_end(on, case)
    assert found is not None
    assert (found.step, found.certain) == ("checking", True)
    assert found.awaited is not None and found.awaited.name == "orders"
    reformed(on)
    assert dead_end(on, case) is None


def test_an_open_child_ends_as_its_own_version_says() -> None:
    on = laid()
    case, _ = sent(on)
    reformed(on, child=UNNAMED_CHILD)
    assert dead_end(on, case) is None
    assert dead_end(on, case, current=True) is not None  # the new version of the parent waits for other words


def test_a_parent_may_get_stuck_where_one_outcome_was_renamed() -> None:
    on = laid()
    case = on.open("loop", "clerk-1")
    reformed(on, child=CHILD.replace("bounced", "returned"))
    found = dead_end(on, case)
    assert found is not None and not found.certain
    assert [edge.label.outcome for edge in found.run if edge.label.kind == "child"] == ["returned"]


def test_a_case_that_has_heard_of_an_outcome_that_nothing_reads_is_lost() -> None:
    on = laid()
    case, child = sent(on)
    on.do(child, "verify", "clerk-1")
    reformed(on, NEW_PARENT, UNNAMED_CHILD)
    found = dead_end(on, case, current=True)
    assert found is not None and found.certain
    assert dead_end(on, case) is None


def test_fields_and_counters_decide_not_the_step() -> None:
    on = sandbox(
        """
        fields: {size: {type: choice, of: [small, large], optional: yes}}
        steps:
          asked:
            owner: clerk
            within: 1 working day
            actions:
              measure: {by: clerk, needs: [size], limit: 1}
              finish: {to: done, by: clerk, when: {size: small}}
          done: {end: done}
        """
    )
    small, large, none = (on.open("loop", "clerk-1") for _ in range(3))
    on.do(small, "measure", "clerk-1", size="small")
    on.do(large, "measure", "clerk-1", size="large")
    assert dead_end(on, small) is None
    lost, may = dead_end(on, large), dead_end(on, none)
    assert lost is not None and lost.certain  # the limit of measuring is used up
    assert may is not None and not may.certain
