"""Define ``fujin case open``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fujin_cli.commands.case.advance import (
    answer_operation,
    change_json,
    point_out_personal_data,
    summary_line,
    warn_of_calendar,
)
from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.commands.common.field_arguments import InputReader, parse_sets
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.commands.common.options import DryRun, Note, RequestId, Set, command, completes
from fujin_cli.core.cases import decide_opening
from fujin_cli.core.cases.acceptance import has_acceptance_code
from fujin_cli.core.cases.operation import Open
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.use_cases.run_operation import OperationResult, operate, run_prepared

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
        str, typer.Argument(metavar="PROCEDURE", help=_("which procedure"), autocompletion=completes("procedure"))
    ],
    community: Annotated[
        str, typer.Option("--community", metavar="ID", help=_("where"), autocompletion=completes("community"))
    ],
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
    """Open a case; on a terminal, without --set, prompt for the required fields."""
    console.session.check_now_allowed()
    version = console.session.workspace.procedures.get(procedure)
    console.session.current_procedure(procedure)  # first of all: nothing is read for a case that cannot be opened
    require_id(procedure, console.session.workspace.procedures, "procedure")
    require_id(community, console.session.workspace.organisation.communities, "community")
    if committee:
        require_id(committee, console.session.workspace.organisation.committees, "committee")
    if channel and version is not None:
        require_id(channel, version.channels, "channel")
    texts = parse_sets(sets)
    inputs: dict[str, list[Any]] = {}
    if version is not None:
        decide_opening.check_opened_by_people(version)  # refuse before prompting for fields
        reader = InputReader(console, request_id, dry_run)
        reader.read_stdin(texts)
        inputs = run_prepared(lambda: reader.read(version, texts))
        if not texts and not console.json and on_terminal():
            inputs = reader.ask(version, inputs)
    request = Open(procedure, community, console.session.actor, committee, channel, inputs, note)
    month = console.session.calendar.to_local(console.session.now).strftime("%Y%m")
    answer_operation(
        lambda: operate(
            console.session,
            lambda operation: decide_opening.open_case(operation, request),
            opening=(community, month),
            request_id=request_id,
            fingerprint=request.fingerprint(),
            dry_run=dry_run,
            expected_codes=1 if version is not None and has_acceptance_code(version) else 0,
        ),
        lambda result: _answer_opening(console, result, dry_run),
    )


def _answer_opening(console: Console, result: OperationResult[str], dry_run: bool) -> None:
    """Answer from the events as they were written: nothing is read again, so nothing can fail."""
    case = result.cases[result.decided or result.repeated[0][0]]
    code = None if dry_run else result.codes.get(case.id)  # the code of a dry run would not be valid
    receipt = None if dry_run else _receipt_number(case.id, result)
    console.last_case = None if dry_run else case.id
    warn_of_calendar(console, case.id, result)
    console.answer(
        lambda: {
            **change_json(console, case.id, result, dry_run),
            "procedure": case.procedure,
            "committee": case.committee,
            "acceptance_code": code,
            "event": 1,
            "receipt": receipt,
        },
        lambda: _opened_text(console, case.id, code, receipt, result, dry_run),
        shown_once=code is not None,
    )
    point_out_personal_data(console, case.id, result)


def _receipt_number(id: str, result: OperationResult[str]) -> str:
    """Return the number on the reporter's receipt: the first 12 digits of the opening event's hash."""
    return next(event.hash[:12] for case, event in result.events if case == id)


def _opened_text(
    console: Console, id: str, code: str | None, receipt: str | None, result: OperationResult[str], dry_run: bool
) -> str:
    lines = [summary_line(console, id, result, dry_run)]
    if result.repeated:
        lines.append(str(say("already done with this request id; nothing was changed")))
    if code:
        lines.append(str(say("acceptance code for the reporter, shown once: {code}", code=code)))
    if receipt:
        lines.append(str(say("receipt: {case} / {receipt}", case=id, receipt=receipt)))
    if not dry_run:
        lines.append(str(say("next: `fujin case actions {case}`", case=id)))
    return "\n".join(lines)
