"""Derive from a procedure what its abstract cases must hold: which fields, groups and counters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, product

from fujin_cli.core.cases.child_outcomes import list_read_outcomes
from fujin_cli.core.explore.child_groups import Ending, Group, build_group
from fujin_cli.core.explore.counted_atoms import list_atoms_to_watch, split_off_count_tests
from fujin_cli.core.explore.domains import (
    Domain,
    Probe,
    Settings,
    build_domain,
    build_input_probe,
    build_test_probe,
    list_compared_choice_fields,
    tests_of,
)
from fujin_cli.core.explore.duration_bounds import OfficeHours
from fujin_cli.core.explore.list_lengths import build_length_probe, find_relevant_lengths
from fujin_cli.core.explore.state import Abstraction
from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.procedure import Action, Atom, Field, Procedure, Setting, Test
from fujin_cli.core.model.values import resolve_setting


@dataclass(frozen=True, slots=True)
class Questions:
    """Hold the probes of one field, and the literals that they compare it with."""

    probes: tuple[Probe, ...]
    bounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildSummary:
    """Summarize a child procedure for its openers: how its cases end, and which of them can be reopened."""

    endings: tuple[Ending, ...]
    reopens: frozenset[str]
    instant: bool
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # outcome → its names in earlier versions

    def list_endings(self, read: Collection[str]) -> list[Ending]:
        """List the endings, with the outcomes as a version that reads ``read`` calls them."""
        return [replace(ending, outcome=self.name_outcome(ending.outcome, read)) for ending in self.endings]

    def name_outcome(self, outcome: str, read: Collection[str]) -> str:
        """Name an outcome as the version that reads ``read`` calls it."""
        names = (outcome, *self.former.get(outcome, ()))
        return next((name for name in names if name in read), outcome)


def list_watched_atoms(procedure: Procedure) -> tuple[Atom, ...]:
    """List the atoms of guarantees and of what guards count."""
    atoms = [atom for guarantee in procedure.guarantees.values() for part in guarantee.atoms.values() for atom in part]
    atoms += [atom for guarantee in procedure.guarantees.values() for atom in guarantee.except_for]
    since = [test.since for test in list_guards(procedure) if test.since is not None]
    return (*list_atoms_to_watch(tuple(atoms)), *since)


def list_guards(procedure: Procedure) -> Iterator[Test]:
    """List every test that decides about a move, or about the `where` of a watched atom."""
    for _, action in procedure.all_actions():
        yield from tests_of(action.when)
    for test in [test for _, action in procedure.all_actions() for test in tests_of(action.when)]:
        if test.since is not None:
            yield from tests_of(test.since.where)
    for guarantee in procedure.guarantees.values():
        for atom in (*(atom for part in guarantee.atoms.values() for atom in part), *guarantee.except_for):
            yield from (test for part, _ in split_off_count_tests(atom) for test in tests_of(part.where))


def list_setting_choices(procedure: Procedure) -> list[Settings]:
    """List the choices of settings to explore: the defaults, and each setting at its two extremes.

    Settings that no guard, input or limit reads are left at their defaults. Two settings that concern the same thing (a
    field, how often an action is done) are also tried at their extremes together.
    """
    usual = {name: setting.default for name, setting in procedure.settings.items()}
    about = _map_setting_concerns(procedure)
    extremes = {name: _list_extreme_values(procedure.settings[name]) for name in sorted(about)}
    choices: list[Settings] = [usual]
    choices += [{**usual, name: value} for name, values in extremes.items() for value in values]
    for first, second in combinations(extremes, 2):
        if about[first] & about[second]:
            choices += [{**usual, first: low, second: high} for low, high in product(extremes[first], extremes[second])]
    return choices


def _list_extreme_values(setting: Setting) -> list[str]:
    return [value for value in dict.fromkeys((setting.low, setting.high)) if value not in (None, setting.default)]


def _map_setting_concerns(procedure: Procedure) -> dict[str, set[str]]:
    """Map every setting that is read to the fields, groups and actions that it concerns."""
    concerns: dict[str, set[str]] = {}

    def add_concern(text: str | None, about: str) -> None:
        if text is not None and text in procedure.settings:
            concerns.setdefault(text, set()).add(about)

    for test in list_guards(procedure):
        for text in test.values:
            add_concern(text, test.name)
    for _, action in procedure.all_actions():
        add_concern(action.limit, action.name)
        for name, bound in _list_input_bounds(action):
            add_concern(bound, name)
    for rung in (rung for step in procedure.steps.values() for rung in step.ladder):
        add_concern(rung.limit, rung.rule)
    return concerns


def find_limit_only_settings(procedure: Procedure) -> frozenset[str]:
    """Find the settings that only limit how often something happens: states are the same under any of them."""
    read = {text for test in list_guards(procedure) for text in test.values}
    for _, action in procedure.all_actions():
        read |= {bound for _, bound in _list_input_bounds(action)}
    return frozenset(procedure.settings) - read


def _list_input_bounds(action: Action) -> Iterator[tuple[str, str]]:
    """List the numbers that an action's inputs are compared with, each with its field."""
    for input in action.inputs:
        yield from ((input.field, bound) for verb, bound in input.conditions if verb in ("at_least", "at_most"))


