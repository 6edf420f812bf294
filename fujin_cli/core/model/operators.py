"""List the operators of conditions: what each applies to, how it compares, and how it reads; read what it compares.

A new operator is one row here and one key in the schema (``store/schema/shapes/guards.py``). Every other place, such as
the engine, the explorer, the wording and the rules, looks it up. See docs/how-to-extend/operator.md.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fujin_cli.core.calendar.duration import approximate_minutes, parse_duration
from fujin_cli.core.text.localized import LocalizedText, say

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

# What an operator can be applied to. SIZED is a list by its length, ORDERED a value of a type that has an order.
CASES, JOINED_CASE, PLAIN, ORDERED, SIZED, OPAQUE = "cases", "joined case", "plain", "ordered", "sized", "opaque"
_WHOLE = re.compile("[0-9]{1,9}")
_SHARE = re.compile(r"[0-9]{1,12}(/[0-9]{1,12}|(\.[0-9]{1,12})?%?)")
YES_OR_NO = {"yes": "yes", "true": "yes", "是": "yes", "no": "no", "false": "no", "否": "no"}
ORDERED_TYPES = ("count", "number", "money", "share", "duration", "date", "moment", "year", "half-year")
OPAQUE_TYPES = ("text", "contact", "photo", "file", "place", "duty", "survey")


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. ``sentence`` has the holes ``name`` and ``values``.

    - ``compares(value, bound)``: for operators of an order, on numbers, dates and lengths alike.
    - ``holds_for(matching, total)``: for operators on the cases of a group, of which ``matching`` have the outcome.
    - ``relation``: the comparison alone, for "done at least 3 times".
    - ``grows``: whether it holds more often with more values (True), with fewer (False), or neither (None).
    """

    name: str
    subjects: frozenset[str]
    sentence: LocalizedText
    compares: Callable[[Any, Any], bool] | None = None
    holds_for: Callable[[int, int], bool] | None = None
    relation: LocalizedText | None = None
    grows: bool | None = None


def _order_operator(name: str, relation: LocalizedText, compares: Callable[[Any, Any], bool], *more: str) -> Operator:
    sentence = say("{name} is {verb} {values}", verb=relation)
    return Operator(name, frozenset({ORDERED, SIZED, *more}), sentence, compares, relation=relation)


# The order of the rows is the order in which help texts list what can be asked of a field.
OPERATORS = {
    row.name: row
    for row in (
        # false for an empty group, because no case of it has answered
        Operator(
            "all",
            frozenset({CASES, JOINED_CASE}),
            say("all of {name} are {values}"),
            holds_for=lambda matching, total: 0 < total == matching,
            grows=True,
        ),
        Operator(
            "any",
            frozenset({CASES, JOINED_CASE}),
            say("at least one of {name} is {values}"),
            holds_for=lambda matching, total: matching > 0,
            grows=True,
        ),
        Operator(
            "none",
            frozenset({CASES, JOINED_CASE}),
            say("none of {name} is {values}"),
            holds_for=lambda matching, total: matching == 0,
            grows=False,
        ),
        Operator("is", frozenset({PLAIN, ORDERED}), say("{name} is {values}"), grows=True),
        Operator("not", frozenset({PLAIN, ORDERED}), say("{name} is not {values}"), grows=False),
        _order_operator("at_least", say("at least"), operator.ge, CASES),
        _order_operator("at_most", say("at most"), operator.le),
        _order_operator("over", say("over"), operator.gt),
        _order_operator("under", say("under"), operator.lt),
        Operator("given", frozenset({JOINED_CASE, PLAIN, ORDERED, SIZED, OPAQUE}), say("{name} is given")),
        Operator("missing", frozenset({JOINED_CASE, PLAIN, ORDERED, SIZED, OPAQUE}), say("{name} is not given")),
    )
}
ORDER_OPERATORS = tuple(name for name, row in OPERATORS.items() if row.compares is not None)
GROUP_OPERATORS = tuple(name for name, row in OPERATORS.items() if CASES in row.subjects)
OUTCOME_OPERATORS = tuple(name for name, row in OPERATORS.items() if row.holds_for is not None)
IDENTITY_OPERATORS = ("is", "not")


def subject_of(type_name: str, is_list: bool) -> str:
    """Give the subject that a field of a type is: a list by its size, else by its type."""
    if is_list:
        return SIZED
    if type_name == "case":
        return JOINED_CASE
    if type_name in ORDERED_TYPES:
        return ORDERED
    return OPAQUE if type_name in OPAQUE_TYPES else PLAIN


def operators_for(subject: str) -> tuple[str, ...]:
    """List the names of the operators that apply to a subject."""
    return tuple(name for name, row in OPERATORS.items() if subject in row.subjects)


def comparison_holds(name: str, value: Any, bound: Any) -> bool:
    """Compare a value with a bound of the same order; an operator without an order means equality."""
    row = OPERATORS.get(name)
    return bool(row.compares(value, bound) if row and row.compares else value == bound)


def values_imply(name: str, first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether an operator that holds with the first values also holds with the second; False where it is not known."""
    row = OPERATORS.get(name)
    if tuple(first) == tuple(second):
        return True
    if row is None or (row.compares is None and row.grows is None):
        return False
    if row.compares is not None:
        numbers = [int(text) for text in (*first, *second) if text.isdigit()]
        return len(first) == len(second) == 1 and len(numbers) == 2 and bool(row.compares(*numbers))
    return set(first) <= set(second) if row.grows else set(first) >= set(second)


def parse_share(text: str) -> Fraction:
    """Read a share between 0 and 1: ``2/3``, ``60%`` or ``0.6``. Raises ValueError."""
    if not _SHARE.fullmatch(text):  # a fraction of any spelling may take for ever: 1e999999999
        raise ValueError(text)
    from fractions import Fraction

    try:
        value = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except ZeroDivisionError:
        raise ValueError(text) from None
    if value > 1:
        raise ValueError(text)
    return value


@lru_cache(4096)
def _decimal(text: str) -> Decimal:
    from decimal import Decimal  # imported here because few conditions compare numbers

    return Decimal(text)


def _whole_number(text: str) -> int:
    if not _WHOLE.fullmatch(text):  # int would read 1_0 as 10
        raise ValueError(text)
    return int(text)


def parse_literal(type_name: str, text: str) -> Any:
    """Read a procedure's literal as a value; one that does not fit its type stays a text (rules report it)."""
    try:
        return _LITERALS[type_name](text)
    except (KeyError, ValueError, ArithmeticError):
        return text


_LITERALS: Mapping[str, Callable[[str], Any]] = {
    "count": _whole_number,
    "money": lambda text: f"{_decimal(text):.2f}",
    "share": lambda text: str(parse_share(text)),
    "duration": lambda text: str(parse_duration(text)),
    "yes_no": lambda text: YES_OR_NO[text.lower()],
}


def order_key(type_name: str, value: Any) -> Any:
    """Give a key by which values of an ordered type compare; equal values of other types have equal keys."""
    if type_name in ("count", "number", "money"):
        return _decimal(str(value))
    if type_name == "share":
        return parse_share(str(value))
    if type_name == "duration":
        return approximate_minutes(parse_duration(str(value)))
    return str(value)
