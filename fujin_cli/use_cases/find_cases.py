"""Find a case by the end of its id: among the open cases first, then among the ended ones."""

from __future__ import annotations

from itertools import islice

from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.listing.summarize import find_subject
from fujin_cli.core.text.localized import LocalizedText, say, title_of
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.use_cases.session import Session, WrongUsage

MOST_CANDIDATES = 5


def find_case(session: Session, end: str) -> str | None:
    """Find the only case whose id ends so; None where there is none. Raises WrongUsage that lists several."""
    for is_open in (True, False):
        ids = list(islice(session.ledger.find_ids(end, is_open=is_open), MOST_CANDIDATES + 1))
        if len(ids) == 1 or end in ids:
            return end if end in ids else ids[0]
        if ids:
            raise _refuse_ambiguous(session, end, ids)
    return None


def _refuse_ambiguous(session: Session, end: str, ids: list[str]) -> WrongUsage:
    candidates: list[object] = [_describe_case(session, id) for id in ids[:MOST_CANDIDATES]]
    more: list[object] = ["…"] if len(ids) > MOST_CANDIDATES else []
    return WrongUsage(
        say("{reference} fits several cases: {candidates}", reference=end, candidates=[*candidates, *more]),
        say("write more of the id"),
    )


def _describe_case(session: Session, id: str) -> LocalizedText | str:
    """Write the id of a case and what it is about."""
    try:
        case = session.case(id)
        version = session.version(case.version_digest)
    except (Refusal, Damaged):
        return id
    subject = find_subject(case, version) or title_of(version.title, version.name)
    return say("{id} ({title})", id=id, title=_shorten(subject))


def _shorten(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"
