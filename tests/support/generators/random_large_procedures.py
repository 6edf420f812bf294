"""Random procedures whose states multiply: up to sixty fields that guards read, eight groups, and much else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.large_procedures import LADDER, Tree, child_groups, large

One = Callable[..., Any]
OUTCOMES = ("out0", "out1", "out2")
GUARANTEES: list[Tree] = [
    {"eventually": {"enter": "any end"}},
    {"before": {"enter": "closed"}, "require": "go0"},
    {"after": "go1", "eventually": {"enter": "any end"}},
    {"at_most": {"go0": "3"}},
    {"after": "go0", "never": "go2"},
    {"before_each": "go1", "require": "go0"},
    {"after": {"overdue": "s0"}, "eventually": {"tells": "street"}},
    {"before": {"enter": "closed", "where": {"f0": "x"}}, "require": "go1"},
    {"never_both": ["go1", "go2"]},
]


class LargeProcedure:
    """Draw one procedure; ``one`` chooses among its arguments. ``trees`` are the procedure and its children."""

    def __init__(self, one: One, fields: int = 60, groups: int = 8) -> None:
        self.one = one
        self.fields = [f"f{n}" for n in range(one(2, 4, 8, 12, *range(1, fields + 1)))]
        self.groups = [f"g{n}" for n in range(one(0, 0, 1, 2, *range(groups + 1)))]
        self.steps = [f"s{n}" for n in range(one(1, 2, 3, 5, 8, 20, 60))]
        self.counted = [f"go{n}" for n in range(one(1, 3, 6))]
        self.settings = [f"at{n}" for n in range(one(0, 0, 1, 2, 12))]

    def trees(self) -> list[Tree]:
        """The procedure and, where it opens some, the one of its children."""
        tree = large(
            {name: self._field() for name in self.fields}
            | {"f0": {"type": "choice", "of": ["x", "y"], "optional": "yes"}}
            | {f"p{n}": {"type": "list", "of": "partner", "optional": "yes"} for n in range(len(self.groups))},
            {name: self._step(place) for place, name in enumerate(self.steps)},
            guarantees={f"q{n}": self.one(*GUARANTEES) for n in range(self.one(1, 3, 6))},
        )
        if self.groups:
            tree["steps"]["s0"]["actions"]["all"] = {
                "title": "all",
                "by": "clerk",
                "to": self.steps[-1],
                "opens": {name: self._opens(name) for name in self.groups},
            }
        tree["settings"] = {
            name: {"type": "count", "default": "2", "at_least": "1", "up_to": "4"} for name in self.settings
        }
        return [tree, child_groups(1, 3)[1]] if self.groups else [tree]

    def _field(self) -> Tree:
        return self.one(
            {"type": "choice", "of": ["x", "y"], "optional": "yes"},
            {"type": "choice", "of": ["x", "y", "z"], "default": "x"},
            {"type": "yes_no", "required": "yes"},
            {"type": "count", "optional": "yes", "at_most": "99"},
            {"type": "share", "optional": "yes"},
        )

    def _test(self) -> tuple[str, Any]:
        kind = self.one("field", "field", "field", "group", "times")
        if kind == "group" and self.groups:
            asked = self.one({"all": "out0"}, {"none": "open"}, {"any": ["out1", "out2"]}, {"at_least": "2"})
            return self.one(*self.groups), asked
        if kind == "times":
            return "times", {self.one(*self.counted): {"at_least": self.one("1", "2", "3", *self.settings)}}
        return self.one(*self.fields), self.one("given", "missing")

    def _condition(self) -> Any:
        alternatives = [dict(self._test() for _ in range(self.one(1, 2, 2, 3))) for _ in range(self.one(1, 1, 2, 6))]
        return alternatives if len(alternatives) > 1 else alternatives[0]

    def _step(self, place: int) -> Tree:
        targets = [*self.steps[max(0, place - 1) : place + 3], "closed"]
        actions = {
            name: self._action(targets) for name in (*self.counted, *(f"a{n}" for n in range(self.one(1, 4, 12))))
        }
        step: Tree = {
            "title": "step",
            "owner": "clerk",
            "within": "3 working days",
            "ladder": [*LADDER, *self._rungs()],
            "actions": actions,
        }
        if self.one(True, False, False):
            step["then"] = [{"when": self._condition(), "to": self.one(*targets)}]
        return step

    def _rungs(self) -> list[Tree]:
        return [{"after": f"{days} working days", "tell": ["street"]} for days in range(2, self.one(2, 2, 3, 8))]

    def _opens(self, group: str) -> Tree:
        opens: Tree = {"procedure": "child", "instead_of": self.one("ended", "out1", ["out0", "out2"])}
        return opens | self.one({}, {"one_each": [f"p{self.groups.index(group)}"]})

    def _action(self, targets: list[str]) -> Tree:
        action: Tree = {"title": "act", "by": self.one("clerk", ["clerk", "inspector"]), "to": self.one(*targets)}
        if self.one(True, True, False):
            action["when"] = self._condition()
        if self.one(True, False, False):
            key = self.one("needs", "may")
            action[key] = list(dict.fromkeys(self.one(*self.fields) for _ in range(self.one(1, 2, 12, 40))))
        if self.one(True, False, False, False):
            action["limit"] = self.one("1", "3", *self.settings)
        if self.groups and action["to"] != "closed" and self.one(True, False, False):
            action["opens"] = {
                name: self._opens(name)
                for name in dict.fromkeys(self.one(*self.groups) for _ in range(self.one(1, 4, 8)))
            }
        return action
