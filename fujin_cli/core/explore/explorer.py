"""Explore the procedures of a workspace one after another: children before those that open them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from fujin_cli.core.explore import reachability
from fujin_cli.core.explore.abstraction import (
    ChildSummary,
    Questions,
    build_abstraction,
    build_domains,
    find_limit_only_settings,
    list_guards,
    list_setting_choices,
)
from fujin_cli.core.explore.call_graph import (
    build_call_graph,
    find_cycles,
    list_fields_from_openers,
    list_fields_to_openers,
    order_children_first,
)
from fujin_cli.core.explore.child_summaries import summarize_endings
from fujin_cli.core.explore.domains import NO_VALUE, Settings
from fujin_cli.core.explore.duration_bounds import OfficeHours
from fujin_cli.core.explore.growth import Growth, count_combinations
from fujin_cli.core.explore.labelling import WatchedAtoms
from fujin_cli.core.explore.questions import collect_questions_in_order
from fujin_cli.core.explore.reachability import MOST_WORK, Budget, Exploration, TooLarge, explore_model
from fujin_cli.core.explore.state import Abstraction
from fujin_cli.core.explore.successors import Model
from fujin_cli.core.explore.time_differences import has_same_states
from fujin_cli.core.model.operators import parse_literal
from fujin_cli.core.model.procedure import Procedure

# Larger procedures are explored with values and groups merged (``value_classes``): findings can name fewer of them.
MOST_UNMERGED_COMBINATIONS = 10_000
MOST_UNMERGED_STATES = 20_000
MOST_UNMERGED_WORK = 360_000


@dataclass(frozen=True, slots=True)
class Explored:
    """Hold the explorations of each procedure, one for each choice of settings.

    ``too_large`` says why the others were given up.
    """

    explorations: Mapping[str, Sequence[Exploration]]
    too_large: Mapping[str, Growth]
    circular: tuple[tuple[str, ...], ...]  # procedures that open one another in a cycle


class Explorer:
    """Explore the procedures of a workspace on demand, children before those that open them.

    ``questions`` say which values states tell apart, where that is more than the procedures need on their own.
    ``office_hours`` are those of the calendar by which rungs are ordered; without them, what holds for any hours.
    ``settings`` are choices of settings to explore beside those of ``list_setting_choices``. ``earlier`` has explored
    almost the same procedures: explorations that cannot differ are taken from it.
    """

    def __init__(
        self,
        procedures: Mapping[str, Procedure],
        questions: Mapping[str, Mapping[str, Questions]] | None = None,
        earlier: Explorer | None = None,
        settings: Mapping[str, Sequence[Settings]] | None = None,
        office_hours: OfficeHours | None = None,
    ) -> None:
        self.procedures = procedures
        self.office_hours = office_hours
        self._settings = settings or {}
        self._questions = questions
        self._earlier = earlier
        self.calls = build_call_graph(procedures)
        self.circles = tuple(find_cycles(self.calls))
        self.order = order_children_first(self.calls, {name for circle in self.circles for name in circle})
        self.outcomes = {
            name: tuple(dict.fromkeys(s.end for s in version.steps.values() if s.end))
            for name, version in procedures.items()
        }
        self._explored: dict[str, list[Exploration] | None] = {}
        self.growth: dict[str, Growth] = {}  # of procedures that were given up: why
        self._summaries: dict[str, ChildSummary] = {}

    def explore_procedure(self, name: str) -> list[Exploration] | None:
        """Explore a procedure of ``order`` under each choice of settings; None where it is too large."""
        if name not in self._explored:
            self._explored[name] = self._explore_each_choice(name)
        return self._explored[name]

    def summarize_procedure(self, name: str) -> ChildSummary | None:
        """Summarize what openers have to know of a procedure; None where it is too large."""
        explored = self.explore_procedure(name)
        if explored is not None and name not in self._summaries:
            own = len(
                list_setting_choices(self.procedures[name])
            )  # children of real cases have settings inside their range
            self._summaries[name] = summarize_endings(explored[:own], self._brought_fields_of(name))
        return self._summaries.get(name)

    def build_model(
        self,
        name: str,
        settings: Settings,
        summaries: Mapping[str, ChildSummary],
        joined: Mapping[str, tuple[str, ...]],
    ) -> Model:
        """Build the model of a procedure of ``order`` for other settings, children and joined cases than today's."""
        version, questions = self.procedures[name], self._all_questions[name]
        shape = build_abstraction(
            version, settings, build_domains(version, questions), summaries, joined, self.office_hours
        )
        return Model(shape, WatchedAtoms(version), self._brought_fields_of(name))

    @cached_property
    def all_explorations(self) -> Explored:
        """Explore all procedures."""
        results = {name: self.explore_procedure(name) for name in self.order}
        explorations = {name: explored for name, explored in results.items() if explored is not None}
        return Explored(explorations, {name: self.growth[name] for name in results.keys() - explorations}, self.circles)

    def _explore_each_choice(self, name: str) -> list[Exploration] | None:
        summary_of = {child: self.summarize_procedure(child) for child in self.calls[name]}
        summaries = {child: summary for child, summary in summary_of.items() if summary is not None}
        if len(summaries) < len(summary_of):
            self.growth[name] = Growth(child=min(summary_of.keys() - summaries))
            return None
        if self._earlier is not None and self._can_reuse_explorations(name, self._earlier, summaries):
            return self._take_over(name, self._earlier)
        shapes = self._build_abstractions(name, summaries)
        if self._earlier is not None and self._can_share_states(name, self._earlier, summaries):
            return self._share_states(name, shapes, self._earlier)
        can_merge = self._questions is None  # two versions are compared by their values as they are
        spent = 0
        try:
            if can_merge and count_combinations(shapes[0]) <= MOST_UNMERGED_COMBINATIONS:
                unmerged = Budget(min(MOST_UNMERGED_STATES, reachability.MOST_STATES), MOST_UNMERGED_WORK)
                with suppress(TooLarge):
                    return self._explore_shapes(name, shapes, unmerged, merging=False)
                spent = MOST_UNMERGED_WORK - unmerged.work
            budget = Budget(reachability.MOST_STATES, MOST_WORK - spent)
            return self._explore_shapes(name, shapes, budget, can_merge)
        except TooLarge as too_large:
            self.growth[name] = too_large.growth
            return None

    def _build_abstractions(self, name: str, summaries: Mapping[str, ChildSummary]) -> list[Abstraction]:
        """Build the abstraction of a procedure for each choice of settings."""
        version = self.procedures[name]
        domains = build_domains(version, self._all_questions[name])  # the same under all settings
        choices = _join_choices(list_setting_choices(version), self._settings.get(name, ()))
        return [
            build_abstraction(version, settings, domains, summaries, self.outcomes, self.office_hours)
            for settings in choices
        ]

    def _explore_shapes(
        self, name: str, shapes: Sequence[Abstraction], budget: Budget, merging: bool
    ) -> list[Exploration]:
        """Explore a procedure under each choice of settings, once for those that differ in limits alone."""
        version = self.procedures[name]
        limits, distinct = find_limit_only_settings(version), dict[frozenset[tuple[str, str]], Exploration]()
        watched, explored = WatchedAtoms(version), list[Exploration]()
        for shape in shapes:
            told_apart = frozenset((key, value) for key, value in shape.settings.items() if key not in limits)
            if told_apart not in distinct:
                model = Model(shape, watched, self._brought_fields_of(name), merging)
                distinct[told_apart] = explore_model(model, list_opening_options(model, self.procedures), budget)
            explored.append(distinct[told_apart].with_settings(shape.settings))
        return explored

    def _take_over(self, name: str, earlier: Explorer) -> list[Exploration] | None:
        explorations = earlier.explore_procedure(name)
        if explorations is None:
            self.growth[name] = earlier.growth[name]
        return explorations

    def _share_states(self, name: str, shapes: Sequence[Abstraction], earlier: Explorer) -> list[Exploration] | None:
        """Give the states of the earlier version to this one, which differs in times and limits alone."""
        explorations = self._take_over(name, earlier)
        if explorations is None:
            return None
        watched, brought = WatchedAtoms(self.procedures[name]), self._brought_fields_of(name)
        return [
            replace(exploration, model=Model(shape, watched, brought))
            for exploration, shape in zip(explorations, shapes, strict=True)
        ]

    def _can_share_states(self, name: str, earlier: Explorer, summaries: Mapping[str, ChildSummary]) -> bool:
        """Whether the earlier explorer, unmerged, has explored a version with the same states."""
        return (
            self._questions is not None is not earlier._questions
            and name in earlier.procedures
            and self._has_same_surroundings(name, earlier, summaries)
            and has_same_states(earlier.procedures[name], self.procedures[name], self.office_hours)
        )

    def _can_reuse_explorations(self, name: str, earlier: Explorer, summaries: Mapping[str, ChildSummary]) -> bool:
        """Whether exploring the procedure would give exactly what the earlier explorer found."""
        return earlier.procedures.get(name) is self.procedures[name] and self._has_same_surroundings(
            name, earlier, summaries
        )

    def _has_same_surroundings(self, name: str, earlier: Explorer, summaries: Mapping[str, ChildSummary]) -> bool:
        """Whether all that an exploration reads apart from the procedure itself is the same for both explorers."""
        return (
            earlier.office_hours == self.office_hours
            and name in earlier.order
            and earlier.outcomes == self.outcomes
            and self._settings.get(name) == earlier._settings.get(name)
            and _has_same_questions(name, earlier, self)
            and earlier._brought_fields_of(name) == self._brought_fields_of(name)
            and {child: earlier.summarize_procedure(child) for child in earlier.calls[name]} == summaries
            and list_fields_from_openers(name, earlier.procedures) == list_fields_from_openers(name, self.procedures)
        )

    @cached_property
    def _all_questions(self) -> Mapping[str, Mapping[str, Questions]]:
        return self._questions or collect_questions_in_order(self.procedures, self.order)

    def _brought_fields_of(self, name: str) -> frozenset[str]:
        return frozenset(list_fields_to_openers(name, self.procedures))


