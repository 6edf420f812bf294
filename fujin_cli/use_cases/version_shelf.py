"""Look up versions of procedures by their digests."""

from __future__ import annotations

from collections.abc import Mapping

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.store.ledger.protocol import Damaged, Ledger


class VersionShelf:
    """Look up versions by digest: those of a workspace, else those that the ledger keeps; None for a missing one."""

    def __init__(self, procedures: Mapping[str, Procedure], ledger: Ledger) -> None:
        self._versions: dict[str, Procedure | None] = {version.digest: version for version in procedures.values()}
        self._ledger = ledger

    def find(self, digest: str) -> Procedure | None:
        """Find a version; None where its text is missing, damaged, or not one that this fujin reads."""
        if digest not in self._versions:
            from fujin_cli.core.model.compile_procedure import NotCompilable, compile_text

            try:
                text = self._ledger.procedure_text(digest)
                self._versions[digest] = None if text is None else compile_text(text)
            except (Damaged, NotCompilable):
                self._versions[digest] = None
        return self._versions[digest]
