"""Open the ledger of a workspace. This is the only module that chooses an implementation.

An implementation is imported when it is opened, because a list of unchanged cases needs only the summary cache.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding
    from fujin_cli.store.ledger.protocol import Ledger
    from fujin_cli.store.ledger.summary_cache import SummaryCache


def ledger_folder(workspace: Path) -> Path:
    """Name the folder that holds the ledger of the workspace at ``workspace``."""
    return workspace / "data" / "ledger"


def open_ledger(workspace: Path) -> Ledger:
    """Open the ledger of the workspace at ``workspace``; its folder need not exist yet.

    Raises LinkedOutside, and Damaged for a ledger of a newer fujin (FJ711).
    """
    from fujin_cli.store.files.disk import check_inside
    from fujin_cli.store.ledger.tinydb.ledger import TinyLedger

    check_inside(ledger_folder(workspace), workspace)
    _check_format(workspace)
    return TinyLedger(ledger_folder(workspace))


def open_summary_cache(workspace: Path, key: str) -> SummaryCache:
    """Open the cache of the rows that lists show for open cases; another ``key`` (configuration) makes it stale.

    Raises Damaged for a ledger of a newer fujin (FJ711).
    """
    from fujin_cli.store.ledger.summary_cache import SummaryCache

    _check_format(workspace)
    return SummaryCache(workspace, key)


def open_outline_cache(workspace: Path) -> SummaryCache:
    """Open the cache of the outlines of open cases; no configuration makes it stale. Raises Damaged (FJ711)."""
    from fujin_cli.store.ledger.summary_cache import OUTLINES_FILE, SummaryCache

    _check_format(workspace)
    return SummaryCache(workspace, "outlines/1", OUTLINES_FILE)


def _check_format(workspace: Path) -> None:
    from fujin_cli.store.ledger.tinydb.paths import Paths, check_format

    check_format(Paths(ledger_folder(workspace)))


def list_open_case_ids(workspace: Path) -> list[str]:
    """List the ids of the open cases of a workspace, those of newest months first; no volume is parsed."""
    from fujin_cli.store.ledger.tinydb.case_ids import find_case_ids
    from fujin_cli.store.ledger.tinydb.paths import Paths

    return list(find_case_ids(Paths(ledger_folder(workspace)), "", is_open=True))


def lost_volumes_of(workspace: Path) -> list[Finding]:
    """Find the volumes of a workspace's ledger that were written and are gone (FJ707); no volume is read."""
    from fujin_cli.store.ledger.tinydb.lost_volumes import lost_volume_findings
    from fujin_cli.store.ledger.tinydb.paths import Paths

    return lost_volume_findings(Paths(ledger_folder(workspace)))


def lock_wait() -> float:
    """Read how many seconds a writer waits for a lock before it gives up (``FUJIN_LOCK_WAIT``)."""
    from fujin_cli.store.ledger.tinydb.paths import wait_from_environment

    return wait_from_environment()
