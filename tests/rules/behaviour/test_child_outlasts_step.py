"""FJ319 compares the slowest way of a child case with every deadline of the step that waits for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.verify.slowest_case import MOST_WAYS, find_slowest_way, is_surely_longer
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.use_cases.validate import check_contents
from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay
from tests.support.yaml_trees import ROOT

# The order is sent for 3 working days; 5 working days later a rung ends it. Its opener waits 5 and 3 working days.


@pytest.mark.parametrize(
    ("errand", "order", "expected"),
    [
        ("", "", 0),  # 8 working days and 8
        ("", "within: 4 working days", 1),
        ("", "within: 30 working days, ladder: [{at: deadline, tell: [clerk]}]", 1),
        ("", "within: 2 weeks", 1),  # more than 8 working days in any week
        ("", "within: 4 days", 0),  # 4 days may have only 2 working days in them
        ("", "within: 4 working days, ladder: [{after: 9 working days, raise: street}]", 0),  # nothing moves it later
        ("", "within: 1 working day, ladder: [{after: 9 working days, to: refused}]", 1),
        ("", "within: 9 working days, ladder: [{before: 8 working days, tell: [clerk]}]", 1),
        ("within: 6 working days", "within: 4 working days", 0),
        ("ladder: [{after: 4 working days, raise: street}]", "within: 4 working days", 0),
        ("ladder: [{at: deadline, raise: street}]", "", 1),
    ],
)
def test_a_child_is_compared_with_every_deadline(tmp_path: Path, errand: str, order: str, expected: int) -> None:
    root = copy_base(tmp_path)
    for name, step, keys in (("errand", "running", errand), ("order", "sent", order)):
        if keys:
            lay(Example(True, f"procedures/{name}.yaml", f"steps: {{{step}: {{{keys}}}}}\n"), root)
    assert [finding.code for finding in findings_of(root)].count("FJ319") == expected


def test_the_finding_names_the_sum_and_the_places(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    lay(Example(True, "procedures/order.yaml", "steps: {sent: {within: 6 working days}}\n"), root)
    [finding] = [finding for finding in findings_of(root) if finding.code == "FJ319"]
    assert "11 working days" in str(finding.message) and "8 working days" in str(finding.message)
    assert finding.place.route == ("steps", "running", "within")
    assert [(related.place.path, related.place.route) for related in finding.related] == [
        ("workflows/procedures/order.yaml", ("steps", "sent"))
    ]


def test_no_step_of_the_slowest_way_counts_twice_and_many_ways_are_bounded() -> None:
    steps = {
        f"s{number}": {
            "within": "1 working day",
            "actions": {f"to{other}": {"to": f"s{other}", "by": "clerk"} for other in range(12) if other != number}
            | {"stop": {"to": "over", "by": "clerk"}},
        }
        for number in range(12)
    }
    people = {"clerk": {"role": "coordinator", "of": "committee"}}
    version = compile_procedure({"procedure": "loop", "people": people, "steps": {**steps, "over": {"end": "over"}}})
    way = find_slowest_way(version)
    assert MOST_WAYS < 12 * 11 * 10 * 9
    assert len({stay.step for stay in way}) == len(way) <= 12


def test_settings_count_with_their_defaults_and_days_that_people_enter_count_nothing() -> None:
    workspace = check_contents(contents_of(ROOT), date(2026, 6, 1), ()).files.workspace
    ways = {name: find_slowest_way(version) for name, version in workspace.procedures.items()}
    order = [str(duration) for stay in ways["work-order"] for duration in stay.durations]
    assert order == ["2 working hours", "3 working days", "5 working days"]  # received, then no answer
    meeting = {stay.step: list(map(str, stay.durations)) for stay in ways["joint-conference"]}
    assert meeting["waiting"] == [] and meeting["recording"] == ["1 working day"]


def test_beyond_the_published_calendar_durations_are_estimated() -> None:
    calendar = check_contents(contents_of(ROOT), date(2026, 6, 1), ()).files.workspace.build_calendar()
    years = [parse_duration("9 years")]
    assert is_surely_longer(calendar, years, [parse_duration("2000 working days")])
    assert not is_surely_longer(calendar, years, years)
