"""Every command shown on a page is run, and shows what the page says; the runner itself can tell the difference."""

from __future__ import annotations

from pathlib import Path

import console
import generate
import pytest

from fujin_cli.store.workspace.template import template_files

PAGES = generate.told_pages()
COUNT = len(template_files())  # files of a new workspace


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(generate.ROOT).as_posix() for page in PAGES])
def test_a_page_shows_what_happens(page: Path) -> None:
    assert [
        f"{page.name}:{found.command.line}: {found.command.text}\n{found.why}" for found in console.check(page)
    ] == []


def told(tmp_path: Path, text: str) -> list[str]:
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    return [found.command.text for found in console.check(page)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        (f"no findings in {COUNT} files", True),
        ("no findings in … files", True),
        (f"no findings in {COUNT - 1} files", False),
        ("", False),
        (f"…\nno findings in {COUNT} files", True),
        (f"no findings in {COUNT} files\nand more", False),
    ],
)
def test_shown_text_is_compared(tmp_path: Path, shown: str, fits: bool) -> None:
    page = f"<!-- start: init -->\n```console\n$ fujin validate\n{shown}\n```\n"
    assert told(tmp_path, page) == ([] if fits else ["fujin validate"])


def test_a_failure_must_be_told(tmp_path: Path) -> None:
    said = "error: unknown command nothing\nhelp: choose one of: …\n…\n"
    assert told(tmp_path, f"```console\n$ fujin nothing\n{said}```\n") == ["fujin nothing"]
    assert told(tmp_path, f"```console\n$ fujin nothing\n{said}$ echo $?\n2\n```\n") == []
    assert told(tmp_path, f"```console\n$ fujin nothing\n{said}$ echo $?\n1\n```\n") == ["echo $?"]


@pytest.mark.slow
def test_a_code_stands_for_the_one_that_came(tmp_path: Path) -> None:
    story = (
        "<!-- start: init -->\n<!-- file contact.txt -->\n```text\nname: 样例\n```\n```console\n"
        "$ fujin case open resident-request --community C01 --as p-15 --set summary=x \\\n"
        ">     --set reporter=@contact.txt --now 2026-06-01T09:00\n"
        "…\nacceptance code for the reporter, shown once: 7K3Q9XZ2\n…\n"
        "$ fujin case advance C01-202606a-0001 withdraw --as p-13 --code 7K3Q9XZ2 --now 2026-06-01T09:01\n"
        "C01-202606a-0001: Withdrawn, ended (withdrawn)\n…\n```\n"
    )
    assert told(tmp_path, story) == []
    assert told(tmp_path, story.replace("--code 7K3Q9XZ2", "--code 8K3Q9XZ2")) != []


@pytest.mark.slow
def test_a_page_that_does_not_fit_is_written_anew_until_it_does(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- start: init -->\n```console\n$ fujin validate\n$ fujin outbox list\nold\n\n```\nText.\n", "utf-8"
    )
    page.write_text(console.rewritten(page), "utf-8")
    assert f"no findings in {COUNT} files" in page.read_text("utf-8")
    assert page.read_text("utf-8").endswith("```\nText.\n")
    assert console.check(page) == []
    assert console.rewritten(page) == page.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["", ".zh-CN"])
def test_a_fault_of_fujin_is_nothing_that_a_page_shows(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / f"page{language}.md"
    text = "<!-- start: init -->\n```console\n$ fujin validate\nold\n$ echo $?\n3\n```\n"
    page.write_text(text, "utf-8")

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fujin_cli.commands.workspace.validate.validate", broken)
    with pytest.raises(console.FaultShown, match=r"line 3: fujin validate\nended with 3"):
        console.rewritten(page)
    with pytest.raises(console.FaultShown):
        console.check(page)


@pytest.mark.parametrize(
    ("code", "output"),
    [
        (3, ""),
        (-11, ""),
        (127, "bash: fuijn: command not found"),
        (0, "error: internal error in fujin: X at y:1"),
        (0, "错误：这是 fujin 自身的错误：X"),
        (0, "Traceback (most recent call last):\n"),
    ],
)
def test_what_is_never_written_down(code: int, output: str) -> None:
    with pytest.raises(console.FaultShown):
        console.refuse_a_fault("fujin x | cat", code, output)


@pytest.mark.parametrize("code", [0, 1, 2, 75, 130])
def test_what_may_be_written_down(code: int) -> None:
    console.refuse_a_fault("fujin x", code, "error: a refusal")


def test_the_generator_names_the_page_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ fujin doctor; exit 3\n```\n", "utf-8")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "generated", dict)
    monkeypatch.setattr(generate, "told_pages", lambda: [page])
    monkeypatch.setattr("sys.argv", ["generate.py"])
    assert generate.main() == 1
    said = capsys.readouterr()
    assert said.err.startswith("page.md, line 2: fujin doctor; exit 3\nended with 3; mend that first")
    assert (said.out, page.read_text("utf-8")) == ("", "```console\n$ fujin doctor; exit 3\n```\n")
