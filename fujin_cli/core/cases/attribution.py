"""Who does what in one move, and a child case about to be opened: what the parts of an operation hand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.cases.actors import SYSTEM, Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.procedure import Procedure

SYSTEM_ACTING = Actor(SYSTEM, SYSTEM, SYSTEM)


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Who makes a move, under what name, with which inputs."""

    kind: str
    action: str | None
    acting: Actor
    set: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    until: str | None = None
    tells: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child case about to be opened."""

    id: str
    version: Procedure
    parent: Case
    group: str
    values: Mapping[str, Any]
    acting: Actor


def notices(case: Case, published: Iterable[str]) -> list[dict[str, Any]]:
    """One message to the community's notice board for everything published."""
    return [{"to": "notice-board", "who": case.community, "kind": name} for name in published]
