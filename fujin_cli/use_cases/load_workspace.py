"""Load a workspace for work on cases: from the cache while its files are unchanged, else parsed and checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fujin_cli.store.workspace.load import Contents, Loaded, contents_of, key_of, read_cache, write_cache

if TYPE_CHECKING:  # not imported when the cache is up to date
    from fujin_cli.use_cases.validate import CheckedFiles


def load(root: Path, checked: CheckedFiles | None = None) -> Loaded:
    """Load the workspace at ``root``; errors that make files unfit to work with are counted by file.

    ``checked`` are its files where they were parsed and checked already: then they are not read again.
    """
    contents = checked.files.contents if checked else contents_of(root)
    key = key_of(contents)
    cached = read_cache(root, key)
    if cached is None:
        cached = _cacheable(checked or _check(contents), key)
        write_cache(root, cached)
    return Loaded(root, key, cached["files"], cached["calendar"], cached["errors"])


def _check(contents: Contents) -> CheckedFiles:
    from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, check_contents

    return check_contents(contents, date.max, FIT_TO_WORK_WITH)


def _cacheable(checked: CheckedFiles, key: str) -> dict[str, Any]:
    """Convert checked files to what the cache holds."""
    from fujin_cli.core.findings.finding import must_exclude_file

    workspace = checked.files.workspace
    errors: dict[str, int] = {}
    for finding in checked.findings:
        if must_exclude_file(finding):
            errors[finding.place.path] = errors.get(finding.place.path, 0) + 1
    return {
        "key": key,
        "files": [
            [file.path, file.kind, file.name, file.tree, sorted(file.pruned, key=str)] for file in workspace.files
        ],
        "calendar": workspace.calendar_data,
        "errors": errors,
    }
