"""``fujin validate --write-scenario``: each run that a finding shows, as a scenario that fails while it is possible."""

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
from fujin_cli.core.model.scenario_file import Line, compile_scenario, line_of
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.simulate.trace_lines import lines_of, opening_of
from fujin_cli.core.text.message import say
from fujin_cli.use_cases.validate import ValidationResult

STUCK = ("FJ303", "FJ312")
ROUND = ("FJ304", "FJ305")
POSSIBLE = ("FJ308", "FJ309", "FJ310")  # their runs show where something is wrong; nobody in them does what is wrong
ROUNDS = 10  # a loop is gone round so often: every limit on it is used up by then


@dataclass(frozen=True, slots=True)
class Written:
    """A scenario's file: its path, and whether the same text was there already."""

    path: Path
    text: str
    there: bool


def write_scenarios(
    found: ValidationResult, calendar: WorkingCalendar, folder: Path, anchors: Sequence[str], dry_run: bool
) -> list[Written]:
    """Write a scenario for every finding with a run. ``anchors`` name the findings' places, beside them.

    Raises Refusal (and writes nothing) where a file of another content is there; OSError.
    """
    trees = _trees(found.findings, anchors)
    planned = [
        _planned(folder / f"{name}.yaml", _text(_told(found.workspace, calendar, name, finding)))
        for name, finding in trees
    ]
    if not dry_run:
        for entry in planned:
            if not entry.there:
                entry.path.parent.mkdir(parents=True, exist_ok=True)
                entry.path.write_text(entry.text, "utf-8")
    return planned


def _planned(path: Path, text: str) -> Written:
    there = path.exists()
    if there and path.read_text("utf-8", errors="replace") != text:
        raise Refusal(
            OTHER_CONTENT,
            say("{path} already exists with different content", path=str(path)),
            help=say("choose another folder, or delete that file"),
        )
    return Written(path, text, there)


def _trees(findings: Sequence[Finding], anchors: Sequence[str]) -> Iterator[tuple[str, Finding]]:
    """A name for each finding with a run."""
    taken: dict[str, int] = {}
    for finding, anchor in zip(findings, anchors, strict=True):
        opening = opening_of(finding.trace)
        if opening is not None and finding.code not in POSSIBLE:
            said = f"{finding.code.lower()}-{opening[0]}-{anchor}"
            name = re.sub(r"[^A-Za-z0-9]+", "-", said)[:60].strip("-")
            taken[name] = taken.get(name, 0) + 1
            yield name if taken[name] == 1 else f"{name}-{taken[name]}", finding


def _told(workspace: Workspace, calendar: WorkingCalendar, name: str, finding: Finding) -> dict[str, Any]:
    """The scenario. ``then`` is what a sound procedure does instead of what the run shows."""
    procedure, given = opening_of(finding.trace) or ("", {})
    tree: dict[str, Any] = {"scenario": name, "title": _title(finding), "procedure": procedure}
    if given:
        tree["given"] = dict(given)
    run, lines, whole = _driven(prepare_run(workspace, calendar, compile_scenario(tree)), _lines(finding))
    if finding.code in ROUND and not whole:  # what leads there can be done once
        run, lines, _ = _driven(prepare_run(workspace, calendar, compile_scenario(tree)), lines_of(finding.trace))
    last = line_of(lines[-1]) if lines else None
    then: dict[str, Any] = {"refused": "any"}
    if finding.code in STUCK:
        then = {"stuck": "no"}
    elif run.id and (finding.trace[-1].replay is None or (last is not None and last.kind != "action")):
        then = {"not_at": run.case.step}  # nobody did it who could be refused
    return {**tree, **({"when": lines} if lines else {}), "then": then}


def _title(finding: Finding) -> dict[str, str]:
    """In every language: whoever runs the same command in another one writes the same file."""
    titles = {}
    spoken = language.current()
    for name in language.LANGUAGES:
        language.use(name)
        titles[name] = f"{finding.code}: {finding.message}"
    language.use(spoken)
    return titles


def _driven(run: ScenarioRun, lines: Sequence[Any]) -> tuple[ScenarioRun, list[Any], bool]:
    """The run, the lines with a wait before each action that can be done again only later, and whether all went."""
    driven: list[Any] = []
    left = list(lines)
    try:
        run.open()
        while left:
            driven += _taken(run, left[0])
            left.pop(0)
    except Refusal:  # it cannot be driven any further; the scenario says so when it is run
        return run, [*driven, *left], False
    return run, driven, True


def _taken(run: ScenarioRun, tree: Any) -> list[Any]:
    try:
        run.carry_out(line_of(tree))
        return [tree]
    except Refusal as refusal:
        wait = _pause_before(run, line_of(tree)) if refusal.code == TOO_SOON else None
        if wait is None:
            raise
    run.carry_out(line_of(wait))
    run.carry_out(line_of(tree))
    return [wait, tree]


def _pause_before(run: ScenarioRun, line: Line) -> Any:
    action = next(
        (action for _, action in run.version.all_actions() if action.name == line.name and action.spaced), None
    )
    return {"wait": action.spaced} if action else None


def _lines(finding: Finding) -> list[Any]:
    """The run; a loop is gone round until any limit on it would be used up."""
    lines = lines_of(finding.trace)
    if finding.code not in ROUND:
        return lines
    back = _loop(finding)
    return [*lines[: len(lines) - len(back)], *back * ROUNDS]


def _loop(finding: Finding) -> list[Any]:
    """The part of the run that goes round once: from the last event at the finding's own place on, or at its step."""
    here = finding.place.route
    routes = [step.place.route if step.place else () for step in finding.trace]
    first = max((number for number, route in enumerate(routes) if route[: len(here)] == here), default=1)
    return [step.replay for step in finding.trace[max(first, 1) :] if step.replay is not None]


def _text(tree: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 118
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda data: True
    stream = io.StringIO()
    yaml.dump(dict(tree), stream)
    return stream.getvalue()
