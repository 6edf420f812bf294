"""Define ``fujin diff``: compare the meaning of two versions of the configuration."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.options import command
from fujin_cli.commands.common.revision_arguments import read_revisions
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.text.localized import say
from fujin_cli.core.versions.compare import ComparisonReport
from fujin_cli.language import translate as _
from fujin_cli.use_cases.revisions.compare import FAIL_ON, compare_versions, fails
from fujin_cli.use_cases.revisions.read_versions import read_versions, workspace_root
from fujin_cli.use_cases.session import WrongUsage

FORMATS = ("text", "json", "markdown")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "diff",
    _("Compare the meaning of two versions of the configuration."),
    examples="fujin diff HEAD\nfujin diff main..my-branch\nfujin diff main...my-branch\n"
    "fujin diff v1.0 --fail-on breaking\nfujin diff ../last-year . --json\n"
    "fujin diff origin/main --format markdown > comment.md",
    formats=FORMATS,
)
def diff(
    console: Console,
    old: Annotated[
        str,
        typer.Argument(metavar="A", help=_("a git revision, a folder, A..B, or A...B (B since the common ancestor)")),
    ],
    new: Annotated[
        str | None, typer.Argument(metavar="B", help=_("the second version (default: the workspace on disk)"))
    ] = None,
    cases: Annotated[
        bool | None,
        typer.Option("--cases/--no-cases", help=_("show the effect on open cases (default: if B is on disk)")),
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on", metavar="WHAT", help=_("exit with 1 on stuck cases, on breaking changes, or on any change")
        ),
    ] = "stuck",
) -> int:
    """Compare two versions; exit code 1 if ``--fail-on`` applies or a part could not be compared."""
    if fail_on not in FAIL_ON:
        raise WrongUsage(say("--fail-on takes one of {words}", words=FAIL_ON))
    root = workspace_root(console.session)
    before, after = read_versions(read_revisions(old, new), root)
    if isinstance(before, Finding) or isinstance(after, Finding):
        _write_findings(console, [version for version in (before, after) if isinstance(version, Finding)])
        return 1
    with_cases = cases if cases is not None else root is not None and after.version.folder == root
    if with_cases and root is None:
        raise WrongUsage(say("--cases needs a workspace with a ledger"))
    report = compare_versions(console.session, root, before, after, with_cases)
    _write_report(console, report, (before.version.commit, after.version.commit))
    damaged = console.report_damage() if root is not None else 0  # cases in damaged volumes were not compared
    return 1 if fails(report, fail_on) else damaged


def _write_findings(console: Console, findings: list[Finding]) -> None:
    """Write the findings that say why a version could not be read."""
    from fujin_cli.render.findings.text import finding_json, findings_text

    if console.json:
        write_json({"version": 1, "findings": [finding_json(finding) for finding in findings]})
    else:
        sys.stdout.write(findings_text(findings, {}, console.colour, 0, console.page_width).rstrip("\n") + "\n")


def _write_report(console: Console, report: ComparisonReport, commits: tuple[str, str]) -> None:
    if console.json:
        from fujin_cli.render.versions.comparison_json import comparison_json

        write_json(comparison_json(report, commits))
        return
    from fujin_cli.render.versions.comparison_pages import comparison_markdown, comparison_text

    if console.format == "markdown":
        sys.stdout.write(comparison_markdown(report))
    else:
        sys.stdout.write(comparison_text(report, console.page_width, console.colour))
