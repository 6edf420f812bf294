"""Where everything of a ledger lies, and what the names in its folders mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from fujin_cli.core.model.ids import NAME, RESERVED, Volume, part_order
from fujin_cli.store.files import disk

_VOLUME_NAME = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})\.(?P<part>[a-z]{1,4})(?P<json>\.json)?(?P<rest>\..+)?"
)
_MONTH = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])")


class Month(NamedTuple):
    """A community's month: all its parts are under one lock, so that beginning a new part needs no other one."""

    community: str
    month: str  # YYYYMM

    @staticmethod
    def of(volume: Volume) -> Month:
        """The month that a volume is a part of."""
        return Month(volume.community, volume.month)


def volume_order(volume: Volume) -> tuple[str, str, tuple[int, str]]:
    """Sorts volumes by community, month and the order in which parts were begun."""
    return volume.community, volume.month, part_order(volume.part)


def check_month(month: Month) -> Month:
    """``month`` itself. Raises ValueError where it cannot be a folder of the ledger."""
    if not NAME.fullmatch(month.community) or month.community.lower() in RESERVED:
        raise ValueError(f"no community can be called {month.community!r}")
    if not _MONTH.fullmatch(month.month):
        raise ValueError(f"no month (YYYYMM): {month.month!r}")
    return month


class Paths:
    """The files of the ledger in ``root`` (``<workspace>/data/ledger``)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.workspace = root.parent.parent

    def volume(self, volume: Volume) -> Path:
        """``<community>/<YYYY-MM>.<part>.json``."""
        return self.root / volume.community / f"{_stem(volume)}.json"

    def lock(self, month: Month) -> Path:
        """``<community>/<YYYY-MM>.lock``: permanent, never unlinked."""
        return self.root / month.community / f"{month.month[:4]}-{month.month[4:]}.lock"

    def marker(self, kind: str, volume: Volume) -> Path:
        """``open/<community>/<YYYY-MM>.<part>``, and the same for ``waiting``."""
        return self.root / kind / volume.community / _stem(volume)

    def shown(self, path: Path) -> str:
        """The path as people see it: from the workspace's folder, with forward slashes."""
        return path.relative_to(self.workspace).as_posix()

    def intents(self) -> list[Path]:
        """List the files of operations on several volumes that are not finished."""
        folder = self.root / "intents"
        return [folder / name for name in disk.names(folder) if name.endswith(".json") and not name.startswith(".")]

    def communities(self) -> list[str]:
        """List the communities with a folder of volumes, or of damaged volumes in quarantine, sorted."""
        return sorted({*_communities(self.root), *_communities(self.root / "quarantine")})

    def volumes(self, community: str) -> list[Volume]:
        """The volumes of a community that are there, oldest first."""
        return sorted(_volumes(community, disk.names(self.root / community), json=True), key=volume_order)

    def marked(self, kind: str, wanted: Sequence[str] | None = None) -> list[Volume]:
        """The volumes that have a marker, in order."""
        folder = self.root / kind
        communities = [name for name in disk.names(folder) if wanted is None or name in wanted]
        found = [
            volume for community in communities for volume in _volumes(community, disk.names(folder / community), False)
        ]
        return sorted(found, key=volume_order)

    def quarantined(self, community: str) -> dict[Volume, list[Path]]:
        """The volumes of a community of which a damaged file was set aside, and those files."""
        folder = self.root / "quarantine" / community
        found: dict[Volume, list[Path]] = {}
        for name in disk.names(folder):
            for volume in _volumes(community, [name], json=True, rest=True):
                found.setdefault(volume, []).append(folder / name)
        return found


def _communities(folder: Path) -> list[str]:
    return [name for name in disk.names(folder) if NAME.fullmatch(name) and name.lower() not in RESERVED]


def _stem(volume: Volume) -> str:
    return f"{volume.month[:4]}-{volume.month[4:]}.{volume.part}"


def _volumes(community: str, names: Sequence[str], json: bool, rest: bool = False) -> Iterator[Volume]:
    for name in names:
        match = _VOLUME_NAME.fullmatch(name)
        if match and bool(match["json"]) == json and bool(match["rest"]) == rest:
            yield Volume(community, match["year"] + match["month"], match["part"])
