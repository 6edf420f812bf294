"""Write the run of each finding as a scenario that fails as long as the run is possible (``--write-scenario``)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fujin_cli import language
from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.findings.refusals import OTHER_CONTENT, TOO_SOON, Refusal
from fujin_cli.core.model.scenario_file import Line, compile_line, compile_scenario
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.simulate.trace_lines import lines_of, opening_of
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.validate import ValidationResult

STUCK = ("FJ303", "FJ312")
ROUND = ("FJ304", "FJ305", "FJ403")
UNFULFILLED = "FJ403"
POSSIBLE = ("FJ308", "FJ309", "FJ310")  # their runs only lead to the faulty place; no line of them is wrong
ROUNDS = 10  # how often a loop is repeated: enough to use up every limit on it


@dataclass(frozen=True, slots=True)
class WrittenScenario:
    """Hold a scenario's file; ``existed``: the same text was there before."""

    path: Path
    text: str
    existed: bool


def write_scenarios(
    result: ValidationResult, calendar: WorkingCalendar, folder: Path, anchors: Sequence[str], dry_run: bool
) -> list[WrittenScenario]:
    """Write a scenario for every finding with a run; ``anchors`` has the name of each finding's place.

    Raises Refusal, before any file is written, where a file with other content exists; OSError.
    """
    planned = [
        _plan_file(folder / f"{name}.yaml", _write_text(_scenario_tree(result.workspace, calendar, name, finding)))
        for name, finding in _name_findings(result.findings, anchors)
    ]
    if not dry_run:
        for scenario in planned:
            if not scenario.existed:
                scenario.path.parent.mkdir(parents=True, exist_ok=True)
                scenario.path.write_text(scenario.text, "utf-8")
    return planned


def _plan_file(path: Path, text: str) -> WrittenScenario:
    """Compare a scenario with the file at its path. Raises Refusal where that has other content."""
    existed = path.exists()
    if existed and path.read_text("utf-8", errors="replace") != text:
        raise Refusal(
            OTHER_CONTENT,
            say("{path} already exists with different content", path=str(path)),
            help=say("choose another folder, or delete that file"),
        )
    return WrittenScenario(path, text, existed)


def _name_findings(findings: Sequence[Finding], anchors: Sequence[str]) -> Iterator[tuple[str, Finding]]:
    """Give each finding with a run a unique name: ``fj303-order-steps-sent``, ``fj303-order-steps-sent-2``."""
    counts: dict[str, int] = {}
    for finding, anchor in zip(findings, anchors, strict=True):
        opening = opening_of(finding.trace)
        if opening is not None and finding.code not in POSSIBLE:
            words = f"{finding.code.lower()}-{opening[0]}-{anchor}"
            name = re.sub(r"[^A-Za-z0-9]+", "-", words)[:60].strip("-")
            counts[name] = counts.get(name, 0) + 1
            yield name if counts[name] == 1 else f"{name}-{counts[name]}", finding


def _scenario_tree(workspace: Workspace, calendar: WorkingCalendar, name: str, finding: Finding) -> dict[str, Any]:
    """Build the scenario of a finding; its ``then`` is what a procedure without this error does."""
    procedure, fields = opening_of(finding.trace) or ("", {})
    tree: dict[str, Any] = {"scenario": name, "title": _write_title(finding), "procedure": procedure}
    if fields:
        tree["given"] = dict(fields)
    run, lines, complete = _replay(prepare_run(workspace, calendar, compile_scenario(tree)), _list_run_lines(finding))
    if finding.code in ROUND and not complete:  # a line of the loop can be done only once
        run, lines, _ = _replay(prepare_run(workspace, calendar, compile_scenario(tree)), lines_of(finding.trace))
    last = compile_line(lines[-1]) if lines else None
    then: dict[str, Any] = {"refused": "any"}
    if finding.code in STUCK:
        then = {"stuck": "no"}
    elif guarantees := _list_guarantees(finding):
        then = {("fulfils" if finding.code == UNFULFILLED else "keeps"): guarantees}
    elif run.id and (finding.trace[-1].replay is None or (last is not None and last.kind != "action")):
        then = {"not_at": run.case.step}  # there is no action that could be refused
    return {**tree, **({"when": lines} if lines else {}), "then": then}


def _list_guarantees(finding: Finding) -> str | list[str]:
    """Name the guarantee that a finding is about, or all of those that it is about; empty for other findings."""
    places = [finding.place, *(related.place for related in finding.related if related.place)]
    names = [str(place.route[1]) for place in places if len(place.route) == 2 and place.route[0] == "guarantees"]
    return names[0] if len(names) == 1 else names


def _write_title(finding: Finding) -> dict[str, str]:
    """Write the title in every language, so that the file is the same whatever language the command runs in."""
    titles = {}
    current = language.current_language()
    for name in language.LANGUAGES:
        language.set_language(name)
        titles[name] = f"{finding.code}: {finding.message}"
    language.set_language(current)
    return titles


def _replay(run: ScenarioRun, lines: Sequence[Any]) -> tuple[ScenarioRun, list[Any], bool]:
    """Replay lines; returns the run, the lines with the waits that were necessary, and whether every line worked."""
    replayed: list[Any] = []
    remaining = list(lines)
    try:
        run.open_case()
        while remaining:
            replayed += _replay_line(run, remaining[0])
            remaining.pop(0)
    except Refusal:  # the scenario fails at this line too
        return run, [*replayed, *remaining], False
    return run, replayed, True


def _replay_line(run: ScenarioRun, tree: Any) -> list[Any]:
    """Replay one line, after a wait if it is refused as too soon. Raises Refusal."""
    try:
        run.carry_out_line(compile_line(tree))
        return [tree]
    except Refusal as refusal:
        wait = _pause_before(run, compile_line(tree)) if refusal.code == TOO_SOON else None
        if wait is None:
            raise
    run.carry_out_line(compile_line(wait))
    run.carry_out_line(compile_line(tree))
    return [wait, tree]


def _pause_before(run: ScenarioRun, line: Line) -> Any:
    """Make the line that waits until a spaced action can be done again; None for any other action."""
    action = next(
        (action for _, action in run.version.all_actions() if action.name == line.name and action.spaced), None
    )
    return {"wait": action.spaced} if action else None


def _list_run_lines(finding: Finding) -> list[Any]:
    """List the lines of the run; a loop is repeated until every limit on it is used up."""
    lines = lines_of(finding.trace)
    if finding.code not in ROUND:
        return lines
    loop = _list_loop_lines(finding)
    return [*lines[: len(lines) - len(loop)], *loop * ROUNDS]


def _list_loop_lines(finding: Finding) -> list[Any]:
    """List the lines of one round of the loop: from the last event at the finding's place, or at its step."""
    place = finding.place.route
    if finding.code == UNFULFILLED and finding.related:
        place = finding.related[0].place.route  # where the run repeats
    routes = [step.place.route if step.place else () for step in finding.trace]
    first = max((number for number, route in enumerate(routes) if route[: len(place)] == place), default=1)
    return [step.replay for step in finding.trace[max(first, 1) :] if step.replay is not None]


def _write_text(tree: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 118
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda value: True
    stream = io.StringIO()
    yaml.dump(dict(tree), stream)
    return stream.getvalue()
