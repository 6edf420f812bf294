"""Hundreds of cases at every step of the shipped procedures: migrated, taken back, and brought to their ends."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.timers import tick
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.findings.refusals import CANNOT_MIGRATE, NOTHING_TO_UNDO, Refusal
from fujin_cli.core.model.migration_file import Migration
from fujin_cli.core.model.workspace import Workspace, build_workspace
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.core.versions.migrate import migrate_case, undo_migration
from tests.support.many_cases import LedgerLog, ended, kept, many
from tests.support.yaml_trees import city

pytestmark = pytest.mark.slow

WHO = "p-0101"
RENAMED = {"resident-request": "handling", "work-order": "working", "joint-conference": "waiting", "objection": "filed"}
INSTANT = {("joint-conference", "counting"), ("resident-request", "separated")}
Tree = dict[str, Any]


def changed(edit: Callable[[Tree], Tree]) -> Workspace:
    """The city with every procedure edited."""
    whole = city()
    files = [
        replace(file, tree=edit(copy.deepcopy(dict(file.tree or {})))) if file.kind == "procedure" else file
        for file in whole.files
        if file.kind != "scenario"
    ]
    return build_workspace(files, whole.calendar_data)


def renamed(tree: Tree) -> Tree:
    """One step of each procedure has another name, its ladder is the other way round, and a rung more reminds."""
    name = RENAMED[tree["procedure"]]
    tree = json.loads(json.dumps(tree).replace(f'"{name}"', '"anew"'))
    step = tree["steps"]["anew"]
    step["was"] = name
    if "ladder" in step:
        step["ladder"] = [*reversed(step["ladder"]), {"after": "90 working days", "tell": "coordinator"}]
    return tree


def other_field(tree: Tree) -> Tree:
    """The field that names the case which a request was joined to has another name, and much has to be explained."""
    text = json.dumps(asking(tree))
    if '"duplicate_of"' not in text:
        return tree
    tree = json.loads(text.replace('"duplicate_of"', '"same-as"'))
    tree["fields"]["same-as"]["was"] = "duplicate_of"
    return tree


def asking(tree: Tree) -> Tree:
    """Whatever people do has to be explained, so that hardly any history fits."""
    tree["fields"]["why-so"] = {"type": "text", "optional": "yes"}
    for part in (tree, *tree["steps"].values()):
        for action in (part.get("actions") or part.get("anytime") or {}).values():
            needs = action.get("needs") or []
            explained = {**needs, "why-so": "given"} if isinstance(needs, dict) else [*_list(needs), "why-so"]
            action["needs"] = explained
    return tree


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass
class Environment:
    """All the cases, in a ledger of some kind, and the law that the workspace has by now."""

    workspace: Workspace
    ledger: Any
    codes: dict[str, list[str]]

    def sandbox(self, case: str) -> Sandbox:
        """A desk at the moment of the case's newest event, which knows every law."""
        sandbox = Sandbox(self.workspace, self.workspace.build_calendar(), self.ledger.read(case)[-1].at, self.ledger)
        sandbox.versions = {
            version.digest: version for version in (*city().procedures.values(), *self.workspace.procedures.values())
        }
        return sandbox

    def cases(self) -> list[Case]:
        return [case for id in self.ledger.cases() if not (case := replay(id, self.ledger.read(id))).has_ended]

    def problems(self) -> list[Finding]:
        """What a ledger in files finds wrong with itself."""
        return list(self.ledger.ledger.verify()) if isinstance(self.ledger, LedgerLog) else []

    def migrated(self, case: str, migrations: list[Migration]) -> str:
        """How the case moved."""
        return self.sandbox(case).run_operation(lambda on: migrate_case(on, case, migrations, WHO, None)).way

    def undone(self, case: str) -> None:
        self.sandbox(case).run_operation(lambda on: undo_migration(on, case, WHO, None))


@cache
def _years() -> tuple[Any, dict[str, list[str]]]:
    return many(city())


def office(workspace: Workspace, kind: str, folder: Path) -> Environment:
    ledger, codes = _years()
    ledger = copy.deepcopy(ledger) if kind == "memory" else LedgerLog(kept(ledger, folder, city(), workspace))
    return Environment(workspace, ledger, copy.deepcopy(codes))


def files(workspace: Workspace, keeps: bool) -> list[Migration]:
    """A migration of every step to itself, for each procedure."""
    return [
        Migration(
            name, name, city().procedures[name].digest, "", {step: step for step in version.steps}, keeps, "r", WHO
        )
        for name, version in workspace.procedures.items()
    ]


