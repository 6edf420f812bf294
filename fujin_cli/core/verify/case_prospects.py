"""Find out whether one open case can still end, by its whole state: fields, children, counters, and not its step alone.

The case is abstracted under a version of its procedure and explored from there. Children that are open end as their own
versions can end; those that it may still open follow the procedures of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.child_outcomes import (
    list_other_outcome_names,
    list_read_outcomes,
    map_outcomes,
    translate_outcome,
)
from fujin_cli.core.explore.abstract_case import abstract_case
from fujin_cli.core.explore.abstraction import ChildSummary
from fujin_cli.core.explore.call_graph import list_opened_names, list_reachable_procedures
from fujin_cli.core.explore.child_groups import Ending
from fujin_cli.core.explore.explorer import Explorer
from fujin_cli.core.explore.feasible_paths import Undecided, limits_of, runs_of
from fujin_cli.core.explore.reachability import Exploration, TooLarge, explore_from
from fujin_cli.core.explore.state import Edge, Label, State
from fujin_cli.core.explore.successors import Model
from fujin_cli.core.model.procedure import Procedure, Test
from fujin_cli.core.verify.deadlocks import DeadEnd, LostCases, find_awaited_test

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class CaseDeadEnd:
    """Hold how a case can come to a point from which it never ends. ``run`` leads there from where the case is now.

    ``certain``: it can end no more, whatever happens. ``awaited`` is the test of other cases that keeps it there.
    """

    step: str
    certain: bool
    awaited: Test | None
    run: tuple[Edge, ...]


@dataclass(slots=True)
class CaseProspects:
    """Judge open cases. ``procedures`` are those of today; other cases are looked up by id, versions by digest.

    What cannot be decided (too much to look at, another case or version that cannot be read) counts as fine.
    """

    procedures: Mapping[str, Procedure]
    other_case: Callable[[str], Case | None]
    find_version: Callable[[str], Procedure | None]
    unfit: Set[str] = frozenset()  # procedures with errors: what depends on them is not judged
    is_sound: Callable[[str], bool] = lambda digest: False  # versions whose cases can always end with today's children
    _explorers: dict[tuple[str, ...], Explorer] = field(default_factory=dict)
    _models: dict[_Key, tuple[Model, Model] | None] = field(default_factory=dict)
    _dead_ends: dict[_Key, CaseDeadEnd | None] = field(default_factory=dict)

    def find_dead_end(
        self, case: Case, version: Procedure, others: Mapping[str, Procedure] | None = None
    ) -> CaseDeadEnd | None:
        """Find how a case that follows ``version`` can fail to end. ``others`` are other versions of some children.

        The case is one that ``version`` can have brought forth (``is_sound`` says nothing about others).
        """
        children = self._list_child_versions(case, others or {})
        if self._has_todays_children(case, version, children) and self.is_sound(version.digest):
            return None
        return self.search_dead_end(case, version, children)

    def search_dead_end(self, case: Case, version: Procedure, children: Mapping[str, Procedure]) -> CaseDeadEnd | None:
        """Search from the state of the case; ``children`` are the versions of its open children, by their digests."""
        used = tuple(sorted((rule, count) for rule, count in case.counts.items()))
        models = self._build_models(case, version, children)
        if models is None:
            return None
        state = abstract_case(case, models[0])
        key = (id(models), state, used)
        if key not in self._dead_ends:
            try:
                self._dead_ends[key] = _find_worst_dead_end(case, _explore_case(state, models))
            except (TooLarge, Undecided):
                self._dead_ends[key] = None
        return self._dead_ends[key]

    def find_mapped_dead_end(self, case: Case, version: Procedure) -> CaseDeadEnd | None:
        """Find how a case can fail to end that a migration file puts where ``version`` alone may never bring it."""
        return self.search_dead_end(case, version, self._list_child_versions(case, {}))

    def is_dead_end_inherent(self, case: Case, version: Procedure) -> bool:
        """Whether the case could fail to end even if its open children followed the procedures of today."""
        others = {}
        for child in case.children:
            own = self.version_of(child.case) if child.outcome is None else None
            if own is not None and own.name in self.procedures:
                others[child.case] = self.procedures[own.name]
        return self.find_dead_end(case, version, others) is not None

    def find_parent_dead_end(self, case: Case, version: Procedure) -> tuple[Case, Procedure, CaseDeadEnd] | None:
        """Find how the parent of ``case`` can fail to end for the reason that the case would follow ``version``."""
        parent = self.other_case(case.parent) if case.parent and self._changes_outcomes(case, version) else None
        own = self.find_version(parent.version_digest) if parent is not None else None
        if parent is None or own is None or parent.has_ended:
            return None
        dead_end = self.find_dead_end(parent, own, {case.id: version})
        return None if dead_end is None else (parent, own, dead_end)

    def _changes_outcomes(self, case: Case, version: Procedure) -> bool:
        """Whether the case can end otherwise under ``version`` than under its own."""
        own = self.find_version(case.version_digest)
        return own is not None and map_outcomes(own).keys() != map_outcomes(version).keys()

    def version_of(self, id: str) -> Procedure | None:
        """Find the version that another case follows; None where the case or its version cannot be read."""
        case = self.other_case(id)
        return None if case is None else self.find_version(case.version_digest)

    def _has_todays_children(self, case: Case, version: Procedure, children: Mapping[str, Procedure]) -> bool:
        """Whether all children follow the procedures of today, and ended as these can end."""
        today = self.procedures
        followed = [today[child.name].digest if child.name in today else "" for child in children.values()]
        if followed != [*children] or case.joined_to:
            return False
        known = {
            group: {end for opens in listed if opens.procedure in today for end in map_outcomes(today[opens.procedure])}
            for group, listed in version.openings_by_group().items()
        }
        return all(child.outcome is None or child.outcome in known.get(child.group, ()) for child in case.children)

    def _list_child_versions(self, case: Case, others: Mapping[str, Procedure]) -> dict[str, Procedure]:
        """List the versions that the open children follow, by their digests."""
        versions = [
            others.get(child.case) or self.version_of(child.case) for child in case.children if child.outcome is None
        ]
        return {version.digest: version for version in versions if version is not None}

    def _build_models(
        self, case: Case, version: Procedure, children: Mapping[str, Procedure]
    ) -> tuple[Model, Model] | None:
        """Build two models: one where only open children end, and one where new ones are opened, too."""
        recorded = frozenset((child.group, child.outcome) for child in case.children if child.outcome is not None)
        settings = tuple(sorted(case.settings.items()))
        joined = case.joined_to[0] if case.joined_to else ""
        key = (version.digest, settings, frozenset(children), recorded, joined, case.joined_outcome)
        if key not in self._models:
            self._models[key] = self._make_models(case, version, children, recorded)
        return self._models[key]

    def _make_models(
        self,
        case: Case,
        version: Procedure,
        children: Mapping[str, Procedure],
        recorded: Iterable[tuple[str, str | None]],
    ) -> tuple[Model, Model] | None:
        explorer = self._explorer_for(version)
        reachable = list_reachable_procedures(explorer.calls, version.name)
        opened = {name for callee in reachable for name in list_opened_names(explorer.procedures[callee])}
        if any(version.name in circle for circle in explorer.circles) or opened & self.unfit:
            return None
        current: dict[str, ChildSummary] = {}
        for name in explorer.calls[version.name]:
            summary = explorer.summarize_procedure(name)
            if summary is None:
                return None
            current[name] = summary
        open_children: dict[str, list[ChildSummary]] = {}
        for child in children.values():
            summary = self._summarize_child(version, child)
            if summary is None:
                return None
            open_children.setdefault(child.name, []).append(summary)
        names = {**dict.fromkeys(current), **dict.fromkeys(open_children)}
        now = {name: _join_summaries(open_children.get(name, [])) for name in names}
        everything = {
            name: _join_summaries([*open_children.get(name, []), *([current[name]] if name in current else [])])
            for name in names
        }
        usual = {name: setting.default for name, setting in version.settings.items()}
        settings = {**usual, **{name: value for name, value in case.settings.items() if name in usual}}
        joined = self._list_joined_outcomes(case, version, explorer.outcomes)
        whole = explorer.build_model(version.name, settings, _add_recorded(version, everything, recorded), joined)
        first = _with_endings(whole, version, now)
        return first, _with_endings(whole, version, everything)

    def _list_joined_outcomes(
        self, case: Case, version: Procedure, outcomes: Mapping[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """List how the cases that this one may be joined to can end, in the words of its version."""
        other = self.version_of(case.joined_to[1]) if case.joined_to and case.joined_outcome is None else None
        read = {name for field in version.fields.values() for name in list_read_outcomes(version, field.name)}
        joined: dict[str, tuple[str, ...]] = {}
        for name in dict.fromkeys((*outcomes, *([other.name] if other else []))):
            ends = tuple(map_outcomes(other)) if other and other.name == name else outcomes[name]
            versions = [v for v in (other, self.procedures.get(name)) if v is not None and v.name == name]
            recorded = (case.joined_outcome,) if case.joined_outcome is not None else ()
            joined[name] = (*(translate_outcome(end, read, versions) for end in ends), *recorded)
        return joined

    def _explorer_for(self, *versions: Procedure) -> Explorer:
        """Give an explorer of today's procedures in which these versions take the place of their namesakes."""
        different = [v for v in versions if self.procedures.get(v.name) is not v]
        key = tuple(version.digest for version in different)
        if key not in self._explorers:
            earlier = self._explorer_for(*different[:-1]) if different else None
            procedures = {**self.procedures, **{version.name: version for version in different}}
            self._explorers[key] = Explorer(procedures, earlier=earlier)
        return self._explorers[key]

    def _summarize_child(self, parent: Procedure, child: Procedure) -> ChildSummary | None:
        """Summarize the version that an open child follows, with every name that its outcomes have had since."""
        explorer = self._explorer_for(parent, child)
        if any(child.name in circle for circle in explorer.circles):
            return None
        summary = explorer.summarize_procedure(child.name)
        if summary is None:
            return None
        versions = [child, *([self.procedures[child.name]] if child.name in self.procedures else [])]
        outcomes = {ending.outcome for ending in summary.endings}
        names = {outcome: tuple(list_other_outcome_names(outcome, versions)) for outcome in outcomes}
        return replace(summary, former={outcome: others for outcome, others in names.items() if others})


