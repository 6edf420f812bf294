"""Write findings and refusals as JSON, and as text for people (``draw_snippets`` draws the source lines)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity, TraceStep
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.text.localized import (
    LocalizedText,
    add_id_to_title,
    localize_value,
    plain_title_of,
    say,
    say_count,
)
from fujin_cli.render.basics.snippets import LINE_ENDS, draw_snippets
from fujin_cli.render.basics.text import fold_text, paint, to_one_line
from fujin_cli.render.findings.fixes import fix_json, fix_lines, fix_title
from fujin_cli.render.findings.traces import replay_command, run_lines, run_title

_SEVERITIES = {"error": say("error"), "warning": say("warning"), "info": say("info")}
STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold blue"}


def findings_json(findings: Iterable[Finding], files: int) -> dict[str, Any]:
    """Write findings as JSON, version 1; ``files`` is how many were checked."""
    return {"version": 1, "files": files, "findings": [finding_json(finding) for finding in findings]}


def finding_json(finding: Finding) -> dict[str, Any]:
    """Write one finding with the contract's fields; lines and columns count from 1, and are null without a place."""
    span = finding.place.span
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": str(finding.message),
        **_place_json(finding.place),
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "help": None if finding.help is None else str(finding.help),
        "related": [_related_json(related) for related in finding.related],
        "trace": [_step_json(step) for step in finding.trace],
        "fix": fix_json(finding.fix),
    }


def _place_json(place: Place | None) -> dict[str, Any]:
    span = place.span if place else None
    return {
        "path": place.path if place else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
    }


def _related_json(related: Related) -> dict[str, Any]:
    return {"message": str(related.message), **_place_json(related.place)}


def _step_json(step: TraceStep) -> dict[str, Any]:
    return {"text": str(step.text), **_place_json(step.place), "replay": step.replay}


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """Write a refusal as JSON, version 1; ``who`` lists the people who could do it."""
    return {
        "version": 1,
        "refused": {
            "code": refusal.code,
            "message": str(refusal.message),
            "who": list(refusal.who),
            "names": {id: plain_title_of(name, id) for id, name in refusal.names.items()},
            "help": None if refusal.help is None else str(refusal.help),
        },
    }


def findings_text(
    findings: Iterable[Finding], sources: Mapping[str, str], colour: bool, files: int | None = None, width: int = 0
) -> str:
    """Write findings for people, then a summary. ``sources`` is path → text; ``files`` counts the files, if not these.

    Text folds at ``width`` columns (0: never); lines of the sources stay as they are.
    """
    listed = list(findings)
    files = len(sources) if files is None else files
    return findings_blocks(listed, sources, colour, width) + f"{findings_summary(listed, files)}\n"


def findings_blocks(findings: Iterable[Finding], sources: Mapping[str, str], colour: bool, width: int = 0) -> str:
    """Write each finding with its source lines, and an empty line after it."""
    listed = list(findings)
    lines = {path: LINE_ENDS.split(sources[path]) for path in _paths_with_fixes(listed) if path in sources}
    blocks = [
        "\n".join([*_finding_lines(finding, sources, colour, width), *_fix_remark_lines(finding, lines, colour, width)])
        for finding in listed
    ]
    return "".join(f"{block}\n\n" for block in blocks)


def _paths_with_fixes(findings: Iterable[Finding]) -> set[str]:
    return {edit.place.path for finding in findings if finding.fix for edit in finding.fix.edits}


def _fix_remark_lines(finding: Finding, lines: Mapping[str, Sequence[str]], colour: bool, width: int) -> Iterable[str]:
    if finding.fix is None:
        return
    gutter = max(2, len(str(max(edit.place.span.end_line for edit in finding.fix.edits if edit.place.span))))
    yield _format_remark(" " * gutter, say("fix"), str(fix_title(finding.fix)), colour, width)
    yield from fix_lines(finding.fix, lines, gutter, colour)


def _finding_lines(finding: Finding, sources: Mapping[str, str], colour: bool, width: int) -> Iterable[str]:
    yield _format_headline(finding.severity, finding.code, finding.message, colour, width)
    drawn = draw_snippets(finding, sources, STYLES[finding.severity], colour)
    yield from drawn.lines
    gutter = " " * drawn.gutter
    if finding.trace:
        yield f"{gutter} {paint('=', 'bold blue', colour)} {run_title(finding)}"
        yield from (f"{gutter}   {number:>2} {line}" for number, line in run_lines(finding))
        command = replay_command(finding)
        if command:
            yield _format_remark(gutter, say("replay"), command, colour, 0)  # a command is copied whole
    if finding.help is not None:
        yield _format_remark(gutter, say("help"), str(finding.help), colour, width)


def _format_headline(severity: str, code: str, message: LocalizedText, colour: bool, width: int) -> str:
    head = f"{_SEVERITIES[severity]}[{code}]"
    text = "\n".join(fold_text(str(say("{head}: {text}", head=head, text=to_one_line(str(message)))), width))
    return text.replace(head, paint(head, STYLES[severity], colour), 1)


def _format_remark(gutter: str, word: LocalizedText, text: str, colour: bool, width: int) -> str:
    """Write a remark below a finding; its further lines are indented below the first."""
    remark = str(say("{head}: {text}", head=word, text=to_one_line(text)))
    start = f"{gutter} {paint('=', 'bold blue', colour)} "
    room = max(width - len(gutter) - 3, width // 4) if width else 0
    return start + f"\n{gutter}   ".join(fold_text(remark, room))


def findings_summary(findings: Sequence[Finding], files: int) -> str:
    """Count the findings of each severity, and the files."""
    counts = Counter(finding.severity for finding in findings)

    words: dict[Severity, LocalizedText] = {
        "error": say_count("{count} error", "{count} errors", count=counts["error"]),
        "warning": say_count("{count} warning", "{count} warnings", count=counts["warning"]),
        "info": say_count("{count} remark", "{count} remarks", count=counts["info"]),
    }
    parts = [words[severity] for severity in words if counts[severity]]
    where = say_count("{count} file", "{count} files", count=files)
    if not parts:
        return str(say("no findings in {files}", files=where))
    return str(say("{findings} in {files}", findings=parts, files=where))


def refusal_text(refusal: Refusal, colour: bool, width: int = 0) -> str:
    """Write a refusal for people; those who could do it are named beside their ids; ``width`` as above."""
    lines = [_format_headline("error", refusal.code, refusal.message, colour, width)]
    if refusal.who:
        who = [add_id_to_title(refusal.names.get(id), id) for id in refusal.who]
        lines.append(_format_remark("  ", say("who"), localize_value(who), colour, width))
    if refusal.help is not None:
        lines.append(_format_remark("  ", say("help"), str(refusal.help), colour, width))
    return "\n".join(lines) + "\n"
