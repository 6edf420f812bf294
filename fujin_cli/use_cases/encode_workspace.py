"""Check the files of a workspace, and encode what its cache holds of them: the fields of ``Loaded``."""

from __future__ import annotations

from datetime import date
from typing import Any

from fujin_cli.core.findings.finding import faulty_paths, is_unreadable, must_exclude_file
from fujin_cli.store.workspace.load import Contents
from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, CheckedFiles, check_contents


def check_and_encode(contents: Contents, key: str) -> dict[str, Any]:
    """Check files by the rules whose errors make them unfit to work with, and encode them."""
    return encode_checked_files(check_contents(contents, date.max, FIT_TO_WORK_WITH), key)


def encode_checked_files(checked: CheckedFiles, key: str) -> dict[str, Any]:
    """Convert checked files to what the cache holds."""
    errors: dict[str, int] = {}
    for finding in filter(must_exclude_file, checked.findings):
        for path in faulty_paths(finding):
            errors[path] = errors.get(path, 0) + 1
    unreadable = filter(is_unreadable, checked.findings)
    return {
        "key": key,
        "files": [
            [file.path, file.kind, file.name, file.tree, sorted(file.pruned, key=str)]
            for file in checked.files.workspace.files
        ],
        "calendar_data": checked.files.calendar,
        "errors": errors,
        "invalid": sorted({path for finding in unreadable for path in faulty_paths(finding)}),
    }
