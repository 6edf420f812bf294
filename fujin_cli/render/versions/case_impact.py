"""Show what becomes of open cases; cases with the same fate are grouped, so that hundreds can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, localize_value, say, say_count
from fujin_cli.core.versions.compare import CaseVerdict, ComparisonReport
from fujin_cli.core.versions.moved_deadlines import MovedDeadline
from fujin_cli.render.basics.moments import format_moment
from fujin_cli.render.versions.page_parts import Item, step_title_with_id

MOST_DEADLINES = 50  # JSON has all of them, too
MOST_IDS = 12  # JSON has all of them
_ORDER = {"stuck": 0, "incomplete": 1, "mapped": 2, "safe": 3}
_OF_CASES = ("FJ601", "FJ602")


def group_case_findings(report: ComparisonReport) -> Iterator[Finding]:
    """Merge findings that say the same of several cases at one step."""
    cases = {case.case: case for case in report.comparison.cases or ()}
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(report.findings):
        case = cases.get(finding.place.path)
        alike = finding.code in _OF_CASES and case is not None
        key = (finding.code, *_fate_key(case)) if alike and case is not None else number
        groups.setdefault(key, []).append(finding)
    for group in groups.values():
        first = group[0]
        if len(group) == 1:
            yield first
            continue
        case = cases[first.place.path]
        step = step_title_with_id(_old_procedure(report, case), case.step)
        cases_at_step = say_count(
            "{count} open case at {step}", "{count} open cases at {step}", count=len(group), step=step
        )
        message = LocalizedText(first.message.text, {**first.message.values, "case": cases_at_step})
        yield Finding(first.code, first.severity, message, first.place, first.help)


def case_items(report: ComparisonReport, cases: Sequence[CaseVerdict]) -> Iterator[Item]:
    """List the cases, the worst first; those with the same fate in one item with their ids."""
    groups: dict[object, list[CaseVerdict]] = {}
    for case in sorted(cases, key=lambda case: _ORDER[case.verdict]):
        groups.setdefault(_fate_key(case), []).append(case)
    for group in groups.values():
        ids = [case.case for case in group]
        below = list(_reason_and_obligations(group[0]))
        if len(group) > 1:
            listed = localize_value(ids[:MOST_IDS])
            more = say("{ids} and {count} more; --json lists all", ids=listed, count=len(ids) - MOST_IDS)
            below.append(str(more) if len(ids) > MOST_IDS else listed)
        named = ids[0] if len(ids) == 1 else str(say_count("{count} case", "{count} cases", count=len(ids)))
        yield Item(str(_describe_cases(group, named, report)), tuple(below))


def _fate_key(case: CaseVerdict) -> tuple[object, ...]:
    reason = None if case.reason is None else str(case.reason)
    return case.procedure, case.verdict, case.step, case.target, reason, case.at, case.migration, case.owes


def _old_procedure(report: ComparisonReport, case: CaseVerdict) -> Procedure | None:
    old, new = (side.workspace.procedures.get(case.procedure) for side in (report.old, report.new))
    return old or new


def _describe_cases(group: Sequence[CaseVerdict], named: str, report: ComparisonReport) -> LocalizedText:
    case = group[0]
    version = report.new.workspace.procedures.get(case.procedure)
    times = [each.due for each in group if each.due is not None]
    due: object = format_moment(min(times), report.calendar) if times else "—"
    if len(set(times)) > 1:
        due = say("{moment} at the earliest", moment=due)
    step, target = step_title_with_id(_old_procedure(report, case), case.step), step_title_with_id(version, case.target)
    values = {"case": named, "step": step, "target": target, "due": due}
    match case.verdict:
        case "safe" if case.step == case.target:
            return say("{case}: safe, stays at {step}, due {due}", **values)
        case "safe":
            return say("{case}: safe, {step} → {target}, due {due}", **values)
        case "mapped":
            moved = {**values, "migration": case.migration}
            return say("{case}: moved by {migration}, {step} → {target}, due {due}", **moved)
        case "incomplete":
            return say("{case}: cannot complete, {step} → {target}", **values)
    return say("{case}: stuck at {step}", **values)


def _reason_and_obligations(case: CaseVerdict) -> Iterable[str]:
    if case.reason is not None and case.verdict != "safe":
        yield str(say("event {number}: {reason}", number=case.at, reason=case.reason)) if case.at else str(case.reason)
    if case.owes:
        yield str(say("guarantees still pending: {guarantees}", guarantees=localize_value(case.owes)))


def deadline_items(report: ComparisonReport, moved: Sequence[MovedDeadline]) -> Iterator[Item]:
    """List the open cases whose deadlines move, from when to when."""
    for deadline in moved[:MOST_DEADLINES]:
        old, new = (side.workspace.procedures.get(deadline.procedure) for side in (report.old, report.new))
        values = {
            "case": deadline.case,
            "step": step_title_with_id(old or new, deadline.step),
            "before": _moment_or_none(deadline.before, report),
            "after": _moment_or_none(deadline.after, report),
        }
        yield Item(str(say("{case} at {step}: {before} → {after}", **values)))
    if len(moved) > MOST_DEADLINES:
        yield Item(str(say("and {count} more; --json lists all", count=len(moved) - MOST_DEADLINES)))


def _moment_or_none(moment: datetime | None, report: ComparisonReport) -> object:
    return format_moment(moment, report.calendar) if moment else say("no deadline")
