"""Show the run of a finding about behaviour once the engine has followed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.simulate.confirm_runs import Shows, confirm_run
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.core.verify.unconfirmed import Unconfirmed
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import trace_of

UNDECIDED = "FJ409"


def with_confirmed_run(
    context: RuleContext,
    source: ProcedureSource,
    exploration: Exploration,
    finding: Finding,
    run: Sequence[Edge],
    circle: Sequence[Edge] = (),
    shows: Shows | None = None,
) -> Finding:
    """Add to a finding a run that the engine follows; where it follows none, say that it could not be checked."""
    confirmed = confirm_run(context.run_driver, exploration, run, circle, shows)
    settings = exploration.changed_settings
    if not isinstance(confirmed, Unconfirmed):
        return replace(finding, trace=trace_of(source, confirmed, settings))
    message = say_count(
        "{message}: this could not be checked, since {count} run that would show it cannot be carried out",
        "{message}: this could not be checked, since {count} runs that would show it cannot be carried out",
        message=finding.message,
        count=confirmed.tried,
    )
    return replace(finding, code=UNDECIDED, message=message, help=describe_tried(source, confirmed, settings))


def describe_tried(source: ProcedureSource, unconfirmed: Unconfirmed, settings: Mapping[str, str]) -> LocalizedText:
    """Say how far the engine followed the shortest run that was tried, and why it stopped."""
    events = [step.text for step in trace_of(source, unconfirmed.run, settings)]
    if unconfirmed.reason is None:
        return say("the shortest stops at its last event: {events}", events=events)
    return say(
        "the shortest stops at its last event: {events}; reason: {reason}", events=events, reason=unconfirmed.reason
    )
