"""Every code has a Chinese page: whole, of today's text, with the examples of the English one."""

from __future__ import annotations

import re
from collections import defaultdict

import chinese_pages
import pytest
from babel.messages.pofile import read_po

from fujin_cli.rules.explain import digest, page_in
from fujin_cli.rules.registry import codes, page
from tests.support.page_examples import examples

ENGLISH = """
# FJ899 · A title

Why it matters.

Failing:

```yaml fail x.yaml
one: 1
```

To mend it, mend it.
"""
HEAD = f"<!-- FJ899, translated from {digest(ENGLISH)} -->\n"
CHINESE = f"{HEAD}# FJ899 · 标题\n\n为什么要紧。\n\n出错的例子：\n\n{{example 1}}\n\n改法：改掉它。\n"
CONSOLE = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    found = defaultdict(list)
    for said in chinese_pages.problems():
        found[said.partition(":")[0]].append(said)
    return found


@pytest.mark.parametrize("code", codes())
def test_a_code_has_a_chinese_page_of_today(code: str, wrong: dict[str, list[str]]) -> None:
    assert wrong[code] == []


def test_no_page_is_left_over(wrong: dict[str, list[str]]) -> None:
    assert set(wrong) <= set(codes())


@pytest.mark.parametrize("code", [code for code in codes() if code[2] in "12345"])
def test_a_page_has_the_parts_of_the_english_one(code: str) -> None:
    chinese = page_in("zh", code) or ""
    assert examples(chinese) == examples(page(code) or "")
    for part in ("出错的例子：", "正确的例子：", "改法："):
        assert part in chinese


def test_a_good_page_is_silent() -> None:
    assert chinese_pages.problems_of("FJ899", ENGLISH, CHINESE) == []


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        (ENGLISH, None, "there is no Chinese page"),
        (ENGLISH, CHINESE.replace(HEAD, ""), "the first line"),
        (ENGLISH, CHINESE.replace("FJ899,", "FJ898,"), "the first line"),
        (ENGLISH.replace("matters", "matters a lot"), CHINESE, "translates an older text"),
        (ENGLISH, CHINESE.replace("{example 1}\n\n", ""), "must have {example 1}"),
        (ENGLISH, CHINESE.replace("{example 1}", "{example 2}"), "must have {example 1}"),
        (ENGLISH, CHINESE.replace("为什么要紧", "It still matters"), "English is left"),
        (ENGLISH, CHINESE.replace("标题", "Title"), "the title must be"),
        (ENGLISH, CHINESE.replace("要紧。", "要紧"), "must end with Chinese punctuation"),
    ],
)
def test_what_is_wrong_with_a_page_is_said(english: str, chinese: str | None, said: str) -> None:
    (found,) = chinese_pages.problems_of("FJ899", english, chinese)
    assert found.startswith("FJ899: ") and said in found


def test_a_stale_page_says_what_to_do() -> None:
    changed = ENGLISH.replace("matters", "matters a lot")
    (found,) = chinese_pages.problems_of("FJ899", changed, CHINESE)
    assert "fujin_cli/rules" in found
    assert f"<!-- FJ899, translated from {digest(changed)} -->" in found


def test_neither_an_example_nor_the_ends_of_lines_make_a_page_stale() -> None:
    assert digest(ENGLISH) == digest(ENGLISH.replace("one: 1", "two: 2").replace("Why it", "Why\nit"))
    assert digest(ENGLISH) != digest(ENGLISH.replace("matters", "counts"))


def test_messages_on_chinese_pages_are_those_of_the_program() -> None:
    """What a page shows of a screen is what some sentence of the catalogue says, with anything in its holes."""
    catalogue = chinese_pages.ROOT / "fujin_cli" / "locale" / "zh" / "LC_MESSAGES" / "fujin.po"
    with catalogue.open("rb") as file:
        forms = [message.string for message in read_po(file) if message.id]
    known = [(form if isinstance(form, str) else form[0]).replace(" ", "") for form in forms]
    telling = [text for text in known if len(re.findall("[一-鿿]", re.sub(r"\{\w+\}", "", text))) >= 3]
    patterns = [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text))) for text in telling]
    said = []
    for code in codes():
        for block in CONSOLE.findall(page_in("zh", code) or ""):
            said += re.findall(r"^(?:错误|警告|提示)(?:\[FJ\d{3}\])?：(.+)$", block, re.MULTILINE)
            said += re.findall(r"^   = 解决办法：(.+)$", block, re.MULTILINE)
    assert len(said) > 30
    assert [text for text in said if not any(one.fullmatch(text.replace(" ", "")) for one in patterns)] == []
