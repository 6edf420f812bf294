"""Compute which watched atoms an event of an abstract case makes true, as one bit for each atom."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.cases.transition import branch_of, opening_branch
from fujin_cli.core.explore.abstraction import list_watched_atoms
from fujin_cli.core.explore.guards import Guards
from fujin_cli.core.explore.ladder_order import list_visible_rungs
from fujin_cli.core.explore.live_variables import find_live_variables
from fujin_cli.core.explore.state import Label, State
from fujin_cli.core.explore.value_classes import Reading, find_reading
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.procedure import Action, Atom, Procedure
from fujin_cli.core.model.rung_types import Rung

NEIGHBOURS = frozenset({"next", "not_next", "previous"})  # of guarantees about which event comes directly after which
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


class WatchedAtoms:
    """List the atoms to watch in one procedure, whatever its settings: all its explorations share it."""

    def __init__(self, version: Procedure) -> None:
        self.version = version
        self.atoms = list_watched_atoms(version)
        self.limited = [(bit, atom.where) for bit, atom in enumerate(self.atoms) if atom.where]
        self.any_limited = sum(1 << bit for bit, _ in self.limited)
        self._bits: dict[tuple[str, str, str | None], int] = {}  # several guarantees watch for the same
        for bit, atom in enumerate(self.atoms):
            key = (atom.kind, atom.name, atom.detail)
            self._bits[key] = self._bits.get(key, 0) | 1 << bit
        self._marks: dict[Label, int] = {}
        self._alive: dict[frozenset[str], dict[str, frozenset[str]]] = {}
        self._reading: dict[frozenset[str], Reading] = {}
        self.has_neighbours = any(NEIGHBOURS & guarantee.atoms.keys() for guarantee in version.guarantees.values())
        self.amended = frozenset(atom.name for atom in self.atoms if atom.kind == "amends")
        self._by_rule: dict[str, Action | Rung] = {move.rule: move for move in version.all_moves()}

    @cached_property
    def visible_rungs(self) -> dict[str, frozenset[int]]:
        """The rungs of each step that a state must remember."""
        return {name: list_visible_rungs(step, self.is_noticeable) for name, step in self.version.steps.items()}

    def compute_live_variables(self, brought: frozenset[str]) -> dict[str, frozenset[str]]:
        """Compute the live variables of each step, where ends hand on the fields ``brought``."""
        if brought not in self._alive:
            self._alive[brought] = find_live_variables(
                self.version, frozenset(f"field:{name}" for name in brought), self.atoms
            )
        return self._alive[brought]

    def find_reading(self, brought: frozenset[str]) -> Reading:
        """Find what is still to be read at each step, where ends hand on the fields ``brought``."""
        if brought not in self._reading:
            self._reading[brought] = find_reading(self.version, brought, self.atoms)
        return self._reading[brought]

    def compute_base_marks(self, label: Label) -> int:
        """Give a bit for each atom that the event makes true, `where` aside."""
        if label not in self._marks:
            event, marks = self.build_event(label), 0
            for (kind, name, detail), bits in self._bits.items():
                if atom_matches(Atom(kind, name, detail), event, self.version):
                    marks |= bits
            self._marks[label] = marks
        return self._marks[label]

    def build_event(self, label: Label) -> Event:
        """Make the event that the ledger would hold, as far as atoms look at it."""
        parts = self._effects_of(label)
        step = self.version.steps[label.to] if label.to else None
        payload: dict[str, Any] = {"publish": [name for part in parts for name in part.publish]}
        if step and step.end:
            payload["outcome"] = step.end
        if label.opens:
            payload["opens"] = dict.fromkeys(label.opens)
        if label.answered:
            payload["answered"] = [label.group]
        if label.amends:
            payload["amended"] = dict.fromkeys(label.amends)
        if label.kind == "rung":
            payload["when"] = label.name
        telling = parts if label.told else parts[1:]  # a late reminder tells nobody, an arrival does
        tells = [{"to": tell.to, "kind": tell.kind} for part in telling for tell in part.tells]
        tells += [{"to": "notice-board", "kind": name} for name in payload["publish"]]
        owner = self.version.steps[label.step].owner if label.kind in ("joined", "parted") else None
        tells += [{"to": owner, "kind": label.kind}] if owner else []
        raised = self._find_raise_target(label)
        tells += [{"to": raised, "kind": "raised"}] if raised else []
        return Event(
            n=0,
            at=_SOME_DAY,
            kind=EventKind(label.kind),
            by="",
            entered_by="",
            action=label.name if label.kind in ("action", "move") else None,
            from_step=None if label.kind == "opened" else label.step,
            to_step=label.to,
            tells=tuple(tells),
            data=payload,
        )

    def _effects_of(self, label: Label) -> tuple[Effects, ...]:
        """The effects of the event; what comes from time or from other cases has none."""
        if label.kind == "opened":
            return opening_branch(self.version).parts
        move = self.find_move(label.rule)
        return branch_of(self.version, move, label.overflow).parts if move else ()

    def _find_raise_target(self, label: Label) -> str | None:
        move = self.find_move(label.rule)
        return move.raises if isinstance(move, Rung) else None

    def find_move(self, rule: str) -> Action | Rung | None:
        """Find the move or rung with that name; None for events that no move makes."""
        return self._by_rule.get(rule)

    def is_noticeable(self, rung: Rung) -> bool:
        """Whether a rung that keeps the step shows a watched atom, changes anything, or can come between neighbours."""
        if self.has_neighbours:
            return True
        if rung.effects.opens or rung.effects.sets or rung.effects.adds or rung.effects.does:
            return True
        return bool(self.compute_base_marks(Label("rung", rung.when, rung.rule, step=rung.rule.step, route=rung.route)))


class AtomMarks:
    """Compute which watched atoms happen along the edges of abstract cases under one choice of settings."""

    def __init__(self, watch: WatchedAtoms, guards: Guards) -> None:
        self.watch, self._guards = watch, guards
        self._base_marks: dict[int, int] = {}  # by the identity of labels, which are kept

    def compute_marks(self, label: Label, after: State) -> int:
        """Give a bit for each watched atom that the event makes true; ``where`` looks at the case after it."""
        marks = self._base_marks.get(id(label), -1)
        if marks < 0:
            marks = self._base_marks[id(label)] = self.watch.compute_base_marks(label)
        for bit, where in self.watch.limited if marks & self.watch.any_limited else ():
            if marks >> bit & 1 and not self._guards.guard_holds(where, after):
                marks &= ~(1 << bit)
        return marks
