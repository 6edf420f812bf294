"""Define the group ``fujin case``; each command is imported when it is called."""

from __future__ import annotations

from typing import Any, ClassVar

import typer

from fujin_cli.commands.common.lazy_group import LazyGroup
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _


class CaseCommands(LazyGroup):
    """List the commands about cases: first those that read, then those that write."""

    table: ClassVar = {
        "list": ("case.list", say("list cases: open ones by default")),
        "show": ("case.show", say("show a case: fields, clocks, orders and history")),
        "actions": ("case.show", say("show which actions are open and to whom, and why others are closed")),
        "open": ("case.open", say("open a case of a procedure")),
        "advance": ("case.advance", say("take an action on a case")),
        "note": ("case.shortcuts", say("add a remark to a case")),
        "attach": ("case.shortcuts", say("attach a photo or a file to a case")),
        "pause": ("case.shortcuts", say("pause a case's clock, with a reason and an end date")),
        "resume": ("case.shortcuts", say("resume the clock of a paused case")),
        "merge": ("case.shortcuts", say("merge a case into another one; every complainant stays informed")),
        "migrate": ("case.migrate", say("move open cases to the current version of their procedure")),
        "reissue-code": ("case.shortcuts", say("give the reporter a new acceptance code")),
    }


def group(name: str) -> Any:
    """Build the group under the given name."""
    app = typer.Typer(
        cls=CaseCommands,
        no_args_is_help=True,
        add_completion=False,
        help=_("Open, show and move cases."),
        rich_markup_mode=None,
    )

    @app.callback()
    def top() -> None:
        pass

    command = typer.main.get_command(app)
    command.name = name
    return command
