"""Define the commands that are shortcuts for one action on a case: note, attach, pause, resume, merge, …"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fujin_cli.commands.case.advance import ActionChoice, CaseId, CaseIds, answer_change, answer_operation, take_action
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, Note, RequestId, check_remark, command, completes
from fujin_cli.core.cases import acceptance, decide
from fujin_cli.core.cases.event import compute_digest
from fujin_cli.core.findings.refusals import UNKNOWN_ACTION, Refusal
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.use_cases.run_operation import operate

if TYPE_CHECKING:
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.model.procedure import Procedure

app = typer.Typer(cls=HelpfulGroup, add_completion=False, rich_markup_mode=None)


@command(
    app,
    "note",
    _("Add a remark to a case."),
    acts=True,
    several=True,
    examples='fujin case note XF01-202606a-0001 "已电话联系" --as p-0001',
)
def note(
    console: Console,
    case: CaseIds,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("the remark (`-` reads stdin)"))],
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Add a remark to a case."""
    words = check_remark(console.read_stdin() if text == "-" else text)
    choice = ActionChoice("note")
    take_action(console, case, lambda before, version: choice, note=words, request_id=request_id, dry_run=dry_run)


@command(
    app,
    "attach",
    _("Attach a photo or a file to a case."),
    acts=True,
    examples="fujin case attach XF01-202606a-0001 before.jpg --as p-0001",
)
def attach(
    console: Console,
    case: CaseId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("the file; place and time are removed from photos"))],
    field: Annotated[str | None, typer.Option("--field", metavar="NAME", help=_("the field to attach it to"))] = None,
    note: Note = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Attach a file, as a note that adds it to a field of photos or files."""
    from fujin_cli.commands.common.field_arguments import InputReader
    from fujin_cli.commands.common.id_arguments import require_id

    def choose(before: Case, version: Procedure) -> ActionChoice:
        fitting = _list_attachment_fields(version)
        if not fitting:
            raise Refusal(UNKNOWN_ACTION, say("this case accepts no file at this step"))
        if field:
            require_id(field, fitting, "field")
        name, reference = field or fitting[0], [f"@{file}"]
        if version.fields[name].is_list:
            return ActionChoice("note", appends={name: reference})
        return ActionChoice("note", {name: reference})

    reader = InputReader(console, request_id, dry_run, case)
    procedures = console.session.workspace.procedures.values()
    names = {name for version in procedures for name in _list_attachment_fields(version)}
    reader.read_ahead({name: [f"@{file}"] for name in names if field in (None, name)})
    take_action(console, case, choose, reader, note=note, request_id=request_id, dry_run=dry_run)


def _list_attachment_fields(version: Procedure) -> list[str]:
    """List the fields of photos and files that a remark may fill."""
    action = version.anytime.get("note")
    names = [use.field for use in action.may] if action else []
    return [name for name in names if version.fields[name].item_type in ("photo", "file")]


@command(
    app,
    "pause",
    _("Pause a case's clock, with a reason and an end date."),
    acts=True,
    several=True,
    examples='fujin case pause XF01-202606a-0001 --until 2026-06-10 --reason "等待配件" --as p-0001',
)
def pause(
    console: Console,
    case: CaseIds,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help=_("the day on which the clock resumes"))],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("why"), callback=check_remark)],
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Pause a case by the action of its procedure that stops the clock."""
    from fujin_cli.commands.common.field_arguments import InputReader

    def choose(before: Case, version: Procedure) -> ActionChoice:
        action = next((action for action in version.anytime.values() if action.stops_clock_until), None)
        if action is None:
            raise Refusal(UNKNOWN_ACTION, say("cases of {procedure} cannot be paused", procedure=version.name))
        texts = {str(action.stops_clock_until): [until]}
        if any(use.field == "reason" for use in action.inputs):
            texts["reason"] = [reason]
        return ActionChoice(action.name, texts)

    reader = InputReader(console, request_id, dry_run, case)
    reader.read_stdin({"until": [until], "reason": [reason]})
    take_action(console, case, choose, reader, note=reason, request_id=request_id, dry_run=dry_run)


@command(
    app,
    "resume",
    _("Resume the clock of a paused case."),
    acts=True,
    several=True,
    examples="fujin case resume XF01-202606a-0001 --as p-0001",
)
def resume(
    console: Console, case: CaseIds, note: Note = None, request_id: RequestId = None, dry_run: DryRun = False
) -> None:
    """Resume a case before the end of its pause."""
    result = operate(
        console.session,
        lambda operation: decide.resume_case(operation, case, console.session.actor, note),
        case=case,
        request_id=request_id,
        fingerprint=compute_digest(["resume", case]),
        dry_run=dry_run,
    )
    answer_change(console, case, result, dry_run)


@command(
    app,
    "merge",
    _("Merge a case into another one; every complainant stays informed."),
    acts=True,
    examples="fujin case merge XF01-202606a-0004 XF01-202606a-0003 --as p-0001",
)
def merge(
    console: Console,
    case: CaseId,
    into: Annotated[
        str, typer.Argument(metavar="INTO", help=_("the case to merge into"), autocompletion=completes("case"))
    ],
    note: Note = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Merge a case by the action at its step that joins it to another case."""
    from fujin_cli.commands.common.field_arguments import InputReader

    def choose(before: Case, version: Procedure) -> ActionChoice:
        for action in version.steps[before.step].actions.values():
            effect = next((effect for effect in action.effects.does if effect.verb == "join"), None)
            if effect:
                return ActionChoice(action.name, {effect.field: [into]})
        raise Refusal(UNKNOWN_ACTION, say("{case} cannot be merged at this step", case=case))

    reader = InputReader(console, request_id, dry_run, case)
    reader.read_stdin({"into": [into]})
    take_action(console, case, choose, reader, note=note, request_id=request_id, dry_run=dry_run)


@command(
    app,
    "reissue-code",
    _("Give the reporter a new acceptance code."),
    acts=True,
    examples="fujin case reissue-code XF01-202606a-0001 --as p-0103",
)
def reissue_code(
    console: Console, case: CaseId, note: Note = None, request_id: RequestId = None, dry_run: DryRun = False
) -> None:
    """Replace the acceptance code: the old code becomes void, and the reporter is notified."""
    session = console.session
    answer_operation(
        lambda: operate(
            session,
            lambda operation: acceptance.reissue_code(operation, case, session.actor, note),
            case=case,
            request_id=request_id,
            fingerprint=compute_digest(["reissue-code", case]),
            dry_run=dry_run,
            expected_codes=1,
        ),
        lambda result: answer_change(console, case, result, dry_run),
    )
