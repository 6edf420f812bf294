"""Open a case, and answer with it: from the command line or a form."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fujin_cli.commands.case.advance import (
    answer_operation,
    change_json,
    point_out_personal_data,
    summary_line,
    warn_of_calendar,
)
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.field_arguments import InputReader
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.core.cases import decide_opening
from fujin_cli.core.cases.acceptance import has_acceptance_code
from fujin_cli.core.cases.operation import Open
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.run_operation import OperationResult, operate, run_prepared
from fujin_cli.use_cases.session import WrongUsage

if TYPE_CHECKING:
    from fujin_cli.core.model.procedure import Procedure


@dataclass
class Opening:
    """What the command line, or a form, says of a case to open."""

    procedure: str | None
    community: str | None
    committee: str | None = None
    channel: str | None = None
    texts: dict[str, list[str]] = field(default_factory=dict)
    note: str | None = None
    request_id: str | None = None
    dry_run: bool = False


def is_incomplete(console: Console, opening: Opening) -> bool:
    """Whether the procedure, the community or a required field is missing."""
    version = console.session.workspace.procedures.get(opening.procedure or "")
    if opening.procedure is None or opening.community is None:
        return True
    required = version.fields.values() if version else ()
    return any(
        field.required and not field.computed and field.default is None and field.name not in opening.texts
        for field in required
    )


def check_opening(console: Console, opening: Opening) -> tuple[Procedure | None, str]:
    """Check every id of an opening; return its procedure, None for one that cannot be opened, and its community.

    Raises WrongUsage, Refusal.
    """
    session = console.session
    if os.environ.get("FUJIN_AS"):
        _actor = session.actor  # checked before anything else is looked up, as --as is
    for value, name in ((opening.procedure, "PROCEDURE"), (opening.community, "--community")):
        if value is None:
            raise WrongUsage(
                say("{name} is missing", name=name), say("see `{command} --help`", command="fujin case open")
            )
    procedure, community = str(opening.procedure), str(opening.community)
    version = session.workspace.procedures.get(procedure)
    session.current_procedure(procedure)  # first of all: nothing is read for a case that cannot be opened
    require_id(procedure, session.workspace.procedures, "procedure")
    require_id(community, session.workspace.organisation.communities, "community")
    if opening.committee:
        require_id(opening.committee, session.workspace.organisation.committees, "committee")
    if opening.channel and version is not None:
        require_id(opening.channel, version.channels, "channel")
    if version is not None:
        decide_opening.check_opened_by_people(version)  # refuse before asking for fields
    return version, community


def take_opening(
    console: Console,
    opening: Opening,
    contacts: Mapping[str, dict[str, str]] = MappingProxyType({}),
    answer: Callable[[Console, OperationResult[str], bool], None] | None = None,
) -> None:
    """Open a case and answer with it; ``contacts`` are entered in a form. Raises WrongUsage, Refusal.

    ``answer`` shows the result in place of ``_answer_opening``.
    """
    version, community = check_opening(console, opening)
    inputs: dict[str, list[Any]] = {}
    if version is not None:
        reader = InputReader(console, opening.request_id, opening.dry_run)
        texts = dict(opening.texts)
        texts |= {name: [reader.stage_contact(name, contact)] for name, contact in contacts.items()}
        reader.read_stdin(texts)
        inputs = run_prepared(lambda: reader.read(version, texts))
    request = Open(
        str(opening.procedure),
        community,
        console.session.actor,
        opening.committee,
        opening.channel,
        inputs,
        opening.note,
    )
    month = console.session.calendar.to_local(console.session.now).strftime("%Y%m")
    answer_operation(
        lambda: operate(
            console.session,
            lambda operation: decide_opening.open_case(operation, request),
            opening=(community, month),
            request_id=opening.request_id,
            fingerprint=request.fingerprint(),
            dry_run=opening.dry_run,
            expected_codes=1 if version is not None and has_acceptance_code(version) else 0,
        ),
        lambda result: (answer or _answer_opening)(console, result, opening.dry_run),
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
