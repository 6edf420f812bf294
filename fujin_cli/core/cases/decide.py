"""Decisions: a command against what is known gives events, or a refusal. Everything that changes a case passes here."""

from __future__ import annotations

from difflib import get_close_matches

from fujin_cli.core.cases.acceptance import prove
from fujin_cli.core.cases.actors import ANYBODY, Actor, People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import action_follow_ups, complete
from fujin_cli.core.cases.deadlines import pause_end
from fujin_cli.core.cases.follow_ups import MoveRequest, Settle
from fujin_cli.core.cases.inputs import ActionInputs, opening_inputs, wrong_procedure
from fujin_cli.core.cases.moves import Move, moves
from fujin_cli.core.cases.opening import open_case as append_opening
from fujin_cli.core.cases.operation import Environment, Operation
from fujin_cli.core.cases.requests import Advance, Open
from fujin_cli.core.findings.refusals import (
    FOUR_EYES,
    INPUT_MISSING,
    INPUT_UNFIT,
    NOT_ENTITLED,
    NOT_NOW,
    OPENING_REFUSED,
    UNKNOWN_ACTION,
    Refusal,
)
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.model.values import Values
from fujin_cli.core.text.message import say


def open_case(operation: Operation, command: Open) -> str:
    """Open a case; returns its id. Raises Refusal."""
    environment = operation.environment
    version = environment.current(command.procedure)
    if version is None:
        raise Refusal(
            OPENING_REFUSED,
            say("there is no procedure {procedure}", procedure=command.procedure),
            help=say("`fujin procedure list` shows them"),
        )
    check_people_open(version)
    organisation = environment.organisation
    if command.community not in organisation.communities:
        raise Refusal(
            OPENING_REFUSED,
            say("there is no community {community}", community=command.community),
            who=tuple(organisation.communities),
        )
    values = opening_inputs(version, Values(version, organisation, environment.calendar), command.inputs)
    committee = _committee(command, version, organisation, values.get("topic"))
    if command.channel and command.channel not in version.channels:
        raise Refusal(
            OPENING_REFUSED,
            say(
                "{channel} is no channel of this procedure; one of {channels}",
                channel=command.channel,
                channels=version.channels,
            ),
        )
    _check_cases(operation, version, values)
    day = environment.calendar.local(environment.now).date()
    nobody = Case("", procedure=version.name, community=command.community, committee=committee, values=values)
    acting = _opener(People(nobody, version, organisation, day), version, command.actor)
    id = environment.allocate(command.community, environment.month())
    data: dict[str, object] = {"request": command.fingerprint()}
    if command.channel:
        data["channel"] = command.channel
    request = MoveRequest("opened", None, acting, note=command.note, data=data)
    complete(operation, append_opening(operation, id, version, command.community, committee, values, request))
    return id


def _check_cases(operation: Operation, version: Procedure, values: dict[str, object]) -> None:
    for name, field in version.fields.items():
        if field.type == "case" and name in values:
            other = operation.case(str(values[name]))
            if field.of and other.procedure not in field.of:
                raise Refusal(
                    OPENING_REFUSED,
                    wrong_procedure(other),
                )


def _committee(command: Open, version: Procedure, organisation: Organisation, topic: object) -> str | None:
    """``--committee``, else the community's only one of the fitting kind, else None: the community office."""
    if command.committee:
        unit = organisation.committees.get(command.committee)
        if unit is None or unit.parent != command.community:
            raise Refusal(
                OPENING_REFUSED,
                say(
                    "{community} has no committee {committee}", community=command.community, committee=command.committee
                ),
                who=tuple(unit.id for unit in organisation.committees_of(command.community)),
            )
        return unit.id
    fitting = [
        unit.id
        for unit in organisation.committees_of(command.community, version.name)
        if topic is None or topic in (organisation.kinds.get(unit.details.get("kind", ""), {}).get("answers") or ())
    ]
    if version.case_of == "committee" and len(fitting) != 1:
        raise Refusal(OPENING_REFUSED, say("name the committee with --committee"), who=tuple(fitting))
    return fitting[0] if len(fitting) == 1 else None


def check_people_open(version: Procedure) -> None:
    """Raises Refusal for a procedure whose cases only another procedure opens."""
    if set(version.opened_by) <= {"procedure"}:
        title = version.title or version.name
        raise Refusal(OPENING_REFUSED, say("only another procedure opens a case of {procedure}", procedure=title))


def _opener(people: People, version: Procedure, actor: str) -> Actor:
    names = tuple(name for name in version.opened_by if name != "procedure")
    for name in names:
        if actor == name and (name in ANYBODY or people.is_contact(name)):
            return Actor(actor, actor, name)
    return people.may_act(names, actor)


