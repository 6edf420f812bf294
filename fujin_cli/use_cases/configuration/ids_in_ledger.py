"""Find the open cases that carry an id: the ledger keeps ids for good, so such an id cannot be renamed yet."""

from __future__ import annotations

from fujin_cli.core.cases.outline import carries_id
from fujin_cli.core.model.references import Reference
from fujin_cli.use_cases.list_cases import open_cases
from fujin_cli.use_cases.session import Session


def list_cases_with_id(session: Session, reference: Reference) -> list[str]:
    """List the open cases that an office, a committee, a partner or a person with this id works on.

    Parts of a procedure need no such list: an open case follows the version in which they have the old id.
    """
    if reference.procedure:
        return []
    communities = [reference.id] if reference.type == "community" else None
    cases = open_cases(session, communities, only_known_versions=False)
    return [case.id for case in cases if carries_id(case, reference)]
