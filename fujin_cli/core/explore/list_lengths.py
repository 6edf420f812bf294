"""How far lists have to be told apart by their lengths, because a case is opened for each of their items."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

from fujin_cli.core.explore.domains import Probe, Settings
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.procedure import Procedure, Test
from fujin_cli.core.model.values import setting_value


def find_telling_lengths(procedure: Procedure, tests: Iterable[Test], every: Sequence[Settings]) -> dict[str, int]:
    """For each field by which cases are opened the length from on which it makes no difference.

    Groups are counted no further than ``Group.cap``, and what is opened beside for other fields counts, too: of a lead
    that is always there and of partners, one partner more or less makes no difference after the first.
    """
    most: dict[str, int] = {}
    for test in tests:
        if test.kind == "group" and test.verb == "at_least":
            bounds = [setting_value(settings, text) for settings in every for text in test.values]
            most[test.name] = max([most.get(test.name, 0), *(int(bound) for bound in bounds if bound.isdigit())])
    found: dict[str, int] = {}
    for given, effects in _effects(procedure):
        for opens in effects.opens:
            sure = {name for name in opens.one_each if name in given and not procedure.fields[name].is_list}
            for name in opens.one_each:
                length = max(2, most.get(opens.group, 0) + 1) - len(sure - {name})
                found[name] = max(found.get(name, 1), length)
    return found


def length_probe(most: int) -> Probe:
    """Asks how many cases a value opens, as far as that makes a difference."""

    def length(value: Any) -> Hashable:
        return min(len(value), most) if isinstance(value, list) else 1

    return length


def _effects(procedure: Procedure) -> Iterator[tuple[set[str], Effects]]:
    """Everything that opens cases, with the fields that are surely given then."""
    required = {name for name, field in procedure.fields.items() if field.required}
    for _, action in procedure.all_actions():
        given = required | {entry.field for entry in action.needs}
        yield given, action.effects
        if action.then:
            yield given, action.then.effects
    for step in procedure.steps.values():
        yield required, step.on_enter
        for rung in step.ladder:
            yield required, rung.effects
            if rung.then:
                yield required, rung.then.effects
