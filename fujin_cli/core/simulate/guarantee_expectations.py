"""Check what a scenario expects of guarantees: its run keeps them, or leaves nothing of them pending."""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.cases.event import Event
from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.findings.refusals import ENDS_OTHERWISE
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.simulate.scenario import ScenarioRun
from fujin_cli.core.text.localized import LocalizedText, add_id_to_title, say
from fujin_cli.core.verify.authorisation import find_outsiders
from fujin_cli.core.verify.event_verdicts import find_open_obligations, find_violations
from fujin_cli.core.wording.labels import action_label, step_label

KEYS = ("keeps", "fulfils")


def expects_guarantees_alone(run: ScenarioRun) -> bool:
    """Whether the scenario only expects something of guarantees: a run that is refused cannot violate them either."""
    return bool(run.scenario.then.tree) and set(run.scenario.then.tree) <= set(KEYS)


def check_guarantees(run: ScenarioRun) -> Iterator[Finding]:
    """Report each guarantee that the run violates (``keeps``), or that is still pending at its end (``fulfils``)."""
    then = run.scenario.then
    keeps, fulfils = then.names_at("keeps") or (), then.names_at("fulfils") or ()
    guarantees = run.version.guarantees
    violations = {v.guarantee.name: v.event for v in find_violations(run.case, run.version, {*keeps, *fulfils})}
    pending = find_open_obligations(run.case, run.version) if fulfils else ()
    for key, name in (*(("keeps", name) for name in keeps), *(("fulfils", name) for name in fulfils)):
        message: LocalizedText | None = None
        if name not in guarantees:
            message = say("this procedure has no guarantee {guarantee}", guarantee=name)
        elif name in violations:
            message = _describe_violation(run, guarantees[name], violations[name])
        elif any(True for _ in find_outsiders(run.version, guarantees[name])):
            message = say("“{promise}” can be violated by somebody else", promise=_label(guarantees[name]))
        elif key == "fulfils" and name in pending:
            message = say("“{promise}” is still pending at the end of the run", promise=_label(guarantees[name]))
        if message is not None:
            yield Finding(ENDS_OTHERWISE, "error", message, Place(run.scenario.path, _route_of(run, key, name)))


def _describe_violation(run: ScenarioRun, guarantee: Guarantee, event: Event) -> LocalizedText:
    step = event.from_step or run.version.first_step
    if event.action:
        action = action_label(run.version, step, event.action)
        return say(
            "“{promise}” is violated by {action} (event {number})",
            promise=_label(guarantee),
            action=action,
            number=event.n,
        )
    at = step_label(run.version, event.to_step or step)
    return say("“{promise}” is violated at {step} (event {number})", promise=_label(guarantee), step=at, number=event.n)


def _route_of(run: ScenarioRun, key: str, name: str) -> tuple[str | int, ...]:
    value = run.scenario.then.tree[key]
    return ("then", key) if isinstance(value, str) else ("then", key, name)


def _label(guarantee: Guarantee) -> object:
    return add_id_to_title(guarantee.title, guarantee.name)
