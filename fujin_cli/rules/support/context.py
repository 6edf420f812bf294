"""What a rule is, and what it may read: every rule has the same signature, ``check(context)``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

if TYPE_CHECKING:  # rules of families 1 and 2 run at the start of every command and explore nothing
    from fujin_cli.core.explore.explorer import Explored
    from fujin_cli.core.explore.reachability import Exploration
    from fujin_cli.core.verify.guarantees import Verdict


class Rule(Protocol):
    """A module of a family: one code, one question. Its docstring is the page that ``fujin explain`` prints."""

    CODE: str
    SEVERITY: Severity  # the worst that its findings can be

    def check(self, context: RuleContext) -> Iterator[Finding]:
        """Give the findings, in any order, repeated or not."""


@dataclass(frozen=True)
class RuleContext:
    """Hold what a rule may read: the workspace, the local day, and the explorations of the workspace's procedures.

    ``explore`` computes the explorations, at their first use; without it every procedure of the workspace is explored.
    Procedures that are explored must have no error of families 0 and 1.
    """

    workspace: Workspace
    today: date
    explore: Callable[[], Explored] | None = None

    @cached_property
    def explorations(self) -> Explored:
        """Explore the procedures, under every choice of settings that matters."""
        if self.explore is not None:
            return self.explore()
        from fujin_cli.core.explore.explorer import explore_all

        return explore_all(self.workspace.procedures)

    @cached_property
    def verdicts(self) -> Mapping[str, Sequence[Verdict]]:
        """Judge the guarantees of every explored procedure: its name → the guarantees that fall short."""
        from fujin_cli.core.verify.guarantees import judge_guarantees

        procedures = self.workspace.procedures
        return {name: judge_guarantees(procedures[name], runs) for name, runs in self.explorations.explorations.items()}

    def explored(self) -> Iterator[tuple[ProcedureSource, Sequence[Exploration]]]:
        """List every procedure that could be explored, with one exploration for each choice of settings."""
        explorations = self.explorations.explorations
        for source in procedure_sources(self.workspace):
            if source.procedure.name in explorations:
                yield source, explorations[source.procedure.name]
