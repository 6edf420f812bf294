"""What the fuzzer calls with bytes. Raising is the only way to fail: every mistake in a file has to be a finding."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fujin_cli.core.findings.finding import Finding
from fujin_cli.render.findings.github import findings_github
from fujin_cli.render.findings.junit import findings_junit
from fujin_cli.render.findings.sarif import findings_sarif
from fujin_cli.render.findings.text import findings_json, findings_text
from fujin_cli.rules.registry import rules
from fujin_cli.store.schema.check import check_shape
from fujin_cli.store.yaml.edits import Fixer
from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.store.yaml.stable_anchors import make_anchors
from fujin_cli.use_cases.fix import compute_fixes
from fujin_cli.use_cases.format_files import format_file
from fujin_cli.use_cases.suppressions import ignores_in
from fujin_cli.use_cases.validate import validate
from tests.support.golden_workspaces import TODAY, copy_base

_FOLDERS: dict[str, Path] = {}
# By its first letters a file takes the place of one of these; the others stay as they are.
PLACES = {
    b"procedure: o": "procedures/order.yaml",
    b"procedure": "procedures/errand.yaml",
    b"roster": "rosters/C1.yaml",
    b"committee": "committees/C1-environment.yaml",
    b"jurisdiction": "jurisdiction.yaml",
    b"menu": "menu.yaml",
    b"partners": "partners.yaml",
    b"workspace": "workspace.yaml",
    b"": "procedures/errand.yaml",
}
# Rules are imported when they are called; the fuzzer only sees into what is imported with it.
list(rules((1, 2, 3, 4, 5)))


def reading(data: bytes) -> None:
    """One file by itself: its tree, shape and comments, and a place inside the file for every finding."""
    source = read_yaml(data, "a.yaml")
    checked = check_shape(source)
    ignores_in(source)
    fixer = Fixer(lambda path: source)
    findings = [replace(entry, fix=fixer.locate_fix(entry.fix)) for entry in (*source.findings, *checked.findings)]
    json.dumps(findings_json(findings, 1))
    for finding in findings:
        within(finding, source.lines)


def judging(data: bytes) -> None:
    """The file among those of a small workspace, judged by every rule and shown."""
    place = next(place for start, place in PLACES.items() if data.startswith(start))
    path = _workspace() / "workflows" / place
    kept = path.read_bytes()
    try:
        path.write_bytes(data)
        found = validate(_workspace(), TODAY)
        findings_text(found.findings, found.sources, False, found.files)
        for finding in found.findings:
            within(finding, found.sources.get(finding.place.path, "").splitlines())
    finally:
        path.write_bytes(kept)


def mending(data: bytes) -> None:
    """The file laid out, which a second time changes nothing; then mended, guesses too, and shown in every format."""
    laid = format_file(data, "a.yaml")
    if not laid.skipped and format_file(laid.formatted.encode(), "a.yaml").changed:
        raise AssertionError("a file that was laid out is laid out differently")
    place = next(place for start, place in PLACES.items() if data.startswith(start))
    path = _workspace() / "workflows" / place
    kept = path.read_bytes()
    try:
        path.write_bytes(data)
        found = compute_fixes(_workspace(), TODAY, unsafe=True).remaining
        json.dumps(findings_sarif(found.findings, make_anchors(found.findings, found.sources), {}, "0"))
        findings_junit(found.findings, sorted(found.sources), ["error"])
        findings_github(found.findings, found.files)
    finally:
        path.write_bytes(kept)


def within(finding: Finding, lines: list[str]) -> None:
    """A finding has a place, and the place is one that the file has."""
    span = finding.place.span
    if span is None:
        return
    if not (1 <= span.line <= span.end_line <= len(lines) + 1 and span.column >= 1 and span.end_column >= 1):
        raise AssertionError(f"{finding.code} stands at {span} of a file with {len(lines)} lines")


def _workspace() -> Path:
    if "base" not in _FOLDERS:
        folder = Path(tempfile.mkdtemp(prefix="fujin-fuzz-workspace-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _FOLDERS["base"] = copy_base(folder)
    return _FOLDERS["base"]


TARGETS: dict[str, Callable[[bytes], None]] = {"reading": reading, "judging": judging, "mending": mending}
