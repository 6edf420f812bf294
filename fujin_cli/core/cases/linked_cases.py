"""Cases that wait for one another: parents for their children, joined cases for the one that goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.attribution import SYSTEM_ACTING
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.child_cases import complainants
from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal
from fujin_cli.core.text.message import say

if TYPE_CHECKING:
    from fujin_cli.core.cases.operation import Operation


def tell_other_case(operation: Operation, id: str, data: Mapping[str, Any], acting: Actor) -> None:
    """Let the other case know that this one joined it or parted from it."""
    for key, kind in (("joins", "joined"), ("parts", "parted")):
        if key not in data:
            continue
        case, other = operation.case(id), operation.case(data[key]["case"])
        owner = operation.version_of(other).steps[other.step].owner
        people = operation.people(other)
        tells = tuple({"to": owner, "who": who, "kind": kind} for who in (people.resolve(owner) if owner else ()))
        values = complainants(operation.version_of(case), case, operation.version_of(other), other, kind)
        operation.append(other.id, operation.event(other, kind, acting, set=values, data={"case": id}, tells=tells))
        operation.settle(other.id)


def tell_the_waiting(operation: Operation, id: str) -> None:
    """Tell the parent and the cases joined to this one that it has ended."""
    case = operation.case(id)
    if case.parent:
        answer_parent(operation, case, case.outcome)
    for joined in case.joined:
        follower = operation.case(joined)
        if follower.ended:  # with an earlier end of this one, which was reopened since
            continue
        data = {"case": id, "case_outcome": case.outcome}
        operation.append(follower.id, operation.event(follower, "other-ended", SYSTEM_ACTING, data=data))
        operation.settle(follower.id)


def answer_parent(operation: Operation, case: Case, outcome: str | None) -> None:
    """Let the parent know its child's outcome (None: it is open again) and bring what it asked for."""
    parent = operation.case(case.parent or "")
    version = operation.version_of(parent)
    brought = {name for opens in version.groups().get(case.parent_group, []) for name in opens.bring}
    values = {name: case.values[name] for name in sorted(brought) if name in case.values}
    data: dict[str, Any] = {"group": case.parent_group, "case": case.id, "child_outcome": outcome}
    siblings = [other for other in parent.children if other.group == case.parent_group and not other.replaced]
    if outcome is not None and all(other.outcome or other.case == case.id for other in siblings):
        data["answered"] = [case.parent_group]
    operation.append(parent.id, operation.event(parent, "child", SYSTEM_ACTING, set=values, data=data))
    operation.settle(parent.id)


def reopen_for_parent(operation: Operation, case: Case) -> None:
    """A child that is worked at again is open again for its parent, which must not have ended meanwhile."""
    parent = operation.case(case.parent or "")
    if parent.ended:
        raise Refusal(UNKNOWN_CASE, say("{case} has ended and waits for this no more", case=parent.id))
    answer_parent(operation, case, None)
