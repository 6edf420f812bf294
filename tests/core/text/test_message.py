"""Sentences and titles in the language in use, and which language that is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fujin_cli import language
from fujin_cli.core.text.localized import LocalizedText, localize_value, plain_title_of, say, say_count, title_of
from fujin_cli.render.basics.text import display_width, to_one_line

NO_ACTION = "there is no action {action} at {step}"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language.current_language()
    language.set_language("en")
    yield
    language.set_language(before)


def test_a_sentence_fills_its_holes() -> None:
    assert str(say("{a} and {b}", a="x", b=2)) == "x and 2"
    assert str(say("nothing to fill")) == "nothing to fill"
    assert say("{text}", text="x") == LocalizedText("{text}", {"text": "x"})


def test_a_number_chooses_between_one_and_many() -> None:
    days = [say_count("in {count} day", "in {count} days", count=count) for count in (0, 1, 2)]
    assert [str(message) for message in days] == ["in 0 days", "in 1 day", "in 2 days"]
    language.set_language("zh")
    assert [str(message) for message in days] == ["还有 0 天", "还有 1 天", "还有 2 天"]


def test_a_value_with_braces_is_left_alone() -> None:
    assert str(say("{a}", a="{b} {0}")) == "{b} {0}"


def test_values_in_sentences() -> None:
    assert localize_value(["a", say("b {c}", c="d"), {"zh": "甲", "en": "first"}]) == "a, b d, first"
    assert localize_value({"b", "a"}) in ("a, b", "b, a")
    assert localize_value(None) == "None"
    language.set_language("zh")
    assert localize_value(["a", {"zh": "甲", "en": "first"}]) == "a、甲"


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("which procedure", {}, "哪个闭合程序"),
        (NO_ACTION, {"action": "accept", "step": "议事分流"}, "议事分流环节没有办理动作 accept"),
        (NO_ACTION, {"action": "受理", "step": "routing"}, "routing 环节没有办理动作受理"),
        ("all of {name} are {values}", {"name": "orders", "values": "已核实"}, "orders 全部为“已核实”"),
        ("{name} is {verb} {values}", {"name": "金额", "verb": "多于", "values": 3}, "金额多于 3"),
        ("within {time}", {"time": say_count("{count} day", "{count} days", count=2)}, "2 天之内"),
        ("in {units}, nobody can act as {names}", {"names": ["甲", "b"], "units": "C1"}, "C1 没有人能担任甲、b"),
        ("{case}: {step}", {"case": "C1", "step": "a  b 中 文"}, "C1：a  b 中 文"),
        ("{path}: {problem}", {"path": "\0", "problem": ""}, "："),
    ],
)
def test_a_value_meets_a_chinese_sentence_with_a_space_where_letters_do(
    text: str, values: dict[str, object], said: str
) -> None:
    language.set_language("zh")
    assert str(say(text, **values)) == said


def test_titles() -> None:
    assert title_of({"zh": "甲", "en": "first"}) == "first"
    assert title_of({"zh": "甲"}) == "甲"
    assert title_of("plain", "other") == "plain"
    assert title_of(None, "other") == title_of("", "other") == title_of({}, "other") == "other"
    language.set_language("zh")
    assert title_of({"zh": "甲", "en": "first"}) == "甲"


def test_an_unknown_language_falls_back_to_english() -> None:
    language.set_language("zh")
    language.set_language("tlh")
    assert language.current_language() == "en"


def test_a_sentence_that_nobody_translated_stays_english() -> None:
    language.set_language("zh")
    assert str(say("no such sentence in any catalogue: {a}", a=1)) == "no such sentence in any catalogue: 1"
    assert language.translate("") == ""


@pytest.mark.parametrize(
    ("environment", "declared", "chosen"),
    [
        ({}, (), ("en", "")),
        ({}, ("zh", "en"), ("zh", "")),
        ({}, ("fa", "zh", "en"), ("zh", "")),  # the first one that has screens
        ({}, ("fa",), ("en", "")),
        ({}, ("zh-Hans",), ("zh", "")),
        ({"FUJIN_LANG": "en"}, ("zh",), ("en", "FUJIN_LANG")),
        ({"FUJIN_LANG": "zh_CN.UTF-8"}, (), ("zh", "FUJIN_LANG")),
        ({"FUJIN_LANG": "ZH-cn"}, (), ("zh", "FUJIN_LANG")),
        ({"FUJIN_LANG": "klingon"}, ("zh",), ("zh", "")),
        ({"FUJIN_LANG": "klingon", "LANG": "en_GB.UTF-8"}, ("zh",), ("en", "LANG")),
        ({"FUJIN_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, (), ("en", "FUJIN_LANG")),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, (), ("zh", "LC_ALL")),
        ({"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "zh_CN"}, (), ("en", "LC_MESSAGES")),
        ({"LANG": "fr_FR.UTF-8"}, ("zh",), ("en", "LANG")),
        ({"LANG": "C"}, ("zh",), ("zh", "")),
        ({"LANG": "C.UTF-8"}, (), ("en", "")),
        ({"LC_ALL": "POSIX", "LANG": "en_US"}, ("zh",), ("zh", "")),
    ],
)
def test_which_language_the_screens_speak(
    environment: dict[str, str], declared: tuple[str, ...], chosen: tuple[str, str]
) -> None:
    assert language.choose_language(environment, declared) == chosen


def test_without_an_environment_the_process_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUJIN_LANG", "en")
    assert language.choose_language() == ("en", "FUJIN_LANG")


def test_a_language_without_screens_is_told_apart() -> None:
    assert language.find_unknown_setting({"FUJIN_LANG": "klingon"}) == "klingon"
    assert language.find_unknown_setting({"FUJIN_LANG": "zh_TW.UTF-8"}) is None
    assert language.find_unknown_setting({}) is None


@pytest.fixture
def declared() -> Iterator[None]:
    """A workspace in Uyghur and English."""
    language.set_title_languages(("ug", "en"))
    yield
    language.set_title_languages(())


@pytest.mark.usefixtures("declared")
def test_titles_follow_the_screens_then_the_workspace_then_their_first_key() -> None:
    language.set_language("zh")
    assert title_of({"en": "Roof", "zh": "屋顶"}) == "屋顶"
    assert title_of({"fr": "Toit", "en": "Roof"}) == "Roof"
    assert title_of({"en": "Roof", "ug": "x"}) == "x"
    assert title_of({"fr": "Toit", "de": "Dach"}) == "Toit"
    assert title_of({"en": "Roof", "zh-Hans": "屋顶"}) == "屋顶"
    assert title_of({"zh": "", "en": "Roof"}) == "Roof"
    assert title_of({}, "roof") == title_of(None, "roof") == "roof"


@pytest.mark.parametrize("title", ["سقف", "גג", "سقف (roof)", "٣ سقف"])
def test_titles_from_right_to_left_are_isolated(title: str) -> None:
    language.set_language("en")
    assert title_of({"fa": title}) == f"\u2068{title}\u2069"
    assert str(say("{step} is late", step={"fa": title})) == f"\u2068{title}\u2069 is late"
    assert plain_title_of({"fa": title}) == title
    assert to_one_line(title_of(title)) == f"\u2068{title}\u2069"
    assert display_width(title_of(title)) == display_width(title)


def test_isolates_that_do_not_end_are_dropped() -> None:
    assert to_one_line("a\u2068b") == to_one_line("a\u2069b\u2068") == "ab"
    assert to_one_line("\u202eab\u2068c\u2069") == "ab\u2068c\u2069"
