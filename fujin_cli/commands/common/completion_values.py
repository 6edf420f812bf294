"""List the ids that TAB completes, from the workspace and the ledger; on any error, offer no completions."""

from __future__ import annotations

from typing import Any

from fujin_cli.core.text.localized import plain_title_of
from fujin_cli.use_cases.session import Session

MOST_COMPLETIONS = 200


def _open_session(ctx: Any) -> Session:
    """Open the workspace of the ``--workspace`` typed so far, else the one at or above this folder."""
    while ctx is not None:
        folder = (ctx.params or {}).get("workspace")
        if folder:
            return Session(folder)
        ctx = ctx.parent
    return Session()


def complete_case(ctx: Any, args: list[str], incomplete: str) -> list[tuple[str, str]]:
    """Complete the ids of open cases; the step is shown beside each."""
    try:
        completions = []
        for stored in _open_session(ctx).ledger.open_cases():
            if stored.case.startswith(incomplete):
                step = next((event.to_step for event in reversed(stored.events) if event.to_step), "") or ""
                completions.append((stored.case, step))
            if len(completions) >= MOST_COMPLETIONS:
                break
        return completions
    except Exception:
        return []


def complete_procedure(ctx: Any, args: list[str], incomplete: str) -> list[tuple[str, str]]:
    """Complete the ids of procedures."""
    try:
        versions = _open_session(ctx).workspace.procedures.values()
        return [
            (version.name, plain_title_of(version.title)) for version in versions if version.name.startswith(incomplete)
        ]
    except Exception:
        return []


def complete_community(ctx: Any, args: list[str], incomplete: str) -> list[tuple[str, str]]:
    """Complete the ids of communities."""
    try:
        units = _open_session(ctx).workspace.organisation.communities.values()
        return [(unit.id, plain_title_of(unit.title)) for unit in units if unit.id.startswith(incomplete)]
    except Exception:
        return []


def complete_committee(ctx: Any, args: list[str], incomplete: str) -> list[tuple[str, str]]:
    """Complete the ids of committees."""
    try:
        units = _open_session(ctx).workspace.organisation.committees.values()
        return [(unit.id, plain_title_of(unit.title)) for unit in units if unit.id.startswith(incomplete)]
    except Exception:
        return []


def complete_partner(ctx: Any, args: list[str], incomplete: str) -> list[tuple[str, str]]:
    """Complete the ids of partners."""
    try:
        partners = _open_session(ctx).workspace.organisation.partners.items()
        return [(id, plain_title_of(spec.get("title"))) for id, spec in partners if id.startswith(incomplete)]
    except Exception:
        return []


def complete_action(ctx: Any, args: list[str], incomplete: str) -> list[tuple[str, str]]:
    """Complete the actions at the current step of the case on the command line."""
    try:
        from fujin_cli.core.cases.moves import list_moves

        session = _open_session(ctx)
        case = session.case(str(ctx.params["case"]))
        listed_moves = list_moves(
            session.version_of(case.id, case.version_digest, case.step), case, session.now, session.calendar
        )
        return [
            (move.action.name, plain_title_of(move.action.title))
            for move in listed_moves
            if move.action.name.startswith(incomplete)
        ]
    except Exception:
        return []


COMPLETIONS = {
    "case": complete_case,
    "procedure": complete_procedure,
    "community": complete_community,
    "committee": complete_committee,
    "partner": complete_partner,
    "action": complete_action,
}
