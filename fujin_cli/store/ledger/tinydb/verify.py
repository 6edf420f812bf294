"""``fujin ledger verify``: every place where the ledger is not what was written into it.

It runs beside writers without a lock. What may look wrong only because something was written in between is looked at
again before it is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.cases.event import chain
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.ids import case_id
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb import intents, procedure_texts, request_ids
from fujin_cli.store.ledger.tinydb.markers import KINDS, Kind
from fujin_cli.store.ledger.tinydb.paths import Paths, volume_order
from fujin_cli.store.ledger.tinydb.quarantine import missing
from fujin_cli.store.ledger.tinydb.volumes import NOTHING_BEFORE, OpenVolume, Record, open_volume


def verify(paths: Paths) -> Iterator[Finding]:
    """All findings FJ701 to FJ705, volume by volume, then what belongs to no volume."""
    pinned: dict[str, Place] = {}
    for community in paths.communities():
        yield from _verify_community(paths, community, pinned)
    for kind in KINDS:
        yield from _superfluous_markers(paths, kind)
    yield from _verify_laws(paths, pinned)
    yield from _verify_requests(paths)
    yield from _verify_intents(paths)


def _verify_community(paths: Paths, community: str, pinned: dict[str, Place]) -> Iterator[Finding]:
    there = paths.volumes(community)
    for volume, files in sorted(paths.quarantined(community).items()):
        if volume not in there:
            yield missing(paths, volume, files)
    for volume in there:
        try:
            opened = open_volume(paths, volume)
        except Damaged as damage:
            yield damage.finding
            continue
        yield from verify_volume(opened)
        yield from _verify_start(paths, opened)
        yield from _missing_markers(paths, opened)
        for _, record in opened.records():
            version = _pinned_law(record)
            if version:
                pinned.setdefault(version, Place(opened.shown))


def verify_volume(opened: OpenVolume) -> Iterator[Finding]:
    """What one volume by itself shows: FJ702 and FJ705."""
    yield from _verify_chain(opened)
    yield from _verify_numbers(opened)


def _verify_chain(opened: OpenVolume) -> Iterator[Finding]:
    """FJ702: each event's hash, against the one written before it in the volume, so that one change is told once."""
    facts = opened.facts()
    if facts is None:
        return
    previous = facts["starts_from"]
    place = 0
    for case, record in opened.records():
        place += 1
        if record["seq"] != place:
            yield _gone(opened, case, record, place)
            place = record["seq"]
        elif _hash_of(previous, case, record) != record.get("hash"):
            yield _changed(opened, case, record)
        previous = str(record.get("hash"))
    if place != facts["count"] or previous != facts["head"]:
        yield _finding(
            "FJ705",
            opened.shown,
            say(
                "{file} ends at event {found}, but should end at event {count}: its newest events are missing",
                file=opened.shown,
                found=place,
                count=facts["count"],
            ),
        )


def _verify_numbers(opened: OpenVolume) -> Iterator[Finding]:
    """FJ705: the events of a case are numbered 1, 2, 3 … without a gap. FJ702: a case stands under its own number."""
    for number, document in opened.documents():
        case = document["case"]
        if case != case_id(opened.volume, number):
            yield _finding(
                "FJ702",
                opened.shown,
                say("{file} has {case} in the place of another case", file=opened.shown, case=case),
            )
        found = [record.get("n") for record in document["events"]]
        if found != list(range(1, len(found) + 1)) or not found:
            yield _finding(
                "FJ705",
                opened.shown,
                say(
                    "{file}, {case}: its events should be numbered from 1 without a gap, and are: {numbers}",
                    file=opened.shown,
                    case=case,
                    numbers=[str(number) for number in found] or "—",
                ),
            )


def _verify_start(paths: Paths, opened: OpenVolume) -> Iterator[Finding]:
    """FJ705: a volume starts from a hash of the volume before it, which must therefore still hold that event."""
    facts = opened.facts()
    if facts is None:
        return
    follows = request_ids.volume_named(facts["follows"] or "")
    if follows is None:
        sound = facts["follows"] is None and facts["starts_from"] == NOTHING_BEFORE
    else:
        try:
            before = open_volume(paths, follows)
        except Damaged:  # told where that volume is looked at
            return
        hashes = {record.get("hash") for _, record in before.records()}
        sound = follows.community == opened.volume.community and facts["starts_from"] in hashes
        sound = sound and volume_order(follows) < volume_order(opened.volume)
    if not sound:
        yield _finding(
            "FJ705",
            opened.shown,
            say(
                "{file} does not continue the volume before it ({before}): events of that volume are missing",
                file=opened.shown,
                before=facts["follows"] or "—",
            ),
        )


