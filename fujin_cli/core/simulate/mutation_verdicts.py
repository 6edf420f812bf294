"""Say what noticed each edit of a procedure: findings, scenarios, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Place
from fujin_cli.core.simulate.mutations import Mutation

# what may notice an edit, in the order of display; the first five prove it for all possible cases
GROUPS = ("references", "organisation", "behaviour", "guarantees", "privacy", "scenarios")


@dataclass(frozen=True, slots=True)
class MutationVerdict:
    """Say what noticed an edit.

    ``noticed`` has, for each group that notices it, the codes of the findings or the names of the scenarios that say
    so. ``loads`` is False where the procedure cannot be loaded any more: that is noticed at once, and counted apart.
    """

    mutation: Mutation
    place: Place
    loads: bool
    noticed: Mapping[str, tuple[str, ...]]

    @property
    def first_noticed_by(self) -> str | None:
        """The first code or scenario that notices it, in the order of the groups; None where nothing does."""
        return next((names[0] for group in GROUPS if (names := self.noticed.get(group))), None)

    @property
    def is_noticed_by_proof(self) -> bool:
        """Whether a rule or guarantee notices it."""
        return any(self.noticed.get(group) for group in GROUPS if group != "scenarios")

    @property
    def is_noticed_by_scenario(self) -> bool:
        """Whether a scenario notices it."""
        return bool(self.noticed.get("scenarios"))
