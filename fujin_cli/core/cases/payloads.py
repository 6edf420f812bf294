"""What the ``data`` of each kind of event holds: plain JSON, of which every key may be missing unless Required.

Only types: nothing here runs, and ``evolve`` reads an event's data as the payload of its kind.
"""

from __future__ import annotations

from typing import Any, Required, TypedDict

from fujin_cli.core.cases.event import EventKind


class CodePayload(TypedDict, total=False):
    """How an acceptance code is checked (``Case.Code``); ``round`` counts from 1."""

    salt: Required[str]
    hash: Required[str]
    round: Required[int]
    wrong: int


class ParentPayload(TypedDict):
    """The case that opened this one, and the group of its children to which this one belongs."""

    case: str
    group: str


class ChildPayload(TypedDict, total=False):
    """A child that was opened for a value of the field ``each``; ``leaves``: its parent does not wait for it."""

    case: Required[str]
    each: Required[str]
    leaves: bool


class LinkPayload(TypedDict):
    """A case that this one joins or parts from, named by ``field``."""

    field: str
    case: str


# ``as`` is the name of the procedure under which somebody acted; as a keyword it needs this form. ``request`` is the
# fingerprint of the command, in its first event of whatever kind.
Attributed = TypedDict("Attributed", {"as": str, "on_behalf_of": str, "request": str}, total=False)
_Raising = TypedDict("_Raising", {"raise": str}, total=False)


class OpenedPayload(Attributed, total=False):
    """The opening pins the procedure version (``law``: its digest) and the settings."""

    procedure: Required[str]
    law: Required[str]
    community: Required[str]
    committee: str | None
    settings: dict[str, str]
    parent: ParentPayload
    channel: str
    code: CodePayload
    publish: list[str]
    opens: dict[str, list[ChildPayload]]


class MovePayload(Attributed, total=False):
    """A move of people (``action``), or an automatic one (``move``): ``rule`` is what limits count by."""

    rule: str
    overflow: bool
    until: str
    outcome: str
    counts_as: list[str]
    code: CodePayload
    replaces: list[str]
    opens: dict[str, list[ChildPayload]]
    publish: list[str]
    joins: LinkPayload
    parts: LinkPayload


class Amendment(TypedDict):
    """The value of a field before and after it was entered anew; None for no value."""

    old: Any
    new: Any


class AmendedPayload(MovePayload, total=False):
    """An action that entered fields anew; ``units`` has the new committee of the case, where that was ``amended``."""

    amended: Required[dict[str, Amendment]]
    units: dict[str, str]


class RungPayload(MovePayload, _Raising, total=False):
    """A rung of a ladder, by its place from 0; ``scheduled`` is when it was due, ``raise`` the level that it tells."""

    rung: Required[int]
    when: Required[str]
    scheduled: str


class ScheduledPayload(Attributed, total=False):
    """The end of a period or of a pause, at the moment when it was due; a pause that was ended early has none."""

    scheduled: str


class ChildOutcomePayload(TypedDict, total=False):
    """Hold how a child ended (``child_outcome``; None: it was reopened) and the group ``answered`` by it, if all ended.

    ``ended_as`` is the child's own name of the outcome, where the version of this case has another name for it.
    """

    group: Required[str]
    case: Required[str]
    child_outcome: Required[str | None]
    ended_as: str
    answered: list[str]


class LinkedCasePayload(TypedDict):
    """A case was joined to this one, or parted from it."""

    case: str


class OtherEndedPayload(TypedDict, total=False):
    """The case to which this one was joined ended; ``ended_as`` as in ``ChildOutcomePayload``."""

    case: Required[str]
    case_outcome: Required[str | None]
    ended_as: str


class WrongCodePayload(Attributed, total=False):
    """A wrong acceptance code was given."""

    round: int


class IssuedCodePayload(Attributed, total=False):
    """The code of the round was replaced."""

    code: Required[CodePayload]


class DeliveryPayload(Attributed, total=False):
    """The ids of notifications that were delivered, or could not be."""

    messages: Required[list[str]]


class MigratedStatePayload(TypedDict, total=False):
    """Where a migration put the case; moments and pauses as ISO text."""

    step: Required[str]
    since: Required[str]
    counts: Required[dict[str, int]]
    fired: Required[list[int]]
    time_up: Required[bool]
    raised: Required[list[str]]
    raised_at: Required[str | None]
    within: str | None
    due: str | None
    pauses: Required[list[list[str | None]]]
    replaced: Required[list[str]]
    leaves: Required[list[str]]


class MigrationPayload(Attributed, total=False):
    """The case moved to the version ``law``, whose names for what happened before are in ``names``."""

    procedure: str
    law: Required[str]
    from_law: Required[str]
    settings: Required[dict[str, str]]
    state: Required[MigratedStatePayload]
    names: Required[dict[str, dict[str, Any]]]
    mapped: bool
    migration: str
    approver: str | None
    deadlines: str


class MigrationUndonePayload(Attributed, total=False):
    """The migration that event ``undoes`` made was taken back."""

    undoes: Required[int]
    law: Required[str]
    from_law: str


class UndonePayload(Attributed, total=False):
    """Whoever did the action ``undoes[0]`` took it back, with the automatic moves that followed it."""

    undoes: Required[list[int]]


PAYLOADS: dict[EventKind, type] = {
    EventKind.OPENED: OpenedPayload,
    EventKind.ACTION: MovePayload,
    EventKind.AMENDED: AmendedPayload,
    EventKind.MOVE: MovePayload,
    EventKind.RUNG: RungPayload,
    EventKind.TIME_UP: ScheduledPayload,
    EventKind.RESUME: ScheduledPayload,
    EventKind.CHILD: ChildOutcomePayload,
    EventKind.JOINED: LinkedCasePayload,
    EventKind.PARTED: LinkedCasePayload,
    EventKind.OTHER_ENDED: OtherEndedPayload,
    EventKind.WRONG_CODE: WrongCodePayload,
    EventKind.CODE: IssuedCodePayload,
    EventKind.TOLD: DeliveryPayload,
    EventKind.UNDELIVERED: DeliveryPayload,
    EventKind.MIGRATED: MigrationPayload,
    EventKind.MIGRATION_UNDONE: MigrationUndonePayload,
    EventKind.UNDONE: UndonePayload,
}
