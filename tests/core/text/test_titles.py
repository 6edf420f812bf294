"""Ids by titles: whole ones first, then their beginnings; and what resembles a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.text.titles import Titles, find_ids_by_title, find_nearest_ids, label_ids, titles_of

TITLES: Titles = {
    "police": {"zh": "公安部门", "en": "Police Department"},
    "traffic": {"zh": "交通警察部门", "en": "Traffic Police"},
    "building": {"zh": "一栋楼或一个单元", "en": "a building"},
    "unit": {"zh": "一个单元", "en": "a unit"},
    "plain": "Street office",
    "none": None,
}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("公安部门", ["police"]),
        ("police department", ["police"]),
        ("ＰＯＬＩＣＥ　Department", ["police"]),
        ("一栋楼", ["building"]),
        ("一", []),  # too short to begin a title
        ("a ", []),
        ("street", ["plain"]),
        ("a b", ["building"]),
        ("一个单元", ["unit"]),  # whole, although it stands in another title, too
        ("警察", []),
        ("", []),
    ],
)
def test_ids_by_title(text: str, ids: list[str]) -> None:
    assert find_ids_by_title(text, TITLES) == ids


def test_a_title_of_two_things_and_a_whole_name() -> None:
    people = {"p-1": "李 伟", "p-2": "李伟", "p-3": "李伟民"}
    assert find_ids_by_title("李伟", people) == ["p-1", "p-2"]
    assert find_ids_by_title("李伟", {"p-3": "李伟民"}) == ["p-3"]
    assert find_ids_by_title("李伟", {"p-3": "李伟民"}, whole=True) == []


@given(st.dictionaries(st.text(max_size=4), st.text(min_size=1, max_size=6), max_size=5), st.text(max_size=6))
def test_every_title_names_its_thing(titles: dict[str, str], text: str) -> None:
    for id, title in titles.items():
        if "".join(title.split()):
            assert id in find_ids_by_title(title, titles)
    assert set(find_ids_by_title(text, titles)) <= titles.keys()
    assert set(find_nearest_ids(text, titles)) <= titles.keys()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("公安局", ["Police Department (police)"]),
        ("traffik", ["Traffic Police (traffic)"]),
        ("plan", ["Street office (plain)"]),
        ("水务", []),
    ],
)
def test_what_resembles_a_wrong_title(text: str, labels: list[str]) -> None:
    assert list(map(str, label_ids(find_nearest_ids(text, TITLES), TITLES))) == labels


def test_titles_of_what_has_none() -> None:
    assert titles_of(["a", "b"]) == {"a": None, "b": None}
    assert titles_of({"a": {"title": "A"}, "b": {}}) == {"a": "A", "b": None}
    assert label_ids(["a", "b"], {"a": "a", "b": None}) == ["a", "b"]
