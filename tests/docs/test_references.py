"""Documents that comments and docstrings name exist, and decision records have their parts."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import generate
import pytest

DOCUMENT = re.compile(r"[\w./-]*\w\.md\b")
RULE_PAGES = generate.DOCS / "reference"  # docstrings of rules are pages of docs/reference/findings.md
MODULE = re.compile(r"`(?:fujin_cli/)?((?:core|store|rules|render|commands|use_cases|tests)/[\w./-]+)`")
FICTIONAL = re.compile(r"[A-Z]|fj217|/golden/")  # placeholders, the example of a page, and what is no code
COMMENTED = ("Makefile", "pyproject.toml", ".pre-commit-hooks.yaml", ".gitignore")
SOURCES = sorted([*(generate.ROOT / "fujin_cli").rglob("*.py"), *(generate.ROOT / "tests").rglob("*.py")])
PAGES = sorted(generate.DOCS.rglob("*.md"))
RECORDS = sorted((generate.DOCS / "decisions").glob("adr-*.md"))


def docstrings(source: Path) -> Iterator[str]:
    """The docstrings of a module, its classes and its functions."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def comments(source: Path) -> Iterator[str]:
    """The comments of a Python file."""
    with source.open("rb") as file:
        yield from (token.string for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT)


def missing(texts: Iterator[str], folders: tuple[Path, ...]) -> list[str]:
    """The documents that the texts name and that no folder has."""
    names = [name for text in texts for name in DOCUMENT.findall(text)]
    return [name for name in names if not any((folder / name).is_file() for folder in folders)]


@pytest.mark.slow
def test_documents_named_in_the_code_exist() -> None:
    absent = {
        source.relative_to(generate.ROOT).as_posix(): names
        for source in SOURCES
        if (names := missing(iter([*docstrings(source), *comments(source)]), (generate.ROOT, RULE_PAGES)))
    }
    assert absent == {}


def test_documents_named_beside_the_code_exist() -> None:
    for name in COMMENTED:
        lines = (generate.ROOT / name).read_text("utf-8").splitlines()
        assert missing((line for line in lines if "#" in line), (generate.ROOT,)) == [], name


def test_documents_named_in_documents_exist() -> None:
    pages = sorted(page for page in generate.DOCS.rglob("*.md") if page.name != "commands.md")
    names = {name for page in pages for name in re.findall(r"`(docs/[^`\s]+\.md)`", page.read_text("utf-8"))}
    assert missing(iter(names), (generate.ROOT,)) == []


def modules(text: str) -> list[str]:
    """The modules and test files that a page names in backquotes, as paths without a suffix; old names are left out."""
    current = text.partition("## Old names")[0]
    return [name.removesuffix(".py").rstrip("/") for name in MODULE.findall(current) if not FICTIONAL.search(name)]


def test_modules_named_in_documents_exist() -> None:
    roots = (generate.ROOT / "fujin_cli", generate.ROOT)
    absent = {
        page.relative_to(generate.ROOT).as_posix(): names
        for page in PAGES
        if (
            names := [
                name
                for name in modules(page.read_text("utf-8"))
                if not any((root / name).is_dir() or (root / f"{name}.py").is_file() for root in roots)
            ]
        )
    }
    assert absent == {}


def test_a_missing_document_is_noticed() -> None:
    assert missing(iter(['see docs/index.md and docs/absent.md, "Part"']), (generate.ROOT,)) == ["docs/absent.md"]


@pytest.mark.parametrize("record", RECORDS, ids=[record.stem for record in RECORDS])
def test_a_decision_record_has_its_parts(record: Path) -> None:
    text = record.read_text("utf-8")
    number = int(record.name.split("-")[1])
    assert text.startswith(f"# ADR {number} · ")
    dated = re.search(r"^Date: (\S+?)\.?(?: |$)", text, re.MULTILINE)
    assert dated and date.fromisoformat(dated[1])
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [section.splitlines()[0] for section in sections] == ["Context", "Decision", "Considered", "Consequences"]
    assert all(len(section.splitlines()) > 2 for section in sections)
    assert len(text.splitlines()) <= 50  # a page


def test_records_are_numbered_and_listed() -> None:
    assert [int(record.name.split("-")[1]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))
    index = (generate.DOCS / "decisions" / "README.md").read_text("utf-8")
    titles = [record.read_text("utf-8").splitlines()[0].partition(" · ")[2] for record in RECORDS]
    entries = [f"[{title}]({record.name})" for title, record in zip(titles, RECORDS, strict=True)]
    assert [entry for entry in entries if entry not in index] == []


def test_modules_are_read_from_backquotes() -> None:
    text = "`core/text`, `fujin_cli/store/yaml/read.py`, `rules/FAMILY/fjNNN_slug`\n## Old names\n`core/exact`"
    assert modules(text) == ["core/text", "store/yaml/read"]
