"""Open the ledger of a workspace: the only module outside of an implementation that knows which ones there are.

Each implementation is imported when it is opened: a list of unchanged cases needs the cache of summaries alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fujin_cli.store.ledger.protocol import Ledger
    from fujin_cli.store.ledger.summary_cache import SummaryCache


def ledger_folder(workspace: Path) -> Path:
    """Name the folder that holds the ledger of the workspace at ``workspace``."""
    return workspace / "data" / "ledger"


def open_ledger(workspace: Path) -> Ledger:
    """Open the ledger of the workspace at ``workspace``; its folder need not exist yet."""
    from fujin_cli.store.ledger.tinydb.ledger import TinyLedger

    return TinyLedger(ledger_folder(workspace))


def open_summary_cache(workspace: Path, key: str) -> SummaryCache:
    """Open the cache of what lists say of open cases; ``key`` is the configuration that its rows depend on."""
    from fujin_cli.store.ledger.summary_cache import SummaryCache

    return SummaryCache(workspace, key)


def lock_wait() -> float:
    """Give the seconds for which a writer waits for others before it gives up (``FUJIN_LOCK_WAIT``)."""
    from fujin_cli.store.ledger.tinydb.locks import wait_from_environment

    return wait_from_environment()
