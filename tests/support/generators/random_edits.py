"""Random edits of random procedures: what somebody might change between two versions."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.support.generators.random_procedures import procedure_pairs

Tree = dict[str, Any]


@cache
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


class Editor:
    """Draws edits of one procedure's tree."""

    def __init__(self, draw: Any, tree: Tree) -> None:
        self.draw = draw
        self.tree = tree
        self.kinds = (
            self.nothing,
            self.drop_action,
            self.drop_action,
            self.retarget,
            self.drop_guard,
            self.ask,
            self.ask_less,
            self.limit,
            self.add_action,
            self.rename,
            self.drop_rung,
            self.require,
            self.rename_action,
            self.anytime,
        )

    def one(self, *options: Any) -> Any:
        return options[self.draw(_below(len(options)))]

    def edit(self) -> None:
        self.one(*self.kinds)()

    def step(self) -> Tree:
        steps = [step for step in self.tree["steps"].values() if "end" not in step]
        found: Tree = self.one(*steps)
        return found

    def action(self) -> Tree:
        listed = [a for s in self.tree["steps"].values() for a in s.get("actions", {}).values()]
        found: Tree = self.one(*listed) if listed else {}
        return found

    def nothing(self) -> None:
        self.tree["note"] = "changed"

    def drop_action(self) -> None:
        actions = self.step().get("actions", {})
        if len(actions) > 1:
            actions.pop(self.one(*actions))

    def retarget(self) -> None:
        self.action()["to"] = self.one(*self.tree["steps"])

    def drop_guard(self) -> None:
        self.action().pop("when", None)

    def ask(self) -> None:
        self.action()["needs"] = self.one(["a"], ["n"])

    def ask_less(self) -> None:
        action = self.action()
        action.pop("needs", None)
        action.pop("may", None)

    def limit(self) -> None:
        action = self.action()
        action["limit"] = self.one("1", "2", "3")

    def add_action(self) -> None:
        self.step().setdefault("actions", {})["extra"] = {"by": ["clerk"], "to": self.one(*self.tree["steps"])}

    def drop_rung(self) -> None:
        ladder = self.step().get("ladder", [])
        if ladder:
            ladder.pop(self.one(*range(len(ladder))))

    def require(self) -> None:
        self.tree["fields"]["a"] = {"type": "choice", "of": self.one(["x", "y"], ["x", "y", "z"]), "required": "yes"}

    def rename(self) -> None:
        name = next(iter(self.tree["steps"]))
        steps = json.loads(json.dumps(self.tree["steps"]).replace(f'"{name}"', '"fresh"'))
        steps["fresh"]["was"] = name
        self.tree["steps"] = steps
        self.tree["anytime"] = json.loads(json.dumps(self.tree["anytime"]).replace(f'"{name}"', '"fresh"'))

    def rename_action(self) -> None:
        step = self.step()
        actions = step.get("actions", {})
        if actions:
            name = self.one(*actions)
            if name != "extra":  # guards that count it by its old name count nothing then, which is a change too
                step["actions"] = {("other" if n == name else n): a for n, a in actions.items()}
                step["actions"]["other"]["was"] = name

    def anytime(self) -> None:
        if self.tree["anytime"]:
            self.tree["anytime"].pop(self.one(*self.tree["anytime"]))


@st.composite
def versions(draw: Any) -> tuple[list[Tree], list[Tree]]:
    """Two versions of a workspace's procedures: ``loop`` differs by one to three edits, ``order`` stays."""
    old = draw(procedure_pairs())
    new = copy.deepcopy(old)
    editor = Editor(draw, new[0])
    for _ in range(editor.one(1, 1, 2, 3)):
        editor.edit()
    return old, new