def _step_title(operation: Operation, case: Case) -> object:
    return operation.version_of(case).steps[case.step].title or case.step


def find_move(operation: Operation, case: Case, action: str) -> Move:
    """The move of that name at the case's place. Raises Refusal where there is none."""
    environment = operation.environment
    known = moves(operation.version_of(case), case, environment.now, environment.calendar)
    for move in known:
        if move.action.name == action:
            return move
    names = [move.action.name for move in known]
    close = get_close_matches(action, names, 1)
    raise Refusal(
        UNKNOWN_ACTION,
        say("there is no action {action} at {step}", action=action, step=_step_title(operation, case)),
        help=say("did you mean {name}?", name=close[0])
        if close
        else say("here: {names}", names=names)
        if names
        else None,
    )


def advance(operation: Operation, command: Advance) -> Refusal | None:
    """Do an action; None, or the refusal that left its own events behind (a wrong code). Raises every other Refusal."""
    case = operation.case(command.case)
    version = operation.version_of(case)
    move = find_move(operation, case, command.action)
    if move.refusal:
        raise move.refusal
    action = move.action
    people = operation.people(case)
    acting = people.may_act(action.by, command.actor)
    _four_eyes(case, version, action, acting)
    environment = operation.environment
    values = Values(version, environment.organisation, environment.calendar)
    inputs = ActionInputs(case, version, values, environment.calendar, environment.now, operation.case).read(
        action, command.inputs
    )
    refusal = prove(operation, case, acting, command.code)
    if refusal:
        return refusal
    until = None
    if action.stops_clock_until:
        day = inputs.get(action.stops_clock_until) or case.values.get(action.stops_clock_until)
        until = _pause_end(action, day, environment)
    move_request = MoveRequest(
        "action",
        action.name,
        acting,
        set=inputs,
        note=command.note,
        until=until,
        data={"request": command.fingerprint()},
    )
    complete(operation, action_follow_ups(operation, case.id, action, move.overflow, move_request))
    return None


def _pause_end(action: Action, day: object, environment: Environment) -> str:
    """When the clock goes on by itself. Raises Refusal for no end, or one that does not lie ahead."""
    field = action.stops_clock_until
    if not day:
        raise Refusal(
            INPUT_MISSING, say("{action} needs: {fields}", action=action.title or action.name, fields=[field])
        )
    end = pause_end(str(day), environment.calendar)
    if end <= environment.now:
        raise Refusal(INPUT_UNFIT, say("{field} must lie in the future", field=field))
    return end.isoformat()


def _four_eyes(case: Case, version: Procedure, action: Action, acting: Actor) -> None:
    """Enforce ``different_people`` over who acted and who entered it."""
    hands = {acting.by, acting.entered_by}
    for guarantee in version.guarantees.values():
        names = {atom.name for atom in guarantee.atoms.get("different_people", ())}
        if action.name not in names:
            continue
        for event in case.past:
            others = {event.by, event.entered_by}
            if event.action in names - {action.name} and others & hands:
                raise Refusal(
                    FOUR_EYES,
                    say(
                        "{actor} did {other} and may not do {action} too",
                        actor=sorted(others & hands),
                        other=event.action,
                        action=action.name,
                    ),
                )


def resume(operation: Operation, id: str, actor: str, note: str | None) -> str:
    """End a pause before its time; whoever may pause may resume. Returns the case's id. Raises Refusal."""
    case = operation.case(id)
    if not case.paused:
        raise Refusal(NOT_NOW, say("{case} is not paused", case=id))
    version = operation.version_of(case)
    names = tuple(name for action in version.anytime.values() if action.stops_clock_until for name in action.by)
    acting = operation.people(case).may_act(names, actor)
    event = operation.event(case, "resume", acting, note=note, data={"as": acting.name})
    operation.append(id, event)
    complete(operation, [Settle(id)])
    return id


def told(operation: Operation, id: str, messages: list[str], actor: str, undelivered: str | None = None) -> bool:
    """Record that messages were delivered, or (``undelivered``) why not. False: nothing new. Raises Refusal."""
    case = operation.case(id)
    organisation = operation.environment.organisation
    if organisation.person(actor) is None and actor not in organisation.partners:
        raise Refusal(NOT_ENTITLED, say("{actor} is on no roster", actor=actor))
    known = {message for message, _, _ in case.messages()}
    unknown = sorted(set(messages) - known)
    if unknown:
        raise Refusal(NOT_NOW, say("{case} has no message {messages}", case=id, messages=unknown))
    fresh = sorted(set(messages) - case.told)
    if not fresh:
        return False
    kind = "undelivered" if undelivered else "told"
    acting = Actor(actor, actor, kind)
    operation.append(id, operation.event(case, kind, acting, note=undelivered, data={"messages": fresh}))
    return True
