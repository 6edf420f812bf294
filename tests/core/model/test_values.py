"""Typed values: what each type takes, what it keeps, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.model.operators import order_key, parse_literal, parse_share
from fujin_cli.core.model.procedure import Field
from fujin_cli.core.model.values import LONGEST_TEXT, TYPES, Unfit, Values
from tests.support.small_town import sandbox

D = sandbox("""
forms: {row: {to: {type: partner, required: yes}, task: {type: text}, share: {type: share}}}
fields: {rows: {type: list, of: row}}
steps: {one: {owner: clerk, actions: {go: {to: two, by: clerk}}}, two: {end: done}}
""")
VALUES = Values(D.workspace.procedures["loop"], D.workspace.organisation, D.calendar)


def read(type_name: str, *texts: Any, **more: Any) -> Any:
    return VALUES.read(Field("it", type_name, **more), list(texts))


def unfit(type_name: str, *texts: Any, **more: Any) -> str:
    with pytest.raises(Unfit) as caught:
        read(type_name, *texts, **more)
    assert str(caught.value.message) == str(caught.value)
    return str(caught.value)


GOOD = [
    ("text", " a b ", "a b"),
    ("text", "x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
    ("place", "12 River Road", "12 River Road"),
    ("contact", "vault:c-0123456789abcdef", "vault:c-0123456789abcdef"),
    ("partner", "works", "works"),
    ("person", "clerk-1", "clerk-1"),
    ("case", "C1-202606a-0001", "C1-202606a-0001"),
    ("menu", "pipes", "pipes"),
    ("topic", "water", "water"),
    ("committee", "C1-pipes", "C1-pipes"),
    ("venue", "hall", "hall"),
    ("money", "120", "120.00"),
    ("money", "120.5", "120.50"),
    ("money", "0.00", "0.00"),
    ("number", "-1.50", "-1.50"),
    ("number", "1e3", "1E+3"),
    ("count", "007", 7),
    ("count", "0", 0),
    ("share", "2/3", "2/3"),
    ("share", "60%", "3/5"),
    ("share", "12.5%", "1/8"),
    ("share", "0.6", "3/5"),
    ("share", "1", "1"),
    ("duration", "2  working day", "2 working days"),
    ("date", "2026-12-01", "2026-12-01"),
    ("moment", "2026-12-01T09:30", "2026-12-01T01:30:00Z"),
    ("moment", "2026-12-01T09:30+00:00", "2026-12-01T09:30:00Z"),
    ("moment", "2026-12-01", "2026-11-30T16:00:00Z"),
    ("count", "１２", 12),
    ("count", "1,200", 1200),
    ("money", "１２０．５", "120.50"),
    ("money", "1,234,567.50", "1234567.50"),
    ("number", "－２。５", "-2.5"),
    ("share", "２／３", "2/3"),
    ("share", "６０％", "3/5"),
    ("duration", "２　working days", "2 working days"),
    ("date", "２０２６－１２－０１", "2026-12-01"),
    ("date", "2026/12/1", "2026-12-01"),
    ("date", "2026.12.01", "2026-12-01"),
    ("date", "2026年12月1日", "2026-12-01"),
    ("date", "20261201", "2026-12-01"),
    ("moment", "２０２６－１２－０１　０９：３０", "2026-12-01T01:30:00Z"),
    ("moment", "2026年12月1日 9:30", "2026-12-01T01:30:00Z"),
    ("year", "２０２６", "2026"),
    ("half-year", "２０２６－Ｈ１", "2026-H1"),
    ("yes_no", "ＹＥＳ", "yes"),
    ("case", "Ｃ１－２０２６０６ａ－０００１", "C1-202606a-0001"),
    ("partner", "ｗｏｒｋｓ", "works"),
    ("year", "2026", "2026"),
    ("half-year", "2026-H1", "2026-H1"),
    ("yes_no", "Yes", "yes"),
    ("yes_no", "true", "yes"),
    ("yes_no", "否", "no"),
    ("photo", "sha256:" + "0" * 64 + ".jpg", "sha256:" + "0" * 64 + ".jpg"),
    ("file", "sha256:" + "a" * 64, "sha256:" + "a" * 64),
    ("duty", "tuesday", "tuesday"),
    ("survey", "spring", "spring"),
]


@pytest.mark.parametrize(("type_name", "text", "value"), GOOD)
def test_good_values(type_name: str, text: str, value: Any) -> None:
    assert read(type_name, text) == value


def test_every_type_has_a_good_value_here() -> None:
    assert {type_name for type_name, _, _ in GOOD} | {"choice", "list"} == set(TYPES)


@pytest.mark.parametrize(
    ("type_name", "text"),
    [
        ("text", ""),
        ("text", "  "),
        ("text", "x" * (LONGEST_TEXT + 1)),
        ("text", "broken \udcff"),
        ("text", 5),
        ("text", None),
        ("contact", "0454-1234567"),
        ("contact", "vault:c-1"),
        ("partner", "nobody"),
        ("person", "nobody"),
        ("case", "XF01"),
        ("case", "C1-202606a-1"),
        ("count", "1_0"),
        ("count", "1,2"),
        ("count", "12,00"),
        ("money", "1_0"),
        ("money", "1,20"),
        ("number", "1_0"),
        ("number", "1e400"),
        ("number", "1e13"),
        ("number", "1,200"),
        ("share", "1_0/2_0"),
        ("share", "1e-400"),
        ("duration", "1_0 days"),
        ("date", "2026-W49-2"),
        ("date", "2026W492"),
        ("date", "2026-335"),
        ("date", "1/12/2026"),
        ("date", "2026-12/01"),
        ("moment", "2026-W49-2T09:30"),
        ("moment", "2026-12-01x09:30"),
        ("year", "2_026"),
        ("menu", "water"),
        ("topic", "pipes"),
        ("committee", "C1"),
        ("venue", "C1"),
        ("money", "-1"),
        ("money", "1.234"),
        ("money", "1,5"),
        ("money", "1e3"),
        ("money", "9" * 13),
        ("number", "ten"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", "1" * 21),
        ("count", "-1"),
        ("count", "1.5"),
        ("count", "1" * 10),
        ("share", "3/2"),
        ("share", "-1/2"),
        ("share", "1/0"),
        ("share", "half"),
        ("share", "101%"),
        ("share", "%"),
        ("duration", "2 fortnights"),
        ("duration", "0 days"),
        ("date", "2026-02-30"),
        ("date", "tomorrow"),
        ("date", "0001-01-01"),
        ("date", "9999-12-31"),
        ("moment", "noon"),
        ("moment", "0001-01-01T00:00"),
        ("moment", "9999-12-31T23:59"),
        ("year", "26"),
        ("year", "3026"),
        ("half-year", "2026-H3"),
        ("yes_no", "perhaps"),
        ("photo", "cat.jpg"),
        ("file", "sha256:12"),
    ],
)
def test_bad_values(type_name: str, text: Any) -> None:
    unfit(type_name, text)


def test_a_share_with_a_huge_exponent_is_refused_at_once() -> None:
    for text in ("1e-99999999", "1e99999999", "0." + "1" * 5000, "1/" + "9" * 5000):
        unfit("share", text)


def test_choices() -> None:
    assert read("choice", "a", of=("a", "b")) == "a"
    assert unfit("choice", "c", of=("a", "b")) == "c is not a value of it; choose one of a, b"


def test_one_value_is_one() -> None:
    assert unfit("text", "a", "b") == "it takes one value, 2 were given"
    assert unfit("text") == "it takes one value, 0 were given"


@pytest.mark.parametrize(
    ("type_name", "low", "high", "inside", "outside"),
    [
        ("count", "2", "10", ["2", "10"], ["1", "11"]),
        ("number", "-1", "1", ["-1", "0.5", "1"], ["-1.01", "1.01"]),
        ("money", "5", "100", ["5", "100.00"], ["4.99", "100.01"]),
        ("share", "1/3", "60%", ["1/3", "0.6"], ["0.3", "2/3"]),
    ],
)
def test_bounds_of_values(type_name: str, low: str, high: str, inside: list[str], outside: list[str]) -> None:
    for text in inside:
        read(type_name, text, at_least=low, at_most=high)
    for text in outside:
        unfit(type_name, text, at_least=low, at_most=high)


def test_bounds_of_a_text_are_none() -> None:
    assert read("text", "a", at_least="3") == "a"


def test_lists() -> None:
    assert read("list", "works, power", of=("partner",)) == ["works", "power"]
    assert read("list", "works", "power", of=("partner",)) == ["works", "power"]
    assert read("list", "a, b", of=("text",)) == ["a, b"]
    assert read("list", of=("partner",)) == []
    assert unfit("list", "works,works", of=("partner",)) == "it contains the same value twice"
    assert unfit("list", "works", of=("partner",), at_least="2") == "it takes at least 2 values"
    assert unfit("list", "works,power", of=("partner",), at_most="1") == "it takes at most 1 value"
    assert "nobody is not a value" in unfit("list", "works,nobody", of=("partner",))


def test_rows_of_a_form() -> None:
    rows = {"of": ("row",)}
    row = {"to": "works", "task": "dig", "share": "50%"}
    assert read("list", row, **rows) == [{"to": "works", "task": "dig", "share": "1/2"}]
    assert read("list", {"to": "works", "task": ""}, **rows) == [{"to": "works"}]
    for wrong in ("works", {"task": "dig"}, {"to": "works", "colour": "red"}):
        assert unfit("list", wrong, **rows) == "a row needs the fields to, task, share"
    assert "nobody is not a value of to" in unfit("list", {"to": "nobody"}, **rows)
    assert "to takes a text" in unfit("list", {"to": ["works"]}, **rows)


@pytest.mark.slow
@given(st.text(max_size=30), st.sampled_from([name for name in TYPES if name != "list"]))
@settings(deadline=None, max_examples=400)
def test_whatever_is_typed_is_a_value_or_unfit(text: str, type_name: str) -> None:
    try:
        value = read(type_name, text, of=("a",))
    except Unfit:
        return
    assert isinstance(value, str | int)
    assert read(type_name, str(value), of=("a",)) == value  # canonical: reading it again changes nothing
    order_key(type_name, value)


@given(st.fractions(0, 1, max_denominator=999))
@settings(deadline=None)
def test_shares_keep_their_value(value: Fraction) -> None:
    assert parse_share(str(value)) == value
    assert parse_share(read("share", str(value))) == value


@given(st.integers(0, 10**12 - 1), st.integers(0, 99))
@settings(deadline=None)
def test_money_is_exact(whole: int, cents: int) -> None:
    assert Decimal(read("money", f"{whole}.{cents:02}")) == whole + Decimal(cents) / 100


def test_order_compares_by_value_not_by_spelling() -> None:
    assert order_key("count", 10) > order_key("count", 9)
    assert order_key("money", "100.00") > order_key("money", "99.99")
    assert order_key("share", "2/3") > order_key("share", "60%")
    assert order_key("duration", "1 working day") > order_key("duration", "8 working hours")
    assert order_key("number", "1.0") == order_key("number", "1")
    assert order_key("date", "2026-10-01") > order_key("date", "2026-09-30")


@pytest.mark.parametrize(
    ("type_name", "text", "value"),
    [
        ("count", "03", 3),
        ("money", "120", "120.00"),
        ("share", "60%", "3/5"),
        ("yes_no", "true", "yes"),
        ("duration", "1 working days", "1 working day"),
        ("choice", "large", "large"),
        ("text", "60%", "60%"),
        ("count", "many", "many"),
        ("number", "1.0", "1.0"),
    ],
)
def test_a_literal_of_a_procedure_is_kept_as_an_entered_value_would_be(type_name: str, text: str, value: Any) -> None:
    assert parse_literal(type_name, text) == value
