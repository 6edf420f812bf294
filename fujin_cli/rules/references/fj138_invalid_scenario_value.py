"""
# FJ138 · A value in a scenario that does not fit

What a scenario enters is read as the field's type says, like everything that people enter; what it waits for is a
duration, a rung is one that a ladder of the procedure has, and `time` is `up`.

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

To mend it, write a value of the field's type. `…` stands for any value that fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.finding import Finding, Route, Severity
from fujin_cli.core.model.scenario_file import ANY, Line
from fujin_cli.core.model.values import Unfit, Values
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources
from fujin_cli.rules.support.setting_values import EXAMPLES, is_value

CODE = "FJ138"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every value of a scenario that its field does not take, and every time that is none."""
    workspace = context.workspace
    calendar = workspace.calendar()
    for telling in scenario_sources(workspace):
        yield from _values(workspace, calendar, telling, telling.scenario.inputs, ("given", "set"))
        yield from _moments(calendar, telling)
        for line in telling.lines():
            if line.kind == "action":
                yield from _values(workspace, calendar, telling, line.inputs, (*line.route, "set"))
            else:
                yield from _time(telling, line)


def _values(
    workspace: Workspace,
    calendar: WorkingCalendar,
    telling: ScenarioSource,
    inputs: Mapping[str, list[object]],
    route: Route,
) -> Iterator[Finding]:
    version = telling.reading.procedure
    values = Values(version, workspace.organisation, calendar)
    for name, texts in inputs.items():
        if name not in version.fields or ANY in texts:
            continue
        try:
            values.read(version.fields[name], list(texts))
        except Unfit as unfit:
            yield Finding(CODE, "error", unfit.message, telling.place((*route, name)))


def _moments(calendar: WorkingCalendar, telling: ScenarioSource) -> Iterator[Finding]:
    for route, text in ((("at",), telling.scenario.at), (("then", "due"), telling.scenario.then.text("due"))):
        try:
            if text is not None:
                calendar.parse_moment(text)
        except ValueError:
            message = say("{text} is no moment such as {example}", text=text, example="2026-06-01T09:00")
            yield Finding(CODE, "error", message, telling.place(route))


def _time(telling: ScenarioSource, line: Line) -> Iterator[Finding]:
    wrong: tuple[LocalizedText, LocalizedText | None] | None = None
    if line.kind == "wait" and not _is_duration(telling, line.value):
        wrong = say("{text} is neither a duration nor a setting of that type", text=line.value), EXAMPLES["duration"]
    elif line.kind == "time" and line.value != "up":
        wrong = say("time is up, and nothing else"), say("write {example}", example="time: up")
    elif line.kind == "rung" and not _is_rung(telling, line.value):
        wrong = say("no ladder of this procedure has a rung {number}", number=line.value), None
    if wrong:
        yield Finding(CODE, "error", wrong[0], telling.place(line.route), wrong[1])


def _is_duration(telling: ScenarioSource, text: str) -> bool:
    settings = telling.reading.known("settings")
    return is_value("duration", text) or text in settings


def _is_rung(telling: ScenarioSource, text: str) -> bool:
    longest = max((len(step.ladder) for step in telling.reading.procedure.steps.values()), default=0)
    return not telling.reading.whole or (text.isdigit() and 1 <= int(text) <= longest)
