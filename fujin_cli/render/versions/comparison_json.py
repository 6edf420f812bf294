"""Write a comparison as JSON (docs/reference/json.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fujin_cli.core.findings.finding import Place, TraceStep
from fujin_cli.core.versions.changes import Change
from fujin_cli.core.versions.compare import CaseVerdict, ComparisonReport, ProcedureDifference, Side
from fujin_cli.core.versions.moved_deadlines import MovedDeadline
from fujin_cli.render.basics.moments import format_iso
from fujin_cli.render.findings.text import finding_json


def comparison_json(report: ComparisonReport, commits: tuple[str, str]) -> dict[str, Any]:
    """Write the comparison, version 1. ``commits`` are those of the two sides, empty for folders."""
    comparison = report.comparison
    return {
        "version": 1,
        "old": {"name": report.old.name, "commit": commits[0] or None},
        "new": {"name": report.new.name, "commit": commits[1] or None},
        "same": comparison.is_same and not report.findings,
        "findings": [finding_json(finding) for finding in report.findings],
        "procedures": [_difference_json(difference, report) for difference in comparison.procedures],
        "organisation": [_change_json(change, report) for change in comparison.organisation],
        "files": [_change_json(change, report) for change in comparison.files],
        "cases": None if comparison.cases is None else [_case_verdict_json(case, report) for case in comparison.cases],
        "deadlines": [_moved_deadline_json(moved, report) for moved in comparison.deadlines],
        "stranded": [*comparison.stranded],
    }


_RUNS = ("allowed", "forbidden", "more", "fewer")


def _difference_json(difference: ProcedureDifference, report: ComparisonReport) -> dict[str, Any]:
    runs = difference.behaviour
    return {
        "procedure": difference.name,
        "kind": difference.kind,
        "old_law": difference.old.digest if difference.old else None,
        "new_law": difference.new.digest if difference.new else None,
        "explored": difference.explored and (runs is None or runs.is_complete),
        "changes": [_change_json(change, report) for change in difference.changes],
        "guarantees": [
            {"guarantee": fate.name, "fate": fate.fate, "declared": fate.declared} for fate in difference.guarantees
        ],
        **{which: _run_json(report.runs.get((difference.name, which))) for which in _RUNS},
        "settings": {which: dict(getattr(runs, which).settings) for which in _RUNS if getattr(runs, which, None)},
        "steps": [
            {"step": verdict.step, "verdict": verdict.verdict, "targets": list(verdict.targets)}
            for verdict in (runs.steps if runs and difference.kind == "changed" else ())
        ],
    }


def _run_json(run: Sequence[TraceStep] | None) -> list[dict[str, Any]] | None:
    if run is None:
        return None
    return [{"text": str(step.text), **_place_json(step.place)} for step in run]


def _change_json(change: Change, report: ComparisonReport) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "part": change.part,
        "name": change.name,
        "was": change.was,
        "old": _side_place_json(report.old, change.old_place),
        "new": _side_place_json(report.new, change.new_place),
        "details": [
            {
                "key": detail.key,
                "old": detail.old,
                "new": detail.new,
                "old_place": _side_place_json(report.old, detail.old_place),
                "new_place": _side_place_json(report.new, detail.new_place),
            }
            for detail in change.details
        ],
    }


def _side_place_json(side: Side, place: Place | None) -> dict[str, Any] | None:
    return None if place is None else _place_json(side.at(place))


def _place_json(place: Place | None) -> dict[str, Any]:
    span = place.span if place else None
    return {
        "path": place.path if place else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
    }


def _moved_deadline_json(moved: MovedDeadline, report: ComparisonReport) -> dict[str, Any]:
    return {
        "case": moved.case,
        "procedure": moved.procedure,
        "step": moved.step,
        "before": format_iso(moved.before, report.calendar),
        "after": format_iso(moved.after, report.calendar),
    }


def _case_verdict_json(case: CaseVerdict, report: ComparisonReport) -> dict[str, Any]:
    return {
        "case": case.case,
        "procedure": case.procedure,
        "law": case.version,
        "step": case.step,
        "verdict": case.verdict,
        "target": case.target,
        "due": format_iso(case.due, report.calendar),
        "owes": list(case.owes),
        "reason": None if case.reason is None else str(case.reason),
        "event": case.at,
        "migration": case.migration,
    }
