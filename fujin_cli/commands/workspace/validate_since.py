"""Read the version that ``fujin validate --since`` names, and say what is not shown because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.revision_arguments import read_revisions
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.text.localized import say_count
from fujin_cli.store.workspace.revisions import Unreadable
from fujin_cli.use_cases.revisions.read_versions import make_unreadable_finding
from fujin_cli.use_cases.revisions.validate_since import keep_new_findings, read_earlier
from fujin_cli.use_cases.validate import ValidationResult


@dataclass(frozen=True, slots=True)
class Since:
    """Hold the findings to show; ``unchanged`` counts those that the earlier version has, too."""

    validated: ValidationResult
    name: str
    commit: str = ""
    unchanged: int = 0

    def json(self) -> dict[str, Any]:
        """Return what the JSON says beside the findings."""
        return {"since": {"name": self.name, "commit": self.commit or None, "unchanged": self.unchanged}}

    def text(self) -> str:
        """Say how many findings are not shown; empty where that is none."""
        if not self.unchanged:
            return ""
        sentence = say_count(
            "{count} more finding is not shown, because {version} has it, too",
            "{count} more findings are not shown, because {version} has them, too",
            count=self.unchanged,
            version=self.name,
        )
        return f"{sentence}\n"


def compare_since(console: Console, validated: ValidationResult, since: str, today: date) -> Since:
    """Leave out what the version ``since`` has, too. Where it cannot be read, that is the only finding.

    Raises WrongUsage for what is no version.
    """
    try:
        earlier = read_earlier(read_revisions(since, None), console.session.root)
    except Unreadable as problem:
        unreadable: Finding = make_unreadable_finding(problem, since)
        return Since(ValidationResult([unreadable], {}, 0, validated.read), since)
    compared = keep_new_findings(validated, earlier, today, console.session.root)
    return Since(compared.validated, earlier.name, earlier.commit, compared.unchanged)
