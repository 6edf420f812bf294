"""``fujin procedure replay``: a run, told by the command line or by a scenario's file, event for event."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.field_arguments import parse_sets
from fujin_cli.commands.common.id_arguments import known
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.moves import moves
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.model.scenario_file import Scenario, parse_lines
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.text.message import say, say_count
from fujin_cli.render.simulate.replay import Played, replay_json, replay_text
from fujin_cli.store.workspace.load import NoWorkspace
from fujin_cli.store.workspace.scenario_file import read_scenario
from fujin_cli.use_cases.session import WrongUsage


def told_run(
    console: Console,
    procedure: str | None,
    actions: str | None,
    path: Path | None,
    sets: list[str] | None,
    community: str | None,
    committee: str | None,
) -> Scenario:
    """The run that the command line asks for. Raises WrongUsage, and Refusal for a procedure with errors."""
    if (actions is None) == (path is None):
        raise WrongUsage(say("give the run either with --actions or with --scenario"))
    texts = parse_sets(sets)
    if path is not None:
        told = _of_file(path)
        _look_beside(console, path)
        if procedure is not None and procedure != told.procedure:
            raise WrongUsage(
                say(
                    "{path} is about {procedure}, not {other}",
                    path=str(path),
                    procedure=told.procedure,
                    other=procedure,
                ),
            )
    elif procedure is None:
        raise WrongUsage(say("the name of the procedure is missing"))
    else:
        told = Scenario(procedure, procedure, lines=parse_lines(actions or ""))
    told = replace(
        told,
        inputs={**told.inputs, **{name: list(values) for name, values in texts.items()}},
        community=community or told.community,
        committee=committee or (None if community else told.committee),
    )
    _check(console, told)
    return told


def _look_beside(console: Console, path: Path) -> None:
    """Where the command is given in no workspace, the one in which the scenario lies is meant."""
    try:
        _ = console.session.root
    except NoWorkspace:
        console.session.folder = console.session.folder or path.resolve().parent


def _of_file(path: Path) -> Scenario:
    from fujin_cli.render.findings.text import findings_text

    try:
        told, findings, text = read_scenario(path)
    except OSError:
        raise WrongUsage(say("there is no file {path}", path=str(path))) from None
    if told is None:
        if findings:
            sys.stderr.write(findings_text(findings, {str(path): text}, False, 1))
        raise WrongUsage(say("{path} is not a readable scenario", path=str(path)))
    return told


def _check(console: Console, told: Scenario) -> None:
    organisation = console.session.workspace.organisation
    known(told.procedure, console.session.workspace.procedures, "procedure")
    if told.community:
        known(told.community, organisation.communities, "community")
    if told.committee:
        known(told.committee, organisation.committees, "committee")
    if console.session.sound_procedure(told.procedure) is None:
        version = console.session.workspace.procedures[told.procedure]
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


def replay_run(console: Console, told: Scenario) -> int:
    """Drive the run and write what happened; the exit code."""
    calendar = console.session.calendar
    run = prepare_run(
        console.session.workspace,
        calendar,
        told,
        console.session.now if console.session.now_text else None,
        patient=True,
    )
    played: list[Played] = []
    refusal: Refusal | None = None
    try:
        run.open()
        played += _since(run, 0)
        for line in told.lines:
            before = len(run.sandbox.happened)
            try:
                run.carry_out(line)
            finally:
                played += _since(run, before)
    except Refusal as problem:
        refusal = problem
    case = run.case if run.id else None
    if console.json:
        write_json(replay_json(told.procedure, played, case, refusal, calendar))
    else:
        organisation = console.session.workspace.organisation
        width = console.page_width
        sys.stdout.write(replay_text(played, case, refusal, calendar, organisation, console.colour, width))
    return 1 if refusal else 0


def _since(run: ScenarioRun, before: int) -> Iterator[Played]:
    """The events from number ``before`` on; the last one tells what can be done next."""
    new = run.sandbox.happened[before:]
    for number, (id, event) in enumerate(new, 1):
        yield _played(run.sandbox, id, event, _open(run) if number == len(new) else None)


def _played(sandbox: Sandbox, id: str, event: Event, following: tuple[Action, ...] | None) -> Played:
    case = replay(id, sandbox.ledger.read(id)[: event.n])
    version = sandbox.version(case)
    due = None if case.ended else Deadlines(case, version, sandbox.calendar).due()
    return Played(case, version, event, due, following)


def _open(run: ScenarioRun) -> tuple[Action, ...]:
    if not run.id:
        return ()
    listed = moves(run.version, run.case, run.sandbox.now, run.sandbox.calendar)
    return tuple(move.action for move in listed if move.open)
