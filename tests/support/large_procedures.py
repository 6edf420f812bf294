"""Procedures whose states multiply: what they make, tests bound by counting and `make bench` measures."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from tests.support.small_town import PEOPLE
from tests.support.yaml_trees import tree_of

Tree = dict[str, Any]
LADDER = [{"at": "deadline", "tell": ["clerk"]}, {"after": "1 working day", "raise": "street"}]
GUARANTEES = {
    "it-ends": {"eventually": {"enter": "any end"}},
    "in-order": {"before": {"enter": "closed"}, "require": "enter"},
}


def act(target: str, **more: Any) -> Tree:
    """An action of the clerk that leads to the target."""
    return {"title": target, "to": target, "by": "clerk", **more}


def at_step(actions: Tree, **more: Any) -> Tree:
    """A step with a deadline, a rung that tells and one that raises."""
    return {"title": "step", "owner": "clerk", "within": "3 working days", "ladder": LADDER, "actions": actions, **more}


def large(fields: Tree, steps: Tree, name: str = "loop", guarantees: Any = GUARANTEES) -> Tree:
    """A procedure with these fields and steps, and the end that they lead to."""
    return {
        "procedure": name,
        "title": name,
        "case_of": "community",
        "opened": {"by": ["clerk", "resident", "procedure"]},
        **tree_of(PEOPLE),
        "fields": fields,
        "steps": {**steps, "closed": {"title": "closed", "end": "done"}},
        "guarantees": guarantees,
    }


def choices(count: int, values: tuple[str, ...] = ("x", "y", "z")) -> Tree:
    """Optional fields f0, f1, … with these values."""
    return {f"f{n}": {"type": "choice", "of": list(values), "optional": "yes"} for n in range(count)}


def read_in_pairs(count: int = 12, every_pair: bool = False, key: str = "needs") -> list[Tree]:
    """Inputs that are entered together, and then read by guards in pairs."""
    pairs = combinations(range(count), 2) if every_pair else zip(range(0, count, 2), range(1, count, 2), strict=True)
    guarded = {f"a{n}": act("closed", when={f"f{i}": "x", f"f{j}": "x"}) for n, (i, j) in enumerate(pairs)}
    start = at_step({"enter": act("middle", **{key: [*choices(count)]})})
    return [large(choices(count), {"start": start, "middle": at_step({**guarded, "other": act("closed")})})]


def guarded_fields(count: int = 8, in_a_row: bool = True) -> list[Tree]:
    """Optional fields, each with an action for one value, another for the second, and one for all others."""
    names = [f"f{n}" for n in range(count)]
    if in_a_row:
        targets = [*(f"s{n}" for n in range(1, count)), "closed"]
        steps = {
            f"s{n}": at_step(
                {
                    ("enter" if n == 0 else f"a{n}"): act(target, when={names[n]: "x"}),
                    f"b{n}": act(target, when={names[n]: "y"}),
                    f"c{n}": act(target),
                }
            )
            for n, target in enumerate(targets)
        }
        return [large(choices(count, ("x", "y")), steps)]
    guarded: Tree = {"enter": act("closed")}
    for n, name in enumerate(names):
        guarded |= {f"a{n}": act("closed", when={name: "x"}), f"b{n}": act("s0", limit="2", when={name: {"not": "x"}})}
    return [large(choices(count), {"s0": at_step(guarded)})]


def child_groups(count: int = 4, outcomes: int = 3) -> list[Tree]:
    """Groups of child cases, one for each partner of a list, that are opened together and awaited together."""
    names = [f"g{n}" for n in range(count)]
    opens = {name: {"procedure": "child", "one_each": [f"p{n}"]} for n, name in enumerate(names)}
    middle = at_step(
        {"finish": act("closed", when={name: {"all": "out0"} for name in names})},
        then=[{"when": [{name: {"none": "open", "any": "out1"}} for name in names], "to": "again"}],
    )
    again = at_step({"enough": act("closed", when={name: {"none": "open"} for name in names})})
    fields = {f"p{n}": {"type": "list", "of": "partner", "required": "yes"} for n in range(count)}
    steps = {"start": at_step({"enter": act("middle", opens=opens)}), "middle": middle, "again": again}
    ends = [f"e{n}" for n in range(outcomes)]
    child = large(
        {"is_lead": {"type": "yes_no", "optional": "yes", "lead": "yes"}},
        {
            "c0": at_step({f"x{n}": act(end) for n, end in enumerate(ends)}),
            **{end: {"title": end, "end": f"out{n}"} for n, end in enumerate(ends)},
        },
        "child",
        {},
    )
    del child["steps"]["closed"]
    return [large(fields, steps), child]
