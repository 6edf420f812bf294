"""Judge mutations of a procedure: which rules and scenarios notice each edit (mutation testing)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.explore.call_graph import build_call_graph, invert_call_graph, list_reachable_procedures
from fujin_cli.core.explore.explorer import Explored, Explorer
from fujin_cli.core.findings.finding import Place
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.scenario_file import Scenario
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.simulate.expectations import check_run, check_scenario
from fujin_cli.core.simulate.mutation_verdicts import GROUPS, MutationVerdict
from fujin_cli.core.simulate.mutations import Mutation, apply_mutation
from fujin_cli.core.simulate.scenario import prepare_run
from fujin_cli.rules.registry import EXPLORING_FAMILIES, rules, sort_findings
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.store.schema.check import has_shape

Messages = Counter[str]  # message of a finding → how often it occurs


@dataclass(frozen=True, slots=True)
class MutationRunner:
    """Judge edits of one procedure of a workspace, by the findings and the passing scenarios before any edit.

    ``scenarios`` are those that pass, each with the steps of the procedure that its cases visit: an edit of another
    step cannot make it fail. ``explored`` holds the explorations of the unedited procedures.
    """

    workspace: Workspace
    related: frozenset[str]  # the procedures that the rules check again after each edit
    file: File
    today: date
    calendar: WorkingCalendar
    scenarios: Sequence[tuple[Scenario, frozenset[str]]]
    explored: Explorer
    before: Mapping[str, Messages]  # rule → the messages of its findings

    def verdict(self, mutation: Mutation) -> MutationVerdict:
        """Judge one edit: what notices it, and whether the procedure can still be loaded after it."""
        place = Place(self.file.path, mutation.route)
        tree = apply_mutation(self.file.tree or {}, mutation)
        if not has_shape("procedure", tree):
            return MutationVerdict(mutation, place, False, {"references": ("FJ0xx",)})
        edited = _replace_file(self.workspace, self.file, tree)
        workspace = _restrict(edited, self.related)
        context = RuleContext(workspace, self.today)
        codes, broken = self._find_new_findings(context, (1,))
        if broken:
            return MutationVerdict(mutation, place, False, {"references": codes})
        noticed = {"references": codes, "organisation": self._find_new_findings(context, (2,))[0]}
        changed = self._find_changed_explorations(workspace)
        noticed |= {GROUPS[family - 1]: self._find_new_findings(changed, (family,))[0] for family in EXPLORING_FAMILIES}
        noticed["scenarios"] = self._find_failing_scenario(edited, mutation)
        return MutationVerdict(mutation, place, True, {group: names for group, names in noticed.items() if names})

    def _find_new_findings(self, context: RuleContext, families: Sequence[int]) -> tuple[tuple[str, ...], bool]:
        """List the codes with a new message, and tell whether one of the new findings is an error."""
        codes, broken = [], False
        for rule in rules(families):
            unmatched = Counter(self.before.get(rule.CODE, ()))
            for finding in sort_findings(rule.check(context)):
                unmatched[str(finding.message)] -= 1
                if unmatched[str(finding.message)] < 0:
                    codes.append(finding.code)
                    broken = broken or finding.severity == "error"
        return tuple(dict.fromkeys(codes)), broken

    def _find_changed_explorations(self, workspace: Workspace) -> RuleContext:
        """Make the context that has only the explorations that differ from those before the edit."""
        explored = Explorer(
            workspace.procedures, earlier=self.explored, office_hours=self.explored.office_hours
        ).all_explorations
        new = {
            name: exploration
            for name, exploration in explored.explorations.items()
            if name not in self.explored.order or self.explored.explore_procedure(name) is not exploration
        }
        changed = Explored(new, explored.too_large, explored.circular)
        return RuleContext(workspace, self.today, lambda: changed)

    def _find_failing_scenario(self, workspace: Workspace, mutation: Mutation) -> tuple[str, ...]:
        """Name the first scenario that fails after the edit; the ones after it are not run."""
        step = mutation.route[1] if mutation.route[0] == "steps" else None
        for scenario, steps in self.scenarios:
            if step is None or step in steps:
                try:
                    if check_scenario(workspace, self.calendar, scenario):
                        return (scenario.name,)
                except RuntimeError:  # automatic moves in a circle: the engine gives up
                    return (scenario.name,)
        return ()


def prepare_mutation_runner(workspace: Workspace, name: str, today: date) -> MutationRunner:
    """Prepare the runner for one procedure.

    Each edit checks it again with the procedures that it opens, or that open it, directly or not.
    """
    calls = build_call_graph(workspace.procedures)
    related = frozenset(
        {*list_reachable_procedures(calls, name), *list_reachable_procedures(invert_call_graph(calls), name)}
    )
    small = _restrict(workspace, related)
    explored = Explorer(small.procedures, office_hours=small.build_calendar().office_hours)
    context = RuleContext(small, today, lambda: explored.all_explorations)
    before: dict[str, Messages] = {
        rule.CODE: Counter(str(finding.message) for finding in sort_findings(rule.check(context))) for rule in rules()
    }
    file = next(file for file in workspace.files if file.kind == "procedure" and file.name == name)
    calendar = workspace.build_calendar()
    scenarios = list(_find_passing_scenarios(workspace, related, calendar, name))
    return MutationRunner(workspace, related, file, today, calendar, scenarios, explored, before)


def _restrict(workspace: Workspace, names: Collection[str]) -> Workspace:
    """Restrict a workspace to some procedures, without scenarios."""
    files = [file for file in workspace.files if file.kind != "scenario"]
    return replace(
        workspace,
        procedures={name: version for name, version in workspace.procedures.items() if name in names},
        files=tuple(file for file in files if file.kind != "procedure" or file.name in names),
    )


def _find_passing_scenarios(
    workspace: Workspace, related: Collection[str], calendar: WorkingCalendar, name: str
) -> Iterator[tuple[Scenario, frozenset[str]]]:
    """Yield the passing scenarios with the steps that they visit; those that explore the edited procedure come last."""
    passing = []
    for scenario in workspace.scenarios:
        if scenario.procedure not in related:
            continue
        run = prepare_run(workspace, calendar, scenario)
        if check_run(run):
            continue
        visited = frozenset(
            step
            for id, event in run.sandbox.happened
            for step in (event.from_step, event.to_step)
            if step is not None and run.sandbox.version_of_case(run.sandbox.replay_case(id)).name == name
        )
        slow = any(line.kind == "ends" and line.name in run.version.fields for line in scenario.lines)
        if visited:
            passing.append((slow, scenario.procedure != name, scenario, visited))
    for _slow, _of_other, scenario, steps in sorted(passing, key=lambda row: row[:2]):
        yield scenario, steps


def _replace_file(workspace: Workspace, file: File, tree: dict[str, Any]) -> Workspace:
    """Make the workspace in which the procedure of ``file`` has another tree."""
    version = compile_procedure(tree, file.path)
    files = tuple(replace(old, tree=tree) if old.path == file.path else old for old in workspace.files)
    return replace(workspace, procedures={**workspace.procedures, file.name: version}, files=files)
