"""Write the files of a new committee, community, partner, person or procedure, and say what is still to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.file_changes import apply_changes
from fujin_cli.core.model.references import Reference
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.reference_types import type_label

if TYPE_CHECKING:
    from fujin_cli.store.workspace.load import Contents
    from fujin_cli.use_cases.configuration.new_entries import NewEntry

SHOWN = 5  # findings that are listed as still to do


def answer_new_entry(
    console: Console,
    reference: Reference,
    plan: Callable[[Contents, date], NewEntry],
    next_steps: Sequence[LocalizedText],
    *,
    dry_run: bool,
) -> None:
    """Write what ``plan`` makes of the workspace's files, unless this is a dry run. Raises Refusal and WrongUsage."""
    from fujin_cli.store.workspace.load import contents_of
    from fujin_cli.use_cases.configuration.new_entries import list_messages

    session = console.session
    entry = plan(contents_of(session.root), find_first_day(console))
    summary = say("{type} {id} is added", type=type_label(reference.type), id=reference.id)
    messages = list_messages(entry.todo)
    hidden = len(messages) - SHOWN
    more = [say("{count} more; `fujin validate` shows them", count=hidden)] if hidden > 0 else []
    steps = [*next_steps, *messages[:SHOWN], *more]
    subject = {"type": reference.type, "id": reference.id}
    apply_changes(console, entry.changes, subject, summary, steps, dry_run=dry_run)


def find_first_day(console: Console) -> date:
    """Return today, in the zone of the workspace or of this machine, whichever is earlier.

    Cases go by the one and `fujin validate` by the other, and a seat must not be empty until tomorrow for either.
    """
    now = console.session.now
    return min(console.session.calendar.to_local(now).date(), now.astimezone().date())
