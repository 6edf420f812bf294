"""Define ``fujin init``: create a small, valid workspace from a template."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import DryRun, command
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.language import current_language
from fujin_cli.language import translate as _
from fujin_cli.store.files import disk
from fujin_cli.store.workspace.template import TEMPLATE_NAMES, TemplateName
from fujin_cli.use_cases.configuration.new_workspace import NewWorkspace, build_workspace_files
from fujin_cli.use_cases.session import WrongUsage

IGNORED = "data/.gitignore"  # keeps residents' names out of version control

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "init",
    _("Create a workspace with one community, one committee, and the procedures of Fujin."),
    examples="fujin init my-city\ncd my-city && fujin validate\nfujin init qixing --template minimal --title 七星镇",
)
def init(
    console: Console,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help=_("a new folder, or one without workflows/; its name becomes the id")),
    ],
    template: Annotated[
        str,
        typer.Option(
            "--template",
            metavar="NAME",
            help=_("full (procedures of Fujin) or minimal (five files, one procedure)"),
            autocompletion=lambda: list(TEMPLATE_NAMES),
        ),
    ] = "full",
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="LANGUAGE", help=_("the language of the place: zh or en")),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help=_("the name of the town"))] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help=_("the time zone, such as Asia/Shanghai"))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Write the template. Raises WrongUsage rather than overwrite an existing file."""
    if template not in TEMPLATE_NAMES:
        raise WrongUsage(say("--template takes one of {templates}", templates=TEMPLATE_NAMES))
    name: TemplateName = "minimal" if template == "minimal" else "full"
    language = language or ("zh" if name == "full" else current_language())
    today = datetime.now(UTC).date()
    new = NewWorkspace(name, Path(os.path.realpath(folder)).name, today.year, language, title, zone)
    files = build_workspace_files(new)
    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        raise WrongUsage(say("{path} is not a folder", path=str(folder)))
    if (folder / "workflows").exists():
        raise WrongUsage(say("{path} is already a workspace", path=str(folder)))
    existing = [path for path in files if (folder / path).exists()]
    if existing:
        raise WrongUsage(say("{paths} would be overwritten", paths=existing))
    written = [*files, *([] if (folder / IGNORED).exists() else [IGNORED])]
    if not dry_run:
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        disk.make_private_folder(folder / "data", folder)
        disk.ignore_folder(folder / "data")
    console.answer(
        lambda: {"version": 1, "workspace": str(folder), "files": written, "dry_run": dry_run},
        lambda: "\n".join(
            [
                str(_summarize_files(len(written), str(folder), dry_run)),
                str(say("next: `cd {folder}`, `fujin validate`, `fujin procedure list`", folder=str(folder))),
            ]
        ),
    )


def _summarize_files(count: int, folder: str, dry_run: bool) -> LocalizedText:
    line = say_count(
        "{count} file written to {folder}", "{count} files written to {folder}", count=count, folder=folder
    )
    return say("dry run: {line}", line=line) if dry_run else line
