"""The committee of a child case: the one that ``opens`` names, the parent's if it uses the procedure, the only one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from fujin_cli.core.findings.refusals import ENDS_OTHERWISE, INPUT_UNFIT, OPENING_REFUSED, Refusal
from fujin_cli.core.model.scenario_file import compile_scenario
from fujin_cli.core.simulate.expectations import check_scenario
from fujin_cli.core.simulate.mutations import list_mutations
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import procedure, sandbox, with_procedures_used

APPEAL = procedure("opened: {by: procedure}\nsteps: {one: {owner: clerk}}", "appeal")
STRICT = procedure("case_of: committee\nopened: {by: procedure}\nsteps: {one: {owner: clerk}}", "appeal")
FINE = """
fields: {board: {type: committee, optional: yes}}
steps:
  one:
    owner: clerk
    actions:
      appeal: {by: clerk, may: [board], opens: {appeals: {procedure: appeal, NAMED}}}
"""


def town_with(
    used: Mapping[str, Sequence[str]], named: str = "leaves: no", child: Mapping[str, object] = APPEAL
) -> CaseSandbox:
    d = sandbox(FINE.replace("NAMED", named), child)
    d.workspace = with_procedures_used(d.workspace, used)
    return d


def committee_of_appeal(d: CaseSandbox, committee: str | None, **inputs: str) -> str | None:
    case = d.open("loop", "clerk-1", committee=committee)
    d.do(case, "appeal", "clerk-1", **inputs)
    [child] = d.children(case, "appeals")
    return d.replay_case(child).committee


@pytest.mark.parametrize(
    ("used", "parent", "expected"),
    [
        ({"C1-pipes": ["loop", "appeal"], "C1-peace": ["loop", "appeal"]}, "C1-pipes", "C1-pipes"),
        ({"C1-pipes": ["loop"], "C1-peace": ["appeal"]}, "C1-pipes", "C1-peace"),  # who fined does not judge the appeal
        ({"C1-pipes": ["loop"], "C1-peace": ["loop", "appeal"]}, None, "C1-peace"),
        ({"C1-pipes": ["loop"], "C1-peace": ["loop"]}, "C1-pipes", None),
        ({"C1-pipes": ["loop", "appeal"], "C1-peace": ["loop", "appeal"]}, None, None),
        ({"C1-pipes": ["loop"], "C2-pipes": ["appeal"]}, "C1-pipes", None),  # of another community
    ],
)
def test_without_a_name_the_parents_committee_or_the_only_one_that_uses_it(
    used: Mapping[str, Sequence[str]], parent: str | None, expected: str | None
) -> None:
    # given committees that use these procedures, when a case of the parent opens an appeal, then it goes to
    assert committee_of_appeal(town_with(used), parent) == expected


def test_a_named_committee_gets_the_child_wherever_the_parent_is() -> None:
    d = town_with({"C1-pipes": ["loop", "appeal"], "C1-peace": ["appeal"]}, "committee: C1-peace")
    assert committee_of_appeal(d, "C1-pipes") == "C1-peace"


def test_a_field_may_name_the_committee() -> None:
    d = town_with({"C1-pipes": ["loop"], "C1-peace": ["appeal"], "C2-pipes": ["appeal"]}, "committee: board")
    assert committee_of_appeal(d, "C1-pipes", board="C2-pipes") == "C2-pipes"
    assert committee_of_appeal(d, "C1-pipes") == "C1-peace"  # without a value, as if none were named


def test_a_committee_that_does_not_use_the_procedure_cannot_be_entered() -> None:
    d = town_with({"C1-pipes": ["loop"], "C1-peace": ["appeal"]}, "committee: board")
    case = d.open("loop", "clerk-1", committee="C1-pipes")
    refusal = d.refused(case, "appeal", "clerk-1", board="C1-pipes")
    assert refusal.code == INPUT_UNFIT
    assert "C1-peace" in str(refusal.message)


def test_a_named_committee_that_has_given_the_procedure_up_gets_nothing() -> None:
    d = town_with({"C1-pipes": ["loop"], "C1-peace": ["loop"]}, "committee: C1-peace")
    case = d.open("loop", "clerk-1", committee="C1-pipes")
    refusal = d.refused(case, "appeal", "clerk-1")
    assert refusal.code == OPENING_REFUSED
    assert len(d.ledger.read(case)) == 1


def test_a_child_that_needs_a_committee_is_refused_where_none_is_the_only_one() -> None:
    users = {"C1-pipes": ["appeal"], "C1-peace": ["appeal"], "C2-pipes": ["loop"]}
    d = town_with(users, child=STRICT)
    case = d.open("loop", "clerk-1")
    refusal = d.refused(case, "appeal", "clerk-1")
    assert (refusal.code, refusal.who) == (OPENING_REFUSED, ("C1-pipes", "C1-peace"))


def test_the_committee_of_an_opening_must_use_the_procedure() -> None:
    d = town_with({"C1-pipes": ["loop"], "C1-peace": ["appeal"]})
    with pytest.raises(Refusal) as caught:
        d.open("loop", "clerk-1", committee="C1-peace")
    assert (caught.value.code, caught.value.who) == (OPENING_REFUSED, ("C1-pipes",))


@pytest.mark.parametrize("name", ["topic", "about"])
@pytest.mark.parametrize(("kind", "value"), [("topic", "noise"), ("list, of: topic", "noise,light")])
def test_a_case_is_routed_by_a_field_of_type_topic_whatever_its_name(name: str, kind: str, value: str) -> None:
    d = sandbox(f"fields: {{{name}: {{type: {kind}}}}}\nsteps: {{one: {{owner: clerk}}}}")
    assert d.replay_case(d.open("loop", "clerk-1", **{name: value})).committee == "C1-peace"


def test_a_field_named_topic_of_another_type_routes_nothing() -> None:
    d = sandbox("fields: {topic: {type: text}}\nsteps: {one: {owner: clerk}}")
    d.workspace = with_procedures_used(d.workspace, {"C1-pipes": ["loop"]})
    assert d.replay_case(d.open("loop", "clerk-1", topic="noise")).committee == "C1-pipes"


def test_a_lead_is_marked_in_the_field_that_says_so_and_in_no_other() -> None:
    d = sandbox(
        """
        fields: {unit: {type: partner, default: works}}
        steps: {one: {owner: clerk, on_enter: {opens: {below: {procedure: free, one_each: unit}}}}}
        """,
        procedure(
            "fields: {is_lead: {type: yes_no, optional: yes}, main: {type: yes_no, lead: yes}}\n"
            "steps: {one: {owner: clerk}}",
            "free",
        ),
    )
    [child] = d.children(d.open("loop", "clerk-1"), "below")
    assert d.replay_case(child).values == {"main": "yes"}


@pytest.mark.parametrize(("expected", "findings"), [("C1-peace", []), ("C1-pipes", [ENDS_OTHERWISE])])
def test_a_scenario_says_which_committee_has_the_children(expected: str, findings: list[str]) -> None:
    d = town_with({"C1-pipes": ["loop"], "C1-peace": ["appeal"]})
    scenario = compile_scenario(
        {
            "scenario": "appeal",
            "procedure": "loop",
            "committee": "C1-pipes",
            "when": ["appeal"],
            "then": {"committees": {"appeals": expected}},
        }
    )
    codes = [finding.code for finding in check_scenario(d.workspace, d.calendar, scenario)]
    assert codes == findings


def test_a_scenario_for_a_committee_that_does_not_use_the_procedure_is_refused() -> None:
    d = town_with({"C1-pipes": ["loop"], "C1-peace": ["appeal"]})
    scenario = compile_scenario(
        {"scenario": "loop", "procedure": "loop", "committee": "C1-peace", "community": "C1", "then": {"step": "one"}}
    )
    [finding] = check_scenario(d.workspace, d.calendar, scenario)
    assert "FJ815" in str(finding.message)


def test_dropping_the_committee_is_one_of_the_mutations() -> None:
    tree = {"steps": {"one": {"actions": {"appeal": {"opens": {"appeals": {"procedure": "a", "committee": "b"}}}}}}}
    dropped = ("steps", "one", "actions", "appeal", "opens", "appeals", "committee")
    assert dropped in [mutation.route for mutation in list_mutations(tree)]
