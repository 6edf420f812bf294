"""Partition the values of each field: where no guard tells values apart, one sample stands for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from fujin_cli.core.calendar.duration import approximate_minutes, parse_duration
from fujin_cli.core.cases.conditions import single_test_holds
from fujin_cli.core.model.operators import order_key, parse_literal, parse_share
from fujin_cli.core.model.procedure import Condition, Field, Input, Procedure, Test
from fujin_cli.core.model.values import resolve_setting

Settings = Mapping[str, str]
Probe = Callable[[Any], Hashable]  # a question about a value; one sample stands for all values with the same answers
SAMPLE = "…"
NO_VALUE = 0  # the index of "no value" in every domain
LONGEST_LIST = 40


@dataclass(frozen=True, slots=True)
class Domain:
    """Hold the sample values of one field; the first is None, for no value."""

    field: Field
    values: tuple[Any, ...]
    probes: tuple[Probe, ...]
    index_of: Mapping[Hashable, int]
    longer: Mapping[int, frozenset[int]]  # of a list: what it may be once somebody was added
    _index_by_value: dict[Hashable, int] = dataclass_field(default_factory=dict, compare=False, repr=False)

    def find_index(self, value: Any) -> int:
        """Find the index of the sample that stands for ``value``."""
        if value in (None, "", []):
            return NO_VALUE
        key = tuple(value) if isinstance(value, list) else value
        if key not in self._index_by_value:
            signature = _signature_of(self.probes, value)
            self._index_by_value[key] = self.index_of.get(signature, 1 if len(self.values) > 1 else NO_VALUE)
        return self._index_by_value[key]


def tests_of(condition: Condition | None) -> Iterator[Test]:
    """List every test of a condition."""
    for alternative in condition.alternatives if condition else ():
        yield from alternative


def build_domain(field: Field, probes: Sequence[Probe], bounds: Iterable[str]) -> Domain:
    """Build the domain of a field. ``bounds`` are the literals that guards compare it with."""
    probes = tuple(probes)
    index_of: dict[Hashable, int] = {}
    values: list[Any] = [None]
    lengths: dict[int, set[int]] = {}
    for value in _list_candidate_values(field, list(dict.fromkeys(bounds))):
        if not is_within_limits(field, value):
            continue
        signature = _signature_of(probes, value)
        if signature not in index_of:
            index_of[signature] = len(values)
            values.append(value)
        if isinstance(value, list):
            lengths.setdefault(index_of[signature], set()).add(len(value))
    longer = {
        index: frozenset({index} | {_index_of_length(lengths, size + 1, index) for size in sizes})
        for index, sizes in lengths.items()
    }
    return Domain(field, tuple(values), probes, index_of, longer)


def _index_of_length(lengths: Mapping[int, set[int]], size: int, otherwise: int) -> int:
    return next((index for index, sizes in lengths.items() if size in sizes), otherwise)


def _signature_of(probes: Iterable[Probe], value: Any) -> Hashable:
    return tuple(probe(value) for probe in probes)


def _list_candidate_values(field: Field, bounds: list[str]) -> list[Any]:
    if field.is_list:
        lengths = {1, 2} | {int(bound) + step for bound in bounds if bound.isdigit() for step in (-1, 0, 1)}
        top = min(max(lengths) + 1, LONGEST_LIST)
        return [[SAMPLE] * size for size in range(1, top + 1)]
    if field.type == "choice":
        return list(field.of)
    if field.type == "yes_no":
        return ["yes", "no"]
    makers: Mapping[str, Callable[[list[str]], list[Any]]] = {
        "count": _list_sample_counts,
        "number": _list_sample_decimals,
        "money": _list_sample_decimals,
        "share": _list_sample_shares,
        "duration": _list_sample_durations,
        "date": _list_sample_days,
        "moment": _list_sample_days,
    }
    maker = makers.get(field.type)
    if maker is not None and bounds:
        return maker(bounds)
    return [*dict.fromkeys(bounds), SAMPLE]


def _list_sample_counts(bounds: list[str]) -> list[Any]:
    numbers = {int(bound) for bound in bounds if bound.isdigit()}
    return sorted({0} | {number + step for number in numbers for step in (-1, 0, 1) if number + step >= 0})


def _list_sample_decimals(bounds: list[str]) -> list[Any]:
    numbers = sorted({Decimal(bound) for bound in bounds if _is_decimal(bound)})
    step = Decimal("0.01")
    return [str(value) for number in numbers for value in (number - step, number, number + step)]


def _is_decimal(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def _list_sample_shares(bounds: list[str]) -> list[Any]:
    cuts = sorted({parse_share(bound) for bound in bounds} | {Fraction(0), Fraction(1)})
    between = {(low + high) / 2 for low, high in pairwise(cuts)}
    return [str(value) for value in sorted({*cuts, *between})]


def _list_sample_durations(bounds: list[str]) -> list[Any]:
    minutes = sorted({approximate_minutes(parse_duration(bound)) for bound in bounds})
    lengths = sorted({value + step for value in minutes for step in (-1, 0, 1) if value + step > 0})
    return [*bounds, *(f"{value} minutes" for value in lengths)]


def _list_sample_days(bounds: list[str]) -> list[Any]:
    days = ["0001-01-01", "9999-12-31", *bounds]
    for bound in bounds:
        try:
            days += [(date.fromisoformat(bound[:10]) + timedelta(days=step)).isoformat() for step in (-1, 1)]
        except (ValueError, OverflowError):
            continue
    return sorted(days)


def is_within_limits(field: Field, value: Any) -> bool:
    """Whether the field's own limits admit the value."""
    kind, amount = ("count", len(value)) if isinstance(value, list) else (field.type, value)
    for bound, sign in ((field.at_least, 1), (field.at_most, -1)):
        if bound is None:
            continue
        try:
            difference = order_key(kind, amount), order_key(kind, bound)
        except (ValueError, ArithmeticError):
            continue
        if (difference[0] < difference[1]) if sign > 0 else (difference[0] > difference[1]):
            return False
    return True