def collect_field_questions(procedure: Procedure) -> dict[str, Questions]:
    """Collect the questions about every field that the procedure's cases have to remember."""
    choices = list_setting_choices(procedure)
    fields = procedure.fields
    collected: dict[str, tuple[list[Probe], list[str]]] = {}

    def add_questions(name: str, probes: Iterable[Probe], bounds: Iterable[str] = ()) -> None:
        if name in fields:
            parts = collected.setdefault(name, ([], []))
            parts[0].extend(probes)
            parts[1].extend(bounds)

    for test in list_guards(procedure):
        if test.kind == "field" and test.name in fields:
            bounds = [resolve_setting(settings, text) for settings in choices for text in test.values]
            probes = choices if any(text in procedure.settings for text in test.values) else choices[:1]
            add_questions(
                test.name, [build_test_probe(fields[test.name], test, settings) for settings in probes], bounds
            )
    for name in sorted(_list_presence_fields(procedure)):
        add_questions(name, [])
    for name, length in sorted(find_relevant_lengths(procedure, list_guards(procedure), choices).items()):
        add_questions(
            name, [build_length_probe(length)], [str(length)] if name in fields and fields[name].is_list else ()
        )
    for name in sorted(list_compared_choice_fields(procedure)):
        add_questions(name, [str])
    _add_input_questions(procedure, choices, collected)
    return {name: Questions(tuple(probes), tuple(bounds)) for name, (probes, bounds) in collected.items()}


def _list_presence_fields(procedure: Procedure) -> set[str]:
    """Fields of which it matters whether they have a value: the other case to join, the end of a period."""
    names = {step.lasts.until for step in procedure.steps.values() if step.lasts and step.lasts.until}
    for _, action in procedure.all_actions():
        required = {input.field for input in action.needs}
        names |= {e.field for e in action.effects.does if e.verb == "join" and e.field not in required}
    return names


def _add_input_questions(
    procedure: Procedure, choices: list[Settings], collected: dict[str, tuple[list[Probe], list[str]]]
) -> None:
    for _, action in procedure.all_actions():
        for input in action.inputs:
            if input.field in collected and input.conditions:
                probes, bounds = collected[input.field]
                field = procedure.fields[input.field]
                probes += [build_input_probe(field, input, settings) for settings in choices]
                bounds += [
                    resolve_setting(settings, bound)
                    for settings in choices
                    for verb, bound in input.conditions
                    if verb in ("at_least", "at_most")
                ]


def collect_input_questions(procedure: Procedure, name: str) -> Questions:
    """Collect the questions that inputs ask about one field."""
    collected: dict[str, tuple[list[Probe], list[str]]] = {name: ([], [])}
    _add_input_questions(procedure, list_setting_choices(procedure), collected)
    probes, bounds = collected[name]
    return Questions(tuple(probes), tuple(bounds))


def build_domains(procedure: Procedure, asked: Mapping[str, Questions]) -> tuple[Domain, ...]:
    """Build the domains of the remembered fields: the values that the questions tell apart."""
    return tuple(build_domain(procedure.fields[name], own.probes, own.bounds) for name, own in asked.items())


def build_abstraction(
    procedure: Procedure,
    settings: Settings,
    domains: tuple[Domain, ...],
    children: Mapping[str, ChildSummary],
    joined: Mapping[str, tuple[str, ...]],
    office_hours: OfficeHours | None = None,
) -> Abstraction:
    """Build the abstraction of a procedure; ``joined`` maps each procedure to the outcomes of its cases."""
    fields = procedure.fields
    tests = list(list_guards(procedure))
    counted: dict[tuple[str, Atom | None], tuple[Test, int]] = {}
    for test in tests:
        if test.kind == "times":
            key = (test.name, test.since)
            most = max(counted.get(key, (test, 0))[1], int(resolve_setting(settings, test.values[0])))
            counted[key] = (test, most)
    joining = next((effect.field for effects in procedure.all_effects() for effect in effects.does), "")
    target: Field | None = fields.get(joining)
    outcomes = {name for version in (target.of if target and target.of else joined) for name in joined.get(version, ())}
    return Abstraction(
        procedure,
        settings,
        domains,
        tuple(
            _build_group_from_summaries(procedure, name, opens, tests, settings, children)
            for name, opens in procedure.openings_by_group().items()
        ),
        tuple(test for test, _ in counted.values()),
        tuple(most for _, most in counted.values()),
        joining,
        _list_distinguishable_outcomes(sorted(outcomes), [test for test in tests if test.kind == "case"])
        if joining
        else (),
        tuple(procedure.steps),
        None if can_be_paused(procedure) else office_hours,
    )


def can_be_paused(procedure: Procedure) -> bool:
    """Whether clocks can stand still: a pause can hide a part of a working day, which counts as a whole one then."""
    return any(action.stops_clock_until for _, action in procedure.all_actions())


def _list_distinguishable_outcomes(outcomes: Iterable[str], tests: list[Test]) -> tuple[str, ...]:
    classes: dict[object, str] = {}
    for outcome in outcomes:
        classes.setdefault(outcome_signature(outcome, tests), outcome)
    return tuple(classes.values())


def outcome_signature(outcome: str, tests: Iterable[Test]) -> tuple[bool, ...]:
    """Say which tests an outcome passes: outcomes with the same answers are not told apart."""
    return tuple(bool({"ended", outcome} & set(test.values)) for test in tests)


def _build_group_from_summaries(
    procedure: Procedure,
    name: str,
    opens: list[Opens],
    tests: list[Test],
    settings: Settings,
    children: Mapping[str, ChildSummary],
) -> Group:
    summaries = [children[order.procedure] for order in opens if order.procedure in children]
    own = [test for test in tests if test.kind in ("group", "case") and test.name == name]
    read = list_read_outcomes(procedure, name)
    texts = {text for test in own for text in test.values}
    resolved = {text: resolve_setting(settings, text) for text in texts}
    bounds = {text: int(value) for text, value in resolved.items() if value.isdigit()}
    return build_group(
        name,
        opens,
        own,
        dict.fromkeys(ending for child in summaries for ending in child.list_endings(read)),
        {child.name_outcome(outcome, read) for child in summaries for outcome in child.reopens},
        bounds,
        any(child.instant for child in summaries),
    )
