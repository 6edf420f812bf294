"""Verify the ledger (``fujin ledger verify``): list every place where it differs from what was written.

Verification runs beside writers without a lock. A difference that a concurrent write can explain is checked again
before it is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from fujin_cli.core.cases.integrity import find_unknown_keys
from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.model.ids import Volume
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import CaseCheck, Damaged
from fujin_cli.store.ledger.tinydb import intents, procedure_texts, request_ids
from fujin_cli.store.ledger.tinydb.lost_volumes import find_lost_volumes, lost_volume_finding
from fujin_cli.store.ledger.tinydb.paths import KINDS, Kind, Paths, find_format_problem, volume_order
from fujin_cli.store.ledger.tinydb.quarantine import missing_volume_finding
from fujin_cli.store.ledger.tinydb.verify_chain import make_finding, verify_volume
from fujin_cli.store.ledger.tinydb.volume_file import unreadable_finding
from fujin_cli.store.ledger.tinydb.volumes import (
    CASE_KEYS,
    NOTHING_BEFORE,
    VOLUME_KEYS,
    OpenVolume,
    open_volume,
)


def verify(paths: Paths, check_case: CaseCheck | None = None) -> Iterator[Finding]:
    """List all findings FJ701 to FJ707: volume by volume, then those that belong to no volume.

    ``check_case`` adds the findings of each case while its volume is open, so that no volume is read a second time.
    """
    pinned: dict[str, Place] = {}
    marked: set[tuple[Kind, Volume]] = set()
    if problem := find_format_problem(paths):
        yield problem
    for community in paths.communities():
        try:
            yield from _verify_community(paths, community, pinned, marked, check_case)
        except OSError as error:
            yield unreadable_finding(paths.display_path(Path(error.filename)), error)
    for kind in KINDS:
        yield from _find_extra_markers(paths, kind, marked)
    yield from _verify_procedure_texts(paths, pinned)
    yield from _verify_requests(paths)
    yield from _verify_intents(paths)


def _verify_community(
    paths: Paths,
    community: str,
    pinned: dict[str, Place],
    marked: set[tuple[Kind, Volume]],
    check_case: CaseCheck | None,
) -> Iterator[Finding]:
    """Verify a community's volumes, and collect the versions that they pin and the marks that they need."""
    volumes = paths.volumes(community)
    for volume, files in sorted(paths.quarantined_volumes(community).items()):
        if volume not in volumes:
            yield missing_volume_finding(paths, volume, files)
    for volume, trace in find_lost_volumes(paths, community).items():
        yield lost_volume_finding(paths, volume, trace)
    before: OpenVolume | None = None
    for volume in volumes:
        try:
            opened = open_volume(paths, volume)
        except Damaged as damage:
            yield damage.finding
            continue
        yield from verify_volume(opened)
        yield from _verify_start(paths, opened, before)
        yield from _find_missing_markers(paths, opened)
        marked.update((kind, volume) for kind in KINDS if opened.any_case(kind))
        for version in _list_pinned_versions(opened):
            pinned.setdefault(version, Place(opened.display_path))
        yield from _find_unknown_keys(opened)
        if check_case:
            yield from _check_cases(opened, check_case)
        before = opened


def _find_unknown_keys(opened: OpenVolume) -> Iterator[Finding]:
    """Name the keys of a volume, its cases and events that this fujin does not know and ignores (FJ712)."""
    yield from _report_unknown_keys(opened, str(opened.volume), (opened.facts() or {}).keys() - VOLUME_KEYS)
    for _, document in opened.documents():
        keys = document.keys() - CASE_KEYS
        for record in document["events"]:
            keys.update(find_unknown_keys(record))
        yield from _report_unknown_keys(opened, document["case"], keys)


def _report_unknown_keys(opened: OpenVolume, owner: str, keys: Collection[str]) -> Iterator[Finding]:
    if keys:
        message = say(
            "{file}, {owner}: this fujin does not know what {keys} means",
            file=opened.display_path,
            owner=owner,
            keys=sorted(keys),
        )
        help = say("A newer fujin may have written it: install that version. Otherwise compare the file with a backup.")
        yield Finding("FJ712", "error", message, Place(opened.display_path), help=help)


def _check_cases(opened: OpenVolume, check_case: CaseCheck) -> Iterator[Finding]:
    try:
        cases = list(opened.stored_cases())
    except Damaged as damage:
        yield damage.finding
        return
    for stored in cases:
        yield from check_case(stored)


def _verify_start(paths: Paths, opened: OpenVolume, before: OpenVolume | None) -> Iterator[Finding]:
    """Check that a volume starts from a hash that the volume before it still holds (FJ705).

    ``before`` is the volume that was verified before this one; mostly it is the one that this one follows.
    """
    facts = opened.facts()
    if facts is None:
        return
    follows = request_ids.parse_volume_name(facts["follows"] or "")
    if follows is None:
        continues = facts["follows"] is None and facts["starts_from"] == NOTHING_BEFORE
    else:
        try:
            if before is None or before.volume != follows:
                before = open_volume(paths, follows)
        except Damaged:  # reported when that volume is verified
            return
        continues = follows.community == opened.volume.community and _holds_hash(before, facts["starts_from"])
        continues = continues and volume_order(follows) < volume_order(opened.volume)
    if not continues:
        yield make_finding(
            "FJ705",
            opened.display_path,
            say(
                "{file} does not continue the volume before it ({before}): events of that volume are missing",
                file=opened.display_path,
                before=facts["follows"] or "—",
            ),
        )


