"""Load a workspace for work on cases: from the cache while its files are unchanged, else parsed and checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from fujin_cli.store.workspace.load import Contents, Loaded, contents_of, key_of, read_cache, write_cache


def load(root: Path) -> Loaded:
    """Load the workspace at ``root``; errors that make files unfit to work with are counted by file."""
    contents = contents_of(root)
    key = key_of(contents)
    cached = read_cache(root, key)
    if cached is None:
        cached = _parse(contents, key)
        write_cache(root, cached)
    return Loaded(root, key, cached["files"], cached["calendar"], cached["errors"])


def _parse(contents: Contents, key: str) -> dict[str, Any]:
    """What the cache holds, from the files themselves."""
    from fujin_cli.core.findings.finding import makes_unfit
    from fujin_cli.rules.registry import check_all
    from fujin_cli.store.workspace.read_files import read_files
    from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH

    files = read_files(contents)
    workspace = files.workspace
    findings = [*files.findings, *check_all(workspace, date.max, FIT_TO_WORK_WITH)]
    errors: dict[str, int] = {}
    for finding in findings:
        if makes_unfit(finding):
            errors[finding.place.path] = errors.get(finding.place.path, 0) + 1
    return {
        "key": key,
        "files": [
            [file.path, file.kind, file.name, file.tree, sorted(file.pruned, key=str)] for file in workspace.files
        ],
        "calendar": workspace.calendar_data,
        "errors": errors,
    }
