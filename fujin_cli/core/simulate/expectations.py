"""Check a scenario: its lines can be carried out, and its expectations hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar, format_local_minute
from fujin_cli.core.cases.conditions import CaseFacts, condition_holds, list_failing_tests
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.due import find_available_branch
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.event_patterns import recipient_names
from fujin_cli.core.cases.moves import Move, list_moves
from fujin_cli.core.findings.finding import Finding, Place, Route
from fujin_cli.core.findings.refusals import ENDS_OTHERWISE, LINE_REFUSED, NOT_REFUSED, Refusal
from fujin_cli.core.model.effects import Tell
from fujin_cli.core.model.scenario_file import Scenario, compile_where
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.guarantee_expectations import check_guarantees, expects_guarantees_alone
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.simulate.scenario_place import explain_place
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.conditions import describe_test, describe_value
from fujin_cli.core.wording.labels import action_label, make_label, outcome_label, person_label, step_label

NOBODY = say("nobody")
NOTHING = say("nothing")


def check_scenario(
    workspace: Workspace, calendar: WorkingCalendar, scenario: Scenario, start: datetime | None = None
) -> list[Finding]:
    """Run a scenario, and list findings where it does not go as written. Its procedure must exist."""
    findings = check_run(prepare_run(workspace, calendar, scenario, start))
    return explain_place(workspace, scenario, findings)


def check_run(run: ScenarioRun) -> list[Finding]:
    """Carry out a prepared run, and list findings where it does not go as written."""
    scenario = run.scenario
    expected_code = scenario.then.text_at("refused")
    refused = _carry_out_lines(run)
    if refused is not None:
        refusal, route = refused
        if expected_code and scenario.then.tried is None:
            return list(_check_refusal_code(scenario, expected_code, refusal, route))
        if run.id and expects_guarantees_alone(run):
            return list(check_guarantees(run))
        return [_report_refused_line(scenario, run, refusal, route)]
    if expected_code and scenario.then.tried is None:
        help = say("all lines were executed; the case is at {step}", step=_current_step_label(run))
        return [_make_finding(scenario, NOT_REFUSED, say("nothing was refused"), ("then", "refused"), help)]
    findings = [
        finding for check in EXPECTATIONS for finding in check(run)
    ]  # before the final attempt, which may add an event
    return findings + list(_check_final_attempt(run, expected_code))


def _carry_out_lines(run: ScenarioRun) -> tuple[Refusal, Route] | None:
    """Open the case and carry out the lines; returns the first refusal with the route of its line."""
    route: Route = ("given",) if run.scenario.inputs or run.scenario.actor else ("procedure",)
    try:
        run.open_case()
        for line in run.scenario.lines:
            route = line.route
            run.carry_out_line(line)
    except Refusal as refusal:
        return refusal, route
    return None


def _make_finding(
    scenario: Scenario, code: str, message: LocalizedText, route: Route, help: LocalizedText | None = None
) -> Finding:
    # The route leads to the text of a line or expectation, else to its key.
    return Finding(code, "error", message, Place(scenario.path, route), help)


def _report_refused_line(scenario: Scenario, run: ScenarioRun, refusal: Refusal, route: Route) -> Finding:
    message = say("this was refused [{code}]: {reason}", code=refusal.code, reason=refusal.message)
    help = refusal.help
    if run.id:
        open_actions = [make_label(move.action.title, move.action.name) for move in _current_moves(run) if move.is_open]
        help = say(
            "the case is at {step}; open actions: {actions}",
            step=_current_step_label(run),
            actions=open_actions or NOTHING,
        )
    return _make_finding(scenario, LINE_REFUSED, message, route, help)


def _check_refusal_code(scenario: Scenario, expected_code: str, refusal: Refusal, route: Route) -> Iterator[Finding]:
    if expected_code not in ("any", refusal.code):
        message = say(
            "expected the refusal {expected}, got {code}: {reason}",
            expected=expected_code,
            code=refusal.code,
            reason=refusal.message,
        )
        yield _make_finding(scenario, ENDS_OTHERWISE, message, route)


def _check_final_attempt(run: ScenarioRun, expected_code: str | None) -> Iterator[Finding]:
    """Try the action of ``then`` after the run: it must be refused."""
    line, scenario = run.scenario.then.tried, run.scenario
    if line is None or expected_code is None:
        return
    before = run.case.step
    try:
        run.carry_out_line(line)
    except Refusal as refusal:
        yield from _check_refusal_code(scenario, expected_code, refusal, ("then", "refused"))
        return
    help = say("the case is now at {step}", step=_current_step_label(run))
    action = action_label(run.version, before, line.name)
    yield _make_finding(scenario, NOT_REFUSED, say("{action} was not refused", action=action), line.route, help)


def _current_step_label(run: ScenarioRun) -> object:
    """Name the step where the case is."""
    return step_label(run.version, run.case.step)


def _current_moves(run: ScenarioRun) -> list[Move]:
    return list_moves(run.version, run.case, run.sandbox.now, run.sandbox.calendar)


def _report_mismatch(run: ScenarioRun, key: str, expected: object, actual: object, name: str | None = None) -> Finding:
    route: Route = ("then", key) if name is None else ("then", key, name)
    message = say("expected: {expected}; actual: {found}", expected=expected, found=actual)
    return _make_finding(run.scenario, ENDS_OTHERWISE, message, route)


# one check for each kind of expectation


def _check_step_and_outcome(run: ScenarioRun) -> Iterator[Finding]:
    case, then = run.case, run.scenario.then
    step, not_at, outcome = then.text_at("step"), then.text_at("not_at"), then.text_at("outcome")
    if step is not None and case.step != step:
        yield _report_mismatch(run, "step", step_label(run.version, step), _current_step_label(run))
    if not_at is not None and case.step == not_at:
        yield _report_mismatch(
            run, "not_at", say("any step but {step}", step=_current_step_label(run)), _current_step_label(run)
        )
    if outcome is not None and case.outcome != outcome:
        actual = outcome_label(run.version, case.outcome) if case.outcome else say("a case that is still open")
        yield _report_mismatch(run, "outcome", outcome_label(run.version, outcome), actual)
    counts = then.names_at("counts_as")
    if counts is not None and set(counts) != set(case.counts_as):
        yield _report_mismatch(run, "counts_as", counts or NOTHING, case.counts_as or NOTHING)


def _check_conditions(run: ScenarioRun) -> Iterator[Finding]:
    condition = compile_where(run.scenario, run.version)
    facts = CaseFacts(run.case, run.version)
    if condition_holds(condition, facts):
        return
    for test in list_failing_tests(condition, facts):
        if test.kind in ("group", "case"):
            actual: object = [
                describe_value(outcome or "open", None) for outcome in facts.group_outcomes(test.name)
            ] or NOTHING
        elif test.kind == "field":
            actual = _format_value(run, test.name, facts.field_value(test.name))
        else:
            actual = say("this is not so")
        message = say("expected: {expected}; actual: {found}", expected=describe_test(test, run.version), found=actual)
        yield _make_finding(run.scenario, ENDS_OTHERWISE, message, test.route)


def _format_value(run: ScenarioRun, name: str, value: object) -> object:
    if value is None:
        return NOTHING
    field = run.version.fields.get(name)
    return value if isinstance(value, list) else describe_value(str(value), field) if field else str(value)


def _check_notifications(run: ScenarioRun) -> Iterator[Finding]:
    then, events = run.scenario.then, run.case.events
    for key, tells, among in (
        ("told", then.told, events),
        ("just_told", then.just_told, events[run.events_before_last_line :]),
    ):
        for tell in tells:
            if not _was_told(run, among, tell):
                person = person_label(run.version, tell.to)
                expectation = say("{name} is told {kind}", name=person, kind=tell.kind) if tell.kind else person
                kinds = dict.fromkeys(kind for event in among for kind in _notification_kinds_for(run, event, tell.to))
                actual = say("told: {kinds}", kinds=list(kinds)) if kinds else say("nothing was told")
                yield _report_mismatch(run, key, expectation, actual, tell.to)
    for tell in then.not_told:
        if _was_told(run, events, tell):
            person = person_label(run.version, tell.to)
            yield _report_mismatch(run, "not_told", say("nothing told"), say("{name} was told", name=person), tell.to)


def _was_told(run: ScenarioRun, events: Sequence[Event], tell: Tell) -> bool:
    return any(tell.kind in ("", kind) for event in events for kind in _notification_kinds_for(run, event, tell.to))


def _notification_kinds_for(run: ScenarioRun, event: Event, name: str) -> list[str]:
    return [
        str(notification["kind"])
        for notification in event.tells
        if name in recipient_names(notification["to"], run.version)
    ]


def _check_published(run: ScenarioRun) -> Iterator[Finding]:
    published = [name for event in run.case.events for name in event.data.get("publish", ())]
    for name in run.scenario.then.names_at("published") or ():
        if name not in published:
            yield _report_mismatch(run, "published", name, published or NOTHING, name)


def _check_committees(run: ScenarioRun) -> Iterator[Finding]:
    """Check that every case of a group, replaced ones included, went to the expected committee."""
    for group, expected in (run.scenario.then.tree.get("committees") or {}).items():
        cases = [run.sandbox.replay_case(child.case) for child in run.case.children if child.group == group]
        committees = dict.fromkeys(case.committee or case.community for case in cases)
        if list(committees) != [expected]:
            yield _report_mismatch(run, "committees", expected, list(committees) or NOTHING, group)


def _check_open_actions(run: ScenarioRun) -> Iterator[Finding]:
    listed = {move.action.name: move for move in _current_moves(run)}
    for key, is_expected_open in (("open", True), ("closed", False)):
        for name in run.scenario.then.names_at(key) or ():
            move = listed.get(name)
            action = action_label(run.version, run.case.step, name)
            if (move is not None and move.is_open) == is_expected_open:
                continue
            if is_expected_open:
                reason = (
                    move.refusal.message
                    if move and move.refusal
                    else say("no such action at {step}", step=_current_step_label(run))
                )
                yield _report_mismatch(run, key, say("{action} is open", action=action), reason, name)
            else:
                yield _report_mismatch(run, key, say("{action} is closed", action=action), say("it is open"), name)


def _check_due_time(run: ScenarioRun) -> Iterator[Finding]:
    expected = run.scenario.then.text_at("due")
    if expected is not None:
        due = Deadlines(run.case, run.version, run.sandbox.calendar).due_time()
        if due is None or due != run.sandbox.calendar.parse_moment(expected):
            yield _report_mismatch(
                run, "due", expected, format_local_minute(run.sandbox.calendar, due) if due else NOTHING
            )


def _check_overdue_and_stuck(run: ScenarioRun) -> Iterator[Finding]:
    overdue = run.scenario.then.text_at("overdue")
    late = Deadlines(run.case, run.version, run.sandbox.calendar).is_overdue(run.sandbox.now)
    if overdue is not None and late != _is_yes(overdue):
        words = (say("a case that is not overdue"), say("a case that is overdue"))
        yield _report_mismatch(run, "overdue", words[not late], words[late])
    stuck = run.scenario.then.text_at("stuck")
    stands_still = stuck is not None and is_stuck(run)
    if stuck is not None and stands_still != _is_yes(stuck):
        words = (say("a case that is not stuck"), say("a case that is stuck"))
        yield _report_mismatch(run, "stuck", words[not stands_still], words[stands_still])


def is_stuck(run: ScenarioRun) -> bool:
    """Whether no action, awaited case, deadline or period can take the case to another step, and it has not ended."""
    case, step = run.case, run.version.steps[run.case.step]
    if case.has_ended or case.joined_to or any(child.outcome is None for child in case.children):
        return False
    if any(move.is_open and move.to not in (None, case.step) for move in _current_moves(run)):
        return False
    if step.lasts and not case.time_up:
        return False
    branches = (find_available_branch(run.version, case, rung) for rung in step.ladder if rung.to)
    return not any(branch and branch.target for branch in branches)


def _is_yes(text: str) -> bool:
    return text in ("yes", "true")


EXPECTATIONS: tuple[Callable[[ScenarioRun], Iterator[Finding]], ...] = (
    _check_step_and_outcome,
    _check_conditions,
    _check_notifications,
    _check_published,
    _check_committees,
    _check_open_actions,
    _check_due_time,
    _check_overdue_and_stuck,
    check_guarantees,
)
