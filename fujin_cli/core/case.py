"""A case: what its events add up to. ``evolve`` is the only place where an event changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from fujin_cli.core.event import Event


@dataclass(frozen=True, slots=True)
class Child:
    """A case opened by this one for a value of the field ``each``; ``replaced`` once another took its place."""

    case: str
    group: str
    each: str = ""
    outcome: str | None = None
    replaced: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from ``start``; until ``end``, or where it is still paused until ``planned``."""

    start: datetime
    planned: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """How this round's acceptance code is checked: salted scrypt, and the wrong tries so far."""

    salt: str
    hash: str
    round: int
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that the events of one case say; nothing else is remembered of it."""

    id: str
    procedure: str = ""
    law: str = ""
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
    kept_due: datetime | None = None  # a migration kept this deadline for as long as the case stays at its step
    renamed: tuple[Event, ...] = ()  # the events up to the newest migration, in the names of the law moved to
    events: tuple[Event, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether the case stands at an end."""
        return self.outcome is not None

    @property
    def paused(self) -> Pause | None:
        """The pause that is running, if one is."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None

    @property
    def past(self) -> tuple[Event, ...]:
        """The events in the names of the law in force: what is compared with the procedure."""
        return (*self.renamed, *self.events[len(self.renamed) :]) if self.renamed else self.events

    @property
    def next_n(self) -> int:
        """The number of the next event."""
        return len(self.events) + 1

    def stopped(self) -> tuple[tuple[datetime, datetime], ...]:
        """The times in which clocks stood still; a running pause is taken to end as planned."""
        return tuple((pause.start, pause.end or pause.planned) for pause in self.pauses)

    def own_children(self) -> tuple[Child, ...]:
        """Children that keep this case from ending while they are open."""
        return tuple(child for child in self.children if not child.leaves)

    def messages(self) -> Iterable[tuple[str, Event, Mapping[str, Any]]]:
        """Every message ever queued: its id, the event that queued it, and the message."""
        for event in self.events:
            for index, tell in enumerate(event.tells, 1):
                yield f"{self.id}.{event.n}.{index}", event, tell

    def waiting_messages(self) -> list[tuple[str, Event, Mapping[str, Any]]]:
        """Messages that nobody has delivered yet."""
        return [entry for entry in self.messages() if entry[0] not in self.told]


def replay(case: str, events: Iterable[Event]) -> Case:
    """The case that these events, oldest first, add up to."""
    state = Case(case)
    for event in events:
        state = evolve(state, event)
    return state


def law_at(case: Case, n: int) -> str:
    """The digest of the law that was in force right after event ``n``."""
    laws = [event.data["law"] for event in case.events[:n] if event.kind in _LAWS]
    return str(laws[-1]) if laws else case.law


_LAWS = frozenset({"opened", "migrated", "migration-undone"})


def evolve(case: Case, event: Event) -> Case:
    """The case after ``event``. Knows nothing of the procedure: what it needs is in the event."""
    changes: dict[str, Any] = {"events": (*case.events, event)}
    data = event.data
    if event.kind == "opened":
        changes |= _opened(event)
    if event.set:
        changes["values"] = {**case.values, **event.set}
    if "rule" in data:
        changes["counts"] = {**case.counts, data["rule"]: case.counts.get(data["rule"], 0) + 1}
    if "code" in data:
        changes["code"] = Code(**data["code"])
    handler = _KINDS.get(event.kind)
    if handler:
        changes |= handler(case, event)
    if "joins" in data:
        changes |= {"joined_to": (data["joins"]["field"], data["joins"]["case"]), "joined_outcome": None}
    if "parts" in data:
        changes["joined_to"] = None
    if "until" in data:
        changes["pauses"] = (*case.pauses, Pause(event.at, datetime.fromisoformat(data["until"])))
    children = _children(case.children, data)
    if children is not None:
        changes["children"] = children
    if event.to_step is not None:
        changes |= _arrived(case, event)
    return replace(case, **changes)


def _opened(event: Event) -> dict[str, Any]:
    data = event.data
    parent = data.get("parent") or {}
    return {
        "procedure": data["procedure"],
        "law": data["law"],
        "community": data["community"],
        "committee": data.get("committee"),
        "parent": parent.get("case"),
        "parent_group": parent.get("group", ""),
        "opened_by": event.by,
        "opened_at": event.at,
        "channel": data.get("channel"),
        "settings": data.get("settings", {}),
    }


def _arrived(case: Case, event: Event) -> dict[str, Any]:
    pauses = case.pauses
    if case.paused:  # leaving the step ends the pause
        pauses = (*pauses[:-1], replace(pauses[-1], end=min(event.at, pauses[-1].planned)))
    return {
        "step": event.to_step,
        "since": event.at,
        "visit": case.visit + 1,
        "fired": frozenset(),
        "time_up": False,
        "raised": (),
        "raised_at": None,
        "kept_due": None,
        "pauses": pauses,
        "outcome": event.data.get("outcome"),
        "counts_as": tuple(event.data.get("counts_as", ())),
    }


def _children(children: tuple[Child, ...], data: Mapping[str, Any]) -> tuple[Child, ...] | None:
    if "opens" not in data and "replaces" not in data:
        return None
    replaced = set(data.get("replaces", ()))
    kept = tuple(replace(child, replaced=True) if child.case in replaced else child for child in children)
    new = tuple(
        Child(item["case"], group, item.get("each", ""), leaves=item.get("leaves", False))
        for group, items in data.get("opens", {}).items()
        for item in items
    )
    return kept + new


def _child_answered(case: Case, event: Event) -> dict[str, Any]:
    answered, outcome = event.data["case"], event.data.get("child_outcome")
    return {
        "children": tuple(
            replace(child, outcome=outcome) if child.case == answered else child for child in case.children
        )
    }


def _rung(case: Case, event: Event) -> dict[str, Any]:
    changes: dict[str, Any] = {"fired": case.fired | {event.data["rung"]}}
    level = event.data.get("raise")
    if level:
        changes["raised"] = (*case.raised, level)
        changes["raised_at"] = event.at if case.raised_at is None else case.raised_at
    return changes


def _resumed(case: Case, event: Event) -> dict[str, Any]:
    pause = case.pauses[-1]
    return {"pauses": (*case.pauses[:-1], replace(pause, end=min(event.at, pause.planned)))}


def _joins(case: Case, event: Event) -> dict[str, Any]:
    return {"joined": (*case.joined, event.data["case"])}


def _parts(case: Case, event: Event) -> dict[str, Any]:
    return {"joined": tuple(other for other in case.joined if other != event.data["case"])}


def _wrong_code(case: Case, event: Event) -> dict[str, Any]:
    return {"code": replace(case.code, wrong=case.code.wrong + 1)} if case.code else {}


def _migrated(case: Case, event: Event) -> dict[str, Any]:
    """The case goes on under another law, from the state that the law moved to would have left."""
    data = event.data
    state, names = data["state"], data["names"]
    replaced, leaves = set(state["replaced"]), set(state["leaves"])
    return {
        "law": data["law"],
        "settings": data["settings"],
        "step": state["step"],
        "since": datetime.fromisoformat(state["since"]),
        "counts": state["counts"],
        "fired": frozenset(state["fired"]),
        "time_up": state["time_up"],
        "raised": tuple(state["raised"]),
        "raised_at": _moment(state["raised_at"]),
        "kept_due": _moment(state.get("due")),
        "pauses": tuple(Pause(*(_moment(at) for at in pause)) for pause in state["pauses"]),  # type: ignore[arg-type]
        "children": tuple(
            replace(child, replaced=child.case in replaced, leaves=child.case in leaves) for child in case.children
        ),
        "renamed": (*(_in_names(earlier, names) for earlier in case.past), event),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _in_names(event: Event, names: Mapping[str, Mapping[str, str]]) -> Event:
    """An earlier event as the law moved to calls things. Its hash stays: it is the same event."""
    steps, actions, fields = names["steps"], names["actions"], names["fields"]
    rule = str(event.data.get("rule", ""))
    place, _, rest = rule.partition(".")
    now = actions.get(rule, f"{steps.get(place, place)}.{rest}")
    action = now.partition(".")[2] if rule in actions and event.kind == "action" else event.action
    data = {**event.data, "rule": now} if rule else dict(event.data)
    if "as" in data:
        data["as"] = names["people"].get(data["as"], data["as"])
    here, there = event.from_step or "", event.to_step or ""
    return replace(
        event, action=action, data=data, from_step=steps.get(here, event.from_step),
        to_step=steps.get(there, event.to_step),
        set={fields.get(name, name): value for name, value in event.set.items()},
    )  # fmt: skip


def _undone(case: Case, event: Event) -> dict[str, Any]:
    """The case as it was before the migration; what was delivered since stays delivered."""
    before = replay(case.id, case.events[: event.data["undoes"] - 1])
    kept = {"events", "told", "id"}
    return {entry.name: getattr(before, entry.name) for entry in fields(before) if entry.name not in kept}


_KINDS: dict[str, Callable[[Case, Event], dict[str, Any]]] = {
    "rung": _rung,
    "time-up": lambda case, event: {"time_up": True},
    "resume": _resumed,
    "child": _child_answered,
    "joined": _joins,
    "parted": _parts,
    "other-ended": lambda case, event: {"joined_outcome": event.data["case_outcome"]},
    "wrong-code": _wrong_code,
    "migrated": _migrated,
    "migration-undone": _undone,
    "told": lambda case, event: {"told": case.told | frozenset(event.data["messages"])},
}
