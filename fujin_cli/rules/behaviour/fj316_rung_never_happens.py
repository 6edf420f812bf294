"""
# FJ316 · A rung that never happens

A rung that stands behind one that always moves the case is never reached: the case has left the step by then. A
reminder that falls due before the case can have come to the step is left out every time. Whoever reads the file
believes that somebody is told.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    ladder:
      - {at: deadline, tell: [helper, clerk]}
      - {after: 1 working day, raise: street}
      - {after: 5 working days, to: refused}
      - {after: 6 working days, tell: [clerk]}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    ladder:
      - {at: deadline, tell: [helper, clerk]}
      - {after: 1 working day, raise: street}
      - {after: 4 working days, tell: [clerk]}
      - {after: 5 working days, to: refused}
```

To fix it, remove the rung or give it a time at which the case is at the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar
from fujin_cli.core.explore.abstraction import can_be_paused
from fujin_cli.core.explore.duration_bounds import OfficeHours
from fujin_cli.core.explore.ladder_order import is_surely_before
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.model.values import resolve_highest_value, resolve_lowest_value
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ316"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures, the calendar and nothing else
DAYS = 7  # of which arrivals are tried; a reminder that fits any of them is no finding
HOURS = (0, 9, 15)


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every rung behind one that always moves the case, and every reminder that is due before the arrival."""
    calendar = context.workspace.build_calendar()
    first_day = datetime(max(calendar.years or {2024}), 3, 1, tzinfo=UTC)  # an ordinary week of a covered year
    for source in procedure_sources(context.workspace):
        hours = None if can_be_paused(source.procedure) else calendar.office_hours
        for step in source.procedure.steps.values():
            for rung in step.ladder:
                mover = _find_earlier_mover(source.procedure, step, rung, hours)
                if mover is not None:
                    yield _overtaken_finding(source, rung, mover)
                elif rung.is_reminder and _is_always_too_early(source.procedure, step, rung, calendar, first_day):
                    yield _early_finding(source, step, rung)


def _find_earlier_mover(version: Procedure, step: Step, rung: Rung, hours: OfficeHours | None) -> Rung | None:
    """Find a rung that surely comes first and surely moves the case.

    One that leads to an end waits while child cases are open, so with child cases it is not sure.
    """
    for mover in step.ladder:
        lasting = mover.limit is None or mover.then is not None
        if mover.to is None or not lasting or not is_surely_before(mover, rung, hours):
            continue
        targets = [mover.to, *([mover.then.to] if mover.then else [])]
        may_wait = bool(version.openings_by_group()) and any(
            target in version.steps and version.steps[target].end is not None for target in targets
        )
        if not may_wait:
            return mover
    return None


def _is_always_too_early(
    version: Procedure, step: Step, rung: Rung, calendar: WorkingCalendar, first_day: datetime
) -> bool:
    """Whether the reminder is due before the arrival, even with the longest deadline and the shortest notice."""
    within, notice = step.within or (step.lasts.duration if step.lasts else None), rung.by
    try:
        longest = parse_duration(resolve_highest_value(version, within or ""))
        shortest = parse_duration(resolve_lowest_value(version, notice or ""))
        if longest.unit == shortest.unit != "working days":  # those end at the close of a day
            return shortest.amount >= longest.amount
        arrivals = [first_day + timedelta(days=day, hours=hour) for day in range(DAYS) for hour in HOURS]
        return all(
            calendar.subtract_duration(calendar.add_duration(arrival, longest), shortest) <= arrival
            for arrival in arrivals
        )
    except (ValueError, NotCovered):
        return False  # another finding's business: no duration, or a year without published days


def _overtaken_finding(source: ProcedureSource, rung: Rung, mover: Rung) -> Finding:
    return Finding(
        CODE,
        "warning",
        say("this rung never happens: an earlier one has moved the case by then"),
        Place(source.file.path, rung.route),
        say("remove it, or put it before the rung that moves the case"),
        (Related(say("this rung moves the case"), Place(source.file.path, mover.route)),),
    )


def _early_finding(source: ProcedureSource, step: Step, rung: Rung) -> Finding:
    return Finding(
        CODE,
        "warning",
        say(
            "this reminder is always left out: it would be due before the case comes to {step}",
            step=step.title or step.name,
        ),
        Place(source.file.path, rung.route),
        say("remind later, or give the step more time"),
    )
