"""From a procedure to the shape of its abstract cases: which fields, groups and counters a state has to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from fujin_cli.core.explore.child_groups import Ending, Group, group_of
from fujin_cli.core.explore.counted_atoms import list_atoms_to_watch, split_counts
from fujin_cli.core.explore.domains import (
    Domain,
    Probe,
    Settings,
    domain,
    input_probe,
    related_fields,
    test_probe,
    tests_of,
)
from fujin_cli.core.explore.list_lengths import find_telling_lengths, length_probe
from fujin_cli.core.explore.state import Abstraction
from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.procedure import Action, Atom, Field, Procedure, Setting, Test
from fujin_cli.core.model.values import setting_value


@dataclass(frozen=True, slots=True)
class Questions:
    """What a parent asks about a field that its child brings: questions, and the literals that they compare with."""

    probes: tuple[Probe, ...]
    bounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildSummary:
    """What a parent has to know of a child procedure."""

    endings: tuple[Ending, ...]
    reopens: frozenset[str]
    instant: bool


def list_watched_atoms(procedure: Procedure) -> tuple[Atom, ...]:
    """The atoms of guarantees and of what guards count."""
    found = [atom for guarantee in procedure.guarantees.values() for part in guarantee.atoms.values() for atom in part]
    found += [atom for guarantee in procedure.guarantees.values() for atom in guarantee.except_for]
    since = [test.since for test in list_guards(procedure) if test.since is not None]
    return (*list_atoms_to_watch(tuple(found)), *since)


def list_guards(procedure: Procedure) -> Iterator[Test]:
    """Every test that decides about a move, or about the `where` of an atom that is watched for."""
    for _, action in procedure.all_actions():
        yield from tests_of(action.when)
    for test in [test for _, action in procedure.all_actions() for test in tests_of(action.when)]:
        if test.since is not None:
            yield from tests_of(test.since.where)
    for guarantee in procedure.guarantees.values():
        for atom in (*(atom for part in guarantee.atoms.values() for atom in part), *guarantee.except_for):
            yield from (test for part, _ in split_counts(atom) for test in tests_of(part.where))


def setting_choices(procedure: Procedure) -> list[Settings]:
    """The values of settings to explore: the defaults, then each setting that decides about moves at its two extremes.

    Settings that are about the same thing (a field, how often an action is done) are tried at their extremes together.
    """
    usual = {name: setting.default for name, setting in procedure.settings.items()}
    about = _read_settings(procedure)
    extremes = {name: _extremes(procedure.settings[name]) for name in sorted(about)}
    found: list[Settings] = [usual]
    found += [{**usual, name: value} for name, values in extremes.items() for value in values]
    for one, other in combinations(extremes, 2):
        if about[one] & about[other]:
            found += [{**usual, one: low, other: high} for low, high in product(extremes[one], extremes[other])]
    return found


def _extremes(setting: Setting) -> list[str]:
    return [value for value in dict.fromkeys((setting.low, setting.high)) if value not in (None, setting.default)]


def _read_settings(procedure: Procedure) -> dict[str, set[str]]:
    """Every setting that a guard, an input or a limit reads, and the fields, groups and actions that it is about."""
    found: dict[str, set[str]] = {}

    def read(text: str | None, about: str) -> None:
        if text is not None and text in procedure.settings:
            found.setdefault(text, set()).add(about)

    for test in list_guards(procedure):
        for text in test.values:
            read(text, test.name)
    for _, action in procedure.all_actions():
        read(action.limit, action.name)
        for name, bound in _bounds(action):
            read(bound, name)
    for rung in (rung for step in procedure.steps.values() for rung in step.ladder):
        read(rung.limit, rung.rule)
    return found


def find_limit_settings(procedure: Procedure) -> frozenset[str]:
    """Settings that only say how often something may be done: cases can come to the same states under any of them."""
    read = {text for test in list_guards(procedure) for text in test.values}
    for _, action in procedure.all_actions():
        read |= {bound for _, bound in _bounds(action)}
    return frozenset(procedure.settings) - read


def _bounds(action: Action) -> Iterator[tuple[str, str]]:
    """What an action's inputs are compared with as amounts, each with its field."""
    for entry in (*action.needs, *action.may):
        yield from ((entry.field, bound) for verb, bound in entry.conditions if verb in ("at_least", "at_most"))