def _holds_hash(opened: OpenVolume, hash: str) -> bool:
    """Tell whether some event of a volume has the hash; mostly it is the newest one."""
    facts = opened.facts()
    is_newest = facts is not None and facts["head"] == hash and bool(facts["count"])
    return is_newest or any(record.get("hash") == hash for _, record in opened.records())


def _find_missing_markers(paths: Paths, opened: OpenVolume) -> Iterator[Finding]:
    """Find volumes with open (waiting) cases but without the marker, so that lists skip them (FJ704)."""
    for kind in KINDS:
        if _needs_marker(paths, kind, opened):
            display_path = paths.display_path(paths.marker(kind, opened.volume))
            yield make_finding(
                "FJ704",
                display_path,
                say("{marker} is missing: lists omit cases of {file}", marker=display_path, file=opened.display_path),
                help=say("Make an empty file of that name."),
            )


def _needs_marker(paths: Paths, kind: Kind, opened: OpenVolume) -> bool:
    """Tell whether a marker is missing; read again if a writer may have removed it with the volume's last such case."""
    while opened.any_case(kind) and not disk.exists(paths.marker(kind, opened.volume)):
        try:
            now = open_volume(paths, opened.volume)
        except Damaged:
            return True
        if now.generation == opened.generation:
            return True
        opened = now
    return False


def _find_extra_markers(paths: Paths, kind: Kind, marked: Collection[tuple[Kind, Volume]]) -> Iterator[Finding]:
    """Find markers without such a case (FJ704, info). A crash may leave one; it costs the time to read one volume.

    ``marked`` are the marks that the verified volumes need.
    """
    unreadable: dict[Path, OSError] = {}
    for volume in paths.marked_volumes(kind, unreadable=unreadable):
        if (kind, volume) in marked:
            continue
        try:
            opened = open_volume(paths, volume)
        except Damaged:
            continue
        if not opened.any_case(kind) and disk.exists(paths.marker(kind, volume)):
            display_path = paths.display_path(paths.marker(kind, volume))
            yield make_finding(
                "FJ704",
                display_path,
                say("{marker} is not needed: its volume has no such case", marker=display_path),
                severity="info",
                help=say("Nothing needs to be done; the next change of the volume removes it."),
            )
    for folder, error in unreadable.items():
        yield unreadable_finding(paths.display_path(folder), error)


def _verify_procedure_texts(paths: Paths, pinned: Mapping[str, Place]) -> Iterator[Finding]:
    """Check that each stored procedure text has its digest, and that each pinned text is stored (FJ703)."""
    for name in disk.names(paths.root / "laws"):
        digest = name.removesuffix(".json")
        if procedure_texts.DIGEST.fullmatch(digest):
            try:
                procedure_texts.read_procedure_text(paths, digest)
            except Damaged as damage:
                yield damage.finding
    for digest, place in sorted(pinned.items()):
        if not disk.exists(procedure_texts.procedure_text_path(paths, digest)):
            display_path = paths.display_path(procedure_texts.procedure_text_path(paths, digest))
            yield make_finding(
                "FJ703",
                display_path,
                say(
                    "{file} is missing, and cases of {volume} were opened under it",
                    file=display_path,
                    volume=place.path,
                ),
                help=say("Restore this file from a backup."),
            )


def _verify_requests(paths: Paths) -> Iterator[Finding]:
    folder = paths.root / "requests"
    for start in disk.names(folder):
        for name in disk.names(folder / start):
            if not name.startswith("."):
                yield from _verify_request(paths, folder / start / name)


def _verify_request(paths: Paths, path: Path) -> Iterator[Finding]:
    """Check that a request id names a volume that exists, unless its process was killed before it wrote the volume."""
    try:
        content = disk.read(path)
        if content is not None:
            request_ids.check_volume(paths, path, content)
    except Damaged as damage:
        if damage.finding.code != "FJ707" or damage.finding.related[0].place.path == paths.display_path(path):
            yield damage.finding


def _verify_intents(paths: Paths) -> Iterator[Finding]:
    try:
        _, broken = intents.read_intents(paths)
    except Damaged as damage:  # of a newer format
        yield damage.finding
        return
    quarantine = paths.root / "quarantine" / "intents"
    for path in (*broken, *(quarantine / name for name in disk.names(quarantine))):
        yield intents.unfinished_finding(paths, path)


def _list_pinned_versions(opened: OpenVolume) -> set[str]:
    """List the digests of the procedure versions that events pin: ``data.law`` of an opening or a migration."""
    payloads = (record["data"] for _, record in opened.records() if "data" in record)
    versions = {payload["law"] for payload in payloads if isinstance(payload, dict) and "law" in payload}
    return {version for version in versions if isinstance(version, str) and procedure_texts.DIGEST.fullmatch(version)}
