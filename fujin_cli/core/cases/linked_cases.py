"""Cases that wait for one another: parents for their children, joined cases for the one that goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.actors import Acting
from fujin_cli.core.cases.attribution import SYSTEM_ACTING
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.child_cases import complainants
from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal
from fujin_cli.core.text.message import say

if TYPE_CHECKING:
    from fujin_cli.core.cases.operation import Proceedings


def tell_other_case(proceedings: Proceedings, id: str, data: Mapping[str, Any], acting: Acting) -> None:
    """Let the other case know that this one joined it or parted from it."""
    for key, kind in (("joins", "joined"), ("parts", "parted")):
        if key not in data:
            continue
        case, other = proceedings.case(id), proceedings.case(data[key]["case"])
        owner = proceedings.law_of(other).steps[other.step].owner
        people = proceedings.people(other)
        tells = tuple({"to": owner, "who": who, "kind": kind} for who in (people.resolve(owner) if owner else ()))
        values = complainants(proceedings.law_of(case), case, proceedings.law_of(other), other, kind)
        proceedings.append(other.id, proceedings.event(other, kind, acting, set=values, data={"case": id}, tells=tells))
        proceedings.settle(other.id)


def tell_the_waiting(proceedings: Proceedings, id: str) -> None:
    """Tell the parent and the cases joined to this one that it has ended."""
    case = proceedings.case(id)
    if case.parent:
        answer_parent(proceedings, case, case.outcome)
    for joined in case.joined:
        follower = proceedings.case(joined)
        if follower.ended:  # with an earlier end of this one, which was reopened since
            continue
        data = {"case": id, "case_outcome": case.outcome}
        proceedings.append(follower.id, proceedings.event(follower, "other-ended", SYSTEM_ACTING, data=data))
        proceedings.settle(follower.id)


def answer_parent(proceedings: Proceedings, case: Case, outcome: str | None) -> None:
    """Let the parent know its child's outcome (None: it is open again) and bring what it asked for."""
    parent = proceedings.case(case.parent or "")
    law = proceedings.law_of(parent)
    brought = {name for opens in law.groups().get(case.parent_group, []) for name in opens.bring}
    values = {name: case.values[name] for name in sorted(brought) if name in case.values}
    data: dict[str, Any] = {"group": case.parent_group, "case": case.id, "child_outcome": outcome}
    siblings = [other for other in parent.children if other.group == case.parent_group and not other.replaced]
    if outcome is not None and all(other.outcome or other.case == case.id for other in siblings):
        data["answered"] = [case.parent_group]
    proceedings.append(parent.id, proceedings.event(parent, "child", SYSTEM_ACTING, set=values, data=data))
    proceedings.settle(parent.id)


def reopen_for_parent(proceedings: Proceedings, case: Case) -> None:
    """A child that is worked at again is open again for its parent, which must not have ended meanwhile."""
    parent = proceedings.case(case.parent or "")
    if parent.ended:
        raise Refusal(UNKNOWN_CASE, say("{case} has ended and waits for this no more", case=parent.id))
    answer_parent(proceedings, case, None)