def collect_field_questions(procedure: Procedure) -> dict[str, Questions]:
    """Every field that the procedure's cases have to remember, with what is asked about it."""
    every = setting_choices(procedure)
    fields = procedure.fields
    found: dict[str, tuple[list[Probe], list[str]]] = {}

    def ask(name: str, probes: Iterable[Probe], bounds: Iterable[str] = ()) -> None:
        if name in fields:
            listed = found.setdefault(name, ([], []))
            listed[0].extend(probes)
            listed[1].extend(bounds)

    for test in list_guards(procedure):
        if test.kind == "field" and test.name in fields:
            bounds = [setting_value(settings, text) for settings in every for text in test.values]
            probes = every if any(text in procedure.settings for text in test.values) else every[:1]
            ask(test.name, [test_probe(fields[test.name], test, settings) for settings in probes], bounds)
    for name in sorted(_looked_at(procedure)):
        ask(name, [])
    for name, length in sorted(find_telling_lengths(procedure, list_guards(procedure), every).items()):
        ask(name, [length_probe(length)], [str(length)] if name in fields and fields[name].is_list else ())
    for name in sorted(related_fields(procedure)):
        ask(name, [str])
    _ask_inputs(procedure, every, found)
    return {name: Questions(tuple(probes), tuple(bounds)) for name, (probes, bounds) in found.items()}


def _looked_at(procedure: Procedure) -> set[str]:
    """Fields of which it matters whether they have a value: the other case to join, the end of a period."""
    found = {step.lasts.until for step in procedure.steps.values() if step.lasts and step.lasts.until}
    for _, action in procedure.all_actions():
        needed = {entry.field for entry in action.needs}
        found |= {e.field for e in action.effects.does if e.verb == "join" and e.field not in needed}
    return found


def _ask_inputs(procedure: Procedure, every: list[Settings], found: dict[str, tuple[list[Probe], list[str]]]) -> None:
    for _, action in procedure.all_actions():
        for entry in (*action.needs, *action.may):
            if entry.field in found and entry.conditions:
                probes, bounds = found[entry.field]
                field = procedure.fields[entry.field]
                probes += [input_probe(field, entry, settings) for settings in every]
                bounds += [
                    setting_value(settings, bound)
                    for settings in every
                    for verb, bound in entry.conditions
                    if verb in ("at_least", "at_most")
                ]


def collect_input_questions(procedure: Procedure, name: str) -> Questions:
    """What the procedure's inputs ask about one field."""
    found: dict[str, tuple[list[Probe], list[str]]] = {name: ([], [])}
    _ask_inputs(procedure, setting_choices(procedure), found)
    probes, bounds = found[name]
    return Questions(tuple(probes), tuple(bounds))


def build_domains(procedure: Procedure, asked: Mapping[str, Questions]) -> tuple[Domain, ...]:
    """The values of each remembered field that what is asked can tell apart."""
    return tuple(domain(procedure.fields[name], own.probes, own.bounds) for name, own in asked.items())


def build_abstraction(
    procedure: Procedure,
    settings: Settings,
    domains: tuple[Domain, ...],
    children: Mapping[str, ChildSummary],
    joined: Mapping[str, tuple[str, ...]],
) -> Abstraction:
    """The shape of the procedure's abstract cases; ``joined`` gives the outcomes of any procedure by its name."""
    fields = procedure.fields
    tests = list(list_guards(procedure))
    counted: dict[tuple[str, Atom | None], tuple[Test, int]] = {}
    for test in tests:
        if test.kind == "times":
            key = (test.name, test.since)
            most = max(counted.get(key, (test, 0))[1], int(setting_value(settings, test.values[0])))
            counted[key] = (test, most)
    joining = next((effect.field for effects in procedure.all_effects() for effect in effects.does), "")
    target: Field | None = fields.get(joining)
    outcomes = {name for version in (target.of if target and target.of else joined) for name in joined.get(version, ())}
    return Abstraction(
        procedure,
        settings,
        domains,
        tuple(_group(procedure, name, opens, tests, settings, children) for name, opens in procedure.groups().items()),
        tuple(test for test, _ in counted.values()),
        tuple(most for _, most in counted.values()),
        joining,
        _told_apart(sorted(outcomes), [test for test in tests if test.kind == "case"]) if joining else (),
        tuple(procedure.steps),
    )


def _told_apart(outcomes: Iterable[str], tests: list[Test]) -> tuple[str, ...]:
    classes: dict[object, str] = {}
    for outcome in outcomes:
        classes.setdefault(tuple(bool({"ended", outcome} & set(test.values)) for test in tests), outcome)
    return tuple(classes.values())


def _group(
    procedure: Procedure,
    name: str,
    opens: list[Opens],
    tests: list[Test],
    settings: Settings,
    children: Mapping[str, ChildSummary],
) -> Group:
    known = [children[entry.procedure] for entry in opens if entry.procedure in children]
    own = [test for test in tests if test.kind in ("group", "case") and test.name == name]
    texts = {text for test in own for text in test.values}
    resolved = {text: setting_value(settings, text) for text in texts}
    bounds = {text: int(value) for text, value in resolved.items() if value.isdigit()}
    return group_of(
        name,
        opens,
        own,
        dict.fromkeys(ending for child in known for ending in child.endings),
        {outcome for child in known for outcome in child.reopens},
        bounds,
        any(child.instant for child in known),
    )
