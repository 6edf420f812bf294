"""Compare two versions of the configuration, and find what the differences mean for open cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fujin_cli.core.calendar.working_calendar import NO_CALENDAR, WorkingCalendar
from fujin_cli.core.findings.finding import Finding, Place, TraceStep
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.core.versions.compare import Comparison, ComparisonReport, compare_workspaces
from fujin_cli.rules.change_findings import BREAKING, distinguishing_runs, findings_of_changes, trace_of_run
from fujin_cli.use_cases.revisions.read_versions import CheckedVersion
from fujin_cli.use_cases.session import Session

if TYPE_CHECKING:  # only a comparison with open cases imports them
    from fujin_cli.core.verify.case_prospects import CaseProspects
    from fujin_cli.core.versions.moved_deadlines import MovedDeadline

FAIL_ON = ("stuck", "breaking", "any")


def compare_versions(
    session: Session, root: Path | None, old: CheckedVersion, new: CheckedVersion, with_cases: bool
) -> ComparisonReport:
    """Compare two versions; ``with_cases`` also says what the new one means for every open case."""
    for version in (new, old):
        if root is not None and version.version.folder == root:
            session.checked = version.checked
    today = session.calendar.to_local(session.now).date() if root is not None else date.today()
    comparison = compare_workspaces(old.side.workspace, new.side.workspace, today, {*old.unfit, *new.unfit})
    failures = [*_report_uncompared_files(old), *_report_uncompared_files(new)]
    if with_cases:
        comparison, case_findings = _judge_open_cases(session, old, new, comparison)
        failures += case_findings
        failures += _report_damaged_volumes(session) if comparison.procedures else ()
    findings = [*failures, *findings_of_changes(comparison, old.side, new.side)]
    runs: dict[tuple[str, str], Sequence[TraceStep]] = {}
    for difference in comparison.procedures:
        for name, run, side in distinguishing_runs(difference, old.side, new.side):
            runs[difference.name, name] = trace_of_run(side, difference.name, run)
    calendar, files = _build_calendar(new.side.workspace), len(new.version.contents)
    return ComparisonReport(comparison, old.side, new.side, findings, runs, calendar, files)


def _build_calendar(workspace: Workspace) -> WorkingCalendar:
    """Build a version's calendar; one whose settings are invalid computes no deadline."""
    if workspace.calendar_data is not NO_CALENDAR:
        return workspace.build_calendar()
    from fujin_cli.core.calendar.unusable_calendar import OFFICE_HOURS, UnusableCalendar

    return UnusableCalendar(str(NO_CALENDAR["zone"]), OFFICE_HOURS)


def _report_uncompared_files(version: CheckedVersion) -> Iterator[Finding]:
    """Report the files that were not compared because of their errors."""
    for path, error in sorted(version.unfit.items()):
        yield Finding(
            "FJ609",
            "error",
            say(
                "{path} was not compared because it has errors in {version}; the first one: {message}",
                path=path,
                version=version.side.name,
                message=error.message,
            ),
            version.side.at(error.place),
            say("`fujin validate` says more"),
        )


def _judge_open_cases(
    session: Session, old: CheckedVersion, new: CheckedVersion, comparison: Comparison
) -> tuple[Comparison, list[Finding]]:
    """Add to a comparison what the new version means for every open case, and report the cases that it strands."""
    from fujin_cli.core.cases.outline import outline_of
    from fujin_cli.core.versions.case_impact import CaseJudge
    from fujin_cli.core.versions.moved_deadlines import find_moved_deadlines
    from fujin_cli.core.versions.stuck_cases import find_stuck_draining_cases
    from fujin_cli.rules.stuck_case_findings import findings_of_stuck_cases
    from fujin_cli.use_cases.list_cases import open_cases

    session.versions = {
        version.digest: version for side in (old.side, new.side) for version in side.workspace.procedures.values()
    }
    cases = list(open_cases(session, None))
    before, after = old.side.workspace, new.side.workspace
    prospects = _make_prospects(session, old, new, comparison)
    changed = {difference.name for difference in comparison.procedures if difference.kind == "changed"}
    verdicts = CaseJudge(after, session.calendar, session.now, prospects).judge_cases(cases, changed, session.version)
    stuck = findings_of_stuck_cases(find_stuck_draining_cases(cases, after.procedures, prospects), after)
    findings = [
        *(replace(finding, place=new.side.at(finding.place)) if finding.place.route else finding for finding in stuck),
        *_report_stranded_cases(session, old, new, [outline_of(case) for case in cases]),
    ]
    moved: list[MovedDeadline] = []
    if before.calendar_data != after.calendar_data:  # another calendar, other office hours or another time zone
        calendars = _build_calendar(before), _build_calendar(after)
        moved = find_moved_deadlines(cases, prospects.find_version, *calendars)
    comparison = replace(
        comparison, cases=tuple(verdicts), stranded=_list_stranded_ids(findings), deadlines=tuple(moved)
    )
    return comparison, findings


def _make_prospects(
    session: Session, old: CheckedVersion, new: CheckedVersion, comparison: Comparison
) -> CaseProspects:
    from fujin_cli.core.versions.sound_versions import SoundVersions
    from fujin_cli.use_cases.draining import make_prospects

    files = new.side.workspace.files
    unfit = {file.name for file in files if file.kind == "procedure" and file.path in new.unfit}
    sound = SoundVersions(comparison, old.side.workspace.procedures, new.side.workspace.procedures)
    return make_prospects(session, new.side.workspace, unfit, sound.is_sound)


def _list_stranded_ids(findings: Iterable[Finding]) -> tuple[str, ...]:
    """List the cases of findings about several cases, in order."""
    ids = {case for finding in findings for case in cast("Iterable[str]", finding.message.values["all"])}
    return tuple(sorted(ids))


def _report_stranded_cases(
    session: Session, old: CheckedVersion, new: CheckedVersion, rows: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    """Report the open cases on which somebody could act in the old version, and nobody can in the new one."""
    from fujin_cli.use_cases.stranded_cases import stranded_case_findings

    for finding in stranded_case_findings(session, new.side.workspace, "error", rows, old.side.workspace):
        yield replace(finding, place=new.side.at(finding.place)) if finding.place.route else finding


def _report_damaged_volumes(session: Session) -> Iterator[Finding]:
    """Say which volumes of the ledger are damaged, and which cases cannot be read: they were not judged."""
    for problem in session.ledger.problems():
        message = say("the open cases were not checked: {problem}", problem=problem.message)
        yield Finding("FJ609", "error", message, problem.place, say("`fujin ledger verify` says more"))
    for case, reason in session.unreadable_cases.items():
        message = say("{case} was not checked: {problem}", case=case, problem=reason)
        yield Finding("FJ609", "error", message, Place(case), say("`fujin ledger verify` says more"))


def fails(report: ComparisonReport, fail_on: str) -> bool:
    """Whether the comparison fails: on errors always, if ``breaking`` also on losses, if ``any`` on a difference."""
    if any(finding.severity == "error" for finding in report.findings):
        return True
    if fail_on == "breaking":
        return any(finding.code in BREAKING for finding in report.findings)
    return fail_on == "any" and not (report.comparison.is_same and not report.findings)
