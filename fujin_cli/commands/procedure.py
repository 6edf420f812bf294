"""``fujin procedure``: the loops, as people read them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from fujin_cli.commands.completions import complete_procedure
from fujin_cli.commands.context import Context, WrongUsage
from fujin_cli.commands.help import HelpfulGroup
from fujin_cli.commands.options import command
from fujin_cli.core.message import say
from fujin_cli.language import translate as _
from fujin_cli.render.procedures import list_json, list_table, mermaid, procedure_json, procedure_page

app = typer.Typer(
    cls=HelpfulGroup, no_args_is_help=True, add_completion=False, help=_("The procedures."), rich_markup_mode=None
)


@command(app, "list", _("List the procedures."), examples="fujin procedure list")
def list_(context: Context) -> None:
    """List them."""
    laws = list(context.workspace.procedures.values())
    context.answer(lambda: list_json(laws), lambda: list_table(laws))


@command(
    app,
    "show",
    _("Show a procedure: at each step, who may do what, by when, leading where."),
    examples="fujin procedure show resident-request\nfujin procedure show work-order --diagram > work-order.mmd",
)
def show(
    context: Context,
    procedure: Annotated[
        str, typer.Argument(metavar="PROCEDURE", help=_("which procedure"), autocompletion=complete_procedure)
    ],
    diagram: Annotated[bool, typer.Option("--diagram", help=_("as a Mermaid state diagram"))] = False,
) -> None:
    """Show one."""
    law = context.workspace.procedures.get(procedure)
    if law is None:
        close = get_close_matches(procedure, list(context.workspace.procedures), 1)
        raise WrongUsage(
            say("there is no procedure {procedure}", procedure=procedure),
            say("did you mean {name}?", name=close[0])
            if close
            else say("known: {names}", names=list(context.workspace.procedures)),
        )
    if diagram:
        context.answer(lambda: {"version": 1, "procedure": law.name, "mermaid": mermaid(law)}, lambda: mermaid(law))
        return
    context.answer(
        lambda: procedure_json(law),
        lambda: procedure_page(law, context.page_width, context.colour, context.workspace),
    )
