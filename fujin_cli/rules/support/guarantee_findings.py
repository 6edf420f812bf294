"""List guarantees that fall short, and build what is common to the findings about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.model.guarantee_templates import template_of
from fujin_cli.core.model.ids import OPENED
from fujin_cli.core.model.performers import Performer, find_actions
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.verify.guarantees import Verdict, VerdictKind
from fujin_cli.core.verify.monitors import Monitor, build_monitor
from fujin_cli.core.verify.product import TooMany, build_product
from fujin_cli.core.verify.worst_case_time import Measure, SlowestPath, TooManyPaths, find_slowest_path
from fujin_cli.core.wording.guarantees import describe_exceptions, describe_guarantee, describe_restriction
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings, trace_of


def failing_guarantees(context: RuleContext, way: VerdictKind) -> Iterator[tuple[ProcedureSource, Verdict]]:
    """List the guarantees that fall short in one way, each with its procedure."""
    for source, _ in context.explored():
        for verdict in context.verdicts[source.procedure.name]:
            if verdict.kind == way:
                yield source, verdict


def slowest_runs(context: RuleContext) -> Iterator[tuple[ProcedureSource, Guarantee, SlowestPath | None]]:
    """List the guarantees with a time that no run violates, each with a run that is too slow.

    The run is None where the search was given up: there are too many states or runs.
    """
    for source, explorations in context.explored():
        broken = {verdict.guarantee.name for verdict in context.verdicts[source.procedure.name]}
        for guarantee in source.procedure.guarantees.values():
            monitor = build_monitor(guarantee)
            if guarantee.within and monitor and guarantee.name not in broken:
                runs = _find_slowest(context.workspace, monitor, guarantee.within, explorations)
                yield from ((source, guarantee, run) for run in runs)


def _find_slowest(
    workspace: Workspace, monitor: Monitor, within: str, explorations: Iterable[Exploration]
) -> Iterator[SlowestPath | None]:
    """Find the slowest run under the first choice of settings under which it is too slow."""
    for exploration in explorations:
        measure = Measure(exploration.model.version, parse_duration(within), workspace.build_calendar())
        try:
            run = find_slowest_path(build_product(exploration, [monitor]), measure)
        except (TooMany, TooManyPaths):
            yield None
            return
        if run is not None and run.late:
            yield run
            return


def place_of(source: ProcedureSource, guarantee: Guarantee) -> Place:
    """Return the place of a guarantee's name."""
    return source.place(("guarantees",), guarantee.name)


def title_of(guarantee: Guarantee) -> object:
    """Return the title of a guarantee, or its name where it has none."""
    return guarantee.title or guarantee.name


def guarantee_words(source: ProcedureSource, guarantee: Guarantee) -> list[object]:
    """Put a guarantee into words, exceptions included."""
    return [*describe_guarantee(guarantee, source.procedure), *describe_exceptions(guarantee, source.procedure)]


def advice_for(verdict: Verdict) -> LocalizedText:
    """Advise what to change, by the way in which a guarantee falls short."""
    if verdict.kind == "never fulfilled":
        return say("give one of the moves of the loop a `limit`, or let the guaranteed event happen on it")
    if verdict.never:
        return say("make the guaranteed event possible, or weaken the guarantee")
    template = template_of(verdict.guarantee.atoms)
    falls = template.falls if template else "when it happens"
    if falls == "when it comes too early" or "since" in verdict.guarantee.atoms:
        return say("require the missing event before this can happen (`when`, another `to`), or weaken the guarantee")
    if falls == "when it ends":
        return say("let the guaranteed event happen on this path before the case ends, or weaken the guarantee")
    return say("prevent the action shown at this point (`when`, `limit`), or weaken the guarantee")


def guarantee_finding(
    source: ProcedureSource, verdict: Verdict, code: str, message: LocalizedText, turning: LocalizedText
) -> Finding:
    """Build the error at a guarantee, with the run that shows it and, as a second place, the event that decides it."""
    return Finding(
        code,
        "error",
        message,
        place_of(source, verdict.guarantee),
        advice_for(verdict),
        (*_point_at_turn(source, verdict, turning), *related_settings(source, verdict.settings)),
        trace_of(source, verdict.run, verdict.settings),
    )


def outsider_finding(source: ProcedureSource, verdict: Verdict, code: str) -> Finding:
    """Build the error at a guarantee of ``only``: who can do the action, where the file says so, and a run up to it."""
    performer = verdict.performer
    assert performer is not None  # noqa: S101 - the caller asks for verdicts with one
    rule = verdict.run[verdict.turn].label.rule
    action = next((key for key in verdict.guarantee.only if _is_same_action(source, key, rule)), OPENED)
    return Finding(
        code,
        "error",
        say(
            "a case can violate “{promise}”: {reason}, although {sentence}",
            promise=title_of(verdict.guarantee),
            reason=_describe_permission(source, performer),
            sentence=describe_restriction(action, verdict.guarantee.only.get(action, ()), source.procedure),
        ),
        place_of(source, verdict.guarantee),
        say("take the name out, ask for a proof, or add the name to `only`"),
        (
            Related(say("this lets them"), Place(source.file.path, performer.route, key=True)),
            *related_settings(source, verdict.settings),
        ),
        trace_of(source, verdict.run, verdict.settings),
    )


def _is_same_action(source: ProcedureSource, key: str, rule: str) -> bool:
    return any(action.rule == rule for action in find_actions(source.procedure, key))


def _describe_permission(source: ProcedureSource, performer: Performer) -> LocalizedText:
    person = source.procedure.people.get(performer.name)
    who = (person.title if person else None) or performer.name
    match performer.how:
        case "through":
            return say("{who} may do it for somebody who needs no proof", who=who)
        case "raised":
            return say("the case can be raised to the level {level}, which may do it then", level=performer.name)
        case _:
            return say("{who} may do it", who=who)


def _point_at_turn(source: ProcedureSource, verdict: Verdict, label: LocalizedText) -> Iterator[Related]:
    route = verdict.run[verdict.turn].label.route
    if route:
        yield Related(label, Place(source.file.path, route, key=isinstance(route[-1], str)))