class OneValue:
    """Answer what conditions ask (``conditions.Facts``) for a case in which only one field has a value."""

    def __init__(self, field: Field, value: Any, settings: Settings) -> None:
        self.field, self.sample, self.settings = field, value, settings

    def field_value(self, field: str) -> Any:
        """The sample value, whatever field is asked for."""
        return self.sample

    def group_outcomes(self, group: str) -> list[str | None]:
        """The empty list: no group has a case."""
        return []

    def is_time_up(self) -> bool:
        """False: the period runs."""
        return False

    def count_action(self, test: Test) -> int:
        """Zero: no action was done."""
        return 0

    def resolve_setting(self, text: str) -> str:
        """The value of the setting of that name, else the text itself."""
        return resolve_setting(self.settings, text)

    def type_of(self, field: str) -> str:
        """The field's type."""
        return self.field.type


def build_test_probe(field: Field, test: Test, settings: Settings) -> Probe:
    """Build the probe that tells whether a test holds for a value."""
    return lambda value: single_test_holds(test, OneValue(field, value, settings))


def build_input_probe(field: Field, input: Input, settings: Settings) -> Probe:
    """Build the probe that tells whether a value meets an input's conditions, other fields aside."""
    return lambda value: is_valid_input(field, value, input, settings, lambda name: None)


def is_valid_input(field: Field, value: Any, input: Input, settings: Settings, value_of: Callable[[str], Any]) -> bool:
    """Whether a value meets the conditions of an input; ``value_of`` gives the value of another field."""
    for verb, bound in input.conditions:
        if verb in ("at_least", "at_most"):
            amount = len(value) if isinstance(value, list) else value
            kind = "count" if isinstance(value, list) else field.type
            left, right = order_key(kind, amount), order_key(kind, resolve_setting(settings, bound))
            if (left < right) if verb == "at_least" else (left > right):
                return False
        if verb in ("is", "not") and field.type in ("choice", "yes_no"):
            expected = value_of(bound) if value_of(bound) is not None else parse_literal(field.type, bound)
            if (str(value) == str(expected)) != (verb == "is"):
                return False
    return True


def list_compared_choice_fields(procedure: Procedure) -> set[str]:
    """List the choice fields that an input compares with one another."""
    names = set()
    for _, action in procedure.all_actions():
        for input in action.inputs:
            for _verb, bound in input.conditions:
                field, bound_field = procedure.fields.get(input.field), procedure.fields.get(bound)
                if field and bound_field and field.type == bound_field.type in ("choice", "yes_no"):
                    names |= {input.field, bound}
    return names