def _explore_case(state: State, models: tuple[Model, Model]) -> Exploration:
    """Explore from the state of a case: its open children end first, and once it has opened others, these do, too."""
    now, later = models
    return explore_from(now, [(Label("opened", "opened"), (), state, 0)], later)


def _find_worst_dead_end(case: Case, exploration: Exploration) -> CaseDeadEnd | None:
    """Find a dead end of the case; limits count what the case has used up already."""
    limits = {rule: max(0, limit - case.counts.get(rule, 0)) for rule, limit in limits_of(exploration).items()}
    usual = runs_of(exploration)
    runs = replace(usual, limits=limits)
    ends = [number for number in range(len(exploration.states)) if exploration.is_ended(number)]
    lost = LostCases(runs, ends, exploration.step_of)
    if not lost.inside:
        return None
    dead_ends: list[DeadEnd] = [
        *lost.find_stuck_cases(lambda number: find_awaited_test(exploration, number)),
        *lost.find_circling_cases(),
    ]
    if not dead_ends:
        return None
    certain = not lost.can_end(0)
    end = min(dead_ends, key=lambda dead_end: len(dead_end.run))
    awaited = None if end.circle else find_awaited_test(exploration, end.number)
    return CaseDeadEnd(exploration.step_of(end.number), certain, awaited, end.run[1:])


