"""Rename an id for the commands ``NOUN rename OLD NEW``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.file_changes import apply_changes
from fujin_cli.core.findings.refusals import ID_IN_OPEN_CASES, Refusal
from fujin_cli.core.model.references import Reference
from fujin_cli.core.text.localized import LocalizedText, say, say_count, shorten_list
from fujin_cli.core.wording.reference_types import type_label

SHOWN = 3  # cases that a sentence names


def rename_id(console: Console, reference: Reference, new: str, *, dry_run: bool) -> None:
    """Rename an id that exists in every file of the workspace. Raises Refusal and WrongUsage."""
    from fujin_cli.store.workspace.load import contents_of
    from fujin_cli.use_cases.configuration.ids_in_ledger import list_cases_with_id
    from fujin_cli.use_cases.configuration.rename_ids import plan_renames

    session = console.session
    cases = list_cases_with_id(session, reference)
    if cases:
        raise _refuse_open_cases(reference, cases)
    if not reference.procedure and console.report_damage():
        message = say("cases that cannot be read may carry {id}", id=reference.id)
        raise Refusal(ID_IN_OPEN_CASES, message, help=say("run `fujin ledger verify` and mend the ledger first"))
    today = session.calendar.to_local(session.now).date()
    digests = {digest for digest, _since in session.ledger.procedure_texts()} if reference.procedure else set()
    plan = plan_renames(contents_of(session.root), {reference: new}, today, digests)
    label = type_label(reference.type)
    summary = say_count(
        "{type} {old} is now {new} in {count} place",
        "{type} {old} is now {new} in {count} places",
        count=plan.places,
        type=label,
        old=reference.id,
        new=new,
    )
    subject: dict[str, Any] = {"type": reference.type, "from": reference.id, "to": new, "places": plan.places}
    if reference.procedure:
        also = [{"type": linked.type, "procedure": linked.procedure} for linked in plan.linked]
        subject |= {"procedure": reference.procedure, "also": also}
    steps = _next_steps(reference, digests)
    if plan.comments:
        shown = shorten_list(plan.comments, SHOWN)
        steps.append(say("comments still say {id}: {places}", id=reference.id, places=shown))
    apply_changes(console, plan.changes, subject, summary, steps, dry_run=dry_run)


def _refuse_open_cases(reference: Reference, cases: list[str]) -> Refusal:
    message = say_count(
        "{count} open case carries {id}: {cases}",
        "{count} open cases carry {id}: {cases}",
        count=len(cases),
        id=reference.id,
        cases=shorten_list(cases, SHOWN),
    )
    help = say("ids in the ledger do not change; rename it when these cases have ended, or change its title")
    return Refusal(ID_IN_OPEN_CASES, message, help=help)


def _next_steps(reference: Reference, digests: Collection[str]) -> list[LocalizedText]:
    """Say what of the ledger keeps the old id."""
    steps = [say("`fujin validate`, and commit the files")]
    if reference.procedure and digests:
        steps.append(say("open cases keep the old name with their version; `fujin case migrate` moves them"))
    elif not reference.procedure:
        steps.append(say("ended cases keep the old id for good"))
    return steps
