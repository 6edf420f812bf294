"""Decide what people do on a case: check the request, then append its events, or refuse it."""

from __future__ import annotations

from typing import Any

from fujin_cli.core.cases.actors import Actor, list_allowed_names
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import action_follow_ups, complete_follow_ups
from fujin_cli.core.cases.deadlines import pause_end
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.moves import Move, actions_of_case, find_move_by_name
from fujin_cli.core.cases.operation import Advance, Environment, MoveRequest, Operation, Settle
from fujin_cli.core.findings.refusals import (
    FOUR_EYES,
    INPUT_MISSING,
    INPUT_UNFIT,
    NOT_NOW,
    UNKNOWN_ACTION,
    Refusal,
)
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.text.localized import Title, say


def _step_title(operation: Operation, case: Case) -> object:
    return operation.version_of(case).steps[case.step].title or case.step


def require_move(operation: Operation, case: Case, action: str) -> Move:
    """Find the move of that name at the case's step. Raises Refusal where there is none."""
    environment, version = operation.environment, operation.version_of(case)
    move = find_move_by_name(action, version, case, environment.now, environment.calendar)
    if move:
        return move
    from difflib import get_close_matches

    names = [existing.name for existing in actions_of_case(version, case)]
    close = get_close_matches(action, names, 1)
    raise Refusal(
        UNKNOWN_ACTION,
        say("there is no action {action} at {step}", action=action, step=_step_title(operation, case)),
        help=say("did you mean {name}?", name=close[0])
        if close
        else say("actions at this step: {names}", names=names)
        if names
        else None,
    )


def advance_case(operation: Operation, command: Advance) -> Refusal | None:
    """Do an action. Returns the refusal of a wrong code, whose event must be kept; raises every other Refusal."""
    case = operation.load_case(command.case)
    version = operation.version_of(case)
    move = require_move(operation, case, command.action)
    if move.refusal:
        raise move.refusal
    action = move.action
    people = operation.people_of(case)
    acting = people.authorize_actor(action.by, command.actor, list_allowed_names(version, action))
    environment = operation.environment
    check_different_people(case, version, action, acting, environment.organisation)
    inputs = _read_inputs(operation, case, action, command)
    amended: dict[str, Any] = {}
    if action.amended_names:
        from fujin_cli.core.cases.corrections import amend_case

        inputs, amended = amend_case(operation, case, action, inputs)
    if operation.proof_of(case, acting):
        from fujin_cli.core.cases.acceptance import check_proof

        refusal = check_proof(operation, case, acting, command.code)
        if refusal:
            return refusal
    until = None
    if action.stops_clock_until:
        day = inputs.get(action.stops_clock_until) or case.values.get(action.stops_clock_until)
        until = _check_pause_end(action, day, environment)
    move_request = MoveRequest(
        EventKind.AMENDED if action.amended_names else EventKind.ACTION,
        action.name,
        acting,
        set=inputs,
        note=command.note,
        until=until,
        data={"request": command.fingerprint(), **amended},
    )
    complete_follow_ups(operation, action_follow_ups(operation, case.id, action, move.overflow, move_request))
    return None


def _read_inputs(operation: Operation, case: Case, action: Action, command: Advance) -> dict[str, Any]:
    """Read what was entered for an action. Raises Refusal for what is missing, unknown or unfit."""
    if not (command.inputs or command.appends or action.needs or action.effects.does or action.amended_names):
        return {}
    from fujin_cli.core.cases.inputs import ActionInputs
    from fujin_cli.core.model.values import Values

    environment, version = operation.environment, operation.version_of(case)
    values = Values(version, environment.organisation, environment.calendar)
    reader = ActionInputs(case, version, values, environment.calendar, environment.now, operation.load_case)
    return reader.read(action, command.inputs, command.appends)


def _check_pause_end(action: Action, day: object, environment: Environment) -> str:
    """Compute when the clock goes on by itself. Raises Refusal for no end, or one that does not lie ahead."""
    field = action.stops_clock_until
    if not day:
        raise Refusal(
            INPUT_MISSING, say("{action} needs: {fields}", action=action.title or action.name, fields=[field])
        )
    end = pause_end(str(day), environment.calendar)
    if end <= environment.now:
        raise Refusal(INPUT_UNFIT, say("{field} must be in the future", field=field))
    return end.isoformat()


def check_different_people(
    case: Case, version: Procedure, action: Action, acting: Actor, organisation: Organisation
) -> None:
    """Enforce ``different_people`` over who acted and who entered it. Raises Refusal, which names them."""
    actors = {acting.by, acting.entered_by}
    for guarantee in version.guarantees.values():
        names = {atom.name for atom in guarantee.atoms.get("different_people", ())}
        if action.name not in names:
            continue
        for event in case.events_in_current_names:
            same = actors & {event.by, event.entered_by}
            if event.action in names - {action.name} and same:
                same_people = [organisation.label_id(actor) for actor in sorted(same)]
                raise _refuse_same_people(same_people, event, version, action)


def _refuse_same_people(people: list[Title | str], event: Event, version: Procedure, action: Action) -> Refusal:
    """Make FJ808 for somebody who did the other action before."""
    moves = (move for _, move in version.all_actions() if move.name == event.action)
    earlier = next((move.title for move in moves if move.title), event.action)
    return Refusal(
        FOUR_EYES,
        say(
            "{actor} did {other} and must not also do {action}",
            actor=people,
            other=say("“{action}”", action=earlier),
            action=say("“{action}”", action=action.title or action.name),
        ),
    )


def resume_case(operation: Operation, id: str, actor: str, note: str | None) -> str:
    """End a pause early; the same people may do it as may pause. Returns the case's id. Raises Refusal."""
    case = operation.load_case(id)
    if not case.running_pause:
        raise Refusal(NOT_NOW, say("{case} is not paused", case=id))
    version = operation.version_of(case)
    names = tuple(name for action in version.anytime.values() if action.stops_clock_until for name in action.by)
    acting = operation.people_of(case).authorize_actor(names, actor)
    event = operation.make_event(case, EventKind.RESUME, acting, note=note, data={"as": acting.name})
    operation.append_event(id, event)
    complete_follow_ups(operation, [Settle(id)])
    return id
