"""The requests to the engine, as plain data; ``decide`` checks them against the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fujin_cli.core.cases.event import compute_digest

Inputs = Mapping[str, list[object]]


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