def _join_summaries(summaries: Iterable[ChildSummary]) -> ChildSummary:
    """Join the summaries of several versions of a child into one that allows what any of them allows."""
    listed = list(summaries)
    return ChildSummary(
        tuple(dict.fromkeys(ending for summary in listed for ending in summary.endings)),
        frozenset(outcome for summary in listed for outcome in summary.reopens),
        any(summary.instant for summary in listed),
        {outcome: names for summary in listed for outcome, names in summary.former.items()},
    )


def _add_recorded(
    version: Procedure, summaries: Mapping[str, ChildSummary], recorded: Iterable[tuple[str, str | None]]
) -> dict[str, ChildSummary]:
    """Add the outcomes that children of the case have had: their versions may have had other ones."""
    added = dict(summaries)
    for group, outcome in sorted((group, outcome or "") for group, outcome in recorded):
        for opens in version.openings_by_group().get(group, ())[:1]:
            summary = added.get(opens.procedure, _join_summaries(()))
            added[opens.procedure] = replace(summary, endings=(*summary.endings, Ending(outcome)))
    return added


def _with_endings(model: Model, version: Procedure, summaries: Mapping[str, ChildSummary]) -> Model:
    """Let children end in these ways alone; the model still tells apart every outcome that it knows."""
    groups = []
    for group in model.shape.groups:
        read = list_read_outcomes(version, group.name)
        endings = [
            ending
            for opens in group.opens
            if opens.procedure in summaries
            for ending in summaries[opens.procedure].list_endings(read)
        ]
        groups.append(replace(group, endings=tuple(dict.fromkeys(endings))))
    return Model(replace(model.shape, groups=tuple(groups)), model.watch, model.brought)
