"""Lay out text on a fixed grid: measure and fold it, and drop characters that could control a terminal.

A Chinese character is two columns wide. Widths follow Unicode's East Asian Width (UAX #11), ambiguous ones narrow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from fujin_cli import language
from fujin_cli.core.text.localized import localize_value

_STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "bold red": "1;31",
    "bold yellow": "1;33",
    "bold blue": "1;34",
}
# Bidirectional overrides reorder what stands around them: a resident's text could then show another case's id.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATES = "\u2068\u2069"  # FSI and PDI, around titles from right to left
# Closing punctuation stays behind its word, opening punctuation before it.
_TOKENS = re.compile(r"\s+|[“（《]*(?:[^\s“”\u1100-\U0010ffff]+|[^\s])[，。；：、！？”）》]*")


def to_one_line(text: str) -> str:
    """Put ``text`` on one line; characters that move the cursor or reorder a line become spaces or are dropped."""
    if text.isprintable():
        return text
    kept = _ISOLATES if _is_balanced(text) else ""
    return "".join(character if character in kept else _replace_character(character) for character in text)


def without_isolates(text: str) -> str:
    """Remove the isolates around titles, for programs."""
    return text if text.isascii() else text.translate(dict.fromkeys(map(ord, _ISOLATES)))


def _is_balanced(text: str) -> bool:
    """Whether every isolate of the text ends in it; only such a one leaves what stands around it alone."""
    depth = 0
    for character in text:
        depth += {"\u2068": 1, "\u2069": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def _replace_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if character in _REORDERING else character


def display_width(text: str) -> int:
    """Count the columns that ``text`` takes."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad_to_width(text: str, columns: int) -> str:
    """Pad ``text`` with spaces to at least so many columns."""
    return text + " " * (columns - display_width(text))


def fold_text(text: str, columns: int) -> list[str]:
    """Fold ``text`` to lines of at most ``columns`` columns (0: never); nothing is cut away.

    Chinese folds between any two characters, other scripts at spaces, and a word only where it fits on no line.
    What is set in stays so.
    """
    lines = [to_one_line(line) for line in text.splitlines() or [""]]
    return [part for line in lines for part in _fold_indented_line(line, columns)] if columns > 0 else lines


def _fold_indented_line(line: str, columns: int) -> list[str]:
    inner = line.lstrip(" ")
    indent = " " * max(0, min(len(line) - len(inner), columns // 2, columns - 2))
    return [f"{indent}{part}" for part in _fold_lines(inner, columns - len(indent))]


def _fold_lines(text: str, columns: int) -> Iterable[str]:
    line = ""
    for token in _TOKENS.findall(text):
        if display_width(line) + display_width(token) <= columns:
            line += token
            continue
        if line.strip():
            yield line.rstrip()
        line = "" if token.isspace() else token
        while display_width(line) > columns and len(line) > 1:
            line, rest = _split_at_width(line, columns)
            yield line
            line = rest
    yield line.rstrip()


def split_words(text: str) -> list[str]:
    """Split ``text`` into the parts that a fold keeps together."""
    return [token for token in _TOKENS.findall(text) if not token.isspace()]


def _split_at_width(text: str, columns: int) -> tuple[str, str]:
    used = 0
    for index, character in enumerate(text):
        used += _character_width(character)
        if used > columns and index:
            return text[:index], text[index:]
    return text, ""


def cut_to_width(text: str, columns: int) -> str:
    """Cut ``text`` to one line of at most so many columns; an ellipsis stands for what is left out."""
    line = to_one_line(text)
    return line if display_width(line) <= columns else _split_at_width(line, columns - 1)[0].rstrip() + "…"


def align_in_columns(rows: Sequence[Sequence[str]], width: int, indent: str = "  ") -> list[str]:
    """Align rows in columns; the last column folds under itself at ``width`` (0: never)."""
    if not rows:
        return []
    inner = [max(display_width(to_one_line(row[index])) for row in rows) for index in range(len(rows[0]) - 1)]
    lines: list[str] = []
    for row in rows:
        start = indent + "".join(
            pad_to_width(to_one_line(cell), columns) + "  " for cell, columns in zip(row[:-1], inner, strict=True)
        )
        # Whatever is left of a narrow screen is too little to read: fold at a quarter of it all the same.
        room = max(width - display_width(start), width // 4, 2) if width else 0
        for number, part in enumerate(fold_text(row[-1], room)):
            lines.append(f"{start if number == 0 else ' ' * display_width(start)}{part}".rstrip())
    return lines


def paint(text: str, style: str, colour: bool) -> str:
    """Paint ``text`` in a style such as ``bold red``, if ``colour``."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour and text and style else text


def join_sentences(parts: Iterable[object]) -> str:
    """Join sentences, with a space between them in languages that have one."""
    spoken = [text for text in map(str, parts) if text]
    return ("" if language.current_language() == "zh" else " ").join(spoken)


def join_clauses(parts: Iterable[object]) -> str:
    """Join the parts of one sentence so that they differ from lists inside them."""
    return ("；" if language.current_language() == "zh" else "; ").join(
        text for text in map(localize_value, parts) if text
    )
