"""Generated pages are fresh, every command and code is documented, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import generate
import pytest
from babel.messages.pofile import read_po

from fujin_cli.rules.registry import codes, page

PAGES = sorted([*generate.ROOT.glob("README*.md"), generate.ROOT / "tests" / "README.md", *generate.DOCS.rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def generated() -> dict[Path, str]:
    return generate.generated()


@pytest.mark.slow
def test_generated_pages_are_fresh(generated: dict[Path, str]) -> None:
    stale = [path.name for path, text in generated.items() if path.read_text("utf-8") != text]
    assert stale == [], "run `make docs`"


@pytest.mark.parametrize("name", ["commands.md", "commands.zh-CN.md"])
def test_commands_documented_are_the_commands_that_exist(name: str) -> None:
    text = (generate.DOCS / "reference" / name).read_text("utf-8")
    headings = re.findall(r"^##+ (fujin .+)$", text, re.MULTILINE)
    assert headings == [context.command_path for _command, context in generate.commands()]


def test_every_option_is_documented() -> None:
    text = (generate.DOCS / "reference" / "commands.md").read_text("utf-8")
    for command, context in generate.commands():
        for option in [] if generate.is_group(command) else generate.options_of(command, context):
            assert f"`{option}`" in text


def test_every_code_is_documented() -> None:
    text = (generate.DOCS / "reference" / "findings.md").read_text("utf-8")
    assert re.findall(r"^### (FJ\d{3}) · ", text, re.MULTILINE) == codes()


def test_every_refusal_has_a_page() -> None:
    from fujin_cli.core.findings import refusals

    refused = {value for value in vars(refusals).values() if isinstance(value, str) and re.fullmatch(r"FJ8\d\d", value)}
    assert refused == {code for code in codes() if code[2] == "8"}


def test_every_code_in_the_program_has_a_page() -> None:
    package = generate.ROOT / "fujin_cli"
    named = {code for path in package.rglob("*.py") for code in re.findall(r"\"(FJ\d{3})\"", path.read_text("utf-8"))}
    bounds = {"FJ200"}  # the end of a family, where configuration is loaded
    assert named - bounds <= set(codes())


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", without_blocks(page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(generate.ROOT).as_posix() for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(without_blocks(page.read_text("utf-8"))):
        assert not target.startswith(("http:", "//"))
        if target.startswith("https:"):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.is_relative_to(generate.ROOT), target
        assert other.exists(), target
        if anchor:
            assert anchor in anchors(other), target


def test_the_index_lists_every_page() -> None:
    index = generate.DOCS / "index.md"
    listed = {(generate.DOCS / target.partition("#")[0]).resolve() for target in LINK.findall(index.read_text("utf-8"))}
    assert {page for page in generate.DOCS.rglob("*.md") if page != index} <= listed


def course(page: Path) -> list[str]:
    """What a page and its translation have in common: how deep its headings are, and what is typed."""
    lines = page.read_text("utf-8").splitlines()
    typed = [line for line in lines if line.startswith(("$ ", "> ", "#"))]
    return [re.match("#+", line)[0] if line[0] == "#" else re.sub(r"=?'[^']*'|=\S+", "", line) for line in typed]  # type: ignore[index]


CHINESE = sorted(generate.DOCS.rglob("*.zh-CN.md"))


@pytest.mark.parametrize("page", CHINESE, ids=[page.name for page in CHINESE])
def test_a_chinese_page_goes_the_way_of_the_english_one(page: Path) -> None:
    english = page.with_name(page.name.replace(".zh-CN.md", ".md"))
    assert course(page) == course(english)
    assert f"]({english.name})" in page.read_text("utf-8")


def test_messages_on_pages_of_codes_are_those_of_the_program() -> None:
    """What a page shows of a screen is what some sentence says, with anything in its holes."""
    catalogue = generate.ROOT / "fujin_cli" / "locale" / "zh" / "LC_MESSAGES" / "fujin.po"
    with catalogue.open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    known = [text for id in ids for text in ([id] if isinstance(id, str) else id)]
    telling = [text for text in known if re.search("[a-z]{4}", re.sub(r"\{\w+\}", "", text))]
    patterns = [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)), re.DOTALL) for text in telling]
    said = []
    for code in codes():
        for block in re.findall(r"^```text\n(.*?)^```$", page(code) or "", re.MULTILINE | re.DOTALL):
            lines = re.sub(r"\n(?=[a-z][^\n]* )(?!error|warning|info)", " ", block)  # what a line goes on with
            said += re.findall(r"^(?:error|warning|info)(?:\[FJ\d{3}\])?: (.+)$", lines, re.MULTILINE)
            said += re.findall(r"^   = help: (.+)$", lines, re.MULTILINE)
    assert len(said) > 30
    assert [text for text in said if not any(one.fullmatch(text) for one in patterns)] == []
