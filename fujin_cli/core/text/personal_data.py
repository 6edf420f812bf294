"""Find personal data in running text: phones, identity numbers, plates, bank cards, e-mail and WeChat ids.

Full-width characters, blanks, dashes and invisible characters inside of a number do not hide it. Numbers with a check
digit are found only where it is right. This is the only detector: a caller shows the kind and the place, never the
value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fujin_cli.core.text.half_width import to_half_width
from fujin_cli.core.text.invisible import DEFAULT_IGNORABLE
from fujin_cli.core.text.localized import LocalizedText, say


class PersonalKind(StrEnum):
    """List what is found."""

    IDENTITY = "identity"
    MOBILE = "mobile"
    BANK_CARD = "bank-card"
    LANDLINE = "landline"
    PLATE = "plate"
    EMAIL = "email"
    WECHAT = "wechat"


WORDS: Mapping[PersonalKind, LocalizedText] = {
    PersonalKind.IDENTITY: say("what looks like an identity number"),
    PersonalKind.MOBILE: say("what looks like a mobile number"),
    PersonalKind.BANK_CARD: say("what looks like the number of a bank card"),
    PersonalKind.LANDLINE: say("what looks like a telephone number"),
    PersonalKind.PLATE: say("what looks like a number plate"),
    PersonalKind.EMAIL: say("what looks like an e-mail address"),
    PersonalKind.WECHAT: say("what looks like a WeChat id"),
}


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """Say what was found from ``start`` to ``end`` (exclusive) of a text, in characters."""

    kind: PersonalKind
    start: int
    end: int


def find_personal_data(text: str) -> list[PersonalDatum]:
    """Find personal data, in the order of the text; no two places overlap."""
    if not _MAY_HOLD.search(text):
        return []
    # One character for one, so that places stay.
    narrowed = to_half_width(_NUMERALS.sub(_read_numerals, text)).upper()
    if len(narrowed) != len(text):  # a letter whose capital is two letters, such as ß
        narrowed = to_half_width(_NUMERALS.sub(_read_numerals, text))
    data: list[PersonalDatum] = []
    for kind, pattern, is_valid in _DETECTORS:
        for match in pattern.finditer(narrowed):
            start, end = match.span("value")
            taken = any(datum.start < end and start < datum.end for datum in data)
            if not taken and is_valid(match["value"]):
                data.append(PersonalDatum(kind, start, end))
    return sorted(data, key=lambda datum: datum.start)


_MAY_HOLD = re.compile(
    r"[@＠]|\d(?:.?.?\d){2}|[〇零一二三四五六七八九幺]{11}|[微薇威ＶV]|[WＷ][XＸE Ｅ]", re.IGNORECASE | re.DOTALL
)
_GAP = f"[ \t_./()·•|~{DEFAULT_IGNORABLE}-]{{0,2}}"  # what may stand between two digits of one number
_GAPS = re.compile(f"[ \t_./()·•|~{DEFAULT_IGNORABLE}-]+")
_CARD_GAP = f"[ \t{DEFAULT_IGNORABLE}-]{{0,2}}"
_BLANK = f"[ \t{DEFAULT_IGNORABLE}]{{0,2}}"
_INVISIBLE = re.compile(f"[{DEFAULT_IGNORABLE}]")
# No part of a longer number or code, and no decimals: a coordinate has as many digits as a phone number.
_ALONE, _SO_FAR = r"(?<![0-9A-Z])(?<![0-9]\.)(?<!\b[A-Z]-)", "(?![0-9A-Z])"

# Eleven Chinese digits or more: a phone number that is read out.
_NUMERALS = re.compile("[〇零一二三四五六七八九幺]{11,}")
_DIGITS_OF_NUMERALS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")


def _read_numerals(match: re.Match[str]) -> str:
    return match[0].translate(_DIGITS_OF_NUMERALS)


def _digits(count: str) -> str:
    return f"(?:{_GAP}[0-9]){count}"


# The provinces' codes of GB/T 2260, birthday, number, check digit; × is written for X.
_IDENTITY = rf"{_ALONE}(?P<value>[1-8]{_digits('{16}')}{_GAP}[0-9X×]){_SO_FAR}"
_MOBILE = rf"{_ALONE}(?:(?:\+|00)?86{_GAP})?\(?(?P<value>1{_GAP}[3-9]{_digits('{9}')}){_SO_FAR}"
_BANK_CARD = rf"{_ALONE}(?P<value>[3-69](?:{_CARD_GAP}[0-9]){{14,18}}){_SO_FAR}"
_LANDLINE = (
    r"(?<![0-9A-Z./-])\(?(?P<value>0(?:10|2[0-9]|[3-9][0-9]{2})\)?[ -]{0,2}[2-8][0-9]{2,3}[ -]?[0-9]{4})"
    f"{_SO_FAR}"
)
_PLATE_TAIL = "[A-HJ-NP-Z0-9]"
_PLATE = (
    "(?P<value>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    f"{_GAP}[A-HJ-NP-Z]{_GAP}(?:{_PLATE_TAIL}{_GAP}){{4,5}}[A-HJ-NP-Z0-9挂学警港澳]){_SO_FAR}"
)
_EMAIL = (
    rf"(?<![A-Z0-9._+-])(?P<value>[A-Z0-9][A-Z0-9._+-]{{0,63}}{_BLANK}@{_BLANK}"
    rf"(?:[A-Z0-9-]{{1,63}}{_BLANK}\.{_BLANK}){{1,4}}[A-Z]{{2,12}})(?![A-Z0-9-])"
)
_WECHAT_WORD = (
    rf"(?:[微薇威V]{_BLANK}信|WE{_BLANK}CHAT|WEI{_BLANK}XIN|(?<![A-Z0-9])[VW]X(?![A-Z])){_BLANK}"
    rf"(?:号码|号|账号|帐号|ID)?{_BLANK}"
)
_WECHAT = (
    rf"{_WECHAT_WORD}[:=是为]*{_BLANK}"
    rf"(?P<value>(?=[A-Z_-]*[0-9])[A-Z][A-Z0-9_-]{{5,19}}|[0-9]{{6,11}}){_SO_FAR}"
)
_WECHAT_LETTERS = rf"{_WECHAT_WORD}[:=是为]+{_BLANK}(?P<value>[A-Z][A-Z_-]{{5,19}}){_SO_FAR}"
_WECHAT_OWN = rf"{_ALONE}(?P<value>WXID_[A-Z0-9]{{6,20}}){_SO_FAR}"


def _strip_gaps(value: str) -> str:
    return _GAPS.sub("", value)


def _is_identity(value: str) -> bool:
    """Whether birthday and check digit are right (GB 11643-1999: ISO 7064, MOD 11-2)."""
    number = _strip_gaps(value).replace("×", "X")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return born.year >= 1900 and _CHECKS[total % 11] == number[-1]


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def _is_mobile(value: str) -> bool:
    """Whether the digits stand in groups of a phone number: not the numbers 1 to 19 in a row."""
    groups = [len(group) for group in _GAPS.split(_INVISIBLE.sub("", value))]
    return len(groups) == 11 or (len(groups) <= 5 and min(groups) >= 2)


def _is_bank_card(value: str) -> bool:
    """Whether the groups and the check digit (Luhn, ISO/IEC 7812-1) are those of a card."""
    groups = [len(group) for group in _GAPS.split(_INVISIBLE.sub("", value))]
    number = _strip_gaps(value)
    if number[0] == "9" and not number.startswith("9558"):
        return False
    if not (len(groups) in (1, 2) or all(size == 4 for size in groups[:-1]) or set(groups) == {1}):
        return False
    total = 0
    for position, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + position % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and len(set(number)) > 1


def _is_plate(value: str) -> bool:
    """Whether the tail is that of a plate (GA 36-2018): five characters with three digits; six of a new-energy car."""
    tail = _strip_gaps(value)[2:]
    if len(tail) == 6:
        return bool(_NEW_ENERGY.fullmatch(tail))
    return len(tail) == 5 and sum(character.isdigit() for character in tail) >= 3


_NEW_ENERGY = re.compile("[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK]")


def _is_always_valid(value: str) -> bool:
    return True


def _compile(
    kind: PersonalKind, pattern: str, is_valid: Callable[[str], bool] = _is_always_valid
) -> tuple[PersonalKind, re.Pattern[str], Callable[[str], bool]]:
    return kind, re.compile(pattern), is_valid


# What has a check digit comes first: an identity number may hold the digits of a phone number.
_DETECTORS = (
    _compile(PersonalKind.IDENTITY, _IDENTITY, _is_identity),
    _compile(PersonalKind.BANK_CARD, _BANK_CARD, _is_bank_card),
    _compile(PersonalKind.WECHAT, _WECHAT_OWN),
    _compile(PersonalKind.EMAIL, _EMAIL),
    _compile(PersonalKind.MOBILE, _MOBILE, _is_mobile),
    _compile(PersonalKind.LANDLINE, _LANDLINE),
    _compile(PersonalKind.PLATE, _PLATE, _is_plate),
    _compile(PersonalKind.WECHAT, _WECHAT),
    _compile(PersonalKind.WECHAT, _WECHAT_LETTERS),
)


def describe_personal_data(text: str) -> Iterator[LocalizedText]:
    """Describe each kind of personal data in a text once, without the data."""
    for kind in dict.fromkeys(datum.kind for datum in find_personal_data(text)):
        yield WORDS[kind]
