"""Judge whether open cases that follow an older version of their procedure can end with those of today."""

from __future__ import annotations

from collections.abc import Callable, Set

from fujin_cli.core.cases.case import Case
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.verify.case_prospects import CaseProspects
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.use_cases.session import Session
from fujin_cli.use_cases.version_shelf import VersionShelf


def make_prospects(
    session: Session,
    workspace: Workspace,
    unfit: Set[str] = frozenset(),
    is_sound: Callable[[str], bool] = lambda digest: False,
) -> CaseProspects:
    """Make the judge of whether cases can end with the procedures of one version of the workspace.

    Cases that depend on a procedure of ``unfit``, whose file has errors, are not judged.
    """
    procedures = {name: version for name, version in workspace.procedures.items() if name not in unfit}

    def other_case(id: str) -> Case | None:
        try:
            return session.case(id)
        except (Refusal, Damaged):
            return None

    shelf = VersionShelf((*session.versions.values(), *workspace.procedures.values()), session.ledger)
    return CaseProspects(procedures, other_case, shelf.find, unfit, is_sound)
