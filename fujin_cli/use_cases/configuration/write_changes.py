"""Write the changes of configuration files to the workspace: all of them, or none."""

from __future__ import annotations

import stat
from pathlib import Path

from fujin_cli.core.findings.refusals import FILES_NOT_CHANGED, Refusal
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.files.write_together import NotWritten, PlannedWrite, write_together
from fujin_cli.store.workspace.load import MARK
from fujin_cli.use_cases.configuration.file_changes import FileChanges


def write_changes(root: Path, changes: FileChanges) -> None:
    """Write all changed files, or none; a new file gets the mode of workspace.yaml. Raises Refusal."""
    mode = stat.S_IMODE((root / MARK).stat().st_mode)
    writes = [PlannedWrite(change.path, change.old, change.new, change.new_path) for change in changes.changes]
    try:
        write_together(root, writes, mode)
    except NotWritten as problem:
        raise Refusal(FILES_NOT_CHANGED, _describe(problem)) from problem


def _describe(problem: NotWritten) -> LocalizedText:
    reasons = {
        "changed": say("somebody else has changed it in the meantime"),
        "exists": say("a file of that name exists"),
        "link": say("it is a link to a file of another name"),
        "read-only": say("it is read-only"),
    }
    reason: object = reasons.get(problem.reason, problem.reason)
    return say("nothing was written, because of {path}: {reason}", path=problem.path, reason=reason)
