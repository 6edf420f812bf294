"""Laws that hold for every screen on a terminal, whatever it shows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from tests.screens.golden_text import Screen

LEFT_OUT = {"en": "hidden, because the window is too narrow", "zh": "窗口太窄，未显示"}
EXAMPLES = {"en": "\nExamples:\n", "zh": "\n例子：\n"}
HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
SOURCE = re.compile(r" *\d* [|+-] |  +=.+ fujin |  +=.+：fujin ")
"""A source line in a finding, or a command to type."""
NOT_FOLDED = tuple(
    f"fujin {name} "
    for name in (
        *("case advance", "case amend", "case attach", "case open", "case reissue-code", "case undo"),
        *("init", "tick"),
    )
)
"""Commands whose answers are written without a look at the terminal: what fits 80 columns may not fit 60."""


def cells(line: str) -> int:
    """Count the columns that a line takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def lines_of_files(lines: list[str]) -> set[int]:
    """Number the lines that a unified diff takes from files: as many behind each of its heads as the head says."""
    numbers: set[int] = set()
    old = new = 0
    for number, line in enumerate(lines):
        head = HUNK.fullmatch(line)
        if head:
            old, new = (int(part or 1) for part in head.groups())
        elif (old > 0 or new > 0) and line[:1] in ("-", "+", " ", ""):
            numbers.add(number)
            old -= line[:1] != "+"
            new -= line[:1] != "-"
    return numbers


def assert_no_line_is_wider(screen: Screen, language: str, width: int) -> None:
    """Examples, source lines and words that cannot be folded (paths, hashes, ids) may be wider than the terminal."""
    if "colour" in screen.way or "--format" in screen.command:  # what other programs read never folds
        return
    lines = screen.text.replace("stderr│ ", "").partition(EXAMPLES[language])[0].splitlines()
    files = lines_of_files(lines)
    for number, line in enumerate(lines):
        longest = max(map(cells, line.split()), default=0)
        source = number in files or SOURCE.match(line)
        assert cells(line) <= width or longest > width - 30 or source, (screen.command, screen.way, line)


def assert_fits_a_narrow_terminal(wide: Screen, narrow: Screen, language: str, width: int) -> None:
    """No line of the narrow screen is wider than its terminal, and the screen loses nothing."""
    if not (f"{narrow.command} ".startswith(NOT_FOLDED) and narrow.text == wide.text):
        assert_no_line_is_wider(narrow, language, width)
    assert_nothing_is_lost(wide, narrow, language)


def assert_nothing_is_lost(wide: Screen, narrow: Screen, language: str) -> None:
    """A narrow terminal shows the same letters as a wide one, or says which columns of a table it leaves out."""
    assert wide.way.partition(", ")[2] == narrow.way.partition(", ")[2], (narrow.command, wide.way, narrow.way)
    if _letters(LEFT_OUT[language]) in _letters(narrow.text):
        return
    wide_letters, narrow_letters = Counter(_letters(wide.text)), Counter(_letters(narrow.text))
    assert narrow_letters == wide_letters, (narrow.command, narrow.way, narrow.text)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.replace("stderr│ ", ""))
