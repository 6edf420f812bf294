"""What an operation still has to do, as plain data: ``completion`` carries it out, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.cases.actors import SYSTEM, Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.transition import Branch
from fujin_cli.core.model.procedure import Procedure

SYSTEM_ACTING = Actor(SYSTEM, SYSTEM, SYSTEM)


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Say who makes a move, with which inputs, and what else its event is to hold."""

    kind: EventKind
    action: str | None
    acting: Actor
    set: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    until: str | None = None
    tells: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MakeMove:
    """Append the event of a move of ``case`` along ``branch``."""

    case: str
    branch: Branch
    request: MoveRequest


@dataclass(frozen=True, slots=True)
class OpenChild:
    """Open the child case ``id``, which the event of its parent names already."""

    id: str
    version: Procedure
    parent: Case
    group: str
    values: Mapping[str, Any]
    acting: Actor


@dataclass(frozen=True, slots=True)
class TellLinked:
    """Tell the case that ``case`` joined (or parted from, see ``links``) of it."""

    case: str
    links: Mapping[str, Mapping[str, str]]
    acting: Actor


@dataclass(frozen=True, slots=True)
class Arrive:
    """Go on after a move to ``target``: tell of the end, or settle."""

    case: str
    target: str | None


@dataclass(frozen=True, slots=True)
class AnswerParent:
    """Tell the parent of ``child`` the outcome; None: the child is open again."""

    child: Case
    outcome: str | None


@dataclass(frozen=True, slots=True)
class TellJoined:
    """Tell ``case``, which was joined to ``ended``, how that one ended."""

    case: str
    ended: Case


@dataclass(frozen=True, slots=True)
class Settle:
    """Make the next automatic move of ``case``, if it has one."""

    case: str


FollowUp = MakeMove | OpenChild | TellLinked | Arrive | AnswerParent | TellJoined | Settle
