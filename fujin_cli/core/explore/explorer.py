"""The procedures of a workspace, explored one after another: children before those that open them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from fujin_cli.core.explore.abstraction import (
    ChildSummary,
    Questions,
    build_abstraction,
    build_domains,
    collect_field_questions,
    find_limit_settings,
    list_guards,
    setting_choices,
)
from fujin_cli.core.explore.call_graph import (
    call_graph,
    fields_from_openers,
    fields_to_openers,
    find_cycles,
    order_children_first,
)
from fujin_cli.core.explore.child_summaries import summarize_endings
from fujin_cli.core.explore.domains import NO_VALUE, Settings
from fujin_cli.core.explore.labelling import WatchedAtoms
from fujin_cli.core.explore.reachability import Exploration, TooLarge, explore
from fujin_cli.core.explore.successors import Model
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.values import literal


@dataclass(frozen=True, slots=True)
class Explored:
    """What exploring found of each procedure, once for every choice of settings; ``too_large`` are those given up."""

    explorations: Mapping[str, Sequence[Exploration]]
    too_large: frozenset[str]
    circular: tuple[tuple[str, ...], ...]  # procedures that open one another in a circle


def collect_questions(procedures: Mapping[str, Procedure]) -> dict[str, dict[str, Questions]]:
    """What is asked about the fields of every procedure that can be explored, parents' questions included."""
    calls = call_graph(procedures)
    inside = {name for circle in find_cycles(calls) for name in circle}
    return _asked(procedures, order_children_first(calls, inside))


class Explorer:
    """Explores the procedures of a workspace as they are asked for, children before those that open them.

    ``asked`` are the questions that states answer, where they are to tell more apart than the procedures do alone.
    ``settings`` are choices of settings to be explored beside those of ``profiles``.
    ``earlier`` has explored almost the same procedures: what would come out as before is taken from it.
    """

    def __init__(
        self,
        procedures: Mapping[str, Procedure],
        asked: Mapping[str, Mapping[str, Questions]] | None = None,
        earlier: Explorer | None = None,
        settings: Mapping[str, Sequence[Settings]] | None = None,
    ) -> None:
        self.procedures = procedures
        self._settings = settings or {}
        self._asked_for = asked
        self._earlier = earlier
        self.calls = call_graph(procedures)
        self.circles = tuple(find_cycles(self.calls))
        self.order = order_children_first(self.calls, {name for circle in self.circles for name in circle})
        self.outcomes = {
            name: tuple(dict.fromkeys(s.end for s in version.steps.values() if s.end))
            for name, version in procedures.items()
        }
        self._explored: dict[str, list[Exploration] | None] = {}
        self._ends: dict[str, ChildSummary] = {}

    def explored(self, name: str) -> list[Exploration] | None:
        """What was found of a procedure of ``order`` under each choice of settings; None where it is too large."""
        if name not in self._explored:
            self._explored[name] = self._explore(name)
        return self._explored[name]

    def ends(self, name: str) -> ChildSummary | None:
        """What those who open it have to know of it; None where it is too large."""
        explored = self.explored(name)
        if explored is not None and name not in self._ends:
            own = len(setting_choices(self.procedures[name]))  # children of real cases have settings inside their range
            self._ends[name] = summarize_endings(explored[:own], self._brought_by(name))
        return self._ends.get(name)

    @cached_property
    def proved(self) -> Explored:
        """What was found of all of them."""
        found = {name: self.explored(name) for name in self.order}
        explorations = {name: explored for name, explored in found.items() if explored is not None}
        return Explored(explorations, frozenset(found.keys() - explorations.keys()), self.circles)

    def _explore(self, name: str) -> list[Exploration] | None:
        ends = {child: self.ends(child) for child in self.calls[name]}
        known = {child: end for child, end in ends.items() if end is not None}
        if len(known) < len(ends):
            return None
        version, asked, brought = self.procedures[name], self._asked[name], self._brought_by(name)
        if self._earlier is not None and self._same(name, self._earlier, known):
            return self._earlier.explored(name)
        limits, found = find_limit_settings(version), dict[frozenset[tuple[str, str]], Exploration]()
        watch, domains = WatchedAtoms(version), build_domains(version, asked)  # the same under all settings
        explored = []
        for settings in _every(setting_choices(version), self._settings.get(name, ())):
            told_apart = frozenset((key, value) for key, value in settings.items() if key not in limits)
            try:
                if told_apart not in found:
                    model = Model(build_abstraction(version, settings, domains, known, self.outcomes), watch, brought)
                    found[told_apart] = explore(model, opening_options(model, self.procedures))
            except TooLarge:
                return None
            explored.append(found[told_apart].under(settings))
        return explored

    def _same(self, name: str, earlier: Explorer, ends: Mapping[str, ChildSummary]) -> bool:
        """Whether exploring the procedure would meet with exactly what the earlier one met with."""
        return (
            earlier.procedures.get(name) is self.procedures[name]
            and earlier.outcomes == self.outcomes
            and _questions(name, earlier) == _questions(name, self)
            and earlier._brought_by(name) == self._brought_by(name)
            and {child: earlier.ends(child) for child in earlier.calls[name]} == ends
            and fields_from_openers(name, earlier.procedures) == fields_from_openers(name, self.procedures)
        )

    @cached_property
    def _asked(self) -> Mapping[str, Mapping[str, Questions]]:
        return self._asked_for or _asked(self.procedures, self.order)

    def _brought_by(self, name: str) -> frozenset[str]:
        return frozenset(fields_to_openers(name, self.procedures))


