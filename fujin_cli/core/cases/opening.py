"""Opening cases: what the opening event pins, and the children that a move opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.actors import Acting
from fujin_cli.core.cases.attribution import Doing, NewChild, notices
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.child_cases import each_of, given, takes_place
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.values import literal
from fujin_cli.core.text.message import say

if TYPE_CHECKING:
    from fujin_cli.core.cases.operation import Proceedings


def open_children(
    proceedings: Proceedings, case: Case, effects: Effects, data: dict[str, Any], acting: Acting
) -> list[NewChild]:
    """The children that the effects open, noted in the parent's ``data``."""
    found: list[NewChild] = []
    for opens in effects.opens:
        law = proceedings.office.current(opens.procedure)
        if law is None:
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
            id = proceedings.office.allocate(case.community, proceedings.office.month())
            proceedings.cases[id] = Case(id)
            values = given(law, case, opens.give, acting, value, opens.to, _is_lead(proceedings, case, each))
            item = {"case": id, "each": each, **({"leaves": True} if opens.leaves else {})}
            data.setdefault("opens", {}).setdefault(opens.group, []).append(item)
            found.append(NewChild(id, law, case, opens.group, values, acting))
    if not data.get("replaces"):
        data.pop("replaces", None)
    return found


def _is_lead(proceedings: Proceedings, case: Case, each: str) -> bool:
    found = proceedings.law_of(case).fields.get(each)
    return found is not None and found.type == "partner"


def open_child(proceedings: Proceedings, child: NewChild) -> None:
    """Open a child whose place in its parent is noted already."""
    parent = {"case": child.parent.id, "group": child.group}
    open_case(
        proceedings,
        child.id, child.law, child.parent.community, child.parent.committee, child.values,
        Doing("opened", None, child.acting, data={"parent": parent}),
    )  # fmt: skip


def open_case(
    proceedings: Proceedings,
    id: str,
    law: Procedure,
    community: str,
    committee: str | None,
    values: Mapping[str, Any],
    doing: Doing,
) -> None:
    """Append the opening event: the law, the settings and the first code of the case are pinned by it."""
    step = law.steps[law.first]
    defaults = {name: literal(spec.type, spec.default) for name, spec in law.fields.items() if spec.default is not None}
    settings = {
        name: proceedings.office.organisation.setting(community, committee, law.name, name) or setting.default
        for name, setting in law.settings.items()
    }
    data = {
        **doing.data, "procedure": law.name, "law": law.digest, "community": community, "committee": committee,
        "settings": settings,
    }  # fmt: skip
    if any("acceptance-code" in what for what in law.gives.values()):
        data["code"] = proceedings.fresh_code(id, 1)
    initial = {**defaults, **values}
    case = Case(
        id, procedure=law.name, law=law.digest, community=community, committee=committee, values=initial,
        settings=settings, opened_by=doing.acting.by,
    )  # fmt: skip
    if step.on_enter.publish:
        data["publish"] = list(step.on_enter.publish)
    initial |= proceedings.sets(case, step.on_enter, doing.acting)
    children = open_children(proceedings, case, step.on_enter, data, doing.acting)
    event = replace(
        proceedings.event(Case(id), "opened", doing.acting), to_step=step.name, set=initial, note=doing.note
    )
    tells = (*proceedings.tells(case, step.on_enter), *notices(case, step.on_enter.publish))
    proceedings.append(id, replace(event, tells=tells, data=data))
    for child in children:
        open_child(proceedings, child)
    proceedings.settle(id)
