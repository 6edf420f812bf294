"""The watched atoms that an event of an abstract case makes true, a bit for each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fujin_cli.core.atoms import happens
from fujin_cli.core.event import Event
from fujin_cli.core.explore_guards import Guards
from fujin_cli.core.explore_shape import watched
from fujin_cli.core.explore_state import Label, State
from fujin_cli.core.procedure import Action, Effects, Procedure, Rung

_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


class Marks:
    """What of ``watch`` happens along the edges of one procedure's abstract cases."""

    def __init__(self, law: Procedure, guards: Guards) -> None:
        self.law, self._guards = law, guards
        self.watch = watched(law)
        self.limited = [(bit, atom.where) for bit, atom in enumerate(self.watch) if atom.where]
        self._any_limited = sum(1 << bit for bit, _ in self.limited)
        self._known: dict[int, int] = {}  # by the identity of labels, which are kept
        self._by_rule: dict[str, Action | Rung] = {action.rule: action for _, action in law.all_actions()}
        self._by_rule |= {rung.rule: rung for step in law.steps.values() for rung in step.ladder}

    def of(self, label: Label, after: State) -> int:
        """A bit for each watched atom that the event makes true; ``where`` looks at the case after it."""
        marks = self._known.get(id(label), -1)
        if marks < 0:
            marks = self._known[id(label)] = self._base_marks(label)
        for bit, where in self.limited if marks & self._any_limited else ():
            if marks >> bit & 1 and not self._guards.holds(where, after):
                marks &= ~(1 << bit)
        return marks

    def _base_marks(self, label: Label) -> int:
        event = self.event(label)
        return sum(1 << bit for bit, atom in enumerate(self.watch) if happens(atom, event, self.law))

    def event(self, label: Label) -> Event:
        """The event that the ledger would have, as far as atoms look at it."""
        effects = self._effects_of(label)
        parts = [effects, self.law.steps[label.to].on_enter] if label.to else [effects]
        target = self.law.steps[label.to] if label.to else None
        data: dict[str, Any] = {"publish": [name for part in parts for name in part.publish]}
        if target and target.end:
            data["outcome"] = target.end
        if label.opens:
            data["opens"] = dict.fromkeys(label.opens)
        if label.answered:
            data["answered"] = [label.group]
        if label.kind == "rung":
            data["when"] = label.name
        tells = [{"to": tell.to, "kind": tell.kind} for part in parts for tell in part.tells if label.told]
        tells += [{"to": "notice-board", "kind": name} for name in data["publish"]]
        raised = self._raised(label)
        tells += [{"to": raised, "kind": "raised"}] if raised else []
        return Event(
            n=0, at=_SOME_DAY, kind=label.kind, by="", entered_by="",
            action=label.name if label.kind in ("action", "move") else None,
            from_step=None if label.kind == "opened" else label.step, to_step=label.to, tells=tuple(tells), data=data,
        )  # fmt: skip

    def _effects_of(self, label: Label) -> Effects:
        move = self.move(label.rule)
        if move is None:
            return Effects()
        return move.then.effects if label.overflow and move.then else move.effects

    def _raised(self, label: Label) -> str | None:
        move = self.move(label.rule)
        return move.raises if isinstance(move, Rung) else None

    def move(self, rule: str) -> Action | Rung | None:
        """The move or rung with that name; None for what no move makes."""
        return self._by_rule.get(rule)

    def noticed(self, rung: Rung) -> bool:
        """Whether a rung that keeps the step makes any watched atom true, or changes anything."""
        if rung.effects.opens or rung.effects.sets or rung.effects.adds or rung.effects.does:
            return True
        step = rung.rule.split(".")[0]
        return bool(self._base_marks(Label("rung", rung.when, rung.rule, step=step, route=rung.route)))
