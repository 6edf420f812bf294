"""Find stranded cases (open, and nobody is left who can act) by the outlines of open cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fujin_cli.core.cases.outline import case_from_outline
from fujin_cli.core.cases.stranded_cases import StrandedCases, group_stranded_cases
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.use_cases.list_cases import open_case_outlines
from fujin_cli.use_cases.session import Session
from fujin_cli.use_cases.version_shelf import VersionShelf


def find_stranded_cases(
    session: Session,
    workspace: Workspace,
    rows: Sequence[Mapping[str, Any]] | None = None,
    old: Workspace | None = None,
) -> list[StrandedCases]:
    """Group the open cases on which nobody can act in ``workspace``; with ``old``, those that the change strands."""
    shelf = VersionShelf((*session.versions.values(), *workspace.procedures.values()), session.ledger)
    cases = []
    for row in open_case_outlines(session) if rows is None else rows:
        version = shelf.find(row["version"])
        if version is not None and row["step"] in version.steps:
            cases.append((case_from_outline(row), version))
    before: Organisation | None = old.organisation if old is not None else None
    return group_stranded_cases(cases, workspace.organisation, _local_day(session), before)


def _local_day(session: Session) -> date:
    return session.calendar.to_local(session.now).date()


def stranded_case_findings(
    session: Session,
    workspace: Workspace,
    severity: Severity = "warning",
    rows: Sequence[Mapping[str, Any]] | None = None,
    old: Workspace | None = None,
) -> list[Finding]:
    """Report the groups of ``find_stranded_cases``."""
    from fujin_cli.rules.vacancy_findings import findings_of_stranded_cases

    groups = find_stranded_cases(session, workspace, rows, old)
    return list(findings_of_stranded_cases(groups, workspace, severity, old))
