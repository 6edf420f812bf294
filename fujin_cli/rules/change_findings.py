"""Turn a comparison into findings of family 6; the severity follows from what a change does to cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity, TraceStep
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, add_id_to_title, say
from fujin_cli.core.versions.behaviour_changes import Behaviour, DistinguishingRun
from fujin_cli.core.versions.compare import CaseVerdict, Comparison, ProcedureDifference, Side
from fujin_cli.core.versions.guarantee_changes import GuaranteeFate
from fujin_cli.core.wording.labels import outcome_label
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources
from fujin_cli.rules.support.safeguard_findings import (
    explains_refusal,
    retargeted_moves,
    weakened_safeguards,
)
from fujin_cli.rules.support.traces import related_settings, trace_of

BREAKING = frozenset(
    {"FJ604", "FJ605", "FJ606", "FJ607", "FJ610", "FJ611", "FJ612", "FJ613", "FJ614", "FJ615", "FJ616"}
)


def findings_of_changes(comparison: Comparison, old: Side, new: Side) -> list[Finding]:
    """List the findings, errors first: open cases, what could not be compared, lost guarantees, then the rest."""
    findings: list[Finding] = [finding for case in comparison.cases or () for finding in _report_case(case)]
    for difference in comparison.procedures:
        findings += _report_procedure(difference, old, new)
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(findings, key=lambda finding: (order[finding.severity], finding.code))


def _report_case(case: CaseVerdict) -> Iterator[Finding]:
    if case.verdict == "stuck":
        yield Finding(
            "FJ601",
            "error",
            say("{case} cannot move to the new version: {reason}", case=case.case, reason=case.reason or ""),
            Place(case.case),
            say("leave it on its own version, or write a migration file that maps {step}", step=case.step),
        )
    if case.verdict == "incomplete":
        yield Finding(
            "FJ602",
            "error",
            _message_of_incomplete(case),
            Place(case.case),
        )


def _message_of_incomplete(case: CaseVerdict) -> LocalizedText:
    if case.reason is not None:
        return say("{case} could not end under the new version: {reason}", case=case.case, reason=case.reason)
    return say(
        "{case} could never end under the new version: no end can be reached from {step}",
        case=case.case,
        step=case.target,
    )


def _report_procedure(difference: ProcedureDifference, old: Side, new: Side) -> Iterator[Finding]:
    version = difference.new or difference.old
    if difference.old is not None and difference.new is None:
        title = add_id_to_title(difference.old.title, difference.old.name)
        place = old.at(Place(difference.old.path, ("procedure",)))
        yield Finding("FJ610", "warning", say("the procedure {procedure} is removed", procedure=title), place)
    if version is None or difference.old is None or difference.new is None:
        return
    if difference.behaviour is None or not difference.behaviour.is_complete:
        yield Finding(
            "FJ609",
            "error",
            say(
                "the behaviour of {procedure} could not be compared in full: it is too large, or it "
                "opens itself recursively",
                procedure=version.title or version.name,
            ),
            new.at(Place(difference.new.path, ("procedure",))),
        )
    for fate in difference.guarantees:
        yield from _report_guarantee(fate, difference.name, old, new)
    yield from weakened_safeguards(difference, old, new)
    yield from retargeted_moves(difference, old, new)
    if difference.behaviour:
        yield from _report_runs(difference, difference.behaviour, old, new)
        yield from _report_steps(difference.old, difference.behaviour, old)


def _report_guarantee(fate: GuaranteeFate, procedure: str, old: Side, new: Side) -> Iterator[Finding]:
    """Report a guarantee that the new version breaks, or does not state any more."""
    if fate.fate not in ("lost", "weakened") or fate.old_place is None:
        return
    name, place = add_id_to_title(fate.title, fate.name), old.at(fate.old_place)
    if fate.fate == "lost":
        label = say("it is violated here") if fate.is_verdict_on_new else say("the new version guarantees this instead")
        now = (Related(label, new.at(fate.new_place)),) if fate.new_place else ()
        run = fate.verdict.run if fate.verdict else ()
        settings = fate.verdict.settings if fate.verdict else {}
        trace = trace_of_run(new, procedure, DistinguishingRun(run, settings=settings)) if run else ()
        yield Finding("FJ604", "warning", say("the guarantee {name} is lost", name=name), place, None, now, trace)
        return
    if fate.new_place is None:
        message = say("no run breaks the guarantee {name}, but the new version does not state it any more", name=name)
        help = say("keep the guarantee, or say in the review why it is dropped")
        yield Finding("FJ611", "warning", message, place, help)
        return
    message = say("the guarantee {name} states less than before", name=name)
    related = (Related(say("the new version guarantees this instead"), new.at(fate.new_place)),)
    help = say("restore what it stated, or say in the review why less is enough")
    yield Finding("FJ611", "warning", message, place, help, related)


def _report_runs(difference: ProcedureDifference, runs: Behaviour, old: Side, new: Side) -> Iterator[Finding]:
    version = difference.new
    assert version is not None and difference.old is not None  # noqa: S101 - runs are compared of both
    values = {"procedure": version.title or version.name}
    for run, side, side_version, code, text in (
        (runs.forbidden, old, difference.old, "FJ605", say("{procedure} no longer allows: {event}")),
        (
            runs.fewer,
            old,
            difference.old,
            "FJ605",
            say("{procedure} no longer allows some people to do this: {event}"),
        ),
        (runs.allowed, new, version, "FJ608", say("{procedure} now allows: {event}")),
        (runs.more, new, version, "FJ608", say("{procedure} now allows other people to do this: {event}")),
    ):
        if run is None or (run is runs.forbidden and explains_refusal(difference)):
            continue
        trace = trace_of_run(side, difference.name, run)
        message = LocalizedText(text.text, {**values, "event": trace[-1].text})
        source = _source_of_version(side, difference.name)
        related = tuple(replace(e, place=side.at(e.place)) for e in related_settings(source, run.settings))
        severity: Severity = "warning" if code == "FJ605" else "info"
        yield Finding(code, severity, message, _place_of(trace, side, side_version), None, related, trace)


def _report_steps(version: Procedure, runs: Behaviour, old: Side) -> Iterator[Finding]:
    """Report each verdict that is not safe once, with all steps that have it."""
    for verdict, code in (("depends", "FJ603"), ("stuck", "FJ606"), ("incomplete", "FJ607")):
        verdicts = [fate for fate in runs.steps if fate.verdict == verdict]
        if not verdicts:
            continue
        titles = [version.steps[fate.step].title or fate.step for fate in verdicts]
        places = [old.at(Place(version.path, ("steps", fate.step), key=True)) for fate in verdicts]
        message, help = _describe_steps(code, titles)
        run = min((fate.run for fate in verdicts if fate.run), key=len, default=())
        related = tuple(Related(say("and here"), place) for place in places[1:])
        trace = trace_of_run(old, version.name, DistinguishingRun(run)) if run else ()
        yield Finding(code, "warning", message, places[0], help, related, trace)


def _describe_steps(code: str, steps: list[Any]) -> tuple[LocalizedText, LocalizedText | None]:
    if code == "FJ603":
        return say("whether cases at {steps} can move, and to which step, depends on their history", steps=steps), None
    if code == "FJ606":
        help = say("if a step was only renamed, say `was: OLD` in the new file")
        return say("no case at {steps} can move to the new version", steps=steps), help
    return say("cases at {steps} could move to the new version and then never end", steps=steps), None


def distinguishing_runs(
    difference: ProcedureDifference, old: Side, new: Side
) -> Iterator[tuple[str, DistinguishingRun, Side]]:
    """List the runs that only one of two versions allows, by name, each with the side whose version allows it."""
    behaviour = difference.behaviour
    if behaviour is not None:
        for name, run, side in (
            ("forbidden", behaviour.forbidden, old),
            ("fewer", behaviour.fewer, old),
            ("allowed", behaviour.allowed, new),
            ("more", behaviour.more, new),
        ):
            if run is not None:
                yield name, run, side


def trace_of_run(side: Side, procedure: str, run: DistinguishingRun) -> tuple[TraceStep, ...]:
    """Describe a run of one version, one line for each event, and the outcome where the run is about one."""
    source = _source_of_version(side, procedure)
    lines = trace_of(source, run.edges, run.settings)
    steps = [replace(step, place=side.at(step.place)) if step.place else step for step in lines]
    if run.end is not None:
        steps.append(TraceStep(say("the case has ended: {outcome}", outcome=outcome_label(source.procedure, run.end))))
    return tuple(steps)


def _source_of_version(side: Side, procedure: str) -> ProcedureSource:
    return next(source for source in procedure_sources(side.workspace) if source.procedure.name == procedure)


def _place_of(trace: Iterable[TraceStep], side: Side, version: Procedure) -> Place:
    """Return the place of the last event of a run that has one, else that of the procedure."""
    places = [step.place for step in trace if step.place is not None]
    return places[-1] if places else side.at(Place(version.path, ("procedure",)))
