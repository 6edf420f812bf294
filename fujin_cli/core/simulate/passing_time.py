"""Let time pass for the lines of a scenario: until a rung, the end of a period, or as long as a duration says."""

from __future__ import annotations

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.timers import tick
from fujin_cli.core.findings.refusals import NOTHING_SUCH, Refusal
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.core.text.localized import say
from fujin_cli.core.wording.labels import step_label
from fujin_cli.core.wording.rungs import describe_rung_time


def wait_for_rung(sandbox: Sandbox, id: str, number: str, late: bool = False) -> None:
    """Let time pass until a rung of the case's step happens. Raises Refusal where it does not.

    ``late``: the sweep comes at the deadline and not before, so that a reminder tells nobody.
    """
    case = sandbox.replay_case(id)
    version = sandbox.version_of_case(case)
    rung = _require_rung(sandbox, case, number)
    deadlines = Deadlines(case, version, sandbox.calendar)
    at, deadline = deadlines.rung_time(rung), deadlines.step_deadline()
    if at is not None and rung.index not in case.fired:
        if late and deadline is not None:
            sandbox.now = max(deadline, sandbox.now)
            sandbox.run_operation(lambda operation: tick(operation, id))
        else:
            sandbox.wait_until(max(at, sandbox.now))
    if sandbox.replay_case(id).counts.get(rung.rule, 0) == case.counts.get(rung.rule, 0):
        when = describe_rung_time(version, rung, case.settings)
        step = step_label(version, case.step)
        reason = say("nothing happens at {step} {when} (ladder: {number})", step=step, when=when, number=number)
        raise Refusal(NOTHING_SUCH, reason)


def _require_rung(sandbox: Sandbox, case: Case, number: str) -> Rung:
    version = sandbox.version_of_case(case)
    ladder = version.steps[case.step].ladder
    if not number.isdigit() or not 1 <= int(number) <= len(ladder):
        step = step_label(version, case.step)
        raise Refusal(NOTHING_SUCH, say("{step} has no rung {number} on its ladder", step=step, number=number))
    return ladder[int(number) - 1]


def wait_for_period_end(sandbox: Sandbox, id: str) -> None:
    """Let time pass until the period of the case's step is over. Raises Refusal where it has none."""
    case = sandbox.replay_case(id)
    version = sandbox.version_of_case(case)
    ends = Deadlines(case, version, sandbox.calendar).step_deadline() if version.steps[case.step].lasts else None
    if ends is None or case.time_up:
        step = step_label(version, case.step)
        raise Refusal(NOTHING_SUCH, say("{step} has no period that can end", step=step))
    sandbox.wait_until(max(ends, sandbox.now))


def wait_for_duration(sandbox: Sandbox, id: str, text: str) -> None:
    """Let a duration pass, or that of a setting of the case. Raises Refusal."""
    try:
        duration = parse_duration(sandbox.replay_case(id).resolve_setting(text))
        until = sandbox.calendar.add_duration(sandbox.now, duration)
    except ValueError:
        raise Refusal(NOTHING_SUCH, say("{text} is not a duration", text=text)) from None
    except NotCovered as missing:
        raise Refusal(NOTHING_SUCH, missing.args[0]) from None
    sandbox.wait_until(until)
