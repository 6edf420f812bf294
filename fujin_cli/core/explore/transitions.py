"""Prepare what all edges of one move have in common: its label and its effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.cases.transition import Branch
from fujin_cli.core.explore.input_choices import NO_CHOICES, InputChoices
from fujin_cli.core.explore.state import Label
from fujin_cli.core.model.effects import Does, Effects
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.model.rung_types import Rung


@dataclass(slots=True, eq=False)
class EdgeTemplate:
    """Describe one branch of a move. ``about`` is what the labels of all its edges say."""

    about: Mapping[str, Any]
    to: str | None
    parts: tuple[Effects, ...]
    writes: bool = False  # whether its effects change fields
    adds: bool = False  # whether what they write depends on more than the case
    opens: bool = False
    does: tuple[Does, ...] = ()
    uses: frozenset[str] = frozenset()  # fields that its effects use as they are
    choices: InputChoices = NO_CHOICES
    _labels: dict[tuple[str, tuple[str, ...]], Label] = field(default_factory=dict)

    def build_label(self, step: str, opened: tuple[str, ...]) -> Label:
        """Give the label of an edge from ``step`` that opens cases of these groups: always the same object."""
        key = (step, opened)
        if key not in self._labels:
            self._labels[key] = Label(**self.about, to=self.to, step=step, opens=frozenset(opened))
        return self._labels[key]


def build_branch_template(about: Mapping[str, Any], branch: Branch) -> EdgeTemplate:
    """Build the template of a branch, with what its effects do to every case."""
    return EdgeTemplate(
        about,
        branch.target,
        branch.parts,
        any(part.sets or part.adds for part in branch.parts),
        any(part.adds for part in branch.parts),
        any(part.opens for part in branch.parts),
        tuple(effect for part in branch.parts for effect in part.does),
        frozenset(
            [name for part in branch.parts for opens in part.opens for name in opens.one_each]
            + [effect.field for part in branch.parts for effect in part.does]
        ),
    )


def build_move_template(
    move: Action | Rung,
    kind: str,
    branch: Branch,
    told: bool = True,
    amends: frozenset[str] = frozenset(),
    choices: InputChoices = NO_CHOICES,
) -> EdgeTemplate:
    """Build the template of a move along one of its branches; ``told``: its notification comes in time.

    ``amends`` are the watched fields that it enters anew, ``choices`` what is entered with it.
    """
    about: dict[str, Any] = {
        "kind": kind,
        "name": move.name if isinstance(move, Action) else move.when,
        "rule": move.rule,
        "by": move.by if isinstance(move, Action) else (),
        "overflow": branch.overflow,
        "limited": move.limit is not None and not branch.overflow,
        "told": told,
        "amends": amends,
        "route": move.route,
    }
    template = build_branch_template(about, branch)
    template.choices = choices
    return template
