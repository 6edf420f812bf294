"""Find the markers that git writes around the two versions of lines that it could not merge."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.text.localized import say
from fujin_cli.store.yaml.nodes import error

_BEGIN = re.compile(r"<{7}(?: |$)")
_END = re.compile(r">{7}(?: |$)")


def conflict_findings(lines: Sequence[str], path: str) -> list[Finding]:
    """Make a finding for each conflict in the lines of a file, at its first marker."""
    begins = [number for number, line in enumerate(lines) if _BEGIN.match(line)]
    ends = [number for number, line in enumerate(lines) if _END.match(line)]
    if not begins and len(ends) == 1:
        begins = ends  # somebody deleted the first marker only
    return [
        error(
            "FJ001",
            path,
            (number, 0, number, len(lines[number])),
            say("a git conflict marker: two versions of the lines below were not merged"),
            say("keep the lines that are right, and delete the lines of markers: <<<<<<<, ======= and >>>>>>>"),
        )
        for number in begins
    ]
