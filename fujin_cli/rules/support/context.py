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
    from fujin_cli.core.model.procedure import Procedure
    from fujin_cli.core.simulate.driven_runs import RunDriver
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
    opened: Mapping[str, Procedure] | None = None  # procedures that those of the workspace open, and they themselves

    @cached_property
    def explorations(self) -> Explored:
        """Explore the procedures, under every choice of settings that matters."""
        if self.explore is not None:
            return self.explore()
        from fujin_cli.core.explore.explorer import explore_all

        return explore_all(self.workspace.procedures, office_hours=self.workspace.build_calendar().office_hours)

    @cached_property
    def verdicts(self) -> Mapping[str, Sequence[Verdict]]:
        """Judge the guarantees of every explored procedure: its name → the guarantees that fall short."""
        from fujin_cli.core.verify.guarantees import judge_guarantees

        procedures, explored = self.workspace.procedures, self.explorations.explorations
        verdicts = {name: judge_guarantees(procedures[name], runs) for name, runs in explored.items()}
        return {name: self._confirm_verdicts(own, explored[name]) for name, own in verdicts.items()}

    def _confirm_verdicts(self, verdicts: Sequence[Verdict], explorations: Sequence[Exploration]) -> list[Verdict]:
        """Drive the run of each verdict through the engine."""
        if not any(verdict.run for verdict in verdicts):
            return list(verdicts)
        from fujin_cli.core.simulate.confirm_verdicts import confirm_verdict

        return [confirm_verdict(self.run_driver, explorations, verdict) for verdict in verdicts]

    @cached_property
    def run_driver(self) -> RunDriver:
        """Drive runs of these procedures through the engine."""
        from fujin_cli.core.simulate.driven_runs import RunDriver

        procedures = self.workspace.procedures if self.opened is None else self.opened
        return RunDriver(procedures, self.workspace.calendar_data)

    def explored(self) -> Iterator[tuple[ProcedureSource, Sequence[Exploration]]]:
        """List every procedure that could be explored, with one exploration for each choice of settings."""
        explorations = self.explorations.explorations
        for source in procedure_sources(self.workspace):
            if source.procedure.name in explorations:
                yield source, explorations[source.procedure.name]
