"""``fujin case open``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fujin_cli.commands.case.answers import as_it_was, changed, summary_line, warn_of_calendar
from fujin_cli.commands.common.completion_values import complete_community, complete_procedure
from fujin_cli.commands.common.console import Context
from fujin_cli.commands.common.field_arguments import Givens, on_terminal, parse_sets
from fujin_cli.commands.common.id_arguments import known
from fujin_cli.commands.common.options import DryRun, Note, RequestId, Set, command
from fujin_cli.core.cases import decide
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.requests import Open
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.text.message import say
from fujin_cli.language import translate as _
from fujin_cli.use_cases.run_operation import Operated, operate

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app, "open", _("Open a case of a procedure."), acts=True,
    examples="fujin case open resident-request --community XF01 --as p-0105 \\\n"
    "  --set summary='楼道灯不亮' --set reporter=@contact.txt\n"
    "fujin case open resident-request --community XF01 --as resident --channel wechat \\\n"
    "  --set summary=@- --set reporter=@contact.txt < message.txt",
)  # fmt: skip
def open_(
    context: Context,
    procedure: Annotated[
        str, typer.Argument(metavar="PROCEDURE", help=_("which procedure"), autocompletion=complete_procedure)
    ],
    community: Annotated[
        str, typer.Option("--community", metavar="ID", help=_("where"), autocompletion=complete_community)
    ],
    committee: Annotated[
        str | None, typer.Option("--committee", metavar="ID", help=_("which committee takes it"))
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="NAME", help=_("how it came in"))] = None,
    sets: Set = None,
    note: Note = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Open a case; asks for what is required where somebody is there to be asked."""
    context.check_clock()
    law = context.workspace.procedures.get(procedure)
    _check_usable(context, procedure)
    known(community, context.workspace.organisation.communities, "community")
    texts = parse_sets(sets)
    given: dict[str, list[Any]] = {}
    if law is not None:
        decide.check_people_open(law)  # before anybody is asked for anything
        givens = Givens(context, law, request_id, dry_run)
        given = givens.read(texts)
        if not texts and not context.json and on_terminal():
            given = givens.ask(given)
    asked = Open(procedure, community, context.actor, committee, channel, given, note)
    month = context.calendar.local(context.now).strftime("%Y%m")
    done = operate(
        context, lambda proceedings: decide.open_case(proceedings, asked), opening=(community, month),
        request_id=request_id, fingerprint=asked.fingerprint(), dry_run=dry_run,
    )  # fmt: skip
    case = done.proceedings.cases[done.decided] if done.decided else as_it_was(context, done)
    code = None if dry_run else done.proceedings.codes.get(case.id)  # a rehearsed one would not hold
    warn_of_calendar(context, case)
    context.answer(
        lambda: {
            **changed(context, case, done, dry_run),
            "procedure": case.procedure,
            "committee": case.committee,
            "acceptance_code": code,
            "event": 1,
            "receipt": _receipt(context, case, dry_run),
        },
        lambda: _opened_text(context, case, code, done, dry_run),
    )


def _check_usable(context: Context, procedure: str) -> None:
    path = context.workspace.path_of("procedure", procedure)
    broken = [path] if context.loaded.errors.get(path) else []
    if broken:
        raise Refusal(
            OPENING_REFUSED,
            say("{path} has {count} errors, so no case is opened by it", path=path, count=context.loaded.errors[path]),
            help=say("`fujin validate {path}` shows them", path=path),
        )


def _receipt(context: Context, case: Case, dry_run: bool) -> str | None:
    """The number on the reporter's receipt: the beginning of the opening event's hash."""
    events = () if dry_run else context.ledger.read(case.id)
    return events[0].hash[:12] if events else None


def _opened_text(context: Context, case: Case, code: str | None, done: Operated[str], dry_run: bool) -> str:
    lines = [summary_line(context, case, dry_run)]
    if done.repeated:
        lines.append(str(say("this was done before with the same request id; nothing was changed")))
    if code:
        lines.append(str(say("acceptance code for the reporter, shown once: {code}", code=code)))
    receipt = _receipt(context, case, dry_run)
    if receipt:
        lines.append(str(say("receipt: {case} / {receipt}", case=case.id, receipt=receipt)))
    if not dry_run:
        lines.append(str(say("next: `fujin case actions {case}`", case=case.id)))
    return "\n".join(lines)
