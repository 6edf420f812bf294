"""Plan a move: its branch, and what it changes. The operation, a case under another version and the explorer use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.effects import Effects, Opens, Tell
from fujin_cli.core.model.operators import parse_literal
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.model.rung_types import Rung

if TYPE_CHECKING:
    from fujin_cli.core.cases.actors import People


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a move leads (``target``; None: the case stays) with which effects: its own, then those of arriving.

    ``overflow``: the move's limit is used up, so that it takes the branch of its ``then``, if it has one.
    """

    target: str | None
    overflow: bool
    parts: tuple[Effects, ...]

    def without_notifications(self) -> Branch:
        """The same branch without the notifications of the move itself; those of arriving stay."""
        return replace(self, parts=(replace(self.parts[0], tells=()), *self.parts[1:]))


def is_limit_used_up(case: Case, move: Action | Rung) -> bool:
    """Whether the move happened as often as its limit allows."""
    limit = move.limit
    return limit is not None and case.counts.get(move.rule, 0) >= int(case.resolve_setting(limit))


def branch_of(version: Procedure, move: Action | Rung, overflow: bool) -> Branch:
    """Give the branch that a move takes; the same for every case."""
    then = move.then if overflow else None
    effects, target = (then.effects, then.to) if then else (move.effects, move.to)
    return Branch(target or None, overflow, (effects, version.steps[target].on_enter) if target else (effects,))


def branches_of(version: Procedure, move: Action | Rung) -> list[Branch]:
    """List the branches that a move can take: its own and, after its limit, that of its ``then``."""
    overflows = (False, True) if move.limit and move.then else (False,)
    return [branch_of(version, move, overflow) for overflow in overflows]


def opening_branch(version: Procedure) -> Branch:
    """Give the branch of an opening: the arrival at the first step."""
    return Branch(version.first_step, False, (version.steps[version.first_step].on_enter,))


@dataclass(frozen=True, slots=True)
class ChildOrder:
    """Child cases to open by one effect: one for each (field, value) of ``each``."""

    opens: Opens
    each: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """What one move does to one case, before recipients are looked up and anything is written.

    ``after`` is the case with ``values`` set; ``links`` says which case this one joins or parts from, by the verb's
    third person (``joins``); ``replaced`` are the children whose place the ordered ones take.
    """

    branch: Branch
    values: Mapping[str, Any]
    after: Case
    outcome: str | None
    counts_as: tuple[str, ...]
    notifications: tuple[Tell, ...]
    notices: tuple[str, ...]
    links: dict[str, dict[str, str]]
    replaced: tuple[str, ...]
    children: tuple[ChildOrder, ...]

    def opened_payload(self, ids: Iterator[str]) -> dict[str, Any]:
        """Write which children were opened, for the event's data; each takes the next of the ``ids``."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for order in self.children:
            leaves = {"leaves": True} if order.opens.leaves else {}
            for field, _ in order.each:
                groups.setdefault(order.opens.group, []).append({"case": next(ids), "each": field, **leaves})
        replaced = {"replaces": list(self.replaced)} if self.replaced else {}
        return {**replaced, **({"opens": groups} if groups else {})}

    def ending_payload(self) -> dict[str, Any]:
        """Write how the case ended, for the event's data; empty where it goes on."""
        return {} if self.outcome is None else {"outcome": self.outcome, "counts_as": list(self.counts_as)}

    def published_payload(self) -> dict[str, Any]:
        """Write what was made public, for the event's data."""
        return {"publish": list(self.notices)} if self.notices else {}


def plan_transition(version: Procedure, case: Case, branch: Branch, inputs: Mapping[str, Any], by: str) -> Transition:
    """Work out what a move of ``case`` along ``branch`` does, made by the actor ``by`` with these inputs.

    An opening is planned on a case that has its inputs already, along ``opening_branch``.
    """
    values = dict(inputs)
    for part in branch.parts:
        values |= _compute_written_fields(version, case, part, by)
    after = replace(case, values={**case.values, **values})
    target = version.steps[branch.target] if branch.target else None
    orders = [order for part in branch.parts for order in part.opens]
    return Transition(
        branch=branch,
        values=values,
        after=after,
        outcome=target.end if target else None,
        counts_as=target.counts_as if target else (),
        notifications=tuple(tell for part in branch.parts for tell in part.tells),
        notices=tuple(name for part in branch.parts for name in part.publish),
        links=_find_links(after, branch.parts),
        replaced=tuple(child for opens in orders for child in _find_replaced_children(case, opens)),
        children=tuple(ChildOrder(opens, tuple(_list_field_values(after, opens.one_each))) for opens in orders),
    )


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


def _compute_written_fields(version: Procedure, case: Case, effects: Effects, by: str) -> dict[str, Any]:
    """Compute the fields that the effects set, or add the actor to."""
    fields = version.fields
    values: dict[str, Any] = {
        name: parse_literal(fields[name].type, text) if name in fields else text for name, text in effects.sets.items()
    }
    for name in effects.adds:
        values[name] = list(dict.fromkeys([*case.values.get(name, []), by]))
    return values


def _find_replaced_children(case: Case, opens: Opens) -> Iterator[str]:
    for child in case.children:
        if child.group == opens.group and not child.replaced and can_replace_child(opens.instead_of, child.outcome):
            yield child.case


def _find_links(after: Case, parts: Iterable[Effects]) -> dict[str, dict[str, str]]:
    """Find the cases that this one joins, or parts from."""
    links: dict[str, dict[str, str]] = {}
    for effect in (effect for part in parts for effect in part.does):
        parting = effect.verb == "part" and after.joined_to
        case = after.joined_to[1] if parting and after.joined_to else after.values.get(effect.field)
        if case:
            links[effect.verb + "s"] = {"field": effect.field, "case": case}
    return links


def can_replace_child(instead_of: tuple[str, ...], outcome: str | None) -> bool:
    """Whether a new child replaces one with that outcome; an open child stays."""
    return outcome is not None and ("ended" in instead_of or outcome in instead_of)


def _list_field_values(case: Case, fields: tuple[str, ...]) -> list[tuple[str, Any]]:
    """List (field, value) of every child to open: one for each value of the fields; without fields, one alone."""
    if not fields:
        return [("", None)]
    pairs: list[tuple[str, Any]] = []
    for name in fields:
        value = case.values.get(name)
        pairs += [(name, single) for single in (value if isinstance(value, list) else [value]) if single is not None]
    return pairs
