"""Define ``fujin case amend``: correct fields of a case by the action of its procedure that amends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fujin_cli.commands.case.advance import ActionChoice, CaseId, take_action
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.field_arguments import InputReader, parse_assignments
from fujin_cli.commands.common.options import DryRun, Note, RequestId, command, completes
from fujin_cli.core.cases.corrections import choose_amending_action, find_unchanged
from fujin_cli.core.model.values import Values
from fujin_cli.language import translate as _

if TYPE_CHECKING:
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.model.procedure import Procedure

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "amend",
    _("Correct fields of a case; the old values stay in its history."),
    acts=True,
    examples="fujin case amend XF01-202606a-0001 --set topic=lighting --as p-0001\n"
    "fujin case amend XF01-202606a-0001 --set committee=XF01-opinion --note 分错了专委会 --as p-0001",
)
def amend(
    console: Console,
    case: CaseId,
    sets: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help=_("the new value of a field, or of `committee`; FIELD+=VALUE appends to a list; VALUE may be @FILE"),
        ),
    ],
    action: Annotated[
        str | None,
        typer.Option(
            "--action",
            metavar="ACTION",
            help=_("which action, where several may correct these fields"),
            autocompletion=completes("action"),
        ),
    ] = None,
    note: Note = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Correct fields of a case."""
    entered = parse_assignments(sets)
    reader = InputReader(console, request_id, dry_run, case)
    reader.read_stdin(*entered)
    reader.read_ahead(*entered)

    def choose(before: Case, version: Procedure) -> ActionChoice:
        chosen = choose_amending_action(before, version, {*entered.replaced, *entered.appended}, action)
        values = Values(version, console.session.workspace.organisation, console.session.calendar)
        same = find_unchanged(before, values, chosen, *entered)
        replaced = {name: texts for name, texts in entered.replaced.items() if name not in same}
        return ActionChoice(chosen.name, replaced, entered.appended)

    take_action(console, case, choose, reader, note=note, request_id=request_id, dry_run=dry_run)
