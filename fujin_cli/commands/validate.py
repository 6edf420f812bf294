"""``fujin validate``: every finding of every file in one run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

import fujin_cli
from fujin_cli.commands.context import Context, WrongUsage, judge, write_json
from fujin_cli.commands.options import command
from fujin_cli.core.finding import Severity
from fujin_cli.core.message import say
from fujin_cli.language import translate as _
from fujin_cli.render.findings import findings_json, findings_text
from fujin_cli.store.workspace import Validated, validate

FORMATS = ("text", "json", "sarif", "github", "junit")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "validate",
    _("Check the configuration: YAML, references, the organisation."),
    examples="fujin validate\n"
    "fujin validate workflows/procedures/resident-request.yaml\nfujin validate --json\n"
    "fujin validate --format sarif > fujin.sarif\nfujin explain FJ102",
    formats=FORMATS,
)
def validate_(
    context: Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...", help=_("only findings of these files or folders; a folder may be a workspace")
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help=_("warnings count as errors"))] = False,
) -> int:
    """Validate; exit code 1 where something counts."""
    if paths and not context.folder:
        start = paths[0] if paths[0].is_dir() else paths[0].parent
        context.folder = start
    found, only = _findings(context, paths or [])
    counting: tuple[Severity, ...] = ("error", "warning") if strict else ("error",)
    if context.json:
        write_json(findings_json(found.findings, found.files))
    elif context.format == "text":
        sys.stdout.write(_text(context, found))
    else:
        _report(context, found, only or list(found.sources), counting)
    return 1 if any(finding.severity in counting for finding in found.findings) else 0


def _text(context: Context, found: Validated) -> str:
    width = context.page_width
    return findings_text(found.findings, found.sources, context.colour, found.files, width).rstrip("\n") + "\n"


def _report(context: Context, found: Validated, paths: Sequence[str], counting: tuple[Severity, ...]) -> None:
    """Write the findings as another program reads them, paths from the folder that the command runs in."""
    prefix = _prefix(context.root)
    if context.format == "github":
        from fujin_cli.render.github import findings_github

        sys.stdout.write(findings_github(found.findings, found.files, prefix))
    elif context.format == "junit":
        from fujin_cli.render.junit import findings_junit

        sys.stdout.write(findings_junit(found.findings, paths, counting, prefix))
    else:
        from fujin_cli.render.sarif import findings_sarif
        from fujin_cli.rules.registry import page
        from fujin_cli.store.anchors import anchors

        pages = {finding.code: page(finding.code) or "" for finding in found.findings}
        places = anchors(found.findings, found.sources)
        write_json(findings_sarif(found.findings, places, pages, fujin_cli.__version__, prefix))


def _prefix(root: Path) -> str:
    """From the folder that the command runs in (a checkout, in CI) to a workspace below it; else nothing."""
    here = Path.cwd()
    return f"{root.relative_to(here).as_posix()}/" if root != here and root.is_relative_to(here) else ""


def _findings(context: Context, paths: list[Path]) -> tuple[Validated, list[str]]:
    """What was found, and the files asked for (none: all)."""
    root = context.root
    today = _today(context.now_text)
    only: list[str] = []
    for path in paths:
        if not path.exists():
            raise WrongUsage(say("there is no file {path}", path=str(path)))
        full = path.resolve()
        if full == root or full == root / "workflows":
            return validate(root, today, judge), []
        if not full.is_relative_to(root):
            raise WrongUsage(say("{path} lies outside the workspace {root}", path=str(path), root=str(root)))
        only += [full.relative_to(root).as_posix()] if full.is_file() else _below(root, full)
    if paths and not only:
        raise WrongUsage(say("no YAML files there"))
    return validate(root, today, judge, only), only


def _today(now: str | None) -> date:
    """The day of ``--now`` as it is written, else today where this machine is.

    The workspace may be too broken to say its zone, and terms count in years.
    """
    return datetime.fromisoformat(now.strip()).date() if now else datetime.now().astimezone().date()


def _below(root: Path, folder: Path) -> list[str]:
    from fujin_cli.store.workspace import yaml_files

    prefix = folder.relative_to(root).as_posix() + "/"
    return [path for path in yaml_files(root) if path.startswith(prefix)]
