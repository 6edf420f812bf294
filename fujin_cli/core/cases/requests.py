"""Say as plain data what an operation is to do: the requests of people, and the follow-ups that they lead to.

``decide`` checks a request against the case; ``completion`` carries out the follow-ups, one after another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.cases.actors import SYSTEM, Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import EventKind, compute_digest
from fujin_cli.core.cases.transition import Branch
from fujin_cli.core.model.procedure import Procedure

Inputs = Mapping[str, list[object]]
SYSTEM_ACTING = Actor(SYSTEM, SYSTEM, SYSTEM)


@dataclass(frozen=True, slots=True)
class Open:
    """Open a case of ``procedure`` in ``community``. ``inputs`` are texts (rows for forms) per field."""

    procedure: str
    community: str
    actor: str
    committee: str | None = None
    channel: str | None = None
    inputs: Inputs = field(default_factory=dict)
    note: str | None = None

    def fingerprint(self) -> str:
        """Hash the request: two commands with one request id must have the same fingerprint."""
        parts = [self.procedure, self.community, self.actor, self.committee, self.channel, dict(self.inputs), self.note]
        return compute_digest(parts)


@dataclass(frozen=True, slots=True)
class Advance:
    """Do ``action`` on ``case``. ``code`` is the acceptance code where the actor speaks for the reporter."""

    case: str
    action: str
    actor: str
    inputs: Inputs = field(default_factory=dict)
    note: str | None = None
    code: str | None = None

    def fingerprint(self) -> str:
        """Hash the request; the code is left out, because it is a proof and no part of the request."""
        return compute_digest([self.case, self.action, self.actor, dict(self.inputs), self.note])


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
