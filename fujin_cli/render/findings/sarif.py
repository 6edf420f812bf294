"""Write findings as SARIF 2.1.0 (OASIS), which code hosts read: rules, places, runs (code flows), fingerprints."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fujin_cli import language
from fujin_cli.core.findings.finding import Finding, Fix, Place, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "fujinPlace/v1"
GITHUB_FINGERPRINT = "primaryLocationLineHash"
"""The one by which GitHub tells alerts apart; it would make its own from the text of the line."""
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def findings_sarif(
    findings: Sequence[Finding], anchors: Sequence[str], pages: Mapping[str, str], version: str, prefix: str = ""
) -> dict[str, Any]:
    """Write one SARIF log. ``anchors`` (beside the findings) name their places without lines; ``pages`` is code → page.

    ``prefix`` leads from where paths are to begin to the workspace: empty, or with ``/`` at its end.
    """
    codes = sorted({finding.code for finding in findings})
    occurrences: Counter[str] = Counter()
    results = []
    for finding, anchor in zip(findings, anchors, strict=True):
        fingerprint = _compute_fingerprint(finding, anchor)
        occurrences[fingerprint] += 1
        result = _sarif_result(finding, anchor, codes.index(finding.code), prefix)
        same = f"{fingerprint}:{occurrences[fingerprint]}"
        results.append(result | {"partialFingerprints": {GITHUB_FINGERPRINT: same, FINGERPRINT: same}})
    driver = {
        "name": "fujin",
        "version": version,
        "semanticVersion": version,
        "language": language.language_tag(),
        "rules": [_sarif_rule(code, pages.get(code, ""), _worst_level(findings, code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _compute_fingerprint(finding: Finding, anchor: str) -> str:
    """Compute a fingerprint of code, file and keys, so that a finding keeps it when lines move."""
    return hashlib.sha256(f"{finding.place.path}\0{anchor}\0{finding.code}".encode("utf-8", "replace")).hexdigest()[:32]


def _worst_level(findings: Sequence[Finding], code: str) -> str:
    """Find the level of a rule: that of its worst finding."""
    order = list(LEVELS)
    return LEVELS[min((finding.severity for finding in findings if finding.code == code), key=order.index)]


def _sarif_rule(code: str, page: str, level: str) -> dict[str, Any]:
    lines = page.strip().splitlines()
    title = lines[0].partition(" · ")[2] if lines else ""
    rule: dict[str, Any] = {"id": code, "defaultConfiguration": {"level": level}}
    if title:
        paragraph = " ".join(itertools.takewhile(bool, itertools.dropwhile(lambda line: not line, lines[1:])))
        rule["shortDescription"] = {"text": _escape_message(title)}
        rule["fullDescription"] = {"text": _escape_message(paragraph or title)}
        rule["help"] = {"text": _escape_message(page.strip()), "markdown": _escape_message(page.strip())}
    return rule


def _sarif_result(finding: Finding, anchor: str, rule: int, prefix: str) -> dict[str, Any]:
    message = str(finding.message) if finding.help is None else f"{finding.message}\n{finding.help}"
    place = _sarif_location(finding.place, prefix)
    if anchor:
        place["logicalLocations"] = [{"fullyQualifiedName": f"{finding.place.path}#{anchor}"}]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": _escape_message(message)},
        "locations": [place],
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **_sarif_location(related.place, prefix),
                "message": {"text": _escape_message(str(related.message))},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    if finding.trace:
        steps = [
            {"location": step, "executionOrder": at} for at, step in enumerate(_sarif_run_locations(finding, prefix), 1)
        ]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    if finding.fix is not None:
        result["fixes"] = [_sarif_fix(finding.fix, prefix)]
    return result


def _sarif_fix(fix: Fix, prefix: str) -> dict[str, Any]:
    """Write the replacements of a fix; a viewer applies all of them, or none."""
    changes = []
    for path in dict.fromkeys(edit.place.path for edit in fix.edits):
        where = _sarif_location(Place(path), prefix)["physicalLocation"]["artifactLocation"]
        replacements = [
            {
                "deletedRegion": _sarif_location(edit.place, prefix)["physicalLocation"]["region"],
                "insertedContent": {"text": edit.text},
            }
            for edit in fix.edits
            if edit.place.path == path
        ]
        changes.append({"artifactLocation": where, "replacements": replacements})
    return {"description": {"text": _escape_message(str(fix.title))}, "artifactChanges": changes}


def _sarif_run_locations(finding: Finding, prefix: str) -> Iterator[dict[str, Any]]:
    """List the places of a run. Automatic moves have no line of their own: they get the place of the event before.

    Viewers leave out what has no place, and a run without half of its steps is another run.
    """
    step_place = next((step.place for step in finding.trace if step.place and step.place.span), finding.place)
    for step in finding.trace:
        step_place = step.place if step.place and step.place.path else step_place
        yield {**_sarif_location(step_place, prefix), "message": {"text": _escape_message(str(step.text))}}


def _sarif_location(place: Place, prefix: str) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": quote((prefix + place.path).encode("utf-8", "replace"))}}
    if place.span is not None:
        span = place.span
        where["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return {"physicalLocation": where}


def _escape_message(text: str) -> str:
    """Escape a message string: braces, which would stand for arguments, are doubled (SARIF 2.1.0, 3.11.5)."""
    return text.encode("utf-8", "replace").decode().replace("{", "{{").replace("}", "}}")
