"""
# FJ319 · A child case can take longer than every deadline of the step that waits for it

A step waits for child cases. When its deadline and all rungs of its ladder have passed, the child can still be within
its own deadlines: everybody was reminded and the case was raised for nothing, and nobody hears of it when the child is
late in earnest.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    within: 30 working days
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  running:
    within: 10 working days
```

The child counts with the slowest way to one of its ends: every step takes its `within`, and one that a rung moves on
takes until that rung. No step counts twice; loops are bounded by their limits. Settings have their defaults.

To fix it, give the step more time or a later rung, or the steps of the child less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fujin_cli.core.calendar.duration import Duration, approximate_minutes, describe_duration
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.verify.slowest_case import Stay, find_slowest_way, is_surely_longer, list_longest_stay
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ319"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step that waits for a child case which can outlast its deadline and its whole ladder."""
    calendar = context.workspace.build_calendar()
    sources = {source.procedure.name: source for source in procedure_sources(context.workspace)}
    ways: dict[str, tuple[Stay, ...]] = {}
    for source in sources.values():
        opened = source.procedure.openings_by_group()
        for step in source.procedure.steps.values() if opened else ():
            last = _find_last_deadline(source.procedure, step)
            for child in _list_awaited_procedures(step, opened) if last else ():
                if child not in sources:
                    continue
                if child not in ways:
                    ways[child] = find_slowest_way(sources[child].procedure)
                durations = [duration for stay in ways[child] for duration in stay.durations]
                if is_surely_longer(calendar, durations, last):
                    yield _make_finding(source, step, last, sources[child], ways[child])


def _find_last_deadline(version: Procedure, step: Step) -> Sequence[Duration]:
    """Find the last moment at which the step's ladder does something; empty for a step without a deadline."""
    if not step.within:
        return ()
    moments = [tuple(list_longest_stay(version, step, rung)) for rung in (None, *step.ladder)]
    return max(moments, key=lambda durations: sum(map(approximate_minutes, durations)))


def _list_awaited_procedures(step: Step, opened: Mapping[str, Iterable[Opens]]) -> list[str]:
    """List the procedures of child cases whose outcomes the step's moves to other steps test."""
    moves = [move for move in (*step.actions.values(), *step.then) if move.to is not None and move.to != step.name]
    groups = {test.name for move in moves for test in tests_of(move.when) if test.kind == "group"}
    return list(dict.fromkeys(opens.procedure for group in sorted(groups) for opens in opened.get(group, ())))


def _make_finding(
    source: ProcedureSource, step: Step, last: Sequence[Duration], child: ProcedureSource, way: Sequence[Stay]
) -> Finding:
    version = child.procedure
    return Finding(
        CODE,
        "warning",
        say(
            "{child} can take {time} by its own deadlines; the last deadline of {step}, which waits for it, is {last}",
            child=version.title or version.name,
            time=_describe_sum([duration for stay in way for duration in stay.durations]),
            step=step.title or step.name,
            last=_describe_sum(last),
        ),
        Place(source.file.path, ("steps", step.name, "within")),
        say(
            "give {step} more time or a later rung, or the steps of {child} less",
            step=step.title or step.name,
            child=version.title or version.name,
        ),
        tuple(
            Related(
                say("up to {time} at {step}", time=_describe_sum(stay.durations), step=child.title(stay.step)),
                child.place(("steps",), stay.step),
            )
            for stay in way
            if stay.durations
        ),
    )


def _describe_sum(durations: Sequence[Duration]) -> list[LocalizedText]:
    """Add up durations of the same unit; those of different units have no common sum."""
    sums: dict[str, int] = {}
    for duration in durations:
        sums[duration.unit] = sums.get(duration.unit, 0) + duration.amount
    longest_first = sorted((Duration(amount, unit) for unit, amount in sums.items()), key=approximate_minutes)
    return [describe_duration(duration) for duration in reversed(longest_first)]
