"""Every number here is invented: 0000 in phones, no such birthday in the office, test cards of the card schemes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.text.personal_data import PersonalKind, describe_personal_data, find_personal_data

NO_BIRTHDAY = "230882199013070019"  # a right check digit, but month 13
VALID_IDENTITY = "11010119000101009X"


def kinds(text: str) -> list[str]:
    return [str(datum.kind) for datum in find_personal_data(text)]


FOUND = {
    "电话13900000000": "mobile",
    "周一13900000000来过": "mobile",
    "139 0000 0000": "mobile",
    "１３９－００００－００００": "mobile",
    "1 3 9 0 0 0 0 0 0 0 0": "mobile",
    "139.0000.0000": "mobile",
    "(139)00000000": "mobile",
    "+86 139-0000-0000": "mobile",
    "0086 13900000000": "mobile",
    "139\u200b0000\u200b0000": "mobile",
    "一三九〇〇〇〇〇〇〇〇": "mobile",
    "幺三九零零零零零零零零": "mobile",
    VALID_IDENTITY: "identity",
    "１１０１０１１９０００１０１００９Ｘ": "identity",
    "110101 19000101 009x": "identity",
    "110101-1900-0101-009×": "identity",
    "4111111111111111": "bank-card",
    "4111 1111 1111 1111": "bank-card",
    "４１１１－１１１１－１１１１－１１１１": "bank-card",
    "6200000000000000000": "bank-card",
    "0454-2345678": "landline",
    "（０４５４）２３４５６７８": "landline",
    "黑H12345": "plate",
    "黑Ｈ·１２３４５": "plate",
    "黑h 123 45停在门口": "plate",
    "黑HD12345": "plate",
    "京A12345D": "plate",
    "粤Z1234港": "plate",
    "name@example.com": "email",
    "name＠ｅｘａｍｐｌｅ．ｃｏｍ": "email",
    "name @ example . com": "email",
    "微信号：abc_123456": "wechat",
    "微 信: zhou-mou": "wechat",
    "薇信zhou1234": "wechat",
    "加VX：zhou1234": "wechat",
    "wxid_abcdef123456": "wechat",
    "WeChat ID: zhou1234": "wechat",
}


@pytest.mark.parametrize("text", FOUND)
def test_personal_data_however_it_is_written(text: str) -> None:
    assert kinds(text) == [FOUND[text]]


NOTHING = [
    "",
    "三号楼13单元1390号",
    "1 3 5 7 9 11 13 15 17 19",
    "订单20260601093012345678",
    "2026-06-01 09:30 12345",
    "XF01-202606a-0001",
    "40.76737207072669, -73.98182290295582",  # a coordinate
    "sha256:" + "13900000000" * 5,
    "vault:c-0139000000001390",
    "新H1N1流感",
    "京A级景区",
    "微信公众号 fujin2026",
    "微信群里说了三次",
    NO_BIRTHDAY,
    "110101190001010091",  # the wrong check digit
    "4111111111111112",
    "12345678901",
    "1 000 000 000 元",
    "@所有人",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_looks_like_it_and_is_not(text: str) -> None:
    assert kinds(text) == []


GAPS = st.sampled_from(["", " ", "-", "\u3000", "\u200b", "·", "－"])


@given(GAPS, GAPS, st.booleans())
def test_no_gap_and_no_width_hides_a_number(first: str, second: str, wide: bool) -> None:
    value = f"139{first}0000{second}0000"
    text = "请打" + (value.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}) if wide else value) + "。"
    [datum] = find_personal_data(text)
    assert (datum.kind, datum.start, datum.end) == (PersonalKind.MOBILE, 2, len(text) - 1)


@given(st.text())
def test_places_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    data = find_personal_data(text)
    assert all(0 <= datum.start < datum.end <= len(text) for datum in data)
    assert all(first.end <= second.start for first, second in itertools.pairwise(data))


def test_several_kinds_are_described_once_and_without_their_values() -> None:
    text = "周某 13900000000、13900000001，name@example.com"
    assert kinds(text) == ["mobile", "mobile", "email"]
    words = [str(kind) for kind in describe_personal_data(text)]
    assert words == ["what looks like a mobile number", "what looks like an e-mail address"]


def test_a_long_text_takes_no_long_time() -> None:
    """No pattern backtracks without bound: a megabyte of digits, blanks and signs is searched in seconds."""
    for part in ("1 ", "6-", "139 ", "a.", "a@b.", "微信:", "黑H1 ", "0"):
        find_personal_data(part * (100_000 // len(part)))
