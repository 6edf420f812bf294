"""Each page of docs/how-to-extend lists the code files that an extension touches, and lists them all."""

from __future__ import annotations

import re
from pathlib import Path

import generate
import pytest

FOLDER = generate.DOCS / "how-to-extend"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
AT_MOST = re.compile(r"^At most (\d+) code files", re.MULTILINE)
FILE = re.compile(r"^- `(fujin_cli/[\w/]+\.py)`", re.MULTILINE)
WITNESSES = re.compile(r"^Looked up by (.*)\.$", re.MULTILINE)


def modules() -> dict[str, str]:
    """Every module of the program by its path."""
    paths = sorted((generate.ROOT / "fujin_cli").rglob("*.py"))
    return {path.relative_to(generate.ROOT).as_posix(): path.read_text("utf-8") for path in paths}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_lists_existing_files_and_no_more_than_it_says(page: Path) -> None:
    text = page.read_text("utf-8")
    most, files = AT_MOST.search(text), FILE.findall(text)
    assert most is not None and 0 < len(files) <= int(most[1])
    assert [name for name in files if not (generate.ROOT / name).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_other_file_knows_the_example(page: Path) -> None:
    text = page.read_text("utf-8")
    listed, stated = set(FILE.findall(text)), WITNESSES.search(text)
    assert stated is not None
    witnesses = re.findall(r"`([^`]+)`", stated[1])
    knowing = {name for name, code in modules().items() if any(witness in code for witness in witnesses)}
    assert knowing and knowing <= listed


def test_the_table_has_every_page_with_its_number() -> None:
    rows = re.findall(
        r"^\| [\w -]+ \| (\d+) \| \[[\w -]+\]\(([\w-]+)\.md\) \|$", (FOLDER / "README.md").read_text("utf-8"), re.M
    )
    stated = {page.stem: match[1] for page in PAGES if (match := AT_MOST.search(page.read_text("utf-8")))}
    assert {name: number for number, name in rows} == stated
