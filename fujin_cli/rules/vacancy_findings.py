"""Report the open cases on which nobody is left who can act, grouped by what is gone (FJ618)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fujin_cli.core.cases.stranded_cases import StrandedCases, describe_stranded_cases
from fujin_cli.core.cases.vacancies import Vacancy
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say

CODE = "FJ618"


def findings_of_stranded_cases(
    groups: Iterable[StrandedCases], new: Workspace, severity: Severity, old: Workspace | None = None
) -> Iterator[Finding]:
    """Report each group of cases, at the file that could mend it."""
    for group in groups:
        yield Finding(
            CODE,
            severity,
            describe_stranded_cases(group, new.organisation, old.organisation if old is not None else None),
            _place_of(group.vacancy, new, group.cases[0]),
            say("put somebody there, or let the cases end or go to somebody else first"),
        )


def _place_of(vacancy: Vacancy, workspace: Workspace, case: str) -> Place:
    roster = workspace.organisation.roster_paths.get(vacancy.unit)
    if roster:
        return Place(roster, ("roster",))
    kind = "partners" if vacancy.kind == "partner" else "jurisdiction"
    file = next((file for file in workspace.files if file.kind == kind), None)
    return Place(file.path, (kind,)) if file else Place(case)
