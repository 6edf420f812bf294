"""Record what became of the notifications that moves queued: delivered, or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.findings.refusals import NOT_ENTITLED, NOT_NOW, Refusal
from fujin_cli.core.text.localized import say

if TYPE_CHECKING:
    from fujin_cli.core.cases.operation import Operation


def record_delivery(
    operation: Operation, id: str, messages: list[str], actor: str, undelivered: str | None = None
) -> list[str]:
    """Record that notifications were delivered, or (``undelivered``) why not. Raises Refusal.

    ``messages`` are ids of notifications; the case's own id stands for those that wait now. Returns the ids of all.
    """
    case = operation.load_case(id)
    organisation = operation.environment.organisation
    if organisation.find_person(actor) is None and actor not in organisation.partners:
        raise Refusal(NOT_ENTITLED, say("{actor} is on no roster", actor=actor))
    waiting = [notification.id for notification in case.waiting_notifications()]
    ids = list(dict.fromkeys(single for name in messages for single in (waiting if name == id else [name])))
    unknown = sorted(set(ids) - {notification.id for notification in case.notifications()})
    if unknown:
        raise Refusal(NOT_NOW, say("{case} has no message {messages}", case=id, messages=unknown))
    fresh = sorted(set(ids) - case.told)
    if not fresh:
        return ids
    kind = EventKind.UNDELIVERED if undelivered else EventKind.TOLD
    acting = Actor(actor, actor, kind)
    operation.append_event(id, operation.make_event(case, kind, acting, note=undelivered, data={"messages": fresh}))
    return ids
