"""Whether a scenario holds: its lines can be carried out, and what it expects is what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar, local_minute
from fujin_cli.core.cases.conditions import CaseFacts, failing, holds
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.due import open_branch
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.event_patterns import recipient_names
from fujin_cli.core.cases.moves import Move, moves
from fujin_cli.core.findings.finding import Finding, Place, Route
from fujin_cli.core.findings.refusals import ENDS_OTHERWISE, LINE_REFUSED, NOT_REFUSED, Refusal
from fujin_cli.core.model.effects import Tell
from fujin_cli.core.model.scenario_file import Scenario, condition_of
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.scenario import Run, run_of
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.wording.conditions import describe, value_words
from fujin_cli.core.wording.labels import action_label, label, outcome_label, person_label, step_label

NOBODY = say("nobody")
NOTHING = say("nothing")


def check_scenario(
    workspace: Workspace, calendar: WorkingCalendar, scenario: Scenario, start: datetime | None = None
) -> list[Finding]:
    """What does not go as the scenario says; nothing where it holds. The procedure must be there."""
    return check_run(run_of(workspace, calendar, scenario, start))


def check_run(run: Run) -> list[Finding]:
    """The same for a run that has not begun."""
    scenario = run.scenario
    wanted = scenario.then.text("refused")
    refused = _drive(run)
    if refused is not None:
        refusal, route = refused
        if wanted and scenario.then.tried is None:
            return list(_as_wanted(scenario, wanted, refusal, route))
        return [_line_refused(scenario, run, refusal, route)]
    if wanted and scenario.then.tried is None:
        here = say("every line was carried out; the case is at {step}", step=_at(run))
        return [_finding(scenario, NOT_REFUSED, say("nothing was refused"), ("then", "refused"), here)]
    findings = [entry for check in CHECKS for entry in check(run)]  # before the last try, which may leave an event
    return findings + list(_tried(run, wanted))


def _drive(run: Run) -> tuple[Refusal, Route] | None:
    """Open the case and carry out the lines; the first refusal with the route of its line."""
    route: Route = ("given",) if run.scenario.inputs or run.scenario.actor else ("procedure",)
    try:
        run.open()
        for line in run.scenario.lines:
            route = line.route
            run.take(line)
    except Refusal as refusal:
        return refusal, route
    return None


def _finding(
    scenario: Scenario, code: str, message: LocalizedText, route: Route, help: LocalizedText | None = None
) -> Finding:
    # A line or an expectation is shown by what it says where that is a text, else by its key.
    return Finding(code, "error", message, Place(scenario.path, route), help)


def _line_refused(scenario: Scenario, run: Run, refusal: Refusal, route: Route) -> Finding:
    message = say("this was refused [{code}]: {reason}", code=refusal.code, reason=refusal.message)
    help = refusal.help
    if run.id:
        here = [label(move.action.title, move.action.name) for move in _moves(run) if move.open]
        help = say("the case is at {step}; open there: {actions}", step=_at(run), actions=here or NOTHING)
    return _finding(scenario, LINE_REFUSED, message, route, help)


def _as_wanted(scenario: Scenario, wanted: str, refusal: Refusal, route: Route) -> Iterator[Finding]:
    if wanted not in ("any", refusal.code):
        message = say(
            "expected {expected}, and it was refused with {code}: {reason}",
            expected=wanted,
            code=refusal.code,
            reason=refusal.message,
        )
        yield _finding(scenario, ENDS_OTHERWISE, message, route)


def _tried(run: Run, wanted: str | None) -> Iterator[Finding]:
    """``action`` is tried after the run and has to be refused."""
    line, scenario = run.scenario.then.tried, run.scenario
    if line is None or wanted is None:
        return
    before = run.case.step
    try:
        run.take(line)
    except Refusal as refusal:
        yield from _as_wanted(scenario, wanted, refusal, ("then", "refused"))
        return
    here = say("the case is at {step} now", step=_at(run))
    action = action_label(run.version, before, line.name)
    yield _finding(scenario, NOT_REFUSED, say("{action} was not refused", action=action), line.route, here)


def _at(run: Run) -> object:
    """The step where the case is."""
    return step_label(run.version, run.case.step)


def _moves(run: Run) -> list[Move]:
    return moves(run.version, run.case, run.sandbox.now, run.sandbox.calendar)


def _otherwise(run: Run, key: str, expected: object, found: object, name: str | None = None) -> Finding:
    route: Route = ("then", key) if name is None else ("then", key, name)
    message = say("expected {expected}, found {found}", expected=expected, found=found)
    return _finding(run.scenario, ENDS_OTHERWISE, message, route)


# what can be expected


def _place(run: Run) -> Iterator[Finding]:
    case, then = run.case, run.scenario.then
    step, not_at, outcome = then.text("step"), then.text("not_at"), then.text("outcome")
    if step is not None and case.step != step:
        yield _otherwise(run, "step", step_label(run.version, step), _at(run))
    if not_at is not None and case.step == not_at:
        yield _otherwise(run, "not_at", say("another step than {step}", step=_at(run)), _at(run))
    if outcome is not None and case.outcome != outcome:
        found = outcome_label(run.version, case.outcome) if case.outcome else say("a case that is still open")
        yield _otherwise(run, "outcome", outcome_label(run.version, outcome), found)
    counts = then.names("counts_as")
    if counts is not None and set(counts) != set(case.counts_as):
        yield _otherwise(run, "counts_as", counts or NOTHING, case.counts_as or NOTHING)


def _facts(run: Run) -> Iterator[Finding]:
    condition = condition_of(run.scenario, run.version)
    facts = CaseFacts(run.case, run.version)
    if holds(condition, facts):
        return
    for test in failing(condition, facts):
        if test.kind in ("group", "case"):
            found: object = [value_words(outcome or "open", None) for outcome in facts.outcomes(test.name)] or NOTHING
        elif test.kind == "field":
            found = _value(run, test.name, facts.value(test.name))
        else:
            found = say("it does not hold")
        message = say("expected {expected}, found {found}", expected=describe(test, run.version), found=found)
        yield _finding(run.scenario, ENDS_OTHERWISE, message, test.route)


def _value(run: Run, name: str, value: object) -> object:
    if value is None:
        return NOTHING
    field = run.version.fields.get(name)
    return value if isinstance(value, list) else value_words(str(value), field) if field else str(value)


def _told(run: Run) -> Iterator[Finding]:
    then, events = run.scenario.then, run.case.events
    for key, tells, among in (("told", then.told, events), ("just_told", then.just_told, events[run.before_last :])):
        for tell in tells:
            if not _was_told(run, among, tell):
                who = person_label(run.version, tell.to)
                what = say("{name} is told {kind}", name=who, kind=tell.kind) if tell.kind else who
                kinds = dict.fromkeys(kind for event in among for kind in _kinds_for(run, event, tell.to))
                found = say("told: {kinds}", kinds=list(kinds)) if kinds else say("nothing was told")
                yield _otherwise(run, key, what, found, tell.to)
    for tell in then.not_told:
        if _was_told(run, events, tell):
            who = person_label(run.version, tell.to)
            yield _otherwise(run, "not_told", say("nothing told"), say("{name} was told", name=who), tell.to)


def _was_told(run: Run, events: Sequence[Event], tell: Tell) -> bool:
    return any(tell.kind in ("", kind) for event in events for kind in _kinds_for(run, event, tell.to))


def _kinds_for(run: Run, event: Event, name: str) -> list[str]:
    return [str(entry["kind"]) for entry in event.tells if name in recipient_names(entry["to"], run.version)]


def _published(run: Run) -> Iterator[Finding]:
    found = [name for event in run.case.events for name in event.data.get("publish", ())]
    for name in run.scenario.then.names("published") or ():
        if name not in found:
            yield _otherwise(run, "published", name, found or NOTHING, name)


def _actions(run: Run) -> Iterator[Finding]:
    listed = {move.action.name: move for move in _moves(run)}
    for key, wanted in (("open", True), ("closed", False)):
        for name in run.scenario.then.names(key) or ():
            move = listed.get(name)
            action = action_label(run.version, run.case.step, name)
            if (move is not None and move.open) == wanted:
                continue
            if wanted:
                reason = (
                    move.refusal.message if move and move.refusal else say("no such action at {step}", step=_at(run))
                )
                yield _otherwise(run, key, say("{action} can be done", action=action), reason, name)
            else:
                yield _otherwise(run, key, say("{action} cannot be done", action=action), say("it can"), name)


def _due(run: Run) -> Iterator[Finding]:
    wanted = run.scenario.then.text("due")
    if wanted is not None:
        due = Deadlines(run.case, run.version, run.sandbox.calendar).due()
        if due is None or due != run.sandbox.calendar.parse_moment(wanted):
            yield _otherwise(run, "due", wanted, local_minute(run.sandbox.calendar, due) if due else NOTHING)


def _time(run: Run) -> Iterator[Finding]:
    overdue = run.scenario.then.text("overdue")
    late = Deadlines(run.case, run.version, run.sandbox.calendar).overdue(run.sandbox.now)
    if overdue is not None and late != _yes(overdue):
        words = (say("a case that is not overdue"), say("a case that is overdue"))
        yield _otherwise(run, "overdue", words[not late], words[late])
    stuck = run.scenario.then.text("stuck")
    found = stuck is not None and _is_stuck(run)
    if stuck is not None and found != _yes(stuck):
        words = (say("a case that can go on"), say("a case that is stuck"))
        yield _otherwise(run, "stuck", words[not found], words[found])


def _is_stuck(run: Run) -> bool:
    """No end, nobody can take the case elsewhere, no other case is awaited, and no deadline or period moves it."""
    case, step = run.case, run.version.steps[run.case.step]
    if case.ended or case.joined_to or any(child.outcome is None for child in case.children):
        return False
    if any(move.open and move.to not in (None, case.step) for move in _moves(run)):
        return False
    if step.lasts and not case.time_up:
        return False
    branches = (open_branch(run.version, case, rung) for rung in step.ladder if rung.to)
    return not any(branch and branch.target for branch in branches)


def _yes(text: str) -> bool:
    return text in ("yes", "true")


CHECKS: tuple[Callable[[Run], Iterator[Finding]], ...] = (_place, _facts, _told, _published, _actions, _due, _time)
