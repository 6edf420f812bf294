"""Define ``fujin case open``."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.case.take_opening import Opening, is_incomplete, take_opening
from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.commands.common.field_arguments import parse_sets
from fujin_cli.commands.common.options import DryRun, Note, RequestId, Set, command, completes
from fujin_cli.language import translate as _

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "open",
    _("Open a case of a procedure."),
    acts=True,
    examples="fujin case open resident-request --community XF01 --as p-0105 \\\n"
    "  --set summary='楼道灯不亮' --set reporter=@contact.txt\n"
    "fujin case open resident-request --community XF01 --as resident --channel wechat \\\n"
    "  --set summary=@- --set reporter=@contact.txt < message.txt",
)
def open_(
    console: Console,
    procedure: Annotated[
        str | None,
        typer.Argument(metavar="PROCEDURE", help=_("which procedure"), autocompletion=completes("procedure")),
    ] = None,
    community: Annotated[
        str | None, typer.Option("--community", metavar="ID", help=_("where"), autocompletion=completes("community"))
    ] = None,
    committee: Annotated[
        str | None, typer.Option("--committee", metavar="ID", help=_("the committee that handles it"))
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=_("the channel it came through"))
    ] = None,
    sets: Set = None,
    note: Note = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Open a case; on a terminal, ask for what is missing."""
    console.session.check_now_allowed()
    opening = Opening(procedure, community, committee, channel, parse_sets(sets), note, request_id, dry_run)
    if is_incomplete(console, opening) and not console.json and on_terminal():
        from fujin_cli.commands.case.opening_form import OpeningForm

        OpeningForm(console, opening).run()
        return
    take_opening(console, opening)
