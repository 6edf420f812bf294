"""Run an operation to completion: a move, and everything that follows from it by itself.

The follow-ups wait on a stack, so that a case settles before the next case is told: depth first, in a fixed order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from fujin_cli.core.cases.actors import SYSTEM, Actor
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.moves import find_automatic_move
from fujin_cli.core.cases.operation import (
    SYSTEM_ACTING,
    AnswerParent,
    Arrive,
    FollowUp,
    MakeMove,
    MoveRequest,
    OpenChild,
    Operation,
    Settle,
    TellJoined,
    TellLinked,
)
from fujin_cli.core.cases.transition import address_notifications, branch_of, plan_transition
from fujin_cli.core.findings.refusals import AUTOMATIC_CIRCLE, Refusal
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.text.localized import say

MOST_AUTOMATIC_MOVES = 100  # a longer chain is a circle, which validation forbids
MOST_FOLLOW_UPS = 10_000  # in one operation; more means cases that open or answer one another for ever


def complete_follow_ups(operation: Operation, follow_ups: Iterable[FollowUp]) -> None:
    """Carry out the follow-ups in their order, each with everything that follows from it. Raises Refusal."""
    stack = [*follow_ups][::-1]
    dispatched = 0
    while stack:
        dispatched += 1
        if dispatched > MOST_FOLLOW_UPS:
            raise _refuse_circle(operation.appended[0][0], operation.load_case(operation.appended[0][0]).step)
        stack.extend(reversed(_dispatch_follow_up(operation, stack.pop())))


def _dispatch_follow_up(operation: Operation, follow_up: FollowUp) -> list[FollowUp]:
    """Carry out one follow-up; returns those that it leads to."""
    if isinstance(follow_up, MakeMove):
        return _make_move(operation, follow_up)
    if isinstance(follow_up, Settle):
        return _make_automatic_move(operation, follow_up.case)
    if isinstance(follow_up, OpenChild):
        from fujin_cli.core.cases.opening import open_child

        return open_child(operation, follow_up)
    if isinstance(follow_up, Arrive) and not (follow_up.target and operation.load_case(follow_up.case).has_ended):
        return [Settle(follow_up.case)]
    from fujin_cli.core.cases import linked_cases

    if isinstance(follow_up, TellLinked):
        return linked_cases.tell_linked_case(operation, follow_up)
    if isinstance(follow_up, AnswerParent):
        return linked_cases.answer_parent(operation, follow_up)
    if isinstance(follow_up, TellJoined):
        return linked_cases.tell_joined_case(operation, follow_up)
    return linked_cases.follow_ups_of_ending(operation.load_case(follow_up.case))


def action_follow_ups(
    operation: Operation, id: str, action: Action, overflow: bool, request: MoveRequest
) -> list[FollowUp]:
    """List what the move ``action`` leads to; a parent is told first that its child is worked at again."""
    case = operation.load_case(id)
    branch = branch_of(operation.version_of(case), action, overflow)
    payload: dict[str, Any] = {"rule": action.rule, **request.data}
    if overflow:
        payload["overflow"] = True
    if action.stops_clock_until:
        payload["until"] = request.until
    move = MakeMove(id, branch, replace(request, data=payload))
    if case.has_ended and branch.target and case.parent:
        from fujin_cli.core.cases.linked_cases import check_parent_open

        check_parent_open(operation, case)
        return [AnswerParent(case, None), move]
    return [move]


def _make_move(operation: Operation, move: MakeMove) -> list[FollowUp]:
    case, request, target = operation.load_case(move.case), move.request, move.branch.target
    acting = request.acting
    transition = plan_transition(operation.version_of(case), case, move.branch, request.set, acting.by)
    payload = {**request.data, **_attribution_payload(acting), **transition.ending_payload()}
    if operation.proof_of(case, acting):
        from fujin_cli.core.cases.acceptance import issue_next_code

        payload |= issue_next_code(operation, case, target, acting)
    children: list[OpenChild] = []
    if transition.children:
        from fujin_cli.core.cases.opening import allocate_children

        children = allocate_children(operation, transition, acting)
    payload |= (
        transition.opened_payload(child.id for child in children) | transition.published_payload() | transition.links
    )
    units = payload.get("units", {})  # whoever is told of another committee belongs to that one
    after = replace(transition.after, **units) if units else transition.after
    operation.append_event(
        case.id,
        operation.make_event(
            case,
            request.kind,
            acting,
            action=request.action,
            to_step=target,
            set=transition.values,
            note=request.note,
            tells=(*request.tells, *address_notifications(transition, operation.people_of(after))),
            data=payload,
        ),
    )
    links = [TellLinked(case.id, transition.links, acting)] if transition.links else []
    return [*children, *links, Arrive(case.id, target)]


def _make_automatic_move(operation: Operation, id: str) -> list[FollowUp]:
    """Make the next automatic move of a case, which leads to settling it again. Raises Refusal for a circle."""
    case, environment = operation.load_case(id), operation.environment
    move = find_automatic_move(operation.version_of(case), case, environment.now, environment.calendar)
    if move is None:
        return []
    automatic_so_far = sum(
        event.kind == EventKind.MOVE for appended_to, event in operation.appended if appended_to == id
    )
    if automatic_so_far >= MOST_AUTOMATIC_MOVES:
        raise _refuse_circle(id, case.step)
    request = MoveRequest(EventKind.MOVE, move.action.name, SYSTEM_ACTING)
    return action_follow_ups(operation, id, move.action, move.overflow, request)


def _refuse_circle(case: str, step: str) -> Refusal:
    return Refusal(
        AUTOMATIC_CIRCLE,
        say("automatic moves of {case} go in a circle at step {step}; nothing was changed", case=case, step=step),
        help=say("`fujin validate` shows the circle (FJ308); migrate the case to a version without it"),
    )


def _attribution_payload(acting: Actor) -> dict[str, str]:
    """Write under which name the actor acted, and for whom, for the event's data."""
    name = {} if acting.name == SYSTEM else {"as": acting.name}
    return name | ({"on_behalf_of": acting.on_behalf_of} if acting.on_behalf_of else {})
