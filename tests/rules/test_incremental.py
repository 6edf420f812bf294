"""A rule sees of a workspace what the key of its findings is made of, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fujin_cli.core.explore import explorer
from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.incremental import check_parts
from fujin_cli.rules.registry import EXPLORING_FAMILIES, check_all, rules
from fujin_cli.rules.support.context import RuleContext
from tests.support.golden_workspaces import ONE_OF_THREE, REST_IN_BATCHES, TODAY, lay_anew, workspace_of
from tests.support.paths import ROOT

LOOKING_WIDER = {
    "FJ307",  # the levels of the jurisdiction
    "FJ319",  # the deadlines of child cases
    "FJ406",  # the rosters
    "FJ502",
    "FJ503",
    "FJ504",
    "FJ505",  # what procedures hand to one another
    "FJ506",  # every text of every file
}


class Remembering:
    """What a run keeps."""

    def __init__(self) -> None:
        self.kept: dict[str, Sequence[Finding]] = {}

    def get(self, key: str) -> list[Finding] | None:
        return list(self.kept[key]) if key in self.kept else None

    def put(self, keys: Sequence[str], findings: Sequence[Finding]) -> None:
        self.kept |= dict.fromkeys(keys, findings)


class Spy:
    """A rule that says what it sees."""

    CODE = "FJ399"

    def __init__(self, alone: bool) -> None:
        self.ALONE = alone
        self.seen: list[tuple[str, Workspace, date]] = []

    def check(self, context: RuleContext) -> Iterator[Finding]:
        for reading, _found in context.explored():
            self.seen.append((reading.procedure.name, context.workspace, context.today))
            yield Finding(self.CODE, "info", say("seen"), Place(reading.file.path, ("procedure",)))


def judge(workspace: Workspace, spy: Spy, memory: Remembering | None, today: date = TODAY) -> list[str]:
    """The procedures that were looked at anew."""
    spy.seen.clear()
    found = list(check_parts(workspace, today, [spy], memory))
    assert sorted(one.place.path for one in found) == sorted(version.path for version in workspace.procedures.values())
    return sorted(name for name, _workspace, _today in spy.seen)


@pytest.fixture(scope="module")
def city() -> Workspace:
    return workspace_of(ROOT)


def changed(workspace: Workspace, path: str) -> Workspace:
    """The workspace with another procedure at that path."""
    versions = {
        name: replace(version, digest="other") if version.path == path else version
        for name, version in workspace.procedures.items()
    }
    return replace(workspace, procedures=versions)


@pytest.mark.slow
def test_a_rule_alone_sees_one_procedure_and_the_calendar(city: Workspace) -> None:
    spy = Spy(alone=True)
    assert judge(city, spy, None) == sorted(city.procedures)
    for name, seen, today in spy.seen:
        assert set(seen.procedures) == {name} and [file.name for file in seen.files] == [name]
        assert not seen.organisation.communities and today == date.max
        assert seen.calendar_data == city.calendar_data


def test_any_other_rule_sees_everything_and_is_judged_every_time(city: Workspace) -> None:
    spy, memory = Spy(alone=False), Remembering()
    for _ in range(2):
        assert judge(city, spy, memory) == sorted(city.procedures)
        for _name, seen, today in spy.seen:
            assert (seen.organisation, seen.files, seen.procedures) == (
                city.organisation,
                city.files,
                city.procedures,
            ) and today == TODAY
    assert not memory.kept


def test_rules_alone_are_judged_again_when_what_they_see_changes(city: Workspace) -> None:
    spy, memory = Spy(alone=True), Remembering()
    assert judge(city, spy, memory) == sorted(city.procedures)
    assert judge(city, spy, memory, date(2026, 6, 2)) == []
    assert judge(replace(city, organisation=Organisation()), spy, memory) == []
    assert judge(changed(city, "workflows/procedures/resident-request.yaml"), spy, memory) == [
        "joint-conference",  # what a case begins with is up to those who open it
        "resident-request",
        "work-order",
    ]
    assert judge(changed(city, "workflows/procedures/work-order.yaml"), spy, memory) == ["work-order"]
    assert judge(replace(city, calendar_data={**city.calendar_data, "zone": "UTC"}), spy, memory) == sorted(
        city.procedures
    )


def test_procedures_of_which_nobody_knows_the_text_are_judged_again(city: Workspace) -> None:
    unknown = replace(city, procedures={name: replace(version, digest="") for name, version in city.procedures.items()})
    spy, memory = Spy(alone=True), Remembering()
    assert judge(unknown, spy, memory) == judge(unknown, spy, memory) == sorted(city.procedures)
    assert not memory.kept


def test_no_procedure_is_explored_twice(city: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = explorer.explore_model, []
    monkeypatch.setattr(explorer, "explore_model", lambda *given: calls.append(given) or real(*given))
    list(check_parts(city, TODAY, [Spy(alone=True), Spy(alone=False), Spy(alone=True)], None))
    assert len(calls) == sum(len(explorer.list_setting_choices(version)) for version in city.procedures.values())


def test_rules_that_read_one_procedure_say_so() -> None:
    assert {rule.CODE for rule in rules(EXPLORING_FAMILIES) if not getattr(rule, "ALONE", False)} == LOOKING_WIDER


@pytest.mark.parametrize("folder", ONE_OF_THREE, ids=lambda folder: folder.name)
def test_rules_alone_find_what_they_find_in_the_whole(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_alone_and_whole(folder, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("folders", REST_IN_BATCHES, ids=lambda folders: folders[0].name[:3])
def test_rules_alone_find_what_they_find_in_the_other_wholes(
    folders: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in folders:
        with monkeypatch.context() as patch:
            check_alone_and_whole(folder, tmp_path, patch)


def check_alone_and_whole(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = workspace_of(lay_anew(folder, tmp_path))
    one_by_one = check_all(workspace, TODAY, EXPLORING_FAMILIES)
    for rule in rules(EXPLORING_FAMILIES):
        monkeypatch.setattr(rule, "ALONE", False, raising=False)
    assert check_all(workspace, TODAY, EXPLORING_FAMILIES) == one_by_one
