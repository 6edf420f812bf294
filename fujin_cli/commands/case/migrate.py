"""Define ``fujin case migrate``: move open cases to the current version of their procedure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.exit_codes import ExitCode
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import Note, RequestId, command, completes
from fujin_cli.commands.common.progress import track_progress
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.render.versions.migrations import MigrationResult, migrations_json, migrations_table
from fujin_cli.use_cases.migrate_cases import MigrationRun
from fujin_cli.use_cases.session import WrongUsage

app = typer.Typer(cls=HelpfulGroup, add_completion=False, rich_markup_mode=None)


@command(
    app,
    "migrate",
    _("Move open cases to the current version of their procedure; a dry run unless --apply is given."),
    acts=True,
    examples="fujin case migrate --all\nfujin case migrate --procedure resident-request --apply --as p-0001\n"
    "fujin case migrate XF01-202606a-0001 --undo --apply --as p-0001",
)
def migrate_(
    console: Console,
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="CASE...", help=_("case ids"), autocompletion=completes("case")),
    ] = None,
    procedure: Annotated[
        str | None,
        typer.Option(
            "--procedure",
            metavar="ID",
            help=_("all open cases of this procedure"),
            autocompletion=completes("procedure"),
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("all open cases"))] = False,
    apply: Annotated[bool, typer.Option("--apply", help=_("migrate the cases"))] = False,
    undo_: Annotated[bool, typer.Option("--undo", help=_("undo a migration if nothing has happened since"))] = False,
    note: Note = None,
    request_id: RequestId = None,
) -> int:
    """Migrate cases, or without --apply list what would happen; exit code 1 if a case cannot move."""
    if bool(cases) + bool(procedure) + all_ != 1:
        raise WrongUsage(say("give case ids, --procedure or --all"))
    if undo_ and not cases:
        raise WrongUsage(say("--undo needs the ids of the cases"))
    if procedure:
        require_id(procedure, console.session.workspace.procedures, "procedure")
    work = MigrationRun(console.session, note, request_id, apply, track_progress)
    rows = work.undo(cases or []) if undo_ else work.migrate(cases or [], procedure)
    console.answer(
        lambda: migrations_json(rows, console.session.calendar, not apply),
        lambda: migrations_table(rows, console.session.calendar, not apply),
    )
    damaged = console.report_damage()
    return _choose_exit_code(rows) or damaged


def _choose_exit_code(rows: Sequence[MigrationResult]) -> ExitCode:
    """Return 75 if a case was busy or may have moved, 1 if a case cannot move or the disk failed, else 0."""
    if any(row.busy or row.is_unknown for row in rows):
        return ExitCode.AGAIN
    return ExitCode.FINDINGS if any(row.refusal or row.failure for row in rows) else ExitCode.OK
