"""What an event does to a case: ``evolve`` is the only place where one changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from fujin_cli.core.cases.case import Case, Child, Code, Pause
from fujin_cli.core.cases.event import Event, EventKind

if TYPE_CHECKING:
    from fujin_cli.core.cases.payloads import (
        ChildOutcomePayload,
        DeliveryPayload,
        LinkedCasePayload,
        MigrationPayload,
        MigrationUndonePayload,
        MovePayload,
        OpenedPayload,
        OtherEndedPayload,
        RungPayload,
    )


def replay(case: str, events: Iterable[Event], before: Case | None = None) -> Case:
    """Fold events, oldest first, into a case; ``before`` is the case that the events before them add up to."""
    state = before or Case(case)
    for event in events:
        state = evolve(state, event)
    return state


def version_at(case: Case, n: int) -> str:
    """The digest of the procedure version that was in force right after event ``n``."""
    digests = [event.data["law"] for event in case.events[:n] if event.kind in _PINNING]
    return str(digests[-1]) if digests else case.version_digest


_PINNING = frozenset({EventKind.OPENED, EventKind.MIGRATED, EventKind.MIGRATION_UNDONE})


def evolve(case: Case, event: Event) -> Case:
    """The case after ``event``. Knows nothing of the procedure: what it needs is in the event."""
    changes: dict[str, Any] = {"events": (*case.events, event)}
    if event.set:
        changes["values"] = {**case.values, **event.set}
    if event.data:
        changes |= _moved(case, event, cast("MovePayload", event.data))
    handler = _KINDS.get(event.kind)
    if handler:
        changes |= handler(case, event)
    if event.to_step is not None:
        changes |= _arrived(case, event, cast("MovePayload", event.data))
    return replace(case, **changes)


def _moved(case: Case, event: Event, data: MovePayload) -> dict[str, Any]:
    """What a move changes, whatever kind of event records it."""
    changes: dict[str, Any] = {}
    if "rule" in data:
        changes["counts"] = {**case.counts, data["rule"]: case.counts.get(data["rule"], 0) + 1}
    if "code" in data:
        changes["code"] = Code(**data["code"])
    if "joins" in data:
        changes |= {"joined_to": (data["joins"]["field"], data["joins"]["case"]), "joined_outcome": None}
    if "parts" in data:
        changes["joined_to"] = None
    if "until" in data:
        changes["pauses"] = (*case.pauses, Pause(event.at, datetime.fromisoformat(data["until"])))
    if "opens" in data or "replaces" in data:
        changes["children"] = _children(case.children, data)
    return changes


def _opened(case: Case, event: Event) -> dict[str, Any]:
    data = cast("OpenedPayload", event.data)
    parent = data.get("parent")
    return {
        "procedure": data["procedure"],
        "version_digest": data["law"],
        "community": data["community"],
        "committee": data.get("committee"),
        "parent": parent["case"] if parent else None,
        "parent_group": parent["group"] if parent else "",
        "opened_by": event.by,
        "opened_at": event.at,
        "channel": data.get("channel"),
        "settings": data.get("settings", {}),
    }


def _arrived(case: Case, event: Event, data: MovePayload) -> dict[str, Any]:
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
        "kept_within": None,
        "kept_due": None,
        "pauses": pauses,
        "outcome": data.get("outcome"),
        "counts_as": tuple(data.get("counts_as", ())),
    }


def _children(children: tuple[Child, ...], data: MovePayload) -> tuple[Child, ...]:
    replaced = set(data.get("replaces", ()))
    before = tuple(replace(child, replaced=True) if child.case in replaced else child for child in children)
    opened = tuple(
        Child(child["case"], group, child.get("each", ""), leaves=child.get("leaves", False))
        for group, children in data.get("opens", {}).items()
        for child in children
    )
    return before + opened


def _child_answered(case: Case, event: Event) -> dict[str, Any]:
    data = cast("ChildOutcomePayload", event.data)
    return {
        "children": tuple(
            replace(child, outcome=data.get("child_outcome")) if child.case == data["case"] else child
            for child in case.children
        )
    }


def _rung(case: Case, event: Event) -> dict[str, Any]:
    data = cast("RungPayload", event.data)
    changes: dict[str, Any] = {"fired": case.fired | {data["rung"]}}
    level = data.get("raise")
    if level:
        changes["raised"] = (*case.raised, level)
        changes["raised_at"] = event.at if case.raised_at is None else case.raised_at
    return changes


def _resumed(case: Case, event: Event) -> dict[str, Any]:
    pause = case.pauses[-1]
    return {"pauses": (*case.pauses[:-1], replace(pause, end=min(event.at, pause.planned)))}


def _joined(case: Case, event: Event) -> dict[str, Any]:
    return {"joined": (*case.joined, cast("LinkedCasePayload", event.data)["case"])}


def _parted(case: Case, event: Event) -> dict[str, Any]:
    parted = cast("LinkedCasePayload", event.data)["case"]
    return {"joined": tuple(joined for joined in case.joined if joined != parted)}


def _wrong_code(case: Case, event: Event) -> dict[str, Any]:
    return {"code": replace(case.code, wrong=case.code.wrong + 1)} if case.code else {}


def _migrated(case: Case, event: Event) -> dict[str, Any]:
    """The case goes on under another law, from the state that the law moved to would have left."""
    data = cast("MigrationPayload", event.data)
    state, names = data["state"], data["names"]
    replaced, leaves = set(state["replaced"]), set(state["leaves"])
    called = in_names(case, names)
    return {
        "version_digest": data["law"],
        "settings": data["settings"],
        "values": {**called.values, **event.set},
        "joined_to": called.joined_to,
        "step": state["step"],
        "since": datetime.fromisoformat(state["since"]),
        "counts": state["counts"],
        "fired": frozenset(state["fired"]),
        "time_up": state["time_up"],
        "raised": tuple(state["raised"]),
        "raised_at": _moment(state["raised_at"]),
        "kept_within": state.get("within"),
        "kept_due": _moment(state.get("due")),
        "pauses": tuple(Pause(*(_moment(at) for at in pause)) for pause in state["pauses"]),  # type: ignore[arg-type]
        "children": tuple(
            replace(child, replaced=child.case in replaced, leaves=child.case in leaves) for child in case.children
        ),
        "renamed": (*(_event_in_names(earlier, names) for earlier in case.past), event),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


Names = Mapping[str, Mapping[str, str]]  # what ``Renames.names`` gives


def in_names(case: Case, names: Names) -> Case:
    """A case at the same step, as another version of its law calls things; its events are left as they are."""
    steps, named = names["steps"], names["fields"]
    rungs = [_rule_in_names(f"{case.step}.ladder.{index + 1}", names) for index in case.fired]
    counts = {_rule_in_names(rule, names): count for rule, count in case.counts.items()}
    joined = case.joined_to
    return replace(
        case,
        step=steps.get(case.step, case.step),
        values={named.get(name, name): value for name, value in case.values.items()},
        counts={rule: count for rule, count in counts.items() if rule},
        fired=frozenset(_index(rule) for rule in rungs if rule),
        joined_to=(named.get(joined[0], joined[0]), joined[1]) if joined else None,
    )


def _rule_in_names(rule: str, names: Names) -> str:
    """The name of a rule in the other version; empty where it has no such rung, or no such move that nobody makes."""
    known = {**names["actions"], **names.get("unnamed", {})}
    place, _, rest = rule.partition(".")
    return known.get(rule, f"{names['steps'].get(place, place)}.{rest}")


def _index(rule: str) -> int:
    """The place of a rung on its ladder, from 0; -1 where there is no such rung."""
    return int(rule.rpartition(".")[2]) - 1 if rule else -1


def _event_in_names(event: Event, names: Names) -> Event:
    """An earlier event as the law moved to calls things. Its hash stays: it is the same event."""
    steps, named = names["steps"], names["fields"]
    data = dict(event.data)
    rule = str(data.get("rule", ""))
    if rule:
        data["rule"] = _rule_in_names(rule, names)
    if "rung" in data:
        data["rung"] = _index(data["rule"])
    action = event.action
    if rule in names["actions"] and event.kind == EventKind.ACTION:
        action = data["rule"].partition(".")[2]
    if "as" in data:
        data["as"] = names["people"].get(data["as"], data["as"])
    here, there = event.from_step or "", event.to_step or ""
    return replace(
        event,
        action=action,
        data=data,
        from_step=steps.get(here, event.from_step),
        to_step=steps.get(there, event.to_step),
        set={named.get(name, name): value for name, value in event.set.items()},
    )


def _undone(case: Case, event: Event) -> dict[str, Any]:
    """The case as it was before the migration; what was delivered since stays delivered."""
    before = replay(case.id, case.events[: cast("MigrationUndonePayload", event.data)["undoes"] - 1])
    kept = {"events", "told", "id"}
    return {entry.name: getattr(before, entry.name) for entry in fields(before) if entry.name not in kept}


def _other_ended(case: Case, event: Event) -> dict[str, Any]:
    return {"joined_outcome": cast("OtherEndedPayload", event.data)["case_outcome"]}


def _told(case: Case, event: Event) -> dict[str, Any]:
    return {"told": case.told | frozenset(cast("DeliveryPayload", event.data)["messages"])}


_KINDS: dict[EventKind, Callable[[Case, Event], dict[str, Any]]] = {
    EventKind.OPENED: _opened,
    EventKind.RUNG: _rung,
    EventKind.TIME_UP: lambda case, event: {"time_up": True},
    EventKind.RESUME: _resumed,
    EventKind.CHILD: _child_answered,
    EventKind.JOINED: _joined,
    EventKind.PARTED: _parted,
    EventKind.OTHER_ENDED: lambda case, event: {
        "joined_outcome": cast("OtherEndedPayload", event.data)["case_outcome"]
    },
    EventKind.WRONG_CODE: _wrong_code,
    EventKind.MIGRATED: _migrated,
    EventKind.MIGRATION_UNDONE: _undone,
    EventKind.TOLD: lambda case, event: {
        "told": case.told | frozenset(cast("DeliveryPayload", event.data)["messages"])
    },
}
