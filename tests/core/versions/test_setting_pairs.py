"""Under which values of settings two versions are compared, and what that finds."""

from __future__ import annotations

from fujin_cli.core.versions.behaviour_changes import Behaviour, compare_behaviour
from fujin_cli.core.versions.setting_pairs import SettingPair, pair_settings
from tests.support.small_town import procedure, town

LAW = """
settings: {tries: {type: count, default: 2, from: 1, up_to: 3}}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions: {call: {by: clerk, limit: tries}, drop: {to: done, by: clerk}}
  done: {end: done}
"""


def behaviour(old: str, new: str) -> Behaviour:
    before, after = (town(procedure(text)).procedures for text in (old, new))
    [name] = before
    found = compare_behaviour(before, after, [name])[name]
    assert found is not None and found.is_complete
    return found


def settings_of(old: str, new: str) -> list[SettingPair]:
    before, after = (next(iter(town(procedure(text)).procedures.values())) for text in (old, new))
    return pair_settings(before, after)


def test_the_same_settings_are_each_compared_once_and_for_everything() -> None:
    found = settings_of(LAW, LAW)
    assert [(pair.old["tries"], pair.new["tries"]) for pair in found] == [("2", "2"), ("1", "1"), ("3", "3")]
    assert all(pair.forbids and pair.allows and pair.cases for pair in found)


def test_a_wider_range_allows_what_only_its_new_end_allows() -> None:
    found = behaviour(LAW, LAW.replace("up_to: 3", "up_to: 5"))
    assert found.forbidden is None and found.allowed is not None
    assert dict(found.allowed.settings) == {"tries": "5"}
    assert [edge.label.name for edge in found.allowed.edges[1:]] == ["call"] * 4
    assert {entry.verdict for entry in found.steps} == {"safe"}  # no case has more than 3


def test_a_narrower_range_forbids_and_leaves_cases_what_they_were_opened_with() -> None:
    found = behaviour(LAW.replace("up_to: 3", "up_to: 5"), LAW)
    assert found.allowed is None and found.forbidden is not None
    assert dict(found.forbidden.settings) == {"tries": "5"}
    assert {entry.verdict for entry in found.steps} == {"safe"}


def test_another_default_is_another_law_for_new_cases_only() -> None:
    found = behaviour(LAW, LAW.replace("default: 2", "default: 3"))
    assert found.allowed is not None and found.forbidden is None
    assert len(found.allowed.edges) == 4 and not found.allowed.settings
    assert {entry.verdict for entry in found.steps} == {"safe"}


def test_a_setting_with_another_name_is_the_same_one() -> None:
    renamed = LAW.replace("tries: {type", "calls: {was: tries, type").replace("limit: tries", "limit: calls")
    assert behaviour(LAW, renamed).is_same


def test_a_setting_in_place_of_a_number() -> None:
    fixed = LAW.replace("limit: tries", "limit: 2")
    found = behaviour(fixed, LAW)
    assert found.allowed is not None and dict(found.allowed.settings) == {"tries": "3"}
    found = behaviour(LAW, fixed)
    assert found.forbidden is not None and dict(found.forbidden.settings) == {"tries": "3"}
