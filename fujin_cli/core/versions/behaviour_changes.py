"""Compare the behaviour of two versions of a procedure: shortest runs that only one allows, and the fate of each step.

Both versions read the same words side by side (``trace_inclusion``), under each pair of settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from fujin_cli.core.explore.abstraction import list_setting_choices
from fujin_cli.core.explore.call_graph import build_call_graph, invert_call_graph, list_reachable_procedures
from fujin_cli.core.explore.domains import Settings
from fujin_cli.core.explore.explorer import Explored, Explorer
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.verify.guarantees import Verdict, judge_guarantees
from fujin_cli.core.versions.joint_abstraction import join_questions
from fujin_cli.core.versions.setting_pairs import SettingPair, pair_settings
from fujin_cli.core.versions.trace_inclusion import ReachedSteps, TraceInclusion, compare_traces
from fujin_cli.core.versions.trace_limits import limits_of
from fujin_cli.core.versions.trace_pairs import Procedures

_BREAKING = ("violated", "inevitably violated", "never fulfilled", "conflicting", "undecided")
StepVerdictKind = Literal["safe", "depends", "stuck", "incomplete", "unknown"]


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """Say what becomes of cases at a step of the old version.

    ``safe``: the new version allows every history that leads there, and all of them end at ``targets[0]``.
    ``depends``: it allows only some, or they end at several steps. ``stuck``: it allows none. ``incomplete``: it allows
    them, but from there no end can be reached. ``run`` is a shortest history that the new version does not allow.
    """

    step: str
    verdict: StepVerdictKind
    targets: tuple[str, ...] = ()
    run: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class DistinguishingRun:
    """Hold a run of one version whose last event the other version does not allow.

    ``end`` is the outcome in question where the versions differ in how a case ends; ``settings`` are those that are not
    at their defaults.
    """

    edges: tuple[Edge, ...]
    end: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Hold how the runs of one procedure differ. ``is_complete`` is False where not everything could be compared.

    ``forbidden`` is a shortest run that only the old version allows, ``allowed`` one that only the new version allows.
    Both versions allow ``fewer`` and ``more``, but not to the same people: the last event of ``fewer`` names those who
    may do it no longer, that of ``more`` those who could not do it before. Guarantees are not judged (``broken_…``)
    where both versions have the same ones and the same runs.
    """

    allowed: DistinguishingRun | None = None
    forbidden: DistinguishingRun | None = None
    fewer: DistinguishingRun | None = None
    more: DistinguishingRun | None = None
    steps: tuple[StepVerdict, ...] = ()
    broken_old: Mapping[str, Verdict] = field(default_factory=dict)  # guarantees that are declared and not kept
    broken_new: Mapping[str, Verdict] = field(default_factory=dict)
    is_complete: bool = True
    old_explorations: Sequence[Exploration] = field(default=(), repr=False, compare=False)
    new_explorations: Sequence[Exploration] = field(default=(), repr=False, compare=False)

    @property
    def is_same(self) -> bool:
        """Whether both versions allow the same runs to the same people."""
        return not (self.allowed or self.forbidden or self.fewer or self.more)


def compare_behaviour(old: Procedures, new: Procedures, names: Iterable[str]) -> dict[str, Behaviour | None]:
    """Compare each procedure of ``names``, which both versions have; None for one that cannot be explored."""
    listed_names = list(names)
    old_procedures, new_procedures = (
        _select_reachable_procedures(old, listed_names),
        _select_reachable_procedures(new, listed_names),
    )
    old_questions, new_questions = join_questions(old, new)
    pairs = {name: pair_settings(old[name], new[name]) for name in listed_names}
    old_settings = {name: [pair.old for pair in setting_pairs] for name, setting_pairs in pairs.items()}
    new_settings = {name: [pair.new for pair in setting_pairs] for name, setting_pairs in pairs.items()}
    before = Explorer(old_procedures, old_questions, settings=old_settings)
    after = Explorer(new_procedures, new_questions, earlier=before, settings=new_settings)
    explored = before.all_explorations, after.all_explorations
    return {name: _compare_procedure_behaviour(name, old, new, pairs[name], *explored) for name in listed_names}


def include_openers(versions: Procedures, names: Iterable[str]) -> set[str]:
    """Find the given procedures and all that open them, directly or not: a child's behaviour is part of theirs."""
    calls = invert_call_graph(build_call_graph(versions))
    return {opener for name in names for opener in list_reachable_procedures(calls, name)}


def _select_reachable_procedures(versions: Procedures, names: Iterable[str]) -> dict[str, Procedure]:
    """Collect the given procedures and all that they open, directly or not."""
    calls = build_call_graph(versions)
    needed = {child for name in names for child in list_reachable_procedures(calls, name)}
    return {name: version for name, version in versions.items() if name in needed}


