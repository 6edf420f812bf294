"""How a golden file writes what a command shows, and how a test reads it again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.screens.sessions import Line, expected

JSON_WIDTH = 120
_OVERWRITTEN = re.compile(r"[^\n]*\r(?:\x1b\[K)?")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command showed in one way: ``80 columns``, ``piped``, ``json``, …"""

    way: str
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One block of a golden file: the command, the way in which it was shown (and its exit code), and the text."""

    command: str
    way: str
    text: str


def written(line: Line, ways: Sequence[Shown]) -> str:
    """Write a command and what it showed; a way that shows the same as an earlier one only refers to it."""
    parts = [f"$ {line.text}"]
    first_ways: dict[tuple[int, str], str] = {}
    for shown in ways:
        text = screen_text(shown)
        first = first_ways.setdefault((shown.code, text), shown.way)
        parts.append(_title(shown) + ("" if first == shown.way else f": the same as {first}"))
        parts += [text] if first == shown.way and text else []
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def screen(line: Line, shown: Shown) -> Screen:
    """What a command showed in one way, as ``golden_screens`` would read it."""
    return Screen(line.text, _title(shown).removeprefix("── "), screen_text(shown).rstrip("\n"))


def golden_screens(name: str, language: str) -> Iterator[Screen]:
    """Read the blocks of a golden file."""
    command = ""
    for block in re.split(r"^(?=\$ |── )", expected(name, language).read_text("utf-8"), flags=re.MULTILINE):
        if block.startswith("$ "):
            command = block.partition("\n")[0].removeprefix("$ ")
        elif block:
            way, _, text = block.removeprefix("── ").partition("\n")
            yield Screen(command, way, text.rstrip("\n"))


def _title(shown: Shown) -> str:
    return f"── {shown.way}" + (f", exit {shown.code}" if shown.code else "")


def screen_text(shown: Shown) -> str:
    """Stdout, then stderr with a mark before each line; control characters are made visible."""
    out = shown.out
    if "columns" in shown.way:
        out = "".join(f"{line.rstrip()}\n" for line in out.replace("\x1b", "␛").splitlines())
    elif out.startswith("{"):  # fujin writes one object on one line; people read it better folded
        answer = json.loads(out)
        assert out == json.dumps(answer, ensure_ascii=False) + "\n"
        out = folded_json(answer) + "\n"
    progress_end = _OVERWRITTEN.sub("", shown.err).replace("\x1b", "␛")
    err = "".join(f"stderr│ {line.rstrip()}".rstrip() + "\n" for line in progress_end.splitlines())
    return out.replace("\t", "⇥") + err


def folded_json(value: object, indent: int = 0) -> str:
    """Write JSON with everything on one line that fits into it, and one member a line otherwise.

    >>> print(folded_json({"version": 1}))
    {"version": 1}
    """
    line = json.dumps(value, ensure_ascii=False)
    if indent + len(line) <= JSON_WIDTH or not value or not isinstance(value, dict | list):
        return line
    if isinstance(value, dict):
        members = [
            f"{json.dumps(key, ensure_ascii=False)}: {folded_json(item, indent + 1)}" for key, item in value.items()
        ]
    else:
        members = [folded_json(item, indent + 1) for item in value]
    margin = " " * (indent + 1)
    body = ",\n".join(f"{margin}{member}" for member in members)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{body}\n{margin[1:]}{closing}"
