"""Name the files, folders and operations of a ledger, parse the names of volume files, lock months, check the format.

The locks of an operation are taken in sorted order, before anything is read, with a bounded wait, until it ends.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from fujin_cli.core.findings.refusals import NEWER_FORMAT
from fujin_cli.core.model.ids import NAME, RESERVED, Volume, part_sort_key
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy, Damaged

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding

_VOLUME_NAME = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})\.(?P<part>[a-z]{1,4})(?P<json>\.json)?(?P<suffix>\..+)?"
)
Kind = Literal["open", "waiting"]  # of markers
KINDS: tuple[Kind, ...] = ("open", "waiting")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_MONTH = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])")


class Month(NamedTuple):
    """Name a community's month. One lock covers all its parts, so beginning a new part needs no second lock."""

    community: str
    month: str  # YYYYMM

    @staticmethod
    def of(volume: Volume) -> Month:
        """Return the month that a volume is a part of."""
        return Month(volume.community, volume.month)


def random_token() -> str:
    """Make a unique token of 16 characters (80 random bits)."""
    number = int.from_bytes(os.urandom(10), "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def own_id(volume: Volume, token: str) -> str:
    """Make an operation id that contains the name of its volume."""
    return f"{volume}.{token}"


def volume_order(volume: Volume) -> tuple[str, str, tuple[int, str]]:
    """Make the key that sorts volumes by community, month and part (a … z, aa …)."""
    return volume.community, volume.month, part_sort_key(volume.part)


def check_month(month: Month) -> Month:
    """Return ``month`` if it is valid. Raises ValueError for an invalid community or month."""
    if not NAME.fullmatch(month.community) or month.community.lower() in RESERVED:
        raise ValueError(f"no community can be called {month.community!r}")
    if not _MONTH.fullmatch(month.month):
        raise ValueError(f"no month (YYYYMM): {month.month!r}")
    return month


class Paths:
    """Name the files of the ledger in ``root`` (``<workspace>/data/ledger``)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.workspace = root.parent.parent
        self._checked_folders: set[Path] = set()

    def volume(self, volume: Volume) -> Path:
        """Name the file of a volume: ``<community>/<YYYY-MM>.<part>.json``. Raises LinkedOutside."""
        folder = self.root / volume.community
        if folder not in self._checked_folders:
            disk.check_inside(folder, self.workspace)
            self._checked_folders.add(folder)
        return folder / f"{_stem(volume)}.json"

    def format(self) -> Path:
        """Name the file with the format of the whole ledger; no community can have this name."""
        return self.root / "format.txt"

    def lock(self, month: Month) -> Path:
        """Name the lock file of a month: ``<community>/<YYYY-MM>.lock``, permanent and never unlinked."""
        return self.root / month.community / f"{month.month[:4]}-{month.month[4:]}.lock"

    def turns(self, month: Month) -> Path:
        """Name the folder of the tickets of those who wait for the lock of a month; it may be lost at any time."""
        return self.workspace / "data" / "cache" / "turns" / f"{month.community}-{month.month}"

    def recorded_month(self, month: Month) -> Path:
        """Name the file that says that the volumes of a month have traces: ``<community>/<YYYY-MM>.begun``."""
        return self.lock(month).with_suffix(".begun")

    def begun_volume(self, volume: Volume) -> Path:
        """Name the trace of a volume: ``<community>/<YYYY-MM>.<part>.begun``."""
        return self.root / volume.community / f"{_stem(volume)}.begun"

    def marker(self, kind: str, volume: Volume) -> Path:
        """Name a marker: ``open/<community>/<YYYY-MM>.<part>``, and the same for ``waiting``."""
        return self.root / kind / volume.community / _stem(volume)

    def display_path(self, path: Path) -> str:
        """Format a path for people: relative to the workspace, with forward slashes."""
        return path.relative_to(self.workspace).as_posix()

    def intents(self) -> list[Path]:
        """List the files of operations on several volumes that are not finished."""
        folder = self.root / "intents"
        return [folder / name for name in disk.names(folder) if name.endswith(".json") and not name.startswith(".")]

    def communities(self) -> list[str]:
        """List the communities with a folder of volumes, of damaged ones in quarantine, or of marks, sorted."""
        folders = [self.root, *(self.root / name for name in ("quarantine", "open", "waiting"))]
        return sorted({name for folder in folders for name in _list_communities(folder)})

    def volumes(self, community: str) -> list[Volume]:
        """List the volumes of a community, oldest first."""
        return sorted(_list_volumes(community, disk.names(self.root / community), json=True), key=volume_order)

    def marked_volumes(
        self, kind: str, communities: Sequence[str] | None = None, unreadable: dict[Path, OSError] | None = None
    ) -> list[Volume]:
        """List the volumes that have a marker, in order.

        A community's folder that cannot be read is put into ``unreadable`` with the reason; without it, raises OSError.
        """
        folder = self.root / kind
        names = [name for name in disk.names(folder) if communities is None or name in communities]
        volumes: list[Volume] = []
        for name in names:
            try:
                volumes += _list_volumes(name, disk.names(folder / name), False)
            except OSError as error:
                if unreadable is None:
                    raise
                unreadable[folder / name] = error
        return sorted(volumes, key=volume_order)

    def quarantined_volumes(self, community: str) -> dict[Volume, list[Path]]:
        """Map each volume of a community that has damaged files in quarantine to those files."""
        folder = self.root / "quarantine" / community
        files_by_volume: dict[Volume, list[Path]] = {}
        for name in disk.names(folder):
            for volume in _list_volumes(community, [name], json=True, suffixed=True):
                files_by_volume.setdefault(volume, []).append(folder / name)
        return files_by_volume


def _list_communities(folder: Path) -> list[str]:
    return [name for name in disk.names(folder) if NAME.fullmatch(name) and name.lower() not in RESERVED]


def _stem(volume: Volume) -> str:
    return f"{volume.month[:4]}-{volume.month[4:]}.{volume.part}"


def _list_volumes(community: str, names: Sequence[str], json: bool, suffixed: bool = False) -> Iterator[Volume]:
    for name in names:
        match = _VOLUME_NAME.fullmatch(name)
        if match and bool(match["json"]) == json and bool(match["suffix"]) == suffixed:
            yield Volume(community, match["year"] + match["month"], match["part"])


LEDGER_FORMAT = 1  # of the whole ledger: its folders, names and marks; the newest that this program reads
_LEDGER_FORMAT = re.compile(rb"fujin ledger (?P<number>[1-9][0-9]{0,8})\n?")


def begin_ledger(paths: Paths) -> None:
    """Write the format of a ledger that is about to get its first community, durably. Raises OSError."""
    if not paths.communities():
        disk.make_folder_synced(paths.root, paths.workspace)
        disk.create_synced(paths.format(), b"fujin ledger %d\n" % LEDGER_FORMAT)


def find_format_problem(paths: Paths) -> Finding | None:
    """Make FJ711 where a newer fujin has begun the ledger, and FJ701 where the file that tells it is no such file."""
    display_path = paths.display_path(paths.format())
    try:
        content = disk.read(paths.format())
    except OSError as error:
        from fujin_cli.store.ledger.tinydb.volume_file import unreadable_finding

        return unreadable_finding(display_path, error)
    match = None if content is None else _LEDGER_FORMAT.fullmatch(content)
    if content is None or (match and int(match["number"]) <= LEDGER_FORMAT):
        return None
    from fujin_cli.store.ledger.tinydb import volume_file  # needed for few ledgers

    if match:
        return volume_file.newer_format_finding(display_path, int(match["number"]))
    return volume_file.damaged_finding(display_path, say("it does not state the format of the ledger"))


def check_format(paths: Paths, *, writes: bool = False) -> None:
    """Raise Damaged for a ledger of a newer fujin (FJ711); before a write, also where its format is unknown (FJ701).

    Reading goes on where the format is unknown, because every volume has a format of its own; lists report it.
    """
    problem = find_format_problem(paths)
    if problem and (writes or problem.code == NEWER_FORMAT):
        raise Damaged(problem)


DEFAULT_WAIT = 10.0  # seconds
_PAUSE = 0.01  # seconds


def wait_from_environment() -> float:
    """Read ``FUJIN_LOCK_WAIT`` in seconds; ten if it is not set or not a valid number."""
    text = os.environ.get("FUJIN_LOCK_WAIT", "")
    return float(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) else DEFAULT_WAIT


@contextmanager
def hold(paths: Paths, months: Collection[Month], wait: float) -> Iterator[None]:
    """Hold the locks of ``months``, waiting at most ``wait`` seconds for all of them together. Raises Busy.

    Every process takes locks in the same order, so there is no deadlock. The lock files stay for ever: after unlinking
    one, two processes could each lock a file of that name.
    """
    deadline = time.monotonic() + wait
    descriptors: list[int] = []
    try:
        for month in sorted(months):
            path = paths.lock(month)
            disk.make_folder_synced(path.parent, paths.workspace)
            descriptors.append(disk.open_lock(path))
            _acquire_lock(paths, descriptors[-1], month, deadline, wait)
        yield
    finally:
        for descriptor in reversed(descriptors):
            with suppress(OSError):  # the lock is released all the same, and nothing written is lost
                disk.close(descriptor)


def _acquire_lock(paths: Paths, descriptor: int, month: Month, deadline: float, wait: float) -> None:
    """Take the lock of a month, behind those who already wait for it. Raises Busy."""
    turns = paths.turns(month)
    if not disk.names(turns) and disk.try_lock(descriptor):
        return
    if not _wait_for_lock(paths, descriptor, turns, deadline):
        raise Busy(
            say(
                "Another process has been writing to {community}, {month} for more than {wait} seconds. "
                "Nothing was changed; try again.",
                community=month.community,
                month=f"{month.month[:4]}-{month.month[4:]}",
                wait=f"{wait:g}",
            )
        )


def _wait_for_lock(paths: Paths, descriptor: int, turns: Path, deadline: float) -> bool:
    """Wait for a lock until the deadline, in turn; without order where no tickets can be written (a full disk)."""
    if time.monotonic() < deadline:
        from fujin_cli.store.ledger.tinydb.turns import wait_in_turn  # most locks are free

        with suppress(OSError):
            return wait_in_turn(turns, paths.workspace, lambda: disk.try_lock(descriptor), deadline)
    while not disk.try_lock(descriptor):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PAUSE)
    return True
