"""A procedure on the bench: what is said of it before an edit, and which measures notice each edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.explore.explorer import Explored, Explorer
from fujin_cli.core.findings.finding import Place
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.scenario_file import Scenario, scenarios_of
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.simulate.expectations import check_run, check_scenario
from fujin_cli.core.simulate.mutations import GROUPS, Mutation, MutationVerdict, mutated
from fujin_cli.core.simulate.scenario import prepare_run
from fujin_cli.rules.registry import EXPLORING_FAMILIES, in_order, rules
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.store.schema.check import has_shape

Said = Counter[str]  # messages of findings, each however often


@dataclass(frozen=True, slots=True)
class Bench:
    """A workspace with one procedure on it, and what is said of it before anything is edited.

    ``scenarios`` are those that hold, each with the steps of the procedure that its cases come to: an edit of another
    step cannot make it fail. ``explored`` is what following the unedited procedures found.
    """

    workspace: Workspace
    near: frozenset[str]  # the procedures that rules look at again
    file: File
    today: date
    calendar: WorkingCalendar
    scenarios: Sequence[tuple[Scenario, frozenset[str]]]
    explored: Explorer
    before: Mapping[str, Said]

    def verdict(self, mutation: Mutation) -> MutationVerdict:
        """What notices the edit, and whether the procedure can still be loaded after it."""
        place = Place(self.file.path, mutation.route)
        tree = mutated(self.file.tree or {}, mutation)
        if not has_shape("procedure", tree):
            return MutationVerdict(mutation, place, False, {"references": ("FJ0xx",)})
        whole = _with(self.workspace, self.file, tree)
        workspace = _only(whole, self.near)
        context = RuleContext(workspace, self.today)
        codes, broken = self._new(context, (1,))
        if broken:
            return MutationVerdict(mutation, place, False, {"references": codes})
        noticed = {"references": codes, "organisation": self._new(context, (2,))[0]}
        part = self._followed(workspace)
        noticed |= {GROUPS[family - 1]: self._new(part, (family,))[0] for family in EXPLORING_FAMILIES}
        noticed["scenarios"] = self._failing(whole, mutation)
        return MutationVerdict(mutation, place, True, {group: names for group, names in noticed.items() if names})

    def _new(self, context: RuleContext, families: Sequence[int]) -> tuple[tuple[str, ...], bool]:
        """The codes that say something which they did not say before, and whether one of that is an error."""
        codes, broken = [], False
        for rule in rules(families):
            left = Counter(self.before.get(rule.CODE, ()))
            for finding in in_order(rule.check(context)):
                left[str(finding.message)] -= 1
                if left[str(finding.message)] < 0:
                    codes.append(finding.code)
                    broken = broken or finding.severity == "error"
        return tuple(dict.fromkeys(codes)), broken

    def _followed(self, workspace: Workspace) -> RuleContext:
        """The context in which only those procedures are judged of which following them found something else."""
        prover = Explorer(workspace.procedures, earlier=self.explored)
        every = prover.proved
        new = {
            name: found
            for name, found in every.explorations.items()
            if name not in self.explored.order or self.explored.explored(name) is not found
        }
        proved = Explored(new, every.too_large, every.circular)
        return RuleContext(workspace, self.today, lambda: proved)

    def _failing(self, workspace: Workspace, mutation: Mutation) -> tuple[str, ...]:
        """The first scenario that fails now: more are not asked."""
        step = mutation.route[1] if mutation.route[0] == "steps" else None
        for scenario, steps in self.scenarios:
            if step is None or step in steps:
                try:
                    if check_scenario(workspace, self.calendar, scenario):
                        return (scenario.name,)
                except RuntimeError:  # automatic moves in a circle: the engine gives up
                    return (scenario.name,)
        return ()


def bench(workspace: Workspace, name: str, today: date) -> Bench:
    """The bench for one procedure: only it, what it opens and what opens it is looked at again for each edit."""
    near = frozenset(_near(workspace.procedures, name))
    small = _only(workspace, near)
    explored = Explorer(small.procedures)
    part = RuleContext(small, today, lambda: explored.proved)
    before: dict[str, Said] = {
        rule.CODE: Counter(str(finding.message) for finding in in_order(rule.check(part))) for rule in rules()
    }
    file = next(file for file in workspace.files if file.kind == "procedure" and file.name == name)
    calendar = workspace.calendar()
    scenarios = list(_holding(workspace, near, calendar, name))
    return Bench(workspace, near, file, today, calendar, scenarios, explored, before)


def _only(workspace: Workspace, near: Collection[str]) -> Workspace:
    """The workspace with only these procedures, and without scenarios."""
    kept = [file for file in workspace.files if file.kind != "scenario"]
    return replace(
        workspace,
        procedures={other: version for other, version in workspace.procedures.items() if other in near},
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
        run = prepare_run(workspace, calendar, scenario)
        if check_run(run):
            continue
        steps = {
            step
            for id, event in run.sandbox.happened
            for step in (event.from_step, event.to_step)
            if step is not None and run.sandbox.version(run.sandbox.case(id)).name == name
        }
        slow = any(line.kind == "ends" and line.name in run.version.fields for line in scenario.lines)
        if steps:
            found.append((slow, scenario.procedure != name, scenario, frozenset(steps)))
    for _slow, _other, told, passed in sorted(found, key=lambda entry: entry[:2]):
        yield told, passed


def _near(procedures: Any, name: str) -> set[str]:
    """The procedure, whatever it opens and whatever opens it, directly or not."""
    return {name} | _reach(procedures, name, up=False) | _reach(procedures, name, up=True)


def _reach(procedures: dict[str, Procedure], name: str, up: bool) -> set[str]:
    opens = {
        other: {o.procedure for e in version.all_effects() for o in e.opens} for other, version in procedures.items()
    }
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
    version = compile_procedure(tree, file.path)
    files = tuple(replace(other, tree=tree) if other.path == file.path else other for other in workspace.files)
    return replace(workspace, procedures={**workspace.procedures, file.name: version}, files=files)
