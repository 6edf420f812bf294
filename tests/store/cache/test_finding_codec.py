"""Findings go to JSON and come back the same, whatever they are made of."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.findings.finding import Finding, Place, Related, Span, TraceStep
from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.core.wording.labels import NamedTitle
from fujin_cli.store.cache.finding_codec import NotPlain, decode_finding, encode_finding, part_types

TEXTS = st.text(max_size=8)
ROUTES = st.lists(TEXTS | st.integers(0, 99), max_size=3).map(tuple)
SPANS = st.builds(Span, *[st.integers(1, 999)] * 4)
PLACES = st.builds(Place, TEXTS, ROUTES, st.booleans(), st.none() | SPANS)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXTS, inner, max_size=3)
        | st.builds(LocalizedText, TEXTS, st.dictionaries(TEXTS, inner, max_size=2))
        | st.builds(NamedTitle, st.dictionaries(TEXTS, TEXTS, max_size=2) | TEXTS, TEXTS)
    ),
    max_leaves=8,
)
MESSAGES = st.builds(LocalizedText, TEXTS, st.dictionaries(TEXTS, VALUES, max_size=3))
FINDINGS = st.builds(
    Finding,
    st.just("FJ101"),
    st.sampled_from(["error", "warning", "info"]),
    MESSAGES,
    PLACES,
    st.none() | MESSAGES,
    st.lists(st.builds(Related, MESSAGES, PLACES), max_size=2).map(tuple),
    st.lists(st.builds(TraceStep, MESSAGES, st.none() | PLACES), max_size=2).map(tuple),
)


@pytest.mark.slow
@given(FINDINGS)
def test_what_was_encoded_comes_back(finding: Finding) -> None:
    back = decode_finding(json.loads(json.dumps(encode_finding(finding))))
    assert back == finding and repr(back) == repr(finding)


def test_every_dataclass_that_a_finding_declares_is_known() -> None:
    assert {"Finding", "LocalizedText", "Place", "Related", "Span", "TraceStep"} <= set(part_types())
    assert all(fields(kind) is not None for kind in part_types().values())


def test_what_json_cannot_carry_is_refused() -> None:
    with pytest.raises(NotPlain):
        encode_finding(Finding("FJ101", "error", LocalizedText("{x}", {"x": {1, 2}}), Place("a")))


@pytest.mark.parametrize(
    "data", [None, 5, "FJ101", [], ["Finding"], ["Place", "a"], ["os.system", "true"], ["map", 5], [["Finding"], 1], {}]
)
def test_what_is_no_finding_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode_finding(data)