def _compare_procedure_behaviour(
    name: str,
    versions: Procedures,
    new_versions: Procedures,
    pairs: Sequence[SettingPair],
    old: Explored,
    new: Explored,
) -> Behaviour | None:
    if name not in old.explorations or name not in new.explorations:
        return None
    if old.explorations[name] is new.explorations[name]:  # nothing that it opens ends in another way
        return Behaviour(old_explorations=old.explorations[name], new_explorations=new.explorations[name])
    before, after = _index_by_settings(old.explorations[name]), _index_by_settings(new.explorations[name])
    behaviour = Behaviour()
    reached: dict[str, ReachedSteps] = {}
    is_covered = True
    for pair in pairs:
        inclusion = compare_traces(
            (before[_settings_key(pair.old)], versions), (after[_settings_key(pair.new)], new_versions)
        )
        behaviour = replace(behaviour, is_complete=behaviour.is_complete and inclusion.is_complete)
        behaviour = _add_shorter_runs(behaviour, inclusion, pair)
        if pair.cases:
            is_covered = is_covered and inclusion.covered
            for step, histories in inclusion.reached.items():
                reached.setdefault(step, ReachedSteps()).merge(histories)
    broken_old: dict[str, Verdict] = {}
    broken_new: dict[str, Verdict] = {}
    if versions[name].guarantees != new_versions[name].guarantees or not _has_same_runs(
        old.explorations[name], new.explorations[name]
    ):
        broken_old = _find_broken_guarantees(old.explorations[name], versions[name])
        broken_new = _find_broken_guarantees(new.explorations[name], new_versions[name])
    verdicts = _judge_steps(versions[name], reached, behaviour.is_complete, is_covered)
    return replace(
        behaviour,
        steps=verdicts,
        broken_old=broken_old,
        broken_new=broken_new,
        old_explorations=old.explorations[name],
        new_explorations=new.explorations[name],
    )


def _has_same_runs(old: Sequence[Exploration], new: Sequence[Exploration]) -> bool:
    """Whether both versions have the same states and limits: they differ in times alone."""
    return len(old) == len(new) and all(
        before.edges is after.edges and limits_of(before) == limits_of(after)
        for before, after in zip(old, new, strict=True)
    )


def _settings_key(settings: Settings) -> frozenset[tuple[str, str]]:
    return frozenset(settings.items())


def _index_by_settings(explorations: Sequence[Exploration]) -> dict[frozenset[tuple[str, str]], Exploration]:
    return {_settings_key(exploration.model.shape.settings): exploration for exploration in explorations}


def _judge_steps(
    version: Procedure, reached: Mapping[str, ReachedSteps], is_complete: bool, covered: bool
) -> tuple[StepVerdict, ...]:
    """Give a verdict on each step; where not everything was compared, only verdicts that cannot change any more."""
    verdicts = {step: _judge_step(step, histories) for step, histories in reached.items()}
    if is_complete:
        return tuple(verdicts[step] for step in version.steps if step in verdicts)
    certain_steps = {step for step, histories in verdicts.items() if covered and histories.verdict == "safe"}
    open_steps = [name for name, step in version.steps.items() if step.end is None]
    return tuple(verdicts[step] if step in certain_steps else StepVerdict(step, "unknown") for step in open_steps)


def _judge_step(step: str, histories: ReachedSteps) -> StepVerdict:
    targets = tuple(histories.targets)
    if not histories.allowed:
        return StepVerdict(step, "stuck", (), histories.refused or ())
    if histories.refused is not None or len(targets) > 1:
        return StepVerdict(step, "depends", targets, histories.refused or ())
    return StepVerdict(step, "incomplete" if histories.dead_end else "safe", targets)


def _find_broken_guarantees(explorations: Sequence[Exploration], version: Procedure) -> dict[str, Verdict]:
    """Find the guarantees that a run breaks under settings that may be chosen; a vacuous one counts as kept."""
    by_settings = _index_by_settings(explorations)
    verdicts = judge_guarantees(
        version,
        [
            by_settings[_settings_key(settings)]
            for settings in list_setting_choices(version)
            if _settings_key(settings) in by_settings
        ],
    )
    return {
        guarantee.name: verdict
        for verdict in verdicts
        if verdict.kind in _BREAKING
        for guarantee in (verdict.guarantee, *verdict.conflicting)
    }


def _add_shorter_runs(behaviour: Behaviour, inclusion: TraceInclusion, pair: SettingPair) -> Behaviour:
    """Replace runs by shorter ones that this pair of settings has."""
    old, new = inclusion.old.exploration.changed_settings, inclusion.new.exploration.changed_settings
    if pair.forbids:
        forbidden = _choose_shorter_run(behaviour.forbidden, inclusion.forbidden, old, inclusion.forbidden_end)
        behaviour = replace(
            behaviour, forbidden=forbidden, fewer=_choose_shorter_run(behaviour.fewer, inclusion.fewer, old)
        )
    if pair.allows:
        allowed = _choose_shorter_run(behaviour.allowed, inclusion.allowed, new, inclusion.allowed_end)
        behaviour = replace(behaviour, allowed=allowed, more=_choose_shorter_run(behaviour.more, inclusion.more, new))
    return behaviour


def _choose_shorter_run(
    shortest: DistinguishingRun | None, run: Sequence[Edge] | None, settings: Settings, end: str | None = None
) -> DistinguishingRun | None:
    if not run or (shortest is not None and len(shortest.edges) <= len(run)):
        return shortest
    return DistinguishingRun(tuple(run), end, settings)
