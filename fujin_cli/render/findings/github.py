"""Write findings as GitHub annotations: workflow commands on stdout, which a job shows beside the lines."""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.render.basics.snippets import format_place
from fujin_cli.render.basics.text import to_one_line
from fujin_cli.render.findings.text import findings_summary
from fujin_cli.render.findings.traces import lines_below_headline

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
SHOWN = 10
"""GitHub shows ten annotations of a step and drops the others with their places; those become lines of the log."""


def findings_github(findings: Iterable[Finding], files: int, prefix: str = "") -> str:
    """Write the ten worst findings as annotations, the others as lines, and a summary.

    ``prefix`` leads from the repository to the workspace: empty, or with ``/`` at its end.
    """
    worst = sorted(findings, key=lambda finding: list(LEVELS).index(finding.severity))
    lines = [_format_annotation(finding, prefix) for finding in worst[:SHOWN]]
    lines += [_format_log_line(finding, prefix) for finding in worst[SHOWN:]]
    return "".join(f"{line}\n" for line in [*lines, _escape_command(findings_summary(worst, files))])


def _format_annotation(finding: Finding, prefix: str) -> str:
    span = finding.place.span
    properties: list[tuple[str, object]] = [("file", prefix + finding.place.path)]
    if span is not None:
        properties += [("line", span.line), ("endLine", span.end_line)]
        if span.line == span.end_line:  # GitHub refuses columns that are not of one line
            properties += [("col", span.column), ("endColumn", span.end_column)]
    properties.append(("title", finding.code))
    message = "\n".join([to_one_line(str(finding.message)), *lines_below_headline(finding, prefix)])
    written = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties)
    return f"::{LEVELS[finding.severity]} {written}::{_escape_data(message)}"


def _format_log_line(finding: Finding, prefix: str) -> str:
    where = prefix + format_place(finding.place)
    return _escape_command(f"{where}: {finding.severity}[{finding.code}]: {finding.message}")


def _escape_command(text: str) -> str:
    """Write a line of the log that GitHub does not take for a command, whatever the names of files."""
    line = to_one_line(text)
    return f" {line}" if line.lstrip().startswith(("::", "##[")) else line


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
