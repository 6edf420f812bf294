"""Random procedures that are valid: steps, guards, limits, ladders, pauses, children, reopening."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.support.small_town import PEOPLE, tree_of

Tree = dict[str, Any]
FIELDS = """
a: {type: choice, of: [x, y, z], optional: yes}
b: {type: choice, of: [x, y], default: x}
n: {type: count, default: 0, at_most: 9}
hands: {type: list, of: person, optional: yes}
day: {type: date, optional: yes}
reporter: {type: contact, optional: yes}
"""
SETTINGS = """
tries: {type: count, default: 2}
time: {type: duration, default: 3 hours}
"""
USUAL = {"settings": tree_of(SETTINGS), "fields": tree_of(FIELDS), **tree_of(PEOPLE)}
ACTORS = ("clerk", "coordinator", "inspector", "reporter")
HOURS = ("1 hour", "2 hours", "time", "1 working hour", "1 working day")


@cache
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


class Grammar:
    """Draws one procedure. ``groups`` are names of child procedures that it may open."""

    def __init__(self, draw: Any, name: str, groups: tuple[str, ...]) -> None:
        self.draw = draw
        self.name = name
        self.groups = groups
        self.working = [f"s{index}" for index in range(self.one(1, 2, 3, 4))]
        self.ends = [f"e{index}" for index in range(self.one(1, 2))]
        self.actions: list[str] = []

    def one(self, *options: Any) -> Any:
        return options[self.draw(_below(len(options)))]

    def some(self, *options: Any) -> list[Any]:
        """One or two of the options."""
        return list(dict.fromkeys((self.one(*options), self.one(*options))))

    def often(self) -> bool:
        return self.one(True, True, False)

    def seldom(self) -> bool:
        return self.one(False, False, False, True)

    def tree(self) -> Tree:
        tree: Tree = {
            "procedure": self.name,
            "case_of": "community",
            "opened": {"by": ["clerk", "procedure"], "gives": {"reporter": ["acceptance-code"]}},
            **USUAL,
            "steps": {},
            "anytime": self.anytime(),
        }
        for index, step in enumerate(self.working):
            tree["steps"][step] = self.step(index)
        for end in self.ends:
            tree["steps"][end] = self.end(end)
        return tree

    # where things lead

    def anywhere(self) -> str:
        return str(self.one(*self.working, *self.ends))

    def later(self, index: int) -> str:
        return str(self.one(*self.working[index + 1 :], *self.ends))

    # steps

    def step(self, index: int) -> Tree:
        kind = self.one("within", "within", "within", "lasts", "plain", "instant" if index else "within")
        if kind == "instant":
            return {"then": [self.move(index, guarded=True), {"to": self.later(index)}]}
        step: Tree = {"owner": "clerk", "actions": self.step_actions(index)}
        if kind == "within":
            step |= {"within": self.one(*HOURS), "ladder": [self.rung() for _ in range(self.one(1, 2, 3))]}
        if kind == "lasts":
            step["lasts"] = self.one(*HOURS)
            step["then"] = [{"when": {"time": "up"}, "to": self.later(index)}]
        elif self.seldom():
            step["then"] = [self.move(index, guarded=True)]
        if self.groups and self.seldom():
            step["on_enter"] = {"opens": self.opens()}
        elif self.seldom():
            step["on_enter"] = {"tell": {"coordinator": "progress"}, "sets": {"b": self.one("x", "y")}}
        return step

    def step_actions(self, index: int) -> Tree:
        actions: Tree = {}
        for number in range(self.one(1, 2, 3)):
            name = f"go{number}" if self.often() else f"s{index}go{number}"
            actions[name] = self.action()
            self.actions.append(name)
        if self.groups and index == 0:  # what guards ask about has to be opened somewhere
            first = next(iter(actions.values()))
            first |= {"to": self.one(*self.working), "opens": self.opens()}
        return actions

    def end(self, name: str) -> Tree:
        end: Tree = {"end": f"outcome-{name}", "counts_as": ["answered"]}
        if self.seldom():
            end["reopen"] = {
                "within": self.one(*HOURS),
                "limit": self.one("1", "2", "tries"),
                "to": self.one(*self.working),
                "by": self.one("clerk", "reporter"),
            }
        return end

    def rung(self) -> Tree:
        when = self.one({"before": "1 hour"}, {"at": "deadline"}, {"after": "1 hour"}, {"after": "time"})
        rung: Tree = dict(when)
        for key, value in (("tell", ["clerk"]), ("raise", self.one("community", "street")), ("publish", "notice")):
            if self.seldom():
                rung[key] = value
        if self.one(True, False):
            rung["to"] = self.anywhere()
        if "to" in rung and self.often():
            rung["limit"] = self.one("1", "2")
            if self.often():
                rung["then"] = {"to": self.anywhere(), "tell": ["street"]}
        return rung

    # moves

    def move(self, index: int, guarded: bool) -> Tree:
        move: Tree = {"to": self.later(index), "tell": ["clerk"]}
        if guarded:
            move["when"] = self.condition()
        if self.seldom():
            move |= {"to": self.anywhere(), "limit": self.one("1", "2"), "then": {"to": self.later(index)}}
        return move

    def action(self) -> Tree:
        action: Tree = {"by": self.some(*ACTORS)}
        if self.often():
            action["to"] = self.anywhere()
        if self.seldom():
            action["when"] = self.condition()
        if self.seldom():
            action["needs"] = self.inputs()
        elif self.seldom():
            action["may"] = self.inputs()
        for key, value in (
            ("sets", {"b": self.one("x", "y")}),
            ("adds", {"hands": "actor"}),
            ("tell", {"street": "reason"}),
            ("publish", ["notice"]),
            ("spaced", "1 hour"),
        ):
            if self.seldom():
                action[key] = value
        if self.one(True, False):
            action["limit"] = self.one("1", "2", "tries")
            if self.often() and action.get("to") not in self.ends:
                action["then"] = {"to": self.anywhere(), "tell": {"clerk": "reason"}}
        if self.groups and action.get("to") not in self.ends and self.often():
            action["opens"] = self.opens()
        return action

    def anytime(self) -> Tree:
        anytime: Tree = {"note": {"by": ["clerk", "inspector"], self.one("in", "except"): [self.anywhere()]}}
        if self.seldom():
            anytime["pause"] = {
                "by": "coordinator",
                "needs": {"day": {"within": "10 days"}},
                "stops_clock_until": "day",
                "limit": "2",
            }
        if self.seldom():
            anytime["away"] = {"by": "clerk", "to": self.anywhere()}
        if self.seldom():
            anytime["correct"] = {"by": "clerk", "amends": self.some("a", "b", "n")}
        return anytime

    def opens(self) -> Tree:
        group = self.one(*self.groups)
        opens: Tree = {"procedure": group, "give": {"b": "b", "a": "a"}, "bring": ["n"]}
        if self.often():
            opens["instead_of"] = self.one("ended", "outcome-e0", ["outcome-e0", "outcome-e1"])
        return {f"g-{group}": opens}

    # conditions

    def condition(self) -> Any:
        alternatives = [self.tests() for _ in range(self.one(1, 1, 1, 2))]
        return alternatives[0] if len(alternatives) == 1 else alternatives

    def tests(self) -> Tree:
        return dict(self.test(name) for name in self.some("a", "b", "n", "times", "group"))

    def test(self, name: str) -> tuple[str, Any]:
        if name == "n":
            return "n", {self.one("at_least", "over", "at_most", "under"): self.one("1", "2", "tries")}
        if name == "times":
            action = self.one(*(self.actions or ["go0"]))
            spec: Tree = {self.one("at_least", "under"): self.one("1", "2", "tries")}
            if self.seldom():
                spec["since"] = {"enter": self.anywhere()}
            return "times", {action: spec}
        if name == "group" and self.groups:
            verb, values = (
                self.one("all", "any", "none"),
                self.one("ended", "open", "outcome-e0", ["open", "outcome-e1"]),
            )
            return f"g-{self.one(*self.groups)}", {verb: values}
        return "a", self.one("x", ["x", "y"], "given", "missing", {"not": "z"})

    def inputs(self) -> Any:
        return self.one(
            ["a"], ["n"], {"a": "given", "n": {"at_least": "2"}}, {"b": {"not": "a"}}, {"n": {"at_most": "5"}}
        )


@st.composite
def procedure_pairs(draw: Any) -> list[Tree]:
    """A procedure ``loop`` and the one that it may open, ``order``."""
    order = Grammar(draw, "order", ()).tree()
    return [Grammar(draw, "loop", ("order",)).tree(), order]
