"""Compare two versions of the configuration, and find what the differences mean for open cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from fujin_cli.core.findings.finding import Finding, Place, TraceStep, faulty_paths, must_exclude_file
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.case_prospects import CaseProspects
from fujin_cli.core.versions.compare import Comparison, ComparisonReport, Side, compare_workspaces
from fujin_cli.core.versions.moved_deadlines import MovedDeadline
from fujin_cli.rules.change_findings import BREAKING, distinguishing_runs, findings_of_changes, trace_of_run
from fujin_cli.store.workspace.load import NoWorkspace
from fujin_cli.store.workspace.revisions import NoSuchRevision, Unreadable, Version, merge_base, version_at, work_tree
from fujin_cli.use_cases.session import Session, WrongUsage
from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, CheckedFiles, check_contents, validation_result

FAIL_ON = ("stuck", "breaking", "any")
_UNREADABLE = "0"  # the family of findings about unreadable files


@dataclass(frozen=True, slots=True)
class RevisionPair:
    """The names of two versions: folders or git revisions. Without ``new``, the workspace as it is on disk.

    With ``since_merge_base``, the old version is the one where ``new`` branched off ``old`` (git's ``old...new``).
    """

    old: str
    new: str | None
    since_merge_base: bool = False


@dataclass(frozen=True, slots=True)
class CheckedVersion:
    """One version, parsed and checked once. ``unfit`` has the first error of each file that cannot be compared."""

    version: Version
    checked: CheckedFiles
    unfit: dict[str, Finding]
    side: Side


def workspace_root(session: Session) -> Path | None:
    """Find the folder of the workspace; None outside one. Raises NoWorkspace where ``--workspace`` names none."""
    try:
        return session.root
    except NoWorkspace:
        if session.folder is not None:
            raise
        return None


def read_old(revisions: RevisionPair, root: Path | None) -> CheckedVersion | Finding:
    """Read and check the old version; a finding where it cannot be read. Raises WrongUsage."""
    try:
        if revisions.since_merge_base:
            return _check(merge_base(revisions.old, revisions.new or "HEAD", root))
        return _check(version_at(revisions.old, root, Path.cwd()))
    except Unreadable as problem:
        return make_unreadable_finding(problem, revisions.old)


def read_new(revisions: RevisionPair, root: Path | None) -> CheckedVersion | Finding:
    """Read and check the new version; a finding where it cannot be read. Raises WrongUsage."""
    try:
        if revisions.new is not None:
            return _check(version_at(revisions.new, root, Path.cwd()))
        if root is None:
            raise NoSuchRevision(say("there is no workspace here to compare with"), say("give two folders"))
        return _check(work_tree(root))
    except Unreadable as problem:
        return make_unreadable_finding(problem, revisions.new or str(say("work tree")))


def make_unreadable_finding(problem: Unreadable, name: str) -> Finding:
    """Make the finding for a version that cannot be read. Raises WrongUsage where there is no such version."""
    if isinstance(problem, NoSuchRevision):
        raise WrongUsage(problem.message, problem.help) from None
    return Finding("FJ609", "error", problem.message, Place(name), problem.help)


def _check(version: Version) -> CheckedVersion:
    """Parse and check a version."""
    checked = check_contents(version.contents, date.max, FIT_TO_WORK_WITH)
    folder = "" if version.name in ("", ".") else f"{version.name.rstrip('/')}/"
    prefix = f"{version.name}:" if version.commit else folder
    title = version.name or str(say("work tree"))
    if version.about is not None:
        title = str(say("{name} ({about})", name=title, about=version.about))

    def locate(place: Place) -> Place:
        located = checked.files.placed(place)
        return replace(located, path=f"{prefix}{located.path}")

    return CheckedVersion(version, checked, _find_unfit_files(checked), Side(title, checked.files.workspace, locate))


def _find_unfit_files(checked: CheckedFiles) -> dict[str, Finding]:
    """Find the files with errors that keep them from being compared, with the first error of each.

    Runs of a procedure can only be compared where it has no error; of other files, the parts that can be read are
    compared.
    """
    procedures = {file.path for file in checked.files.workspace.files if file.kind == "procedure"}
    first_errors: dict[str, Finding] = {}
    for finding in validation_result(checked).findings:
        for path in faulty_paths(finding) if must_exclude_file(finding) else ():
            if path in procedures or finding.code[2] == _UNREADABLE:
                first_errors.setdefault(path, finding)
    return first_errors


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
    return ComparisonReport(comparison, old.side, new.side, findings, runs, new.side.workspace.build_calendar())


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
        calendars = before.build_calendar(), after.build_calendar()
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
    """Say which volumes of the ledger are damaged: cases there were not judged."""
    for problem in session.ledger.problems():
        message = say("the open cases were not checked: {problem}", problem=problem.message)
        yield Finding("FJ609", "error", message, problem.place, say("`fujin ledger verify` says more"))


def fails(report: ComparisonReport, fail_on: str) -> bool:
    """Whether the comparison fails: on errors always, if ``breaking`` also on losses, if ``any`` on a difference."""
    if any(finding.severity == "error" for finding in report.findings):
        return True
    if fail_on == "breaking":
        return any(finding.code in BREAKING for finding in report.findings)
    return fail_on == "any" and not (report.comparison.is_same and not report.findings)
