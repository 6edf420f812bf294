"""Notifications: who is to be told of a move, and what became of telling them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.actors import Actor, People
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.findings.refusals import NOT_ENTITLED, NOT_NOW, Refusal
from fujin_cli.core.text.localized import say

if TYPE_CHECKING:
    from fujin_cli.core.cases.operation import Operation
    from fujin_cli.core.cases.transition import Transition


def address_notifications(transition: Transition, people: People) -> list[dict[str, Any]]:
    """The notifications that a move queues: one for everybody whom a name stands for today, and the notices.

    A name that stands for nobody now keeps its notification, so that it shows in the outbox.
    """
    named = [
        {"to": tell.to, "who": id, "kind": tell.kind}
        for tell in transition.notifications
        for id in people.resolve_name(tell.to) or ("",)
    ]
    return named + [{"to": "notice-board", "who": people.case.community, "kind": name} for name in transition.notices]


def record_delivery(
    operation: Operation, id: str, messages: list[str], actor: str, undelivered: str | None = None
) -> bool:
    """Record that notifications were delivered, or (``undelivered``) why not. False: nothing new. Raises Refusal."""
    case = operation.load_case(id)
    organisation = operation.environment.organisation
    if organisation.find_person(actor) is None and actor not in organisation.partners:
        raise Refusal(NOT_ENTITLED, say("{actor} is on no roster", actor=actor))
    unknown = sorted(set(messages) - {notification.id for notification in case.notifications()})
    if unknown:
        raise Refusal(NOT_NOW, say("{case} has no message {messages}", case=id, messages=unknown))
    fresh = sorted(set(messages) - case.told)
    if not fresh:
        return False
    kind = EventKind.UNDELIVERED if undelivered else EventKind.TOLD
    acting = Actor(actor, actor, kind)
    operation.append_event(id, operation.make_event(case, kind, acting, note=undelivered, data={"messages": fresh}))
    return True
