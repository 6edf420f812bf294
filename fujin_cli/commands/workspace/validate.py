"""Define ``fujin validate``: report every finding of every file in one run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import fujin_cli
from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.options import DryRun, command
from fujin_cli.commands.common.path_arguments import select_files, start_session_at
from fujin_cli.commands.common.progress import show_duration
from fujin_cli.core.calendar.written_moments import read_written_moment
from fujin_cli.core.findings.finding import Severity
from fujin_cli.core.text.localized import say
from fujin_cli.language import current_language
from fujin_cli.language import translate as _
from fujin_cli.render.findings.text import findings_json, findings_text
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.validate import ValidationResult, validate
from fujin_cli.use_cases.validate_open_cases import add_case_findings

if TYPE_CHECKING:
    from fujin_cli.commands.workspace.validate_fix import Fixes
    from fujin_cli.commands.workspace.validate_since import Since

FORMATS = ("text", "json", "sarif", "github", "junit")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "validate",
    _("Check the configuration: YAML, references, organisation, behaviour, guarantees, privacy."),
    examples="fujin validate\n"
    "fujin validate workflows/procedures/resident-request.yaml\nfujin validate --json\n"
    "fujin validate --since main\n"
    "fujin validate --fix --diff\n"
    "fujin validate --write-scenario workflows/scenarios\n"
    "fujin validate --mutate resident-request\n"
    "fujin validate --format sarif > fujin.sarif\nfujin explain FJ102",
    formats=FORMATS,
)
def validate_(
    console: Console,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...", help=_("only findings of these files or folders; a folder may be a workspace")
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help=_("warnings count as errors"))] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="REV",
            help=_("only findings that a change since REV has caused: a git revision, REV... or a folder"),
        ),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help=_("apply the fixes that do not change the meaning"))] = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help=_("with --fix: apply unsafe fixes too; review them"))
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help=_("with --fix: write nothing; show what would change"))] = False,
    write_scenario: Annotated[
        Path | None,
        typer.Option("--write-scenario", metavar="DIR", help=_("write the run of each finding as a scenario into DIR")),
    ] = None,
    mutate: Annotated[
        bool,
        typer.Option(
            "--mutate",
            help=_("mutate the procedures (ids or files; default: all) and show which edits are detected"),
        ),
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help=_("ignore the cache, and do not write it"))] = False,
    dry_run: DryRun = False,
) -> int:
    """Validate the workspace; exit code 1 for an error, with --strict also for a warning."""
    _check_options(fix=fix, only_with_fix=unsafe or diff, dry_run=dry_run, writing=write_scenario is not None)
    if since is not None and (fix or mutate):
        raise WrongUsage(say("--since cannot be combined with --fix or --mutate"))
    if mutate:
        return _show_mutations(console, paths or [])
    start_session_at(console, paths or [])
    selected = select_files(console.session.root, paths or [])
    today = _today_of(console)
    with show_duration(say("checking")):
        fixes = _fix(console, today, selected, unsafe=unsafe, writes=not (diff or dry_run)) if fix else None
        validated = fixes.remaining if fixes else validate(console.session.root, today, selected, keep=not no_cache)
        validated = add_case_findings(
            console.session.root, validated, selected, console.session.now_text, keep=not no_cache
        )
        compared = _keep_new(console, validated, since, today) if since is not None else None
        validated = compared.validated if compared else validated
    if write_scenario is not None:
        _write_scenarios(console, validated, write_scenario, dry_run)
    failing_severities: tuple[Severity, ...] = ("error", "warning") if strict else ("error",)
    if console.json:
        added = fixes.json() if fixes else compared.json() if compared else {}
        write_json(findings_json(validated.findings, validated.files) | added)
    elif console.format == "text":
        sys.stdout.write(fixes.diff() if fixes else "")
        sys.stdout.write(_format_findings(console, validated))
        sys.stdout.write(fixes.text(console.page_width) if fixes else compared.text() if compared else "")
    else:
        _report(console, validated, selected or list(validated.sources), failing_severities)
    return (
        1
        if (fixes and fixes.waiting) or any(finding.severity in failing_severities for finding in validated.findings)
        else 0
    )


def _check_options(*, fix: bool, only_with_fix: bool, dry_run: bool, writing: bool) -> None:
    """Check that the options can be combined. Raises WrongUsage."""
    if only_with_fix and not fix:
        raise WrongUsage(say("--unsafe and --diff need --fix"))
    if dry_run and not (fix or writing):
        raise WrongUsage(say("--dry-run needs --fix or --write-scenario"))
    if fix and writing:
        raise WrongUsage(say("--fix and --write-scenario cannot be combined"))


def _fix(console: Console, today: date, selected: Sequence[str], *, unsafe: bool, writes: bool) -> Fixes:
    from fujin_cli.commands.workspace.validate_fix import fix_files

    return fix_files(console, today, selected, unsafe=unsafe, writes=writes)


def _keep_new(console: Console, validated: ValidationResult, since: str, today: date) -> Since:
    from fujin_cli.commands.workspace.validate_since import compare_since

    return compare_since(console, validated, since, today)


def _write_scenarios(console: Console, validated: ValidationResult, folder: Path, dry_run: bool) -> None:
    """Write a scenario for each finding with a run, and list the files on stderr; stdout is for the findings."""
    from fujin_cli.store.yaml.stable_anchors import make_anchors
    from fujin_cli.use_cases.write_scenarios import write_scenarios

    places = make_anchors(validated.findings, validated.sources)
    written = write_scenarios(validated, validated.workspace.build_calendar(), folder, places, dry_run)
    for scenario in written:
        if scenario.existed:
            sentence = say("{path} already exists", path=str(scenario.path))
        elif dry_run:
            sentence = say("{path} would be written", path=str(scenario.path))
        else:
            sentence = say("{path} written", path=str(scenario.path))
        sys.stderr.write(f"{sentence}\n")
    if not written:
        sys.stderr.write(str(say("no scenario was written, because no finding has a run")) + "\n")


def _show_mutations(console: Console, procedures: Sequence[Path]) -> int:
    """Mutate the procedures, and show which checks notice each edit. Raises Refusal for a procedure with errors."""
    from fujin_cli.commands.workspace.validate_mutate import mutate_procedures
    from fujin_cli.render.simulate.mutations import mutations_json, mutations_text

    if console.format not in ("text", "json"):
        raise WrongUsage(say("--mutate supports only {formats}", formats=("text", "json")))
    verdicts = mutate_procedures(console, procedures, _today_of(console))
    console.answer(lambda: mutations_json(verdicts), lambda: mutations_text(verdicts, console.page_width))
    return 0


def _format_findings(console: Console, validated: ValidationResult) -> str:
    width = console.page_width
    return (
        findings_text(validated.findings, validated.sources, console.colour, validated.files, width).rstrip("\n") + "\n"
    )


def _report(
    console: Console, validated: ValidationResult, paths: Sequence[str], failing_severities: tuple[Severity, ...]
) -> None:
    """Write the findings for another program (GitHub, JUnit, SARIF), with paths relative to the current folder."""
    prefix = _path_from_here(console.session.root)
    if console.format == "github":
        from fujin_cli.render.findings.github import findings_github

        sys.stdout.write(findings_github(validated.findings, validated.files, prefix))
    elif console.format == "junit":
        from fujin_cli.render.findings.junit import findings_junit

        sys.stdout.write(findings_junit(validated.findings, paths, failing_severities, prefix))
    else:
        from fujin_cli.render.findings.sarif import findings_sarif
        from fujin_cli.rules.explain import page_in
        from fujin_cli.store.yaml.stable_anchors import make_anchors

        pages = {
            code: page_in(current_language(), code) or "" for code in {finding.code for finding in validated.findings}
        }
        places = make_anchors(validated.findings, validated.sources)
        write_json(findings_sarif(validated.findings, places, pages, fujin_cli.__version__, prefix))


def _path_from_here(root: Path) -> str:
    """Return the path from the current folder (in CI, the checkout) to a workspace below it, else ''."""
    folder = Path.cwd()
    return f"{root.relative_to(folder).as_posix()}/" if root != folder and root.is_relative_to(folder) else ""


def _today_of(console: Console) -> date:
    """Return the date of ``--now``, else today in the time zone of this machine.

    The workspace's own zone may be unreadable, and a day does not matter: only terms, which last years, need the date.
    """
    now = console.session.now_text
    return read_written_moment(now).date() if now else datetime.now().astimezone().date()
