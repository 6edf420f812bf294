"""Define ``fujin schema``: write JSON Schemas with which editors complete and check workspace files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import DryRun, command
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.use_cases.session import WrongUsage

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "schema",
    _("Write a JSON Schema for each kind of file, so that editors complete and check as you type."),
    examples="fujin schema\nfujin schema .vscode/fujin",
)
def schema(
    console: Console,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("the output folder (default: schemas)"))] = Path(
        "schemas"
    ),
    dry_run: DryRun = False,
) -> None:
    """Write the schemas; existing ones are overwritten."""
    from fujin_cli.store.schema.json_schemas import json_schemas

    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        raise WrongUsage(say("{path} is not a folder", path=str(folder)))
    files = {folder / f"{kind}.schema.json": schema for kind, schema in json_schemas().items()}
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    names = [path.as_posix() for path in files]
    console.answer(
        lambda: {"version": 1, "files": names, "dry_run": dry_run},
        lambda: "\n".join(names),
    )
