"""Add to a validation what the ledger says: open cases that can no longer end, or on which nobody can act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fujin_cli
from fujin_cli.core.findings.finding import Finding, faulty_paths, must_exclude_file
from fujin_cli.store.cache.cache_file import read_cache_file, write_cache_file
from fujin_cli.store.ledger.factory import ledger_folder
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.use_cases.validate import ValidationResult, place_findings, sort_findings

if TYPE_CHECKING:
    from fujin_cli.use_cases.session import Session

CACHE_FILE = "open-cases.json"  # the digest of open cases among which nothing was found


def add_case_findings(
    root: Path,
    validated: ValidationResult,
    only: Sequence[str] = (),
    now: str | None = None,
    *,
    is_on_disk: bool = True,
    keep: bool = True,
) -> ValidationResult:
    """Add the findings about open cases; ``only`` selects those of some files. Without a ledger, nothing is read.

    ``is_on_disk``: what was validated are the files of the workspace, not an earlier version of them. With ``keep``,
    that nothing was found is remembered.
    """
    if not ledger_folder(root).is_dir():
        return validated
    findings = [
        f
        for f in _judge_open_cases(root, validated, now, is_on_disk, keep and is_on_disk)
        if not only or f.place.path in only
    ]
    if not findings:
        return validated
    placed, texts = place_findings(root, findings)
    remaining = _drop_ignored(placed, texts)
    return replace(validated, findings=sort_findings([*validated.findings, *remaining]))


def _drop_ignored(findings: list[Finding], texts: Mapping[str, str]) -> list[Finding]:
    """Drop the findings that a comment on their line ignores."""
    commented = [path for path in texts if "fujin:" in texts[path]]
    if not commented:
        return findings
    from fujin_cli.store.yaml.read import read_yaml
    from fujin_cli.use_cases.suppressions import without_ignored_cases

    return without_ignored_cases(findings, (read_yaml(texts[path].encode(), path) for path in commented))


def _judge_open_cases(
    root: Path, validated: ValidationResult, now: str | None, is_on_disk: bool, keep: bool
) -> list[Finding]:
    """Judge the open cases: that somebody can act on each, and that those of older versions can end.

    When nothing was found last time, and nothing changed since, nothing is judged.
    """
    from fujin_cli.use_cases.list_cases import open_case_outlines
    from fujin_cli.use_cases.session import Session

    session = Session(folder=root, now_text=now)
    try:
        rows = open_case_outlines(session)
    except Damaged as damage:  # of a newer fujin
        return [damage.finding]
    if not rows:
        return []
    key = _key_of(session, rows)
    if keep and read_cache_file(root, CACHE_FILE) == key:
        return []
    from fujin_cli.use_cases.stranded_cases import stranded_case_findings

    workspace = validated.workspace
    findings = [
        *stranded_case_findings(session, workspace, rows=rows),
        *_judge_draining(session, validated, rows, is_on_disk),
    ]
    if keep and not findings and not session.ledger.problems() and not session.unreadable_cases:
        write_cache_file(root, CACHE_FILE, key)
    return findings


def _key_of(session: Session, rows: Sequence[Mapping[str, Any]]) -> str:
    """Digest what the findings depend on: the configuration, the open cases and the day."""
    day = session.now.date().isoformat()
    text = json.dumps([session.loaded.key, fujin_cli.__version__, day, rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _judge_draining(
    session: Session, validated: ValidationResult, rows: Sequence[Mapping[str, Any]], is_on_disk: bool
) -> list[Finding]:
    """Judge the open cases that follow an older version; only those are read in full."""
    workspace = validated.workspace
    current = {version.digest for version in workspace.procedures.values()}
    draining = [row["case"] for row in rows if row["version"] not in current]
    if not draining:
        return []
    from fujin_cli.core.versions.stuck_cases import find_stuck_draining_cases
    from fujin_cli.rules.stuck_case_findings import findings_of_stuck_cases
    from fujin_cli.use_cases.draining import make_prospects

    errors = session.loaded.errors if is_on_disk else _list_unfit_paths(validated.findings)
    unfit = {file.name for file in workspace.files if file.kind == "procedure" and file.path in errors}
    prospects = make_prospects(session, workspace, unfit)
    cases = (session.case(id) for id in draining)
    return list(findings_of_stuck_cases(find_stuck_draining_cases(cases, workspace.procedures, prospects), workspace))


def _list_unfit_paths(findings: Sequence[Finding]) -> frozenset[str]:
    return frozenset(path for finding in findings if must_exclude_file(finding) for path in faulty_paths(finding))