def comes(on: Environment, case: str) -> list[tuple[Any, ...]]:
    """What time alone brings to a case in half a year, by what is told to whom, under the names of before."""
    sandbox, found = on.sandbox(case), []
    steps = {"anew": RENAMED[sandbox.replay_case(case).procedure]}
    for _ in range(26):
        sandbox.now += timedelta(days=7)
        sandbox.happened.clear()
        sandbox.run_operation(lambda look: tick(look, case))
        found += [
            (e.kind, steps.get(e.from_step or "", e.from_step), steps.get(e.to_step or "", e.to_step), e.at, e.tells)
            for _, e in sandbox.happened
            if e.data.get("when") != "after" or "raise" in e.data or e.to_step
        ]
    return found


def state(case: Case) -> dict[str, Any]:
    """Everything that a case is but for its events."""
    return {entry.name: getattr(case, entry.name) for entry in fields(case) if entry.name != "events"}


def due(on: Environment, case: Case) -> Any:
    sandbox = on.sandbox(case.id)
    return Deadlines(case, sandbox.version_of_case(case), sandbox.calendar).due_time()


def test_the_cases_stand_at_every_step() -> None:
    ledger, _ = _years()
    every = [replay(id, ledger.read(id)) for id in ledger.cases()]
    open_cases = [case for case in every if not case.has_ended]
    there = Counter((case.procedure, case.step) for case in open_cases)
    steps = {
        (version.name, step.name)
        for version in city().procedures.values()
        for step in version.steps.values()
        if not step.end
    }
    assert set(there) == steps - INSTANT
    assert sum(there.values()) > 150


def test_a_joined_case_waits_for_the_same_case_under_another_name_of_the_field(tmp_path: Path) -> None:
    on = office(changed(other_field), "memory", tmp_path)
    joined = 0
    for case in on.cases():
        on.migrated(case.id, files(on.workspace, keeps=True))
        if case.joined_to:
            joined += 1
            after = on.sandbox(case.id).replay_case(case.id)
            assert after.joined_to == ("same-as", case.joined_to[1])
            assert "duplicate_of" not in after.values and after.values["same-as"] == case.values["duplicate_of"]
    assert joined
    check_ends(on)


KINDS = ("memory", pytest.param("tiny", marks=pytest.mark.slow))


def test_other_names_and_reminders_change_nothing_for_anybody(tmp_path: Path) -> None:
    on, twin = office(changed(renamed), "memory", tmp_path), office(city(), "memory", tmp_path)
    for before in on.cases():
        assert on.migrated(before.id, []) == "replay", before
        after = on.sandbox(before.id).replay_case(before.id)
        assert (after.step, due(on, after)) == (
            RENAMED_STEPS.get((before.procedure, before.step), before.step),
            due(twin, before),
        )
        assert after.raised == before.raised and len(after.fired) == len(before.fired)
    check_future(on, twin)


RENAMED_STEPS = dict.fromkeys(RENAMED.items(), "anew")


def test_a_kept_deadline_brings_what_it_would_have_brought(tmp_path: Path) -> None:
    on, twin = office(changed(asking), "memory", tmp_path), office(city(), "memory", tmp_path)
    ways: Counter[str] = Counter()
    for before in on.cases():
        with_file = files(on.workspace, keeps=True)
        ways[on.migrated(before.id, with_file)] += 1
        assert due(on, on.sandbox(before.id).replay_case(before.id)) == due(twin, before), before
    assert ways["mapped"] > 100 and set(ways) == {"mapped", "replay"}
    check_future(on, twin)


def check_future(on: Environment, twin: Environment) -> None:
    """Time brings the same to all, whether they were migrated or not; then all come to an end, and all is sound."""
    for case in twin.cases():
        if not case.children and not case.joined and not case.joined_to and not case.parent:
            assert comes(on, case.id) == comes(twin, case.id), case
    check_ends(on)


def check_ends(on: Environment) -> None:
    for case in on.cases():
        if not on.sandbox(case.id).replay_case(case.id).has_ended:
            ended(on.workspace, on.ledger, on.codes, case.id)
    assert not on.cases()
    assert on.problems() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_time_that_begins_anew_leads_everybody_to_an_end(kind: str, tmp_path: Path) -> None:
    on = office(changed(asking), kind, tmp_path / "a")
    for case in on.cases():
        on.migrated(case.id, files(on.workspace, keeps=False))
    check_ends(on)


@pytest.mark.parametrize("kind", KINDS)
def test_everything_can_be_taken_back(kind: str, tmp_path: Path) -> None:
    on = office(changed(asking), kind, tmp_path / "a")
    for before in on.cases():
        with pytest.raises(Refusal) as caught:
            on.migrated(before.id, [])
            on.undone(before.id)
            on.undone(before.id)
        assert caught.value.code in (CANNOT_MIGRATE, NOTHING_TO_UNDO)
        assert state(on.sandbox(before.id).replay_case(before.id)) == state(before)
        on.migrated(before.id, files(on.workspace, keeps=True))
        on.undone(before.id)
        assert state(on.sandbox(before.id).replay_case(before.id)) == state(before)
    assert on.problems() == []
