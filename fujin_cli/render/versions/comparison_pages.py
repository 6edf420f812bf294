"""Write a comparison as a page for the terminal, and as Markdown for the comment of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fujin_cli.core.text.localized import say_count
from fujin_cli.core.versions.compare import ComparisonReport
from fujin_cli.render.basics.text import fold_text, paint, to_one_line
from fujin_cli.render.versions.comparison_sections import comparison_headline, list_sections
from fujin_cli.render.versions.page_parts import Item

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$]|:(?=//)|(?<=www)\.)")
_BEGINS = re.compile(r"^(\d*)([-+=.)])")  # what would begin a list, a rule or a heading
_REFERENCE = re.compile(r"(@|#(?=\d)|(?<=[Gg][Hh]-)(?=\d))")
MOST_CHARACTERS = 60_000  # a comment of a pull request holds 65 536


def comparison_text(report: ComparisonReport, width: int, colour: bool) -> str:
    """Write the page, folded at ``width`` columns (0: never)."""
    lines = fold_all_lines(comparison_headline(report).split("\n"), width)
    lines[0] = paint(lines[0], "bold", colour)
    for section in list_sections(report):
        lines += ["", *(paint(line, "bold", colour) for line in fold_text(section.title, width))]
        for item in section.items:
            lines += fold_all_lines([f"  {item.text}"], width)
            lines += fold_all_lines(_indent_item_lines(item), width)
    return "\n".join(lines) + "\n"


def _indent_item_lines(item: Item) -> Iterable[str]:
    for number, line in enumerate(item.below, 1):
        yield f"    {number:>2} {line}" if item.run else f"      {line}"


def fold_all_lines(lines: Iterable[str], width: int) -> list[str]:
    """Fold every line."""
    return [part for line in lines for part in fold_text(line, width)]


def comparison_markdown(report: ComparisonReport) -> str:
    """Write the page in Markdown; no compared text can become markup, a link or a mention.

    A comment that is too long would not be posted at all, so the lines beyond the limit are left out, with a notice.
    """
    first, *summary_lines = comparison_headline(report).split("\n")
    lines = [f"## fujin diff: {escape_markdown(first)}", *(f"\n{escape_markdown(line)}" for line in summary_lines)]
    for section in list_sections(report):
        lines += ["", f"### {escape_markdown(section.title)}", ""]
        for item in section.items:
            lines.append(f"- {escape_markdown(item.text)}")
            marks = [f"{number}." if item.run else "-" for number in range(1, len(item.below) + 1)]
            lines += [f"  {mark} {escape_markdown(line)}" for mark, line in zip(marks, item.below, strict=True)]
    return "\n".join(_shorten_to_comment(lines)) + "\n"


def _shorten_to_comment(lines: list[str]) -> list[str]:
    remaining = MOST_CHARACTERS
    for number, line in enumerate(lines):
        remaining -= len(line) + 1
        if remaining < 0:
            notice = say_count(
                "{count} more line was cut because a comment would be too long; `fujin diff` shows everything",
                "{count} more lines were cut because a comment would be too long; `fujin diff` shows everything",
                count=len(lines) - number,
            )
            return [*lines[:number], "", str(notice)]
    return lines


def escape_markdown(text: str) -> str:
    """Escape text so that Markdown shows it as it is; ``@name`` mentions nobody, and ``#1`` is no reference."""
    escaped = _SPECIAL.sub(r"\\\1", _REFERENCE.sub("\\1\u200b", to_one_line(text).strip()))
    return _BEGINS.sub(r"\1\\\2", escaped)
