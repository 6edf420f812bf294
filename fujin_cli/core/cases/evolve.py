"""Fold events into the state of a case; no other code changes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from fujin_cli.core.cases.case import Case, Child, Code, Pause
from fujin_cli.core.cases.event import FORMAT, Event, EventKind
from fujin_cli.core.findings.refusals import NEWER_FORMAT, UNREADABLE_CASE, Refusal
from fujin_cli.core.text.localized import LocalizedText, say

if TYPE_CHECKING:
    from fujin_cli.core.cases.payloads import (
        AmendedPayload,
        ChildOutcomePayload,
        DeliveryPayload,
        LinkedCasePayload,
        MigrationPayload,
        MigrationUndonePayload,
        MovePayload,
        OpenedPayload,
        OtherEndedPayload,
        RungPayload,
        UndonePayload,
    )


def replay(case: str, events: Iterable[Event], before: Case | None = None) -> Case:
    """Fold the events of a case, oldest first; ``before`` is the fold of the events before them, if there are any.

    Raises Refusal for an event that cannot be folded: of a newer format (FJ711), of an unknown kind, or without what
    its kind needs (FJ818).
    """
    state = before or Case(case)
    for event in events:
        if event.format != FORMAT:
            raise _refuse_newer_event(case, event)
        if event.kind not in _KNOWN_KINDS:
            raise _refuse_event(case, event, say("this fujin does not know events of the kind {kind}", kind=event.kind))
        try:
            state = evolve(state, event)
        except (LookupError, TypeError, ValueError, AttributeError) as problem:
            raise _refuse_event(case, event, say("it lacks what its kind needs")) from problem
    return state


def _refuse_event(case: str, event: Event, reason: LocalizedText) -> Refusal:
    return Refusal(
        UNREADABLE_CASE,
        say("event {number} of {case} cannot be read: {reason}", number=event.n, case=case, reason=reason),
        help=say("A newer fujin may have written it: install that version. Otherwise run `fujin ledger verify`."),
    )


def _refuse_newer_event(case: str, event: Event) -> Refusal:
    return Refusal(
        NEWER_FORMAT,
        say(
            "event {number} of {case} has the format {format}, which a newer fujin wrote",
            number=event.n,
            case=case,
            format=event.format,
        ),
        help=say("Install that version. Nothing was changed."),
    )


def version_digest_after(case: Case, n: int) -> str:
    """Give the digest of the procedure version that was in force right after event ``n``."""
    digests = [event.data["law"] for event in case.events[:n] if event.kind in PINNING]
    return str(digests[-1]) if digests else case.version_digest


PINNING = frozenset({EventKind.OPENED, EventKind.MIGRATED, EventKind.MIGRATION_UNDONE})


def evolve(case: Case, event: Event) -> Case:
    """Compute the case after ``event``, from the two alone: the procedure is not needed."""
    changes: dict[str, Any] = {"events": (*case.events, event)}
    if event.set:
        changes["values"] = {**case.values, **event.set}
    if event.data:
        changes |= _apply_move(case, event, cast("MovePayload", event.data))
    handler = _KINDS.get(event.kind)
    if handler:
        changes |= handler(case, event)
    if event.to_step is not None:
        changes |= _apply_arrival(case, event, cast("MovePayload", event.data))
    return replace(case, **changes)


def _apply_move(case: Case, event: Event, payload: MovePayload) -> dict[str, Any]:
    """Apply what the data of any event may say of limits, codes, links, pauses and children."""
    changes: dict[str, Any] = {}
    if "rule" in payload:
        changes["counts"] = {**case.counts, payload["rule"]: case.counts.get(payload["rule"], 0) + 1}
    if "code" in payload:
        changes["code"] = Code(**payload["code"])
    if "joins" in payload:
        changes |= {"joined_to": (payload["joins"]["field"], payload["joins"]["case"]), "joined_outcome": None}
    if "parts" in payload:
        changes["joined_to"] = None
    if "until" in payload:
        changes["pauses"] = (*case.pauses, Pause(event.at, datetime.fromisoformat(payload["until"])))
    if "opens" in payload or "replaces" in payload:
        changes["children"] = _update_children(case.children, payload)
    return changes


def _apply_opening(case: Case, event: Event) -> dict[str, Any]:
    payload = cast("OpenedPayload", event.data)
    parent = payload.get("parent")
    return {
        "procedure": payload["procedure"],
        "version_digest": payload["law"],
        "community": payload["community"],
        "committee": payload.get("committee"),
        "parent": parent["case"] if parent else None,
        "parent_group": parent["group"] if parent else "",
        "opened_by": event.by,
        "opened_at": event.at,
        "channel": payload.get("channel"),
        "settings": payload.get("settings", {}),
    }


def _apply_amendment(case: Case, event: Event) -> dict[str, Any]:
    units = cast("AmendedPayload", event.data).get("units", {})
    return {"committee": units["committee"]} if "committee" in units else {}


def _apply_arrival(case: Case, event: Event, payload: MovePayload) -> dict[str, Any]:
    pauses = case.pauses
    if case.running_pause:  # leaving the step ends the pause
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
        "outcome": payload.get("outcome"),
        "counts_as": tuple(payload.get("counts_as", ())),
    }


def _update_children(children: tuple[Child, ...], payload: MovePayload) -> tuple[Child, ...]:
    replaced = set(payload.get("replaces", ()))
    before = tuple(replace(child, replaced=True) if child.case in replaced else child for child in children)
    opened = tuple(
        Child(child["case"], group, child.get("each", ""), leaves=child.get("leaves", False))
        for group, children in payload.get("opens", {}).items()
        for child in children
    )
    return before + opened


def _apply_child_outcome(case: Case, event: Event) -> dict[str, Any]:
    payload = cast("ChildOutcomePayload", event.data)
    return {
        "children": tuple(
            replace(child, outcome=payload.get("child_outcome")) if child.case == payload["case"] else child
            for child in case.children
        )
    }


def _apply_rung(case: Case, event: Event) -> dict[str, Any]:
    payload = cast("RungPayload", event.data)
    changes: dict[str, Any] = {"fired": case.fired | {payload["rung"]}}
    level = payload.get("raise")
    if level:
        changes["raised"] = (*case.raised, level)
        changes["raised_at"] = event.at if case.raised_at is None else case.raised_at
    return changes


def _apply_resumption(case: Case, event: Event) -> dict[str, Any]:
    pause = case.pauses[-1]
    return {"pauses": (*case.pauses[:-1], replace(pause, end=min(event.at, pause.planned)))}


def _apply_joining(case: Case, event: Event) -> dict[str, Any]:
    return {"joined": (*case.joined, cast("LinkedCasePayload", event.data)["case"])}


def _apply_parting(case: Case, event: Event) -> dict[str, Any]:
    parted = cast("LinkedCasePayload", event.data)["case"]
    return {"joined": tuple(joined for joined in case.joined if joined != parted)}


def _count_wrong_code(case: Case, event: Event) -> dict[str, Any]:
    return {"code": replace(case.code, wrong=case.code.wrong + 1)} if case.code else {}


def _apply_migration(case: Case, event: Event) -> dict[str, Any]:
    """Continue the case under another version, in the state that this version would have left it in."""
    from fujin_cli.core.cases.rename_case import rename_case, rename_event

    payload = cast("MigrationPayload", event.data)
    state, names = payload["state"], payload["names"]
    replaced, leaves = set(state["replaced"]), set(state["leaves"])
    renamed = rename_case(case, names)
    return {
        "version_digest": payload["law"],
        "settings": payload["settings"],
        "values": {**renamed.values, **event.set},
        "joined_to": renamed.joined_to,
        "step": state["step"],
        "since": datetime.fromisoformat(state["since"]),
        "counts": state["counts"],
        "fired": frozenset(state["fired"]),
        "time_up": state["time_up"],
        "raised": tuple(state["raised"]),
        "raised_at": _parse_moment(state["raised_at"]),
        "kept_within": state.get("within"),
        "kept_due": _parse_moment(state.get("due")),
        "pauses": tuple(Pause(*(_parse_moment(at) for at in pause)) for pause in state["pauses"]),  # type: ignore[arg-type]
        "joined_outcome": renamed.joined_outcome,
        "children": tuple(
            replace(child, replaced=child.case in replaced, leaves=child.case in leaves) for child in renamed.children
        ),
        "renamed": (*(rename_event(earlier, names) for earlier in case.all_events_in_current_names), event),
    }


def _parse_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _undo_migration(case: Case, event: Event) -> dict[str, Any]:
    """Take the case back to before the migration; what was delivered since stays delivered."""
    return _restore_state(case, cast("MigrationUndonePayload", event.data)["undoes"])


def _take_back(case: Case, event: Event) -> dict[str, Any]:
    """Take the case back to before the events that somebody took back; the history keeps them."""
    numbers = cast("UndonePayload", event.data)["undoes"]
    return {**_restore_state(case, min(numbers)), "undone": case.undone | {*numbers, event.n}}


def _restore_state(case: Case, number: int) -> dict[str, Any]:
    """Give the state before the event of that number, of what is not kept for good."""
    before = replay(case.id, (event for event in case.events if event.n < number))
    kept_for_good = {"events", "told", "id", "undone"}
    return {part.name: getattr(before, part.name) for part in fields(before) if part.name not in kept_for_good}


def _record_joined_outcome(case: Case, event: Event) -> dict[str, Any]:
    return {"joined_outcome": cast("OtherEndedPayload", event.data)["case_outcome"]}


def _record_deliveries(case: Case, event: Event) -> dict[str, Any]:
    return {"told": case.told | frozenset(cast("DeliveryPayload", event.data)["messages"])}


_KNOWN_KINDS = frozenset(EventKind)
_KINDS: dict[EventKind, Callable[[Case, Event], dict[str, Any]]] = {
    EventKind.OPENED: _apply_opening,
    EventKind.AMENDED: _apply_amendment,
    EventKind.RUNG: _apply_rung,
    EventKind.TIME_UP: lambda case, event: {"time_up": True},
    EventKind.RESUME: _apply_resumption,
    EventKind.CHILD: _apply_child_outcome,
    EventKind.JOINED: _apply_joining,
    EventKind.PARTED: _apply_parting,
    EventKind.OTHER_ENDED: _record_joined_outcome,
    EventKind.WRONG_CODE: _count_wrong_code,
    EventKind.MIGRATED: _apply_migration,
    EventKind.MIGRATION_UNDONE: _undo_migration,
    EventKind.UNDONE: _take_back,
    EventKind.TOLD: _record_deliveries,
}
