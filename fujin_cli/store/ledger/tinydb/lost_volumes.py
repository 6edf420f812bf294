"""Find volumes that were written once and whose files are gone, by the traces that they left.

Beside each volume lies an empty file ``<YYYY-MM>.<part>.begun``, created once the volume is on disk: without the
volume, it says that the volume is lost. ``<YYYY-MM>.begun`` says that the volumes of the month have such files. It is
synced before the month's first mark is made, so a mark whose volume has no such file was left by a process that was
killed before it wrote the volume, and nothing is lost. In months of an older fujin, a mark or a lock without its volume
says that the volume is lost. So does a later part of the same month, everywhere.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.model.ids import Volume, next_part
from fujin_cli.core.text.localized import say
from fujin_cli.store.cache.cache_file import read_cache_file, write_cache_file
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.paths import KINDS, Month, Paths, begin_ledger, find_format_problem, volume_order

CACHE_FILE = "complete-communities.json"  # so that a list costs no more with every year
RACY_SECONDS = 2  # a folder changed so recently may change again with the same stamp
MOST_GAPS = 100  # missing parts that are named before one part: nobody skips more, whatever a file is called
_TRACE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:\.(?P<part>[a-z]{1,4}))?\.(?P<kind>begun|lock)")


def find_lost_volumes(paths: Paths, community: str) -> dict[Volume, Path]:
    """Map each lost volume of a community to the file that shows that it was written, in order."""
    lost = _compare_traces(paths, community)
    if lost:  # what another process was writing in the meantime is there by now
        again = _compare_traces(paths, community)
        lost = {volume: again[volume] for volume in lost if volume in again and not disk.exists(paths.volume(volume))}
    return {volume: lost[volume] for volume in sorted(lost, key=volume_order)}


def record_parts(paths: Paths, month: Month, *, sync: bool) -> None:
    """Record which volumes of a month exist or are lost, before the month is locked for the first time.

    The marks are listed before the month is looked up: a process that has recorded the month may make a mark for a
    volume that it has yet to write. ``sync`` is False where the write of another month syncs the folder before the
    first mark is made. Raises OSError, LinkedOutside.
    """
    begin_ledger(paths)
    folder = paths.lock(month).parent
    disk.make_folder_synced(folder, paths.workspace)
    lost = [volume for volume in find_lost_volumes(paths, month.community) if Month.of(volume) == month]
    volumes = [volume for volume in paths.volumes(month.community) if Month.of(volume) == month]
    if disk.exists(paths.recorded_month(month)):
        return
    for volume in (*volumes, *lost):
        disk.create_if_missing(paths.begun_volume(volume))
    disk.create_if_missing(paths.recorded_month(month))
    if sync and not volumes:
        disk.sync_folder(folder)


def lost_volume_findings(paths: Paths) -> list[Finding]:
    """Make FJ707 for each lost volume of the ledger, and FJ701 for a folder that cannot be read.

    First comes what is wrong with the format of the whole ledger (FJ701, FJ711).
    """
    problem = find_format_problem(paths)
    findings = [problem] if problem else []
    cached = read_cache_file(paths.workspace, CACHE_FILE)
    complete: dict[str, list[int]] = {}  # communities that have lost nothing, and the stamps of their folders
    for community in paths.communities():
        stamps = _stamp_folders(paths, community)
        if isinstance(cached, dict) and cached.get(community) == stamps:
            complete[community] = stamps
            continue
        try:
            lost = find_lost_volumes(paths, community)
        except OSError as error:
            from fujin_cli.store.ledger.tinydb.volume_file import unreadable_finding  # needs tinydb

            findings.append(unreadable_finding(paths.display_path(Path(error.filename)), error))
        else:
            findings += [lost_volume_finding(paths, volume, trace) for volume, trace in lost.items()]
            if not lost and max(stamps[1::2]) < time.time_ns() - RACY_SECONDS * 1e9:
                complete[community] = stamps
    if complete and complete != cached:
        write_cache_file(paths.workspace, CACHE_FILE, complete)
    return findings


def _stamp_folders(paths: Paths, community: str) -> list[int]:
    """Stamp the folders with the files of a community: whatever file appears or disappears changes a stamp.

    The time is that of the last change of the folder itself, which no program can set; 0 where there is no folder.
    """
    stamps: list[int] = []
    for folder in (paths.root, *(paths.root / name for name in ("quarantine", *KINDS))):
        try:
            status = (folder / community).stat()
        except OSError:
            stamps += [0, 0]
        else:
            stamps += [status.st_ino, status.st_ctime_ns]
    return stamps


def lost_volume_finding(paths: Paths, volume: Volume, trace: Path) -> Finding:
    """Make FJ707 for a volume that was written and is gone; ``trace`` is the file that shows it."""
    display_path = paths.display_path(paths.volume(volume))
    return Finding(
        "FJ707",
        "error",
        say(
            "{file} is missing, although {trace} shows that it was written; its cases cannot be read",
            file=display_path,
            trace=paths.display_path(trace),
        ),
        Place(display_path),
        help=say(
            "Restore this file from the newest backup and run `fujin ledger verify`. New cases go into the next part."
        ),
        related=(Related(say("what shows that it was written"), Place(paths.display_path(trace))),),
    )


def _compare_traces(paths: Paths, community: str) -> dict[Volume, Path]:
    """Compare what the files of a community say was written with its volumes; files may change meanwhile."""
    marks = {volume: paths.marker(kind, volume) for kind in KINDS for volume in paths.marked_volumes(kind, [community])}
    begun, locked, recorded = _list_traces(paths, community)
    present = {*paths.volumes(community), *paths.quarantined_volumes(community)}
    traces = {volume: path for volume, path in marks.items() if Month.of(volume) not in recorded}
    traces |= {volume: paths.begun_volume(volume) for volume in begun}
    months = {Month.of(volume) for volume in (*present, *traces)}
    traces |= {Volume(*month, "a"): paths.lock(month) for month in locked - recorded - months}
    for volume in _find_newest_parts({*present, *traces}):
        for earlier in _list_earlier_parts(volume):
            traces.setdefault(earlier, paths.volume(volume))
    return {volume: path for volume, path in traces.items() if volume not in present}


def _list_traces(paths: Paths, community: str) -> tuple[set[Volume], set[Month], set[Month]]:
    """List the volumes that were begun, the months that have a lock, and those whose volumes are recorded."""
    begun: set[Volume] = set()
    locked: set[Month] = set()
    recorded: set[Month] = set()
    for match in map(_TRACE.fullmatch, disk.names(paths.root / community)):
        if not match:
            continue
        month = Month(community, match["year"] + match["month"])
        if match["part"] and match["kind"] == "begun":
            begun.add(Volume(*month, match["part"]))
        elif not match["part"]:
            (recorded if match["kind"] == "begun" else locked).add(month)
    return begun, locked, recorded


def _find_newest_parts(volumes: set[Volume]) -> list[Volume]:
    newest: dict[Month, Volume] = {}
    for volume in sorted(volumes, key=volume_order):
        newest[Month.of(volume)] = volume
    return list(newest.values())


def _list_earlier_parts(volume: Volume) -> list[Volume]:
    parts = ["a"]
    while parts[-1] != volume.part and len(parts) <= MOST_GAPS:
        parts.append(next_part(parts[-1]))
    return [volume._replace(part=part) for part in parts if part != volume.part]
