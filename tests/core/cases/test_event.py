"""Events as JSON, and the chain of hashes over them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.cases.event import Event, EventKind, canonical_json, compute_digest, compute_event_hash
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.payloads import PAYLOADS
from fujin_cli.core.findings.refusals import Refusal

SHANGHAI = timezone(timedelta(hours=8))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
TEXTS = st.text(max_size=10)
FILLED = st.dictionaries(st.text(min_size=1, max_size=5), JSON, max_size=3)
EVENTS = st.builds(
    Event,
    n=st.integers(1, 10**6),
    at=st.datetimes(datetime(1900, 1, 2), datetime(2990, 1, 1), timezones=st.just(UTC) | st.just(SHANGHAI)),
    kind=TEXTS,
    by=TEXTS,
    entered_by=TEXTS,
    action=st.none() | TEXTS,
    from_step=st.none() | TEXTS,
    to_step=st.none() | TEXTS,
    set=FILLED,
    note=st.none() | TEXTS,
    tells=st.lists(FILLED, max_size=2).map(tuple),
    data=FILLED,
    op=TEXTS,
)


def test_the_record_leaves_out_what_is_empty() -> None:
    event = Event(n=1, at=datetime(2026, 6, 1, 9, tzinfo=SHANGHAI), kind="opened", by="a", entered_by="b")
    assert event.to_record() == {
        "n": 1,
        "at": "2026-06-01T01:00:00.000000Z",
        "kind": "opened",
        "by": "a",
        "entered_by": "b",
        "op": "",
    }


@pytest.mark.slow
@given(EVENTS)
@settings(deadline=None)
def test_an_event_is_what_its_record_says(event: Event) -> None:
    text = json.dumps(event.to_record())
    loaded = Event.from_record(json.loads(text))
    assert loaded == event
    assert loaded.to_record() == event.to_record()


def test_canonical_json() -> None:
    assert canonical_json({"b": [1, None, True], "a": "居民"}) == '{"a":"居民","b":[1,null,true]}'


@pytest.mark.slow
@given(JSON)
@settings(deadline=None)
def test_the_digest_is_of_the_meaning(value: Any) -> None:
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)
    assert compute_digest(value) == hashlib.sha256(canonical_json(value).encode()).hexdigest()


def test_the_digest_does_not_know_the_order_of_keys_but_that_of_lists() -> None:
    assert compute_digest({"a": 1, "b": 2}) == compute_digest({"b": 2, "a": 1})
    assert compute_digest([1, 2]) != compute_digest([2, 1])


def test_a_text_that_is_no_utf8_has_no_digest() -> None:
    with pytest.raises(UnicodeEncodeError):
        compute_digest("\ud800")


@pytest.mark.slow
@given(EVENTS, st.sampled_from(["op", "kind", "by", "entered_by", "note", "action"]))
@settings(deadline=None, max_examples=50)
def test_the_chain_binds_everything(event: Event, name: str) -> None:
    stamped = event.with_hash("operation", "XF01-202611a-0001", "0" * 64)
    record = stamped.to_record()
    assert stamped.op == "operation"
    assert stamped.hash == compute_event_hash("0" * 64, "XF01-202611a-0001", record)
    assert stamped.hash != compute_event_hash("1" * 64, "XF01-202611a-0001", record)
    assert stamped.hash != compute_event_hash("0" * 64, "XF01-202611a-0002", record)
    assert stamped.hash != compute_event_hash(
        "0" * 64, "XF01-202611a-0001", {**record, name: f"{record.get(name)} and more"}
    )
    assert Event.from_record({**record, "hash": stamped.hash}) == stamped


def test_every_kind_has_a_payload() -> None:
    assert set(PAYLOADS) == set(EventKind)


def test_a_kind_of_a_newer_program_is_read_as_it_is_written() -> None:
    record = {"n": 1, "at": "2026-06-01T01:00:00.000000Z", "kind": "voted", "by": "a", "entered_by": "a", "op": ""}
    event = Event.from_record(record)
    assert isinstance(event.kind, EventKind)
    assert event.kind not in list(EventKind)
    assert event.to_record() == record
    with pytest.raises(Refusal, match="cannot be read"):
        replay("XF01-202606a-0001", [event])
    assert json.dumps(Event.from_record({**record, "kind": "time-up"}).to_record()) == json.dumps(
        {**record, "kind": "time-up"}
    )
