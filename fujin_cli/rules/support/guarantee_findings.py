"""List guarantees that fall short, and build what is common to the findings about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.model.guarantee_templates import template_of
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.verify.guarantees import Verdict, Way
from fujin_cli.core.verify.monitors import Monitor, monitor_of
from fujin_cli.core.verify.product import TooMany, product_of
from fujin_cli.core.verify.worst_case_time import Measure, Slowest, TooManyWays, slowest
from fujin_cli.core.wording.guarantees import exception_words, promise_words
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings, trace_of


def failing_guarantees(context: RuleContext, way: Way) -> Iterator[tuple[ProcedureSource, Verdict]]:
    """Every guarantee that falls short in this way, with the procedure that makes it."""
    for reading, _ in context.explored():
        for verdict in context.verdicts[reading.procedure.name]:
            if verdict.way == way:
                yield reading, verdict


def slowest_runs(context: RuleContext) -> Iterator[tuple[ProcedureSource, Guarantee, Slowest | None]]:
    """Every guarantee with a time that is kept on every run, with its slowest way (None: too much to look at)."""
    for reading, found in context.explored():
        broken = {verdict.guarantee.name for verdict in context.verdicts[reading.procedure.name]}
        for guarantee in reading.procedure.guarantees.values():
            monitor = monitor_of(guarantee)
            if guarantee.within and monitor and guarantee.name not in broken:
                yield from (
                    (reading, guarantee, way) for way in _slowest(context.workspace, monitor, guarantee.within, found)
                )


def _slowest(
    workspace: Workspace, monitor: Monitor, within: str, found: Iterable[Exploration]
) -> Iterator[Slowest | None]:
    """The slowest way under one choice of settings under which it is too slow, if there is one."""
    for entry in found:
        measure = Measure(entry.model.version, parse_duration(within), workspace.calendar())
        try:
            way = slowest(product_of(entry, [monitor]), measure)
        except (TooMany, TooManyWays):
            yield None
            return
        if way is not None and way.late:
            yield way
            return


def place_of(reading: ProcedureSource, guarantee: Guarantee) -> Place:
    """The name of a guarantee."""
    return reading.place(("guarantees",), guarantee.name)


def title_of(guarantee: Guarantee) -> object:
    """What reports call it."""
    return guarantee.title or guarantee.name


def guarantee_words(reading: ProcedureSource, guarantee: Guarantee) -> list[object]:
    """What it promises, in words."""
    return [*promise_words(guarantee, reading.procedure), *exception_words(guarantee, reading.procedure)]


def advice_for(verdict: Verdict) -> LocalizedText:
    """What can be done about a run that breaks it, or owes it for ever."""
    if verdict.way == "owed":
        return say("give one of the moves of the round a `limit`, or let what is promised happen on it")
    if verdict.never:
        return say("let what is promised be possible at all, or promise less")
    template = template_of(verdict.guarantee.atoms)
    falls = template.falls if template else "when it happens"
    if falls == "when it comes too early" or "since" in verdict.guarantee.atoms:
        return say("ask for what is required before this can happen (`when`, another `to`), or promise less")
    if falls == "when it ends":
        return say("let what is promised happen on this way before the case ends, or promise less")
    return say("keep the action shown from being done there (`when`, `limit`), or promise less")


def guarantee_finding(
    reading: ProcedureSource, verdict: Verdict, code: str, message: LocalizedText, turning: LocalizedText
) -> Finding:
    """An error at the guarantee, with the event at which it turns as a second place and the run that shows it."""
    return Finding(
        code,
        "error",
        message,
        place_of(reading, verdict.guarantee),
        advice_for(verdict),
        (*_turn(reading, verdict, turning), *related_settings(reading, verdict.settings)),
        trace_of(reading, verdict.run, verdict.settings),
    )


def _turn(reading: ProcedureSource, verdict: Verdict, guarantee_words: LocalizedText) -> Iterator[Related]:
    route = verdict.run[verdict.turn].label.route
    if route:
        yield Related(guarantee_words, Place(reading.file.path, route, key=isinstance(route[-1], str)))
