"""The sessions of ``golden/screens`` as they are written down (player.py says how)."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import GOLDEN

SCREENS = GOLDEN / "screens"
LANGUAGES = ("en", "zh")
_LINE = re.compile(r"(?P<sort>(?:terminal|piped|colour)?\$|%|at|edit|<|start:) (?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a session: ``sort`` is how it begins, ``typed`` the lines that are typed at a command."""

    sort: str
    text: str
    typed: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The command's words, as a shell would split them."""
        return shlex.split(self.text)


@dataclass(frozen=True, slots=True)
class Session:
    """Where it starts, and its lines."""

    start: str
    lines: tuple[Line, ...]


def session_of(path: Path) -> Session:
    """The session in a file. Raises ValueError for a line that is none."""
    lines: list[Line] = []
    start = ""
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            raise ValueError(f"{path}:{number}: {text}")
        if match["sort"] == "start:":
            start = match["text"]
        elif match["sort"] == "<":
            last = lines.pop()
            lines.append(Line(last.sort, last.text, (*last.typed, match["text"])))
        else:
            lines.append(Line(match["sort"], match["text"]))
    if not start:
        raise ValueError(f"{path}: says nowhere where it starts")
    return Session(start, tuple(lines))


def names() -> list[str]:
    """The folders that hold a session."""
    return sorted(path.parent.name for path in SCREENS.glob("*/session.txt"))


def expected(name: str, language: str) -> Path:
    """The file that says what a session shows in a language."""
    return SCREENS / name / f"expected.{language}.txt"
