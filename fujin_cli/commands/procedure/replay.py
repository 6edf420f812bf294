"""Replay a run from the command line or a scenario file, and show each of its events."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.field_arguments import parse_sets
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.moves import list_moves
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.model.procedure import Action, Guarantee, Procedure
from fujin_cli.core.model.scenario_file import Scenario, parse_lines
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.core.verify.event_verdicts import find_violations
from fujin_cli.render.simulate.replay import ReplayedEvent, replay_json, replay_text
from fujin_cli.store.workspace.load import NoWorkspace
from fujin_cli.store.workspace.scenario_file import read_scenario
from fujin_cli.use_cases.session import WrongUsage


def read_run(
    console: Console,
    procedure: str | None,
    actions: str | None,
    path: Path | None,
    sets: list[str] | None,
    community: str | None,
    committee: str | None,
) -> Scenario:
    """Read the run from the arguments. Raises WrongUsage, and Refusal for a procedure with errors."""
    if actions is not None and path is not None:
        raise WrongUsage(say("give the run either with --actions or with --scenario"))
    texts = parse_sets(sets)
    if path is not None:
        scenario = _read_scenario_file(path)
        _start_session_beside(console, path)
        if procedure is not None and procedure != scenario.procedure:
            raise WrongUsage(
                say(
                    "{path} is about {procedure}, not {other}",
                    path=str(path),
                    procedure=scenario.procedure,
                    other=procedure,
                ),
            )
    elif procedure is None:
        raise WrongUsage(say("the name of the procedure is missing"))
    else:
        scenario = Scenario(procedure, procedure, lines=parse_lines(actions or ""))
    version = console.session.workspace.procedures.get(scenario.procedure)
    names = version.settings.keys() - version.fields.keys() if version is not None else frozenset[str]()
    scenario = replace(
        scenario,
        inputs={**scenario.inputs, **{name: list(texts[name]) for name in texts if name not in names}},
        settings={**scenario.settings, **{name: texts[name][-1] for name in texts if name in names}},
        community=community or scenario.community,
        committee=committee or (None if community else scenario.committee),
    )
    _check_scenario(console, scenario)
    return scenario


def _start_session_beside(console: Console, path: Path) -> None:
    """Use the workspace of the scenario file if the current folder is in no workspace."""
    try:
        _ = console.session.root
    except NoWorkspace:
        console.session.folder = console.session.folder or path.resolve().parent


def _read_scenario_file(path: Path) -> Scenario:
    """Read a scenario file; its findings go to stderr. Raises WrongUsage."""
    from fujin_cli.render.findings.text import findings_text

    try:
        scenario, findings, text = read_scenario(path)
    except OSError:
        raise WrongUsage(say("there is no file {path}", path=str(path))) from None
    if scenario is None:
        if findings:
            sys.stderr.write(findings_text(findings, {str(path): text}, False, 1))
        raise WrongUsage(say("{path} is not a readable scenario", path=str(path)))
    return scenario


def _check_settings(version: Procedure, scenario: Scenario) -> None:
    """Check the values of settings. Raises WrongUsage for one of another type or outside its range."""
    from fujin_cli.rules.support.setting_values import EXAMPLES, is_outside_range, is_value

    for name, value in scenario.settings.items():
        setting = version.settings.get(name)
        if setting is None:
            continue
        if not is_value(setting.type, value):
            raise WrongUsage(
                say("{value} is not of type {type}", value=value, type=setting.type), EXAMPLES[setting.type]
            )
        if is_outside_range(setting.type, value, setting.low, setting.high):
            raise WrongUsage(say("{value} lies outside the range of {setting}", value=value, setting=name))


def _check_scenario(console: Console, scenario: Scenario) -> None:
    """Check the ids of a scenario, and that its procedure has no errors. Raises WrongUsage or Refusal."""
    organisation = console.session.workspace.organisation
    require_id(scenario.procedure, console.session.workspace.procedures, "procedure")
    if scenario.community:
        require_id(scenario.community, organisation.communities, "community")
    if scenario.committee:
        require_id(scenario.committee, organisation.committees, "committee")
    if console.session.sound_procedure(scenario.procedure) is None:
        version = console.session.workspace.procedures[scenario.procedure]
        raise Refusal(
            OPENING_REFUSED,
            say_count(
                "{path} has {count} error; a case cannot be opened until it is fixed",
                "{path} has {count} errors; a case cannot be opened until they are fixed",
                path=version.path,
                count=console.session.loaded.errors[version.path],
            ),
            help=say("`fujin validate {path}` shows them", path=version.path),
        )
    _check_settings(console.session.workspace.procedures[scenario.procedure], scenario)


def replay_run(console: Console, scenario: Scenario) -> int:
    """Drive the run in a sandbox, write its events, and return the exit code."""
    calendar = console.session.calendar
    run = prepare_run(
        console.session.workspace,
        calendar,
        scenario,
        console.session.now if console.session.now_text else None,
        patient=True,
    )
    played_events: list[ReplayedEvent] = []
    refusal: Refusal | None = None
    try:
        run.open_case()
        played_events += _iterate_events_since(run, 0)
        for line in scenario.lines:
            before = len(run.sandbox.happened)
            try:
                run.carry_out_line(line)
            finally:
                played_events += _iterate_events_since(run, before)
    except Refusal as problem:
        refusal = problem
    case = run.case if run.id else None
    played_events = _add_violations(run.sandbox, played_events)
    if console.json:
        write_json(replay_json(scenario.procedure, played_events, case, refusal, calendar))
    else:
        organisation = console.session.workspace.organisation
        width = console.page_width
        sys.stdout.write(replay_text(played_events, case, refusal, calendar, organisation, console.colour, width))
    return 1 if refusal else 0


def _iterate_events_since(run: ScenarioRun, before: int) -> Iterator[ReplayedEvent]:
    """Yield the events after the first ``before``; the last one has the actions that are possible next."""
    new_events = run.sandbox.happened[before:]
    for number, (id, event) in enumerate(new_events, 1):
        yield _describe_event(run.sandbox, id, event, _open_actions(run) if number == len(new_events) else None)


def _describe_event(sandbox: Sandbox, id: str, event: Event, following: tuple[Action, ...] | None) -> ReplayedEvent:
    case = replay(id, sandbox.ledger.read(id)[: event.n])
    version = sandbox.version_of_case(case)
    due = None if case.has_ended else Deadlines(case, version, sandbox.calendar).due_time()
    return ReplayedEvent(case, version, event, due, following)


def _add_violations(sandbox: Sandbox, played: list[ReplayedEvent]) -> list[ReplayedEvent]:
    """Add to each event the guarantees of its case's procedure that it violates first."""
    violated: dict[tuple[str, int], tuple[Guarantee, ...]] = {}
    for id in sandbox.ledger.cases():
        case = sandbox.replay_case(id)
        for violation in find_violations(case, sandbox.version_of_case(case)):
            key = (id, violation.event.n)
            violated[key] = (*violated.get(key, ()), violation.guarantee)
    return [replace(event, violated=violated.get((event.case.id, event.event.n), ())) for event in played]


def _open_actions(run: ScenarioRun) -> tuple[Action, ...]:
    if not run.id:
        return ()
    listed_moves = list_moves(run.version, run.case, run.sandbox.now, run.sandbox.calendar)
    return tuple(move.action for move in listed_moves if move.is_open)
