"""Drive the run of a verdict through the engine before it is shown; search on where the engine does not follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fujin_cli.core.cases.moves import list_moves
from fujin_cli.core.explore.feasible_paths import Undecided
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.simulate.driven_runs import DrivenRun, RunDriver
from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.core.verify.counter_examples import list_counter_examples
from fujin_cli.core.verify.event_verdicts import find_open_obligations, find_violations
from fujin_cli.core.verify.guarantees import Verdict
from fujin_cli.core.verify.product import TooMany
from fujin_cli.core.verify.unconfirmed import Unconfirmed

MOST_TRIED = 200


def confirm_verdict(driver: RunDriver, explorations: Sequence[Exploration], verdict: Verdict) -> Verdict:
    """Return the verdict with a run that the engine follows; one that is undecided where there is no such run."""
    if not verdict.run or (len(verdict.run) == 1 and verdict.performer is not None):
        return verdict  # nothing is shown, or nothing but an opening
    trial = _Trial(driver, explorations[0].model.version, verdict)
    if trial.drive(verdict.run, verdict.settings) is None:
        return verdict
    own = [exploration for exploration in explorations if exploration.changed_settings == verdict.settings]
    for exploration in (*own, *(other for other in explorations if other not in own)):
        try:
            confirmed = _search_on(trial, exploration, verdict)
        except (TooMany, Undecided):
            continue
        if confirmed is not None:
            return confirmed
    if verdict.kind == "conflicting":  # that they conflict is certain: no run at all keeps them
        return Verdict(verdict.guarantee, verdict.kind, conflicting=verdict.conflicting, settings=verdict.settings)
    return Verdict(verdict.guarantee, "undecided", settings=verdict.settings, unconfirmed=trial.describe())


def _search_on(trial: _Trial, exploration: Exploration, verdict: Verdict) -> Verdict | None:
    examples = list_counter_examples(exploration, verdict)
    for run in examples:
        if trial.tried >= MOST_TRIED:
            return None
        stopped_at = trial.drive(run, exploration.changed_settings)
        if stopped_at is None:
            return examples.build_verdict()
        examples.reject(stopped_at)
    return None


@dataclass(slots=True)
class _Trial:
    """Hold what was tried for one verdict."""

    driver: RunDriver
    version: Procedure
    verdict: Verdict
    tried: int = 0
    first: tuple[tuple[Edge, ...], LocalizedText | None] = field(default=((), None))

    def drive(self, run: Sequence[Edge], settings: Mapping[str, str]) -> int | None:
        """Drive one run; None where the engine follows it and it shows the verdict, else where it goes wrong."""
        is_act = self.verdict.performer is not None
        driven = self.driver.drive(self.version, run[:-1] if is_act else run, settings)
        last = len(run) - 1
        stopped_at = driven.stopped_at
        if stopped_at is None and not self._is_shown_by(driven, run[-1]):
            stopped_at = last
        self.tried += 1
        if self.tried == 1 and stopped_at is not None:
            self.first = tuple(run[: stopped_at + 1]), driven.reason
        return stopped_at

    def _is_shown_by(self, driven: DrivenRun, last: Edge) -> bool:
        case, verdict = driven.run.case, self.verdict
        version = driven.run.version
        if verdict.performer is not None:
            moves = list_moves(version, case, driven.run.sandbox.now, driven.run.sandbox.calendar)
            is_open = any(move.is_open and move.action.rule == last.label.rule for move in moves)
            return is_open and (verdict.performer.how != "raised" or verdict.performer.name in case.raised)
        if verdict.kind == "never fulfilled":
            return verdict.guarantee.name in find_open_obligations(case, version)
        names = [guarantee.name for guarantee in (*verdict.conflicting, verdict.guarantee)]
        return bool(find_violations(case, version, names))

    def describe(self) -> Unconfirmed:
        run, reason = self.first
        return Unconfirmed(self.tried, run, reason)
