"""A rule sees of a workspace what the key of its findings is made of, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fujin_cli.core.finding import Finding, Place
from fujin_cli.core.message import say
from fujin_cli.core.workspace import Workspace
from fujin_cli.rules.parts import check_parts
from fujin_cli.rules.proofs import explored
from tests.support import TODAY, copy_base, workspace_of

ROOT = Path(__file__).parents[2]


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

    def check(self, workspace: Workspace, today: date) -> Iterator[Finding]:
        for reading, _found in explored(workspace):
            self.seen.append((reading.procedure.name, workspace, today))
            yield Finding(self.CODE, "info", say("seen"), Place(reading.file.path, ("procedure",)))


def judge(workspace: Workspace, spy: Spy, memory: Remembering | None, today: date = TODAY) -> list[str]:
    """The procedures that were looked at anew."""
    spy.seen.clear()
    found = list(check_parts(workspace, today, [spy], memory))
    assert sorted(one.place.path for one in found) == sorted(law.path for law in workspace.procedures.values())
    return sorted(name for name, _workspace, _today in spy.seen)


@pytest.fixture(scope="module")
def city() -> Workspace:
    return workspace_of(ROOT)


def changed(workspace: Workspace, path: str) -> Workspace:
    """The workspace with another file of that name."""
    files = tuple(replace(file, digest="other") if file.path == path else file for file in workspace.files)
    laws = {
        name: replace(law, digest="other") if law.path == path else law for name, law in workspace.procedures.items()
    }
    return replace(workspace, files=files, procedures=laws)


def test_each_procedure_is_judged_once_beside_those_it_opens(city: Workspace) -> None:
    spy = Spy(alone=True)
    assert judge(city, spy, None) == sorted(city.procedures)
    for name, seen, today in spy.seen:
        assert name in seen.procedures and not seen.organisation.communities
        assert {file.kind for file in seen.files} == {"procedure"} and today == date.max
    assert {name: set(seen.procedures) - {name} for name, seen, _ in spy.seen}["resident-request"] == {
        "joint-conference",
        "work-order",
    }


def test_rules_that_read_the_organisation_see_it_and_are_judged_again_when_it_changes(city: Workspace) -> None:
    spy, memory = Spy(alone=False), Remembering()
    assert judge(city, spy, memory) == sorted(city.procedures)
    assert all(seen.organisation == city.organisation and today == TODAY for _name, seen, today in spy.seen)
    assert judge(city, spy, memory) == []
    assert judge(city, spy, memory, date(2026, 6, 2)) == sorted(city.procedures)
    assert judge(changed(city, "workflows/rosters/XF01.yaml"), spy, memory) == sorted(city.procedures)
    assert judge(changed(city, "workflows/procedures/objection.yaml"), spy, memory) == ["objection"]


def test_rules_about_procedures_alone_are_judged_again_when_those_change(city: Workspace) -> None:
    spy, memory = Spy(alone=True), Remembering()
    assert judge(city, spy, memory) == sorted(city.procedures)
    assert judge(changed(city, "workflows/rosters/XF01.yaml"), spy, memory, date(2026, 6, 2)) == []
    assert judge(changed(city, "workflows/procedures/resident-request.yaml"), spy, memory) == [
        "joint-conference",  # what a case begins with is up to those who open it
        "resident-request",
        "work-order",
    ]
    assert judge(changed(city, "workflows/procedures/work-order.yaml"), spy, memory) == ["work-order"]


def test_files_of_which_nobody_knows_what_they_hold_are_judged_again(tmp_path: Path) -> None:
    town = workspace_of(copy_base(tmp_path))
    unknown = replace(town, files=tuple(replace(file, digest="") for file in town.files))
    spy, memory = Spy(alone=False), Remembering()
    assert judge(unknown, spy, memory) == judge(unknown, spy, memory) == sorted(town.procedures)
    assert not memory.kept
