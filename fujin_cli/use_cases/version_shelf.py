"""Look up versions of procedures by their digests."""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.findings.refusals import NEWER_FORMAT, UNREADABLE_CASE, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.store.ledger.protocol import Damaged, Ledger


class VersionShelf:
    """Look up versions by digest: those read already, else those that the ledger keeps; None for a missing one."""

    def __init__(self, versions: Iterable[Procedure], ledger: Ledger) -> None:
        self._versions: dict[str, Procedure | None] = {version.digest: version for version in versions}
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


def refuse_missing_version(digest: str) -> Refusal:
    """Make the refusal of a version whose text is gone."""
    return Refusal(
        UNREADABLE_CASE,
        say("the procedure version of this case is missing from data/ledger/laws: {digest}", digest=digest[:12]),
        help=say("run `fujin ledger verify` and restore the file from a backup"),
    )


def refuse_version(digest: str, format: object) -> Refusal:
    """Make the refusal of a version that cannot be compiled; ``format`` is that of its text if a newer fujin has it."""
    if format is not None:
        message = say(
            "the procedure version {digest} of this case has the format {format}, which a newer fujin wrote",
            digest=digest[:12],
            format=format,
        )
        return Refusal(NEWER_FORMAT, message, help=say("Install that version. Nothing was changed."))
    return Refusal(
        UNREADABLE_CASE,
        say("the procedure version {digest} of this case cannot be read", digest=digest[:12]),
        help=say("A newer fujin may have written it: install that version."),
    )