def explore_all(
    procedures: Mapping[str, Procedure],
    questions: Mapping[str, Mapping[str, Questions]] | None = None,
    settings: Mapping[str, Sequence[Settings]] | None = None,
    office_hours: OfficeHours | None = None,
) -> Explored:
    """Explore all procedures without those that open themselves, directly or not. For the rest see ``Explorer``."""
    return Explorer(procedures, questions, settings=settings, office_hours=office_hours).all_explorations


def _join_choices(usual: Sequence[Settings], added: Sequence[Settings]) -> list[Settings]:
    choices = list(usual)
    choices += [
        settings for place, settings in enumerate(added) if settings not in usual and settings not in added[:place]
    ]
    return choices


def list_opening_options(model: Model, procedures: Mapping[str, Procedure]) -> list[list[int]]:
    """List for each remembered field the values that a case may begin with."""
    version = model.version
    by_people = any(name != "procedure" for name in version.opened_by)
    filled_in = list_fields_from_openers(version.name, procedures)
    options = []
    for domain in model.shape.domains:
        spec = domain.field
        with_value = list(range(1, len(domain.values)))
        usual = NO_VALUE if spec.default is None else domain.find_index(parse_literal(spec.type, spec.default))
        free = (by_people and not spec.computed) or spec.name in filled_in
        if spec.required and usual == NO_VALUE:
            options.append(with_value)
        else:
            options.append(list(dict.fromkeys([usual, *with_value])) if free else [usual])
    return options


def _has_same_questions(name: str, earlier: Explorer, later: Explorer) -> bool:
    if earlier._questions is not None and earlier._all_questions[name] == later._all_questions[name]:
        return True  # the very same probes: two versions are asked the same
    return _summarize_questions(name, earlier) == _summarize_questions(name, later)


def _summarize_questions(name: str, explorer: Explorer) -> object:
    """Summarize the questions about a procedure for comparison: its own never differ, those of openers may."""
    openers = [
        version
        for version in explorer.procedures.values()
        if any(o.bring for e in version.all_effects() for o in e.opens)
    ]
    inputs = [[action.inputs for _, action in version.all_actions()] for version in openers]
    counts = {
        field: (len(questions.probes), questions.bounds) for field, questions in explorer._all_questions[name].items()
    }
    return (
        counts,
        [list(list_guards(version)) for version in openers],
        inputs,
        [version.settings for version in openers],
    )
