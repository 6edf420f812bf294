"""Ids of cases and volumes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.model.ids import NAME, Volume, format_case_id, next_part, number_of, part_sort_key, volume_of

COMMUNITIES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True)
PARTS = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
MONTHS = st.from_regex(r"20[0-9]{4}", fullmatch=True)


def test_an_id_reads_as_written() -> None:
    assert format_case_id(Volume("XF01", "202611", "a"), 42) == "XF01-202611a-0042"
    assert volume_of("XF01-202611a-0042") == Volume("XF01", "202611", "a")
    assert str(volume_of("XF01-202611a-0042")) == "XF01-202611a"
    assert number_of("XF01-202611a-0042") == 42
    assert volume_of("east-side_2-202611ab-123456") == Volume("east-side_2", "202611", "ab")


@pytest.mark.slow
@given(COMMUNITIES, MONTHS, PARTS, st.integers(1, 999_999))
@settings(deadline=None)
def test_an_id_names_its_volume(community: str, month: str, part: str, number: int) -> None:
    volume = Volume(community, month, part)
    id = format_case_id(volume, number)
    assert volume_of(id) == volume
    assert number_of(id) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "XF01",
        "XF01-202611-0042",
        "XF01-202611A-0042",
        "XF01-202611a-42",
        "-202611a-0042",
        "XF01-202611a-0042 ",
        "XF01-202611a-0042\n",
        "../XF01-202611a-0042",
        "XF01-202611abcde-0042",
        "XF/01-202611a-0042",
    ],
)
def test_what_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        volume_of(text)


def test_parts_follow_each_other() -> None:
    assert [next_part(part) for part in ("a", "y", "z", "az", "zz", "abz")] == ["b", "z", "aa", "ba", "aaa", "aca"]
    parts = ["a"]
    for _ in range(800):
        parts.append(next_part(parts[-1]))
    assert len(set(parts)) == len(parts)
    assert sorted(parts, key=part_sort_key) == parts


def test_names() -> None:
    assert NAME.fullmatch("XF01-environment")
    for text in ("", "-a", "a b", "名", "a" * 65):
        assert not NAME.fullmatch(text)
