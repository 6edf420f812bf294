"""``fujin validate --mutate``: which single edits of a procedure are noticed, and by what."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fujin_cli.commands.context import Context
from fujin_cli.commands.lookups import known
from fujin_cli.commands.scenario_judge import judge_scenario
from fujin_cli.core.calendar import WorkingCalendar
from fujin_cli.core.compile import compile_procedure
from fujin_cli.core.finding import Finding, Place
from fujin_cli.core.message import Message, say
from fujin_cli.core.mutations import Mutation, Verdict, mutated, mutations
from fujin_cli.core.procedure import Procedure
from fujin_cli.core.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.scenario import Scenario, scenarios_of
from fujin_cli.core.workspace import File, Workspace
from fujin_cli.rules.registry import RULES, check_all
from fujin_cli.store.shape_check import has_shape

_NOWHERE = Message("")
Said = Counter[tuple[str, str]]  # (code, message) of findings, however often


@dataclass(frozen=True, slots=True)
class Bench:
    """A workspace with one procedure on it, and what is said of it before anything is edited."""

    workspace: Workspace
    file: File
    today: date
    calendar: WorkingCalendar
    scenarios: Sequence[Scenario]
    families: tuple[int, ...]
    before: dict[int, Said]

    def verdicts(self) -> Iterator[Verdict]:
        """What becomes of each edit, in the order of the file."""
        for mutation in mutations(self.file.tree or {}):
            by, loads = self._caught(mutation)
            yield Verdict(mutation, Place(self.file.path, mutation.route), loads, by)

    def _caught(self, mutation: Mutation) -> tuple[str | None, bool]:
        """What notices the edit first, and whether the procedure can still be loaded after it."""
        tree = mutated(self.file.tree or {}, mutation)
        if not has_shape("procedure", tree):
            return "FJ0xx", False
        workspace = _with(self.workspace, self.file, tree)
        for family in self.families:
            new = _new(check_all(workspace, self.today, (family,)), self.before[family])
            if family == 1 and any(finding.severity == "error" for finding in new):
                return next(finding.code for finding in new if finding.severity == "error"), False
            if new:
                return new[0].code, True
        for scenario in self.scenarios:
            if _fails(workspace, self.calendar, scenario):
                return scenario.name, True
        return None, True


def bench(workspace: Workspace, name: str, today: date) -> Bench:
    """The bench for one procedure: only it, what it opens and what opens it is looked at again for each edit."""
    near = _near(workspace.procedures, name)
    small = replace(
        workspace,
        procedures={other: law for other, law in workspace.procedures.items() if other in near},
        files=tuple(
            file for file in workspace.files if file.kind not in ("procedure", "scenario") or file.name in near
        ),
    )
    families = tuple(sorted({int(rule[2]) for rule in RULES}))
    before = {family: _said(check_all(small, today, (family,))) for family in families}
    file = next(file for file in workspace.files if file.kind == "procedure" and file.name == name)
    scenarios = [told for told in scenarios_of(workspace) if told.procedure in near]
    scenarios.sort(key=lambda told: told.procedure != name)
    calendar = workspace.calendar()
    holding = [told for told in scenarios if not _fails(small, calendar, told)]
    return Bench(small, file, today, calendar, holding, families, before)


def mutate_procedures(context: Context, asked: Sequence[Path], today: date) -> dict[str, list[Verdict]]:
    """Procedure → what became of each edit, placed. Raises WrongUsage, and Refusal for a procedure with errors."""
    from fujin_cli.store.workspace import placed

    judged: dict[str, list[Verdict]] = {}
    for name in _chosen(context, asked):
        if context.sound_procedure(name) is None:
            path = context.workspace.procedures[name].path
            raise Refusal(
                OPENING_REFUSED,
                say("{path} has errors, so no edit of it can be judged", path=path),
                help=say("`fujin validate {path}` shows them", path=path),
            )
        prepared = bench(context.workspace, name, today)
        found = _counted(prepared, name)
        marked, _texts = placed(context.root, [Finding("", "info", _NOWHERE, verdict.place) for verdict in found])
        judged[name] = [replace(verdict, place=mark.place) for verdict, mark in zip(found, marked, strict=True)]
    return judged


def _counted(prepared: Bench, name: str) -> list[Verdict]:
    """All of them; on a terminal, how far it is stands on stderr."""
    total = sum(1 for _ in mutations(prepared.file.tree or {}))
    found = []
    for verdict in prepared.verdicts():
        found.append(verdict)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{say('{name}: {count} of {total} edits', name=name, count=len(found), total=total)}")
            sys.stderr.flush()
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    return found


def _chosen(context: Context, asked: Sequence[Path]) -> list[str]:
    """The procedures named on the command line, by id or file; all where none is. Raises WrongUsage."""
    procedures = context.workspace.procedures
    if not asked:
        return list(procedures)
    by_path = {(context.root / law.path).resolve(): name for name, law in procedures.items()}
    found = []
    for path in asked:
        name = by_path.get(path.resolve(), str(path))
        known(name, procedures, "procedure")
        found.append(name)
    return list(dict.fromkeys(found))


def _near(procedures: Any, name: str) -> set[str]:
    """The procedure, whatever it opens and whatever opens it, directly or not."""
    return {name} | _reach(procedures, name, up=False) | _reach(procedures, name, up=True)


def _reach(procedures: dict[str, Procedure], name: str, up: bool) -> set[str]:
    opens = {other: {o.procedure for e in law.all_effects() for o in e.opens} for other, law in procedures.items()}
    found: set[str] = set()
    todo = [name]
    while todo:
        at = todo.pop()
        following = {other for other in opens if at in opens[other]} if up else opens.get(at, set())
        fresh = {other for other in following if other in procedures} - found
        found |= fresh
        todo += sorted(fresh)
    return found


def _with(workspace: Workspace, file: File, tree: dict[str, Any]) -> Workspace:
    law = compile_procedure(tree, file.path)
    files = tuple(replace(other, tree=tree) if other.path == file.path else other for other in workspace.files)
    return replace(workspace, procedures={**workspace.procedures, file.name: law}, files=files)


def _fails(workspace: Workspace, calendar: WorkingCalendar, scenario: Scenario) -> bool:
    try:
        return bool(judge_scenario(workspace, calendar, scenario))
    except RuntimeError:  # automatic moves in a circle: the engine gives up, and so does the scenario
        return True


def _said(findings: Sequence[Finding]) -> Said:
    return Counter((finding.code, str(finding.message)) for finding in findings)


def _new(findings: Sequence[Finding], before: Said) -> list[Finding]:
    """The findings that were not there before, however often they were."""
    left = before.copy()
    new = []
    for finding in findings:
        key = (finding.code, str(finding.message))
        if left[key]:
            left[key] -= 1
        else:
            new.append(finding)
    return new
