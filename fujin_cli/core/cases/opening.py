"""Opening cases: what the opening event pins, and the children that a move opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.attribution import MoveRequest, NewChild, notices
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.child_cases import each_of, given, takes_place
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.values import literal
from fujin_cli.core.text.message import say

if TYPE_CHECKING:
    from fujin_cli.core.cases.operation import Operation


def open_children(
    operation: Operation, case: Case, effects: Effects, data: dict[str, Any], acting: Actor
) -> list[NewChild]:
    """The children that the effects open, noted in the parent's ``data``."""
    found: list[NewChild] = []
    for opens in effects.opens:
        version = operation.environment.current(opens.procedure)
        if version is None:
            raise Refusal(
                OPENING_REFUSED,
                say(
                    "{procedure} cannot be opened: the workspace has no sound procedure of that name",
                    procedure=opens.procedure,
                ),
                help=say("run `fujin validate`"),
            )
        replaced = [
            child.case
            for child in case.children
            if child.group == opens.group and not child.replaced and takes_place(opens.instead_of, child.outcome)
        ]
        data.setdefault("replaces", []).extend(replaced)
        for each, value in each_of(case, opens.one_each):
            id = operation.environment.allocate(case.community, operation.environment.month())
            operation.cases[id] = Case(id)
            values = given(version, case, opens.give, acting, value, opens.to, _is_lead(operation, case, each))
            item = {"case": id, "each": each, **({"leaves": True} if opens.leaves else {})}
            data.setdefault("opens", {}).setdefault(opens.group, []).append(item)
            found.append(NewChild(id, version, case, opens.group, values, acting))
    if not data.get("replaces"):
        data.pop("replaces", None)
    return found


def _is_lead(operation: Operation, case: Case, each: str) -> bool:
    found = operation.version_of(case).fields.get(each)
    return found is not None and found.type == "partner"


def open_child(operation: Operation, child: NewChild) -> None:
    """Open a child whose place in its parent is noted already."""
    parent = {"case": child.parent.id, "group": child.group}
    open_case(
        operation,
        child.id,
        child.version,
        child.parent.community,
        child.parent.committee,
        child.values,
        MoveRequest("opened", None, child.acting, data={"parent": parent}),
    )


def open_case(
    operation: Operation,
    id: str,
    version: Procedure,
    community: str,
    committee: str | None,
    values: Mapping[str, Any],
    move_request: MoveRequest,
) -> None:
    """Append the opening event: the law, the settings and the first code of the case are pinned by it."""
    step = version.steps[version.first]
    defaults = {
        name: literal(spec.type, spec.default) for name, spec in version.fields.items() if spec.default is not None
    }
    settings = {
        name: operation.environment.organisation.setting(community, committee, version.name, name) or setting.default
        for name, setting in version.settings.items()
    }
    data = {
        **move_request.data,
        "procedure": version.name,
        "law": version.digest,
        "community": community,
        "committee": committee,
        "settings": settings,
    }
    if any("acceptance-code" in what for what in version.gives.values()):
        data["code"] = operation.fresh_code(id, 1)
    initial = {**defaults, **values}
    case = Case(
        id,
        procedure=version.name,
        version_digest=version.digest,
        community=community,
        committee=committee,
        values=initial,
        settings=settings,
        opened_by=move_request.acting.by,
    )
    if step.on_enter.publish:
        data["publish"] = list(step.on_enter.publish)
    initial |= operation.sets(case, step.on_enter, move_request.acting)
    children = open_children(operation, case, step.on_enter, data, move_request.acting)
    event = replace(
        operation.event(Case(id), "opened", move_request.acting), to_step=step.name, set=initial, note=move_request.note
    )
    tells = (*operation.tells(case, step.on_enter), *notices(case, step.on_enter.publish))
    operation.append(id, replace(event, tells=tells, data=data))
    for child in children:
        open_child(operation, child)
    operation.settle(id)
