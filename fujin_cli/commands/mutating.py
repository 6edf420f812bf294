"""``fujin validate --mutate``: which single edits of a procedure are noticed, and by what."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fujin_cli.commands.context import Context
from fujin_cli.commands.lookups import known
from fujin_cli.commands.scenario_judge import judge_run, judge_scenario
from fujin_cli.commands.scenario_run import run_of
from fujin_cli.core.calendar import WorkingCalendar
from fujin_cli.core.compile import compile_procedure
from fujin_cli.core.finding import Finding, Place
from fujin_cli.core.message import Message, say
from fujin_cli.core.mutations import Mutation, Verdict, mutated, mutations
from fujin_cli.core.procedure import Procedure
from fujin_cli.core.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.scenario import Scenario, scenarios_of
from fujin_cli.core.workspace import File, Workspace
from fujin_cli.rules.registry import RULES, in_order, rules
from fujin_cli.store.shape_check import has_shape

_NOWHERE = Message("")
Said = Counter[str]  # messages of findings, each however often
PROVING = tuple(sorted({int(rule[2]) for rule in RULES} - {1, 2}))  # families of rules that follow every case


@dataclass(frozen=True, slots=True)
class Bench:
    """A workspace with one procedure on it, and what is said of it before anything is edited.

    ``scenarios`` are those that hold, each with the steps of the procedure that its cases come to: an edit of another
    step cannot make it fail.
    """

    workspace: Workspace
    near: frozenset[str]  # the procedures that rules look at again
    file: File
    today: date
    calendar: WorkingCalendar
    scenarios: Sequence[tuple[Scenario, frozenset[str]]]
    before: Mapping[str, Said]

    def verdicts(self) -> Iterator[Verdict]:
        """What becomes of each edit, in the order of the file."""
        for mutation in mutations(self.file.tree or {}):
            by, loads = self._caught(mutation)
            yield Verdict(mutation, Place(self.file.path, mutation.route), loads, by)

    def _caught(self, mutation: Mutation) -> tuple[str | None, bool]:
        """What notices the edit first, and whether the procedure can still be loaded after it.

        What takes least is asked first: shape, references and organisation, then scenarios, then what is proved.
        """
        tree = mutated(self.file.tree or {}, mutation)
        if not has_shape("procedure", tree):
            return "FJ0xx", False
        whole = _with(self.workspace, self.file, tree)
        workspace = _only(whole, self.near)
        new = self._new(workspace, (1,))
        broken = next((finding.code for finding in new if finding.severity == "error"), None)
        if broken:
            return broken, False
        new = new or self._new(workspace, (2,))
        if new:
            return new[0].code, True
        by = self._failing(whole, mutation)
        if by is None:
            by = next((finding.code for finding in self._new(workspace, PROVING)), None)
        return by, True

    def _new(self, workspace: Workspace, families: Sequence[int]) -> list[Finding]:
        """What the first rule that says something new says."""
        for rule in rules(families):
            left = Counter(self.before.get(rule.CODE, ()))
            new = []
            for finding in in_order(rule.check(workspace, self.today)):
                left[str(finding.message)] -= 1
                if left[str(finding.message)] < 0:
                    new.append(finding)
            if new:
                return new
        return []

    def _failing(self, workspace: Workspace, mutation: Mutation) -> str | None:
        step = mutation.route[1] if mutation.route[0] == "steps" else None
        for scenario, steps in self.scenarios:
            if step is not None and step not in steps:
                continue
            try:
                if judge_scenario(workspace, self.calendar, scenario):
                    return scenario.name
            except RuntimeError:  # automatic moves in a circle: the engine gives up
                return scenario.name
        return None


def bench(workspace: Workspace, name: str, today: date) -> Bench:
    """The bench for one procedure: only it, what it opens and what opens it is looked at again for each edit."""
    near = frozenset(_near(workspace.procedures, name))
    small = _only(workspace, near)
    before: dict[str, Said] = {
        rule.CODE: Counter(str(finding.message) for finding in in_order(rule.check(small, today)))
        for rule in rules((1, 2, *PROVING))
    }
    file = next(file for file in workspace.files if file.kind == "procedure" and file.name == name)
    calendar = workspace.calendar()
    return Bench(workspace, near, file, today, calendar, list(_holding(workspace, near, calendar, name)), before)


def _only(workspace: Workspace, near: Collection[str]) -> Workspace:
    """The workspace with only these procedures, and without scenarios."""
    kept = [file for file in workspace.files if file.kind != "scenario"]
    return replace(
        workspace,
        procedures={other: law for other, law in workspace.procedures.items() if other in near},
        files=tuple(file for file in kept if file.kind != "procedure" or file.name in near),
    )


def _holding(
    workspace: Workspace, near: Collection[str], calendar: WorkingCalendar, name: str
) -> Iterator[tuple[Scenario, frozenset[str]]]:
    """The scenarios that hold, those that have to explore the edited procedure for a second case of it last."""
    found = []
    for scenario in scenarios_of(workspace):
        if scenario.procedure not in near:
            continue
        run = run_of(workspace, calendar, scenario)
        if judge_run(run):
            continue
        steps = {
            step
            for id, event in run.desk.happened
            for step in (event.from_step, event.to_step)
            if step is not None and run.desk.law(run.desk.case(id)).name == name
        }
        slow = any(line.kind == "ends" and line.name in run.law.fields for line in scenario.lines)
        if steps:
            found.append((slow, scenario.procedure != name, scenario, frozenset(steps)))
    for _slow, _other, told, passed in sorted(found, key=lambda entry: entry[:2]):
        yield told, passed


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
        found = _counted(prepared, name, sys.stderr.isatty() and not context.json)
        marked, _texts = placed(context.root, [Finding("", "info", _NOWHERE, verdict.place) for verdict in found])
        judged[name] = [replace(verdict, place=mark.place) for verdict, mark in zip(found, marked, strict=True)]
    return judged


def _counted(prepared: Bench, name: str, shown: bool) -> list[Verdict]:
    """All of them; ``shown``: how far it is stands on stderr meanwhile."""
    total = sum(1 for _ in mutations(prepared.file.tree or {}))
    found = []
    for verdict in prepared.verdicts():
        found.append(verdict)
        if shown:
            sys.stderr.write(
                "\r" + str(say("{name}: {count} of {total} edits", name=name, count=len(found), total=total))
            )
            sys.stderr.flush()
    if shown:
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
