"""The state of a case: the fold over its events (``core/cases/evolve.py``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from fujin_cli.core.cases.event import Event


@dataclass(frozen=True, slots=True)
class Child:
    """A case that this one opened for a value of the field ``each``; ``replaced`` once another took its place."""

    case: str
    group: str
    each: str = ""
    outcome: str | None = None
    replaced: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock from ``start`` to ``end``; while ``end`` is None, it is to last until ``planned``."""

    start: datetime
    planned: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The acceptance code of the current round: salted scrypt to check it by, and the wrong tries so far."""

    salt: str
    hash: str
    round: int
    wrong: int = 0


class Notification(NamedTuple):
    """A notification: ``tell`` says who (``to``, ``who``) and what (``kind``), ``event`` queued it."""

    id: str
    event: Event
    tell: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """The state of one case. Every field follows from its events; nothing else is stored."""

    id: str
    procedure: str = ""
    version_digest: str = ""
    community: str = ""
    committee: str | None = None
    parent: str | None = None
    parent_group: str = ""
    opened_by: str = ""
    opened_at: datetime = datetime.min
    channel: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    step: str = ""
    since: datetime = datetime.min
    visit: int = 0
    fired: frozenset[int] = frozenset()
    time_up: bool = False
    raised: tuple[str, ...] = ()
    raised_at: datetime | None = None
    children: tuple[Child, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    code: Code | None = None
    joined: tuple[str, ...] = ()  # cases that were merged into this one and wait for its end
    joined_to: tuple[str, str] | None = None  # the field, and the case in it
    joined_outcome: str | None = None
    outcome: str | None = None
    counts_as: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()
    # The time that a migration kept for as long as the case stays at its step: a duration since it came, or a moment.
    kept_within: str | None = None
    kept_due: datetime | None = None
    undone: frozenset[int] = frozenset()  # numbers of the events that were taken back, and of those that did so
    renamed: tuple[Event, ...] = ()  # the events up to the newest migration, in the names of the newer version
    events: tuple[Event, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether the case stands at an end."""
        return self.outcome is not None

    @property
    def running_pause(self) -> Pause | None:
        """The pause that is running, if one is."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None

    @property
    def events_in_current_names(self) -> tuple[Event, ...]:
        """The events that count, in the names of the version in force: what is compared with the procedure."""
        return self._without_undone(self.all_events_in_current_names)

    @property
    def all_events_in_current_names(self) -> tuple[Event, ...]:
        """The events in the names of the version in force, also those that were taken back."""
        return (*self.renamed, *self.events[len(self.renamed) :]) if self.renamed else self.events

    @property
    def events_in_effect(self) -> tuple[Event, ...]:
        """The events that count: none that was taken back, and none that took one back."""
        return self._without_undone(self.events)

    def _without_undone(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        return tuple(event for event in events if event.n not in self.undone) if self.undone else events

    @property
    def next_event_number(self) -> int:
        """The number of the next event."""
        return len(self.events) + 1

    def stopped_spans(self) -> tuple[tuple[datetime, datetime], ...]:
        """List the spans in which clocks stood still; a running pause is taken to end as planned."""
        return tuple((pause.start, pause.end or pause.planned) for pause in self.pauses)

    def resolve_setting(self, text: str) -> str:
        """Resolve what may name a setting: the value that the case is pinned to, else the text itself."""
        return self.settings.get(text, text)

    def own_children(self) -> tuple[Child, ...]:
        """List the children that keep this case from ending while they are open."""
        return tuple(child for child in self.children if not child.leaves)

    def open_child_ids(self) -> tuple[str, ...]:
        """The cases that keep this one from ending: its own children that have not ended."""
        return tuple(child.case for child in self.own_children() if child.outcome is None)

    def notifications(self) -> Iterator[Notification]:
        """List every notification that was ever queued; those of an action that was taken back are withdrawn."""
        for event in self.events_in_effect:
            for number, tell in enumerate(event.tells, 1):
                yield Notification(f"{self.id}.{event.n}.{number}", event, tell)

    def waiting_notifications(self) -> list[Notification]:
        """List the notifications that are not delivered yet."""
        return [notification for notification in self.notifications() if notification.id not in self.told]
