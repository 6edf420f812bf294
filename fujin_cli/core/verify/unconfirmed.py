"""Say what was tried in vain before a finding was left undecided."""

from __future__ import annotations

from dataclasses import dataclass

from fujin_cli.core.explore.state import Edge
from fujin_cli.core.text.localized import LocalizedText


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Say why a verdict is undecided: the engine followed none of ``tried`` runs that would show it.

    ``run`` is the first of them, up to the event that did not happen; ``reason`` is what the engine said there.
    """

    tried: int
    run: tuple[Edge, ...]
    reason: LocalizedText | None
