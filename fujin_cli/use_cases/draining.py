"""Find the open cases that follow an older version of their procedure, and those of them that can no longer end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set

from fujin_cli.core.cases.case import Case
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.verify.case_prospects import CaseProspects
from fujin_cli.core.versions.stuck_cases import depends_on_other_cases, find_stuck_cases, is_draining
from fujin_cli.rules.stuck_case_findings import findings_of_stuck_cases
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

    return CaseProspects(
        procedures, other_case, VersionShelf(workspace.procedures, session.ledger).find, unfit, is_sound
    )


def stuck_case_findings(workspace: Workspace, cases: Iterable[Case], prospects: CaseProspects) -> Iterator[Finding]:
    """Report those of the cases that follow an older version and cannot end with the procedures of ``workspace``."""
    draining: list[tuple[Case, Procedure]] = []
    for case in cases:
        version = prospects.find_version(case.version_digest) if is_draining(case, workspace.procedures) else None
        if version is not None and depends_on_other_cases(version):
            draining.append((case, version))
    if draining:
        yield from findings_of_stuck_cases(find_stuck_cases(draining, prospects), workspace)
