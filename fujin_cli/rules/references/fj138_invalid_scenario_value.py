"""
# FJ138 · An invalid value in a scenario

A value in a scenario is read by the type of its field, like everything that people enter. `wait` takes a duration,
`rung` the number of a rung of the procedure, and `time` takes `up`.

Failing:

```yaml fail scenarios/send.yaml
scenario: send
title: A large errand is not sent
procedure: errand
given: {set: {scope: lrge}}
then: {closed: [send]}
```

Passing:

```yaml pass scenarios/send.yaml
scenario: send
title: A large errand is not sent
procedure: errand
given: {set: {scope: large}}
then: {closed: [send]}
```

To fix it, write a value of the field's type. `…` stands for any valid value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.finding import Finding, Route, Severity
from fujin_cli.core.model.scenario_file import ANY, LATE_RUNG, Line
from fujin_cli.core.model.values import Unfit, Values
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources
from fujin_cli.rules.support.setting_values import EXAMPLES, is_value

CODE = "FJ138"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every value of a scenario that its field does not take, and every time that is invalid."""
    workspace = context.workspace
    calendar = workspace.build_calendar()
    for scenario_source in scenario_sources(workspace):
        yield from _check_values(
            workspace, calendar, scenario_source, scenario_source.scenario.inputs, ("given", "set")
        )
        yield from _check_moments(calendar, scenario_source)
        for line in scenario_source.lines():
            if line.kind == "action":
                yield from _check_values(workspace, calendar, scenario_source, line.inputs, (*line.route, "set"))
            else:
                yield from _check_time(scenario_source, line)


def _check_values(
    workspace: Workspace,
    calendar: WorkingCalendar,
    scenario_source: ScenarioSource,
    inputs: Mapping[str, list[object]],
    route: Route,
) -> Iterator[Finding]:
    version = scenario_source.procedure_source.procedure
    values = Values(version, workspace.organisation, calendar)
    for name, texts in inputs.items():
        if name not in version.fields or ANY in texts:
            continue
        try:
            values.read(version.fields[name], list(texts))
        except Unfit as unfit:
            yield Finding(CODE, "error", unfit.message, scenario_source.place((*route, name)))


def _check_moments(calendar: WorkingCalendar, scenario_source: ScenarioSource) -> Iterator[Finding]:
    for route, text in (
        (("at",), scenario_source.scenario.at),
        (("then", "due"), scenario_source.scenario.then.text_at("due")),
    ):
        try:
            if text is not None:
                calendar.parse_moment(text)
        except ValueError:
            message = say("{text} is not a date and time such as {example}", text=text, example="2026-06-01T09:00")
            yield Finding(CODE, "error", message, scenario_source.place(route))


def _check_time(scenario_source: ScenarioSource, line: Line) -> Iterator[Finding]:
    wrong: tuple[LocalizedText, LocalizedText | None] | None = None
    if line.kind == "wait" and not _is_duration(scenario_source, line.value):
        wrong = (
            say("{text} is neither a duration nor a setting of type duration", text=line.value),
            EXAMPLES["duration"],
        )
    elif line.kind == "time" and line.value != "up":
        wrong = say("the only value of time is: up"), say("write {example}", example="time: up")
    elif line.kind in ("rung", LATE_RUNG) and not _is_rung(scenario_source, line.value):
        wrong = say("no ladder of this procedure has a rung {number}", number=line.value), None
    if wrong:
        yield Finding(CODE, "error", wrong[0], scenario_source.place(line.route), wrong[1])


def _is_duration(scenario_source: ScenarioSource, text: str) -> bool:
    settings = scenario_source.procedure_source.defined("settings")
    return is_value("duration", text) or text in settings


def _is_rung(scenario_source: ScenarioSource, text: str) -> bool:
    longest = max((len(step.ladder) for step in scenario_source.procedure_source.procedure.steps.values()), default=0)
    return not scenario_source.procedure_source.complete or (text.isdigit() and 1 <= int(text) <= longest)
