"""Find how far the lengths of lists must be told apart, because a case is opened for each item."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

from fujin_cli.core.explore.domains import Probe, Settings
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.procedure import Procedure, Test
from fujin_cli.core.model.values import resolve_setting


def find_relevant_lengths(procedure: Procedure, tests: Iterable[Test], choices: Sequence[Settings]) -> dict[str, int]:
    """Find for each field that opens cases the length from which more items make no difference.

    Groups are counted up to ``Group.cap``, and cases opened for other fields count, too: of a lead that is always there
    and of partners, one partner more or less makes no difference after the first.
    """
    most: dict[str, int] = {}
    for test in tests:
        if test.kind == "group" and test.verb == "at_least":
            bounds = [resolve_setting(settings, text) for settings in choices for text in test.values]
            most[test.name] = max([most.get(test.name, 0), *(int(bound) for bound in bounds if bound.isdigit())])
    lengths: dict[str, int] = {}
    for present, effects in _list_effects(procedure):
        for opens in effects.opens:
            sure = {name for name in opens.one_each if name in present and not procedure.fields[name].is_list}
            for name in opens.one_each:
                length = max(2, most.get(opens.group, 0) + 1) - len(sure - {name})
                lengths[name] = max(lengths.get(name, 1), length)
    return lengths


def build_length_probe(most: int) -> Probe:
    """Build the probe that tells how many cases a value opens, up to ``most``."""

    def count_opened_cases(value: Any) -> Hashable:
        return min(len(value), most) if isinstance(value, list) else 1

    return count_opened_cases


def _list_effects(procedure: Procedure) -> Iterator[tuple[set[str], Effects]]:
    """List everything that opens cases, with the fields that surely have a value then."""
    required = {name for name, field in procedure.fields.items() if field.required}
    for _, action in procedure.all_actions():
        present = required | {input.field for input in action.needs}
        yield present, action.effects
        if action.then:
            yield present, action.then.effects
    for step in procedure.steps.values():
        yield required, step.on_enter
        for rung in step.ladder:
            yield required, rung.effects
            if rung.then:
                yield required, rung.then.effects