def explore_all(
    procedures: Mapping[str, Procedure],
    asked: Mapping[str, Mapping[str, Questions]] | None = None,
    settings: Mapping[str, Sequence[Settings]] | None = None,
) -> Explored:
    """Explore all procedures; what calls itself, or opens one that does, is left out. For the rest see ``Prover``."""
    return Explorer(procedures, asked, settings=settings).proved


def _every(usual: Sequence[Settings], more: Sequence[Settings]) -> list[Settings]:
    found = list(usual)
    found += [settings for place, settings in enumerate(more) if settings not in usual and settings not in more[:place]]
    return found


def opening_options(model: Model, procedures: Mapping[str, Procedure]) -> list[list[int]]:
    """For each remembered field the values that a case may begin with."""
    version = model.version
    by_people = any(name != "procedure" for name in version.opened_by)
    given = fields_from_openers(version.name, procedures)
    found = []
    for own in model.shape.domains:
        spec = own.field
        every = list(range(1, len(own.values)))
        usual = NO_VALUE if spec.default is None else own.index(literal(spec.type, spec.default))
        free = (by_people and not spec.computed) or spec.name in given
        if spec.required and usual == NO_VALUE:
            found.append(every)
        else:
            found.append(list(dict.fromkeys([usual, *every])) if free else [usual])
    return found


def _asked(procedures: Mapping[str, Procedure], order: Sequence[str]) -> dict[str, dict[str, Questions]]:
    """What is asked about fields, parents' questions about what they are brought included."""
    found = {name: collect_field_questions(procedures[name]) for name in order}
    for name in reversed(order):
        for listed in procedures[name].groups().values():
            for opens in listed:
                for brought in opens.bring:
                    asked, there = found[name].get(brought), found.get(opens.procedure)
                    if asked and there is not None and brought in procedures[opens.procedure].fields:
                        own = there.get(brought, Questions((), ()))
                        there[brought] = Questions(own.probes + asked.probes, own.bounds + asked.bounds)
    return found


def _questions(name: str, prover: Explorer) -> object:
    """What can be compared of the questions about a procedure: its own never differ, those of others may."""
    asking = [
        version
        for version in prover.procedures.values()
        if any(o.bring for e in version.all_effects() for o in e.opens)
    ]
    inputs = [[(*action.needs, *action.may) for _, action in version.all_actions()] for version in asking]
    counts = {field: (len(asked.probes), asked.bounds) for field, asked in prover._asked[name].items()}
    return counts, [list(list_guards(version)) for version in asking], inputs, [version.settings for version in asking]
