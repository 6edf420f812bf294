"""Define ``fujin config``: show the settings in force and their origins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from fujin_cli import language
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import DryRun, command
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.language import translate as _
from fujin_cli.render.basics.settings import setting_value_words
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.store.ledger.factory import ledger_folder, lock_wait
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.settings_in_force import TITLES, list_settings_in_force

FILE = "workspace.yaml"
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "config",
    _("Show which settings are in force: flags, then the environment, then the workspace."),
    examples="fujin config\nfujin config --origin\nfujin config --add-calendar 2027.ics --dry-run",
    acts=True,
)
def config(
    console: Console,
    origin: Annotated[bool, typer.Option("--origin", help=_("show the source of each setting"))] = False,
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--add-calendar",
            metavar="FILE",
            help=_("add the days of a calendar file (.ics), or of stdin (-), to workspace.yaml"),
        ),
    ] = None,
    dry_run: DryRun = False,
) -> int:
    """Show the settings in force, or add days to the calendar."""
    if calendar is not None:
        from fujin_cli.commands.workspace.add_calendar import add_calendar

        return add_calendar(console, calendar, dry_run=dry_run)
    if dry_run:
        raise WrongUsage(say("--dry-run goes with --add-calendar"))
    rows = _list_settings(console)
    columns = [Column(say("setting")), Column(say("value"))] + ([Column(say("from"))] if origin else [])
    console.answer(
        lambda: {"version": 1, "settings": [{"setting": a, "value": b, "origin": c} for a, b, c in rows]},
        lambda: Table(say("Settings in force"), columns, [_make_table_row(row)[: len(columns)] for row in rows]),
    )
    return 0


_TITLES: dict[str, LocalizedText] = {
    "workspace": say("workspace"),
    "language": say("language"),
    **TITLES,
    "actor": say("actor"),
    "ledger": say("ledger"),
    "lock wait": say("lock timeout"),
}


def _make_table_row(row: tuple[str, str, str]) -> list[object]:
    name, value, origin = row
    return [Cell(_TITLES[name], plain=name), Cell(setting_value_words(name, value), plain=value), origin]


def _list_settings(console: Console) -> list[tuple[str, str, str]]:
    """List the settings as (name, value, origin); the origin of a default is empty."""
    session = console.session
    flag = "--workspace" if session.folder else "FUJIN_WORKSPACE" if os.environ.get("FUJIN_WORKSPACE") else "."
    declared = session.loaded.head.get("languages") or ()
    shown, variable = language.choose_language(declared=declared)
    try:
        actor = session.actor
    except WrongUsage:
        actor = ""
    actor_from = "--as" if session.actor_text else "FUJIN_AS" if os.environ.get("FUJIN_AS") else FILE
    return [
        ("workspace", str(session.root), flag),
        ("language", shown, variable or (FILE if declared else "")),
        *(
            (setting.key, str(setting.value), FILE if setting.stated else "")
            for setting in list_settings_in_force(session)
        ),
        ("actor", actor, actor_from if actor else ""),
        ("ledger", str(ledger_folder(session.root)), "workspace"),
        ("lock wait", f"{lock_wait():g} s", "FUJIN_LOCK_WAIT" if os.environ.get("FUJIN_LOCK_WAIT") else ""),
    ]
