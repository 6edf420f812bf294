"""Define ``fujin outbox``: list undelivered messages, and record those that people delivered by hand."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Annotated, Any

import typer

from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.commands.common.errors import ErrorReport, describe_exception
from fujin_cli.commands.common.exit_codes import ExitCode
from fujin_cli.commands.common.id_arguments import require_communities, require_filter
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, RequestId, check_remark, command, completes
from fujin_cli.core.cases import notifications
from fujin_cli.core.cases.event import compute_digest
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.model.values import CONTACT
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.language import translate as _
from fujin_cli.render.basics.tables import Table
from fujin_cli.render.notifications.outbox import messages_json, messages_page, messages_table
from fujin_cli.render.notifications.outbox_entries import OutboxEntry, contact_line, list_outbox_entries
from fujin_cli.store.ledger.protocol import StoredCase
from fujin_cli.use_cases.known_names import recipient_ids
from fujin_cli.use_cases.list_cases import each_case
from fujin_cli.use_cases.run_operation import operate
from fujin_cli.use_cases.session import Session, WrongUsage

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("List messages to deliver and record deliveries."),
    rich_markup_mode=None,
)


@command(
    app,
    "list",
    _("List the messages to deliver."),
    acts=True,
    examples="fujin outbox list --community XF01\nfujin outbox list --contacts --as p-0103\nfujin outbox list --json",
)
def list_(
    console: Console,
    community: Annotated[
        list[str] | None,
        typer.Option(
            "--community",
            metavar="ID",
            help=_("only cases of these communities"),
            autocompletion=completes("community"),
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ID", help=_("only messages to this person, partner or name"))
    ] = None,
    contacts: Annotated[
        bool,
        typer.Option("--contacts", help=_("show names and phone numbers from the vault; this is recorded")),
    ] = False,
    why: Annotated[
        str | None,
        typer.Option(
            "--why", metavar="TEXT", help=_("with --contacts: why you need them; recorded"), callback=check_remark
        ),
    ] = None,
) -> int:
    """List the messages, oldest first."""
    require_communities(console, community)
    pending: list[OutboxEntry] = []
    organisation = console.session.workspace.organisation

    def entries_of(stored: StoredCase) -> list[OutboxEntry]:
        case = replay(stored.case, stored.events)
        console.session.version_of(case.id, case.version_digest, case.step)
        return list_outbox_entries(case, console.session.version, organisation, console.session.calendar)

    for entries in each_case(console.session, console.session.ledger.waiting_cases(community), entries_of):
        pending += entries
    recipients = {name for message in pending for name in (message.to, message.who)}
    if to is None or not CONTACT.fullmatch(to):
        require_filter(to, "recipient", recipients, lambda: recipient_ids(organisation, console.session.all_versions()))
    pending = [message for message in pending if to in (None, message.to, message.who)]
    pending.sort(key=lambda message: (message.since, message.id))
    if contacts:
        pending = _add_contacts(console, pending, why)
    console.answer(
        lambda: messages_json(pending, console.session.calendar),
        lambda: _lay_out_messages(console, pending),
        rows=[message.id for message in pending],
    )
    return console.report_damage()


def _lay_out_messages(console: Console, pending: list[OutboxEntry]) -> str | Table:
    if console.shows_tables:
        return messages_page(
            pending,
            console.session.workspace,
            console.session.calendar,
            console.session.now,
            console.width,
            on_terminal(),
        )
    return messages_table(pending, console.session.workspace, console.session.calendar, console.session.now)


def _add_contacts(console: Console, pending: list[OutboxEntry], why: str | None) -> list[OutboxEntry]:
    """Record whose contacts are shown, by case, then add them to the messages. Raises Busy."""
    from fujin_cli.use_cases.contact_access import record_list

    vault = console.session.vault
    residents = [message for message in pending if message.who.startswith("vault:")]
    record_list(console.session, list(dict.fromkeys(message.case for message in residents)), why or "")
    return [
        message.with_contact(contact_line(vault.read(message.who))) if message.who.startswith("vault:") else message
        for message in pending
    ]


@command(
    app,
    "done",
    _("Record that messages were delivered, or with --undelivered why they could not be."),
    acts=True,
    examples="fujin outbox done XF01-202606a-0001.2.1 --as p-0001\n"
    "fujin outbox done XF01-202606a-0001.2.1 --undelivered '空号' --as p-0001",
)
def mark_delivered(
    console: Console,
    messages: Annotated[
        list[str],
        typer.Argument(metavar="MESSAGE...", help=_("message ids, or a case id for all messages of the case")),
    ],
    undelivered: Annotated[
        str | None,
        typer.Option("--undelivered", metavar="WHY", help=_("why it could not be delivered"), callback=check_remark),
    ] = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> int:
    """Record deliveries, in one operation per case; a case that fails is named, and the others are recorded."""
    by_case: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        by_case[message.partition(".")[0]].append(message)
    if request_id and len(by_case) > 1:
        raise WrongUsage(say("one --request-id can cover the messages of one case only"))
    deliveries: list[dict[str, Any]] = []
    reports: dict[str, ErrorReport] = {}
    for case, named in by_case.items():
        try:
            deliveries.append(_record_deliveries(console.session, case, named, undelivered, request_id, dry_run))
        except Exception as problem:
            report = describe_exception(problem)
            if report is None or len(by_case) == 1:
                raise
            reports[case] = report
    console.answer(
        lambda: {
            "version": 1,
            "dry_run": dry_run,
            "done": deliveries,
            "failed": [
                {"case": case, "kind": report.kind, "message": str(report.message)} for case, report in reports.items()
            ],
        },
        lambda: _summarize_deliveries(deliveries, undelivered is not None, dry_run) if deliveries else "",
    )
    for case, report in reports.items():
        console.warn(say("{case}: {message}", case=case, message=report.message))
        if report.help:
            console.warn(say("{case}: {message}", case=case, message=report.help))
    codes = {report.code for report in reports.values()}
    return ExitCode.AGAIN if ExitCode.AGAIN in codes else ExitCode.FINDINGS if codes else ExitCode.OK


def _record_deliveries(
    session: Session, case: str, messages: list[str], undelivered: str | None, request_id: str | None, dry_run: bool
) -> dict[str, Any]:
    """Record the deliveries of one case, and describe them for JSON."""
    record = partial(
        notifications.record_delivery, id=case, messages=messages, actor=session.actor, undelivered=undelivered
    )
    fingerprint = compute_digest(["told", case, messages, undelivered])
    result = operate(session, record, case=case, request_id=request_id, fingerprint=fingerprint, dry_run=dry_run)
    repeated = [id for _case, event in result.repeated for id in event.data["messages"]]
    return {
        "case": case,
        "messages": repeated if result.decided is None else result.decided,
        "event": result.events[-1][1].n if result.events else None,
        "request_id": result.operation_id,
        "repeated": bool(result.repeated),
    }


def _summarize_deliveries(deliveries: list[dict[str, Any]], undelivered: bool, dry_run: bool) -> str:
    """Summarize the recorded deliveries, or say that all of them had been recorded before."""
    count = sum(len(delivery["messages"]) for delivery in deliveries if delivery["event"] is not None)
    if not count:
        return str(say("already recorded; nothing was changed"))
    line = (
        say_count(
            "{count} message recorded as undeliverable", "{count} messages recorded as undeliverable", count=count
        )
        if undelivered
        else say_count("{count} message recorded as delivered", "{count} messages recorded as delivered", count=count)
    )
    return str(say("dry run: {line}", line=line) if dry_run else line)
