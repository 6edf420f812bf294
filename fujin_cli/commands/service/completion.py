"""Define ``fujin completion``: print the script by which a shell completes commands and ids at TAB."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import command
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.use_cases.session import WrongUsage

app = typer.Typer(add_completion=False, rich_markup_mode=None)
SHELLS = ("bash", "zsh", "fish")
_SCRIPTS = Path(__file__).parent


@command(
    app,
    "completion",
    _("Print a completion script."),
    examples='eval "$(fujin completion bash)"\nfujin completion fish > ~/.config/fish/completions/fujin.fish',
)
def completion(
    console: Console,
    shell: Annotated[str, typer.Argument(metavar="SHELL", help=_("bash, zsh or fish"))],
) -> None:
    """Print the completion script of a shell."""
    if shell not in SHELLS:
        raise WrongUsage(say("no completion for {shell}; choose one of {shells}", shell=shell, shells=SHELLS))
    script = (_SCRIPTS / f"completion.{shell}").read_text("utf-8")
    console.answer(lambda: {"version": 1, "shell": shell, "script": script}, lambda: script)
