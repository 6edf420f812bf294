"""Define ``fujin case undo``: take back one's own last action."""

from __future__ import annotations

from typing import Any

import typer

from fujin_cli.commands.case.advance import CaseId, change_json, summary_line
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import DryRun, Note, RequestId, command
from fujin_cli.core.cases.corrections import undo_action
from fujin_cli.core.cases.event import compute_digest
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.language import translate as _
from fujin_cli.render.basics.names import action_title
from fujin_cli.use_cases.run_operation import OperationResult, operate

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "undo",
    _("Take back one's own last action on a case."),
    acts=True,
    examples="fujin case undo XF01-202606a-0001 --as p-0001\nfujin case undo XF01-202606a-0001 --dry-run --as p-0001",
)
def undo(
    console: Console, case: CaseId, note: Note = None, request_id: RequestId = None, dry_run: DryRun = False
) -> None:
    """Take back the last action on a case."""
    session = console.session
    result = operate(
        session,
        lambda operation: undo_action(operation, case, session.actor, note, session.workspace.undo_within),
        case=case,
        request_id=request_id,
        fingerprint=compute_digest(["undo", case]),
        dry_run=dry_run,
    )
    undoing = next(event for changed_case, event in result.events if changed_case == case)
    undone = [event for event in result.cases[case].events if event.n in undoing.data["undoes"]]
    withdrawn = sum(len(event.tells) for event in undone)
    console.answer(
        lambda: {
            **change_json(console, case, result, dry_run),
            "outcome": result.cases[case].outcome,
            "event": undoing.n,
            "undoes": list(undoing.data["undoes"]),
            "withdrawn": withdrawn,
        },
        lambda: _write_text(console, case, result, undone[0].from_step, str(undone[0].action), withdrawn, dry_run),
    )


def _write_text(
    console: Console,
    id: str,
    result: OperationResult[Any],
    step: str | None,
    action: str,
    withdrawn: int,
    dry_run: bool,
) -> str:
    version = console.session.version(result.cases[id].version_digest)
    lines = [summary_line(console, id, result, dry_run)]
    if not dry_run:
        lines.append(str(say("taken back: {action}", action=action_title(version, step, action))))
    if result.repeated:
        lines.append(str(say("already done with this request id; nothing was changed")))
    if withdrawn:
        lines.append(
            str(
                say_count(
                    "{count} message taken out of the outbox",
                    "{count} messages taken out of the outbox",
                    count=withdrawn,
                )
            )
        )
    return "\n".join(lines)
