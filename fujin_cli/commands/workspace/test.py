"""Define ``fujin test``: run every scenario in a sandbox; nothing is written into the ledger."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.options import command
from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.findings.refusals import CANNOT_RUN
from fujin_cli.core.model.scenario_file import Scenario, Tested
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.use_cases.session import WrongUsage

FORMATS = ("text", "json", "junit")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "test",
    _("Test the procedures: run the scenarios of workflows/scenarios."),
    examples="fujin test\nfujin test workflows/scenarios/rework.yaml\nfujin test --json\n"
    "fujin test --format junit > scenarios.xml",
    formats=FORMATS,
)
def test(
    console: Console,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help=_("only the scenarios of these files or folders"))
    ] = None,
) -> int:
    """Run the scenarios; exit code 1 if one fails."""
    from fujin_cli.render.simulate.scenarios import scenario_results_json, scenario_results_junit, scenario_results_text
    from fujin_cli.use_cases.validate import place_findings

    results = list(_run_scenarios(console, _select_paths(console, paths or [])))
    findings, sources = place_findings(
        console.session.root, [finding for result in results for finding in result.findings]
    )
    placed_findings = iter(findings)
    results = [
        Tested(result.scenario, tuple(next(placed_findings) for _finding in result.findings)) for result in results
    ]
    if console.json:
        write_json(scenario_results_json(results))
    elif console.format == "junit":
        sys.stdout.write(scenario_results_junit(results))
    else:
        sys.stdout.write(scenario_results_text(results, sources, console.colour, console.page_width))
    return 1 if findings else 0


def _select_paths(console: Console, paths: Sequence[Path]) -> set[str] | None:
    """Select the scenario files below ``paths``, relative to the workspace; None means all. Raises WrongUsage."""
    if not paths:
        return None
    if not console.session.folder:
        console.session.folder = paths[0] if paths[0].is_dir() else paths[0].parent
    root, selected = console.session.root, set()
    scenario_paths = {file.path for file in console.session.workspace.files if file.kind == "scenario"}
    for path in paths:
        if not path.exists():
            raise WrongUsage(say("there is no file {path}", path=str(path)))
        full = path.resolve()
        if not full.is_relative_to(root):
            raise WrongUsage(say("{path} lies outside the workspace {root}", path=str(path), root=str(root)))
        name = full.relative_to(root).as_posix()
        matching = {
            scenario_path
            for scenario_path in scenario_paths
            if name in ("", ".", scenario_path) or scenario_path.startswith(f"{name}/")
        }
        if not matching:
            raise WrongUsage(say("there is no scenario in {path}", path=str(path)))
        selected |= matching
    return selected


def _run_scenarios(console: Console, only: set[str] | None) -> Iterator[Tested]:
    from fujin_cli.core.simulate.expectations import check_scenario

    start = console.session.now if console.session.now_text else None
    for file in console.session.workspace.files:
        if file.kind == "scenario" and file.tree is None and (only is None or file.path in only):
            broken = Scenario(file.name or file.path, "", path=file.path)
            yield Tested(broken, (_not_run_finding(broken, file.path, ()),))
    for scenario in console.session.workspace.scenarios:
        if only is not None and scenario.path not in only:
            continue
        obstacle = _find_obstacle(console, scenario)
        findings = (
            [obstacle]
            if obstacle
            else check_scenario(console.session.workspace, console.session.calendar, scenario, start)
        )
        yield Tested(scenario, tuple(findings))


def _find_obstacle(console: Console, scenario: Scenario) -> Finding | None:
    """Find the reason why a scenario cannot run: its file or its procedure has errors or is missing."""
    version = console.session.workspace.procedures.get(scenario.procedure)
    if console.session.loaded.errors.get(scenario.path):
        return _not_run_finding(scenario, scenario.path, ("scenario",))
    if version is None:
        message = say("there is no procedure {procedure}", procedure=scenario.procedure)
        return Finding(CANNOT_RUN, "error", message, Place(scenario.path, ("procedure",)))
    return (
        _not_run_finding(scenario, version.path, ("procedure",))
        if console.session.loaded.errors.get(version.path)
        else None
    )


def _not_run_finding(scenario: Scenario, path: str, route: tuple[str, ...]) -> Finding:
    message = say("this scenario was not run because {path} has errors", path=path)
    help = say("`fujin validate {path}` shows them", path=path)
    return Finding(CANNOT_RUN, "error", message, Place(scenario.path, route), help)
