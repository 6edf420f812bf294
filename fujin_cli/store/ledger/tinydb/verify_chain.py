"""Verify the chain of one volume: the hash of every event (FJ702), and that none is missing (FJ705)."""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.cases.event import compute_event_hash
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.ids import format_case_id
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.ledger.tinydb.volumes import OpenVolume, Record


def verify_volume(opened: OpenVolume) -> Iterator[Finding]:
    """Verify a volume by itself: FJ702 and FJ705."""
    yield from _verify_chain(opened)
    yield from _verify_numbers(opened)


def _verify_chain(opened: OpenVolume) -> Iterator[Finding]:
    """Check each event's hash (FJ702) against the hash stored before it, so that one change gives one finding."""
    facts = opened.facts()
    if facts is None:
        return
    previous = facts["starts_from"]
    place = 0
    for case, record in opened.records():
        place += 1
        if record["seq"] != place:
            yield _missing_event_finding(opened, case, record, place)
            place = record["seq"]
        elif _hash_of(previous, case, record) != record.get("hash"):
            yield _changed_event_finding(opened, case, record)
        previous = str(record.get("hash"))
    if place != facts["count"] or previous != facts["head"]:
        yield make_finding(
            "FJ705",
            opened.display_path,
            say(
                "{file} ends at event {found}, but should end at event {count}: its newest events are missing",
                file=opened.display_path,
                found=place,
                count=facts["count"],
            ),
        )


def _verify_numbers(opened: OpenVolume) -> Iterator[Finding]:
    """Check that events of a case are numbered 1, 2, 3 … (FJ705) and that a case has its own number (FJ702)."""
    for number, document in opened.documents():
        case = document["case"]
        if case != format_case_id(opened.volume, number):
            yield make_finding(
                "FJ702",
                opened.display_path,
                say("{file} has {case} in the place of another case", file=opened.display_path, case=case),
            )
        numbers = [record.get("n") for record in document["events"]]
        if numbers != list(range(1, len(numbers) + 1)) or not numbers:
            yield make_finding(
                "FJ705",
                opened.display_path,
                say(
                    "{file}, {case}: its events should be numbered from 1 without a gap, and are: {numbers}",
                    file=opened.display_path,
                    case=case,
                    numbers=[str(number) for number in numbers] or "—",
                ),
            )


def _hash_of(previous: str, case: str, record: Record) -> str:
    hashed = record.copy()
    hashed.pop("hash", None)
    hashed.pop("seq", None)
    return compute_event_hash(previous, case, hashed)


def _changed_event_finding(opened: OpenVolume, case: str, record: Record) -> Finding:
    return make_finding(
        "FJ702",
        opened.display_path,
        say(
            "{file}, {case}, event {number}: this event was changed after it was written, or the one "
            "before it was removed or moved; it is unknown which field was changed",
            file=opened.display_path,
            case=case,
            number=record.get("n"),
        ),
    )


def _missing_event_finding(opened: OpenVolume, case: str, record: Record, place: int) -> Finding:
    return make_finding(
        "FJ702",
        opened.display_path,
        say(
            "{file}: the chain is broken before {case}, event {number}: event {place} of the volume is missing",
            file=opened.display_path,
            case=case,
            number=record.get("n"),
            place=place,
        ),
    )


def make_finding(
    code: str,
    display_path: str,
    message: LocalizedText,
    severity: Severity = "error",
    help: LocalizedText | None = None,
) -> Finding:
    """Make a finding at a file of the ledger; unless stated otherwise, its help is to restore the file."""
    restore = say("Compare the file with a backup and with the receipts that residents hold, then restore it.")
    return Finding(code, severity, message, Place(display_path), help=help or restore)
