"""Add to a validation what the ledger says: open cases of older versions that can no longer end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fujin_cli.core.findings.finding import Finding, faulty_paths, must_exclude_file
from fujin_cli.store.ledger.factory import ledger_folder
from fujin_cli.use_cases.validate import ValidationResult, place_findings, sort_findings


def add_case_findings(
    root: Path, validated: ValidationResult, only: Sequence[str] = (), *, is_on_disk: bool = True
) -> ValidationResult:
    """Add the findings about open cases; ``only`` selects those of some files. Without a ledger, nothing is read.

    ``is_on_disk``: what was validated are the files of the workspace, not an earlier version of them.
    """
    if not ledger_folder(root).is_dir():
        return validated
    findings = [
        finding for finding in _judge_open_cases(root, validated, is_on_disk) if not only or finding.place.path in only
    ]
    if not findings:
        return validated
    placed, _ = place_findings(root, findings)
    return replace(validated, findings=sort_findings([*validated.findings, *placed]))


def _judge_open_cases(root: Path, validated: ValidationResult, is_on_disk: bool) -> list[Finding]:
    """Judge the open cases that follow an older version; only those are read in full."""
    from fujin_cli.core.model.ids import procedure_digest
    from fujin_cli.use_cases.list_cases import open_case_versions
    from fujin_cli.use_cases.session import Session

    session = Session(folder=root)
    versions = open_case_versions(session)
    if not versions:
        return []
    if is_on_disk:
        current = {procedure_digest(tree or {}) for _, kind, _, tree, _ in session.loaded.files if kind == "procedure"}
    else:
        current = {version.digest for version in validated.workspace.procedures.values()}
    draining = [case for case, digest in versions if digest not in current]
    if not draining:
        return []
    from fujin_cli.use_cases.draining import make_prospects, stuck_case_findings

    workspace = validated.workspace
    errors = session.loaded.errors if is_on_disk else _list_unfit_paths(validated.findings)
    unfit = {file.name for file in workspace.files if file.kind == "procedure" and file.path in errors}
    prospects = make_prospects(session, workspace, unfit)
    return list(stuck_case_findings(workspace, (session.case(id) for id in draining), prospects))


def _list_unfit_paths(findings: Sequence[Finding]) -> frozenset[str]:
    return frozenset(path for finding in findings if must_exclude_file(finding) for path in faulty_paths(finding))