def _missing_markers(paths: Paths, opened: OpenVolume) -> Iterator[Finding]:
    """FJ704: a volume with open (waiting) cases that lists do not look into."""
    for kind in KINDS:
        if _needs_marker(paths, kind, opened):
            shown = paths.shown(paths.marker(kind, opened.volume))
            yield _finding(
                "FJ704",
                shown,
                say("{marker} is missing: lists omit cases of {file}", marker=shown, file=opened.shown),
                help=say("Make an empty file of that name."),
            )


def _needs_marker(paths: Paths, kind: Kind, opened: OpenVolume) -> bool:
    """Whether a marker is missing. It may have gone together with the volume's last such case: then look again."""
    while opened.any_case(kind) and not disk.exists(paths.marker(kind, opened.volume)):
        try:
            now = open_volume(paths, opened.volume)
        except Damaged:
            return True
        if now.generation == opened.generation:
            return True
        opened = now
    return False


def _superfluous_markers(paths: Paths, kind: Kind) -> Iterator[Finding]:
    """FJ704, for information: what a crash may leave. It costs the time to read one volume."""
    for volume in paths.marked(kind):
        try:
            opened = open_volume(paths, volume)
        except Damaged:
            continue
        if not opened.any_case(kind) and disk.exists(paths.marker(kind, volume)):
            shown = paths.shown(paths.marker(kind, volume))
            yield _finding(
                "FJ704",
                shown,
                say("{marker} is not needed: its volume has no such case", marker=shown),
                severity="info",
                help=say("Nothing needs to be done; the next change of the volume removes it."),
            )


def _verify_laws(paths: Paths, pinned: Mapping[str, Place]) -> Iterator[Finding]:
    """FJ703: each kept law has its digest, and each law that an event pins is kept."""
    for name in disk.names(paths.root / "laws"):
        digest = name.removesuffix(".json")
        if procedure_texts.DIGEST.fullmatch(digest):
            try:
                procedure_texts.read_procedure_text(paths, digest)
            except Damaged as damage:
                yield damage.finding
    for digest, place in sorted(pinned.items()):
        if not disk.exists(procedure_texts.law_path(paths, digest)):
            shown = paths.shown(procedure_texts.law_path(paths, digest))
            yield _finding(
                "FJ703",
                shown,
                say("{file} is missing, and cases of {volume} were opened under it", file=shown, volume=place.path),
                help=say("Restore this file from a backup."),
            )


def _verify_requests(paths: Paths) -> Iterator[Finding]:
    folder = paths.root / "requests"
    for start in disk.names(folder):
        for name in disk.names(folder / start):
            if name.startswith("."):
                continue
            try:
                data = disk.read(folder / start / name)
                if data is not None:
                    request_ids.entry(paths, folder / start / name, data)
            except Damaged as damage:
                yield damage.finding


def _verify_intents(paths: Paths) -> Iterator[Finding]:
    _, broken = intents.pending_intents(paths)
    aside = paths.root / "quarantine" / "intents"
    for path in (*broken, *(aside / name for name in disk.names(aside))):
        yield intents.unfinished(paths, path)


def _hash_of(previous: str, case: str, record: Record) -> str:
    return chain(previous, case, {key: value for key, value in record.items() if key not in ("hash", "seq")})


def _pinned_law(record: Record) -> str | None:
    """The digest of the law that an event pins: ``data.law`` of the event that opens or migrates a case."""
    data = record.get("data")
    version = data.get("law") if isinstance(data, dict) else None
    return version if isinstance(version, str) and procedure_texts.DIGEST.fullmatch(version) else None


def _changed(opened: OpenVolume, case: str, record: Record) -> Finding:
    return _finding(
        "FJ702",
        opened.shown,
        say(
            "{file}, {case}, event {number}: this event was changed after it was written, or the one "
            "before it was removed or moved; it is unknown which field was changed",
            file=opened.shown,
            case=case,
            number=record.get("n"),
        ),
    )


def _gone(opened: OpenVolume, case: str, record: Record, place: int) -> Finding:
    return _finding(
        "FJ702",
        opened.shown,
        say(
            "{file}: the chain is broken before {case}, event {number}: event {place} of the volume is missing",
            file=opened.shown,
            case=case,
            number=record.get("n"),
            place=place,
        ),
    )


def _finding(
    code: str, shown: str, message: LocalizedText, severity: Severity = "error", help: LocalizedText | None = None
) -> Finding:
    restore = say("Compare the file with a backup and with the receipts that residents hold, then restore it.")
    return Finding(code, severity, message, Place(shown), help=help or restore)
