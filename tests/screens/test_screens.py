"""Golden screens: what every command shows, to the letter, in both languages (player.py says how they are written).

After a deliberate change ``python -m tests.screens --write`` writes them anew, and ``git diff`` shows what changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import pytest

from fujin_cli.cli import build
from tests.screens.player import begin, play
from tests.screens.sessions import LANGUAGES, SCREENS, Line, expected, names, session_of


@contextmanager
def players(language: str) -> Iterator[Callable[[str], str]]:
    """A process that has begun in a language, and plays sessions by name."""
    with ProcessPoolExecutor(1, get_context("spawn"), begin, (language,)) as pool:
        yield lambda name: pool.submit(play, name, language).result()


@pytest.fixture(scope="module", params=LANGUAGES)
def player(request: pytest.FixtureRequest) -> Iterator[tuple[str, Callable[[str], str]]]:
    with players(request.param) as found:
        yield request.param, found


@pytest.mark.parametrize("name", names())
def test_a_session_shows_exactly_this(player: tuple[str, Callable[[str], str]], name: str) -> None:
    language, shown_by = player
    assert shown_by(name) == expected(name, language).read_text("utf-8"), "deliberate? python -m tests.screens --write"


# laws that hold for every screen


def blocks(name: str, language: str) -> Iterator[tuple[str, str, str]]:
    """The command, the way in which it was shown, and the screen."""
    command = ""
    for block in re.split(r"^(?=\$ |── )", expected(name, language).read_text("utf-8"), flags=re.MULTILINE):
        if block.startswith("$ "):
            command = block.partition("\n")[0].removeprefix("$ ")
        elif block:
            way, _, screen = block.removeprefix("── ").partition("\n")
            yield command, way, screen.rstrip("\n")


def columns(line: str) -> int:
    """How wide a line stands on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def lines_of_files(lines: list[str]) -> set[int]:
    """Which lines a unified diff takes from files: as many behind each of its heads as that says."""
    found: set[int] = set()
    old = new = 0
    for number, line in enumerate(lines):
        head = HUNK.fullmatch(line)
        if head:
            old, new = (int(part or 1) for part in head.groups())
        elif (old > 0 or new > 0) and line[:1] in ("-", "+", " ", ""):
            found.add(number)
            old -= line[:1] != "+"
            new -= line[:1] != "-"
    return found


def test_only_the_lines_of_a_diff_are_lines_of_files() -> None:
    lines = ["text", "@@ -1,2 +1,2 @@", " a", "-b", "+c", "  folded", "@@ -4 +4 @@", "-d", "+e", "-no"]
    assert lines_of_files(lines) == {2, 3, 4, 7, 8}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", names())
def test_no_line_is_wider_than_its_terminal(name: str, language: str) -> None:
    """Examples, source lines and words that cannot be folded (paths, hashes, ids) may be."""
    for command, way, screen in blocks(name, language):
        width = re.match(r"(\d+) columns", way)
        if not width or "colour" in way or "--format" in command:  # what other programs read never folds
            continue
        shown = screen.replace("stderr│ ", "").partition("\nExamples:\n" if language == "en" else "\n例子：\n")[0]
        lines = shown.splitlines()
        files = lines_of_files(lines)
        for number, line in enumerate(lines):
            longest = max(map(columns, line.split()), default=0)
            source = number in files or re.match(r" *\d* [|+-] |  +=.+ fujin |  +=.+：fujin ", line)  # or a command
            assert columns(line) <= int(width[1]) or longest > int(width[1]) - 30 or source, (command, way, line)


# every command has one


def leaves() -> tuple[list[str], list[str]]:
    """The groups and the commands of the program, by what is typed."""
    groups: list[str] = []
    commands: list[str] = []

    def walk(command: object, path: str) -> None:
        found = getattr(command, "list_commands", None)
        if found is None:
            commands.append(path)
            return
        groups.append(path)
        for name in found(None):
            walk(command.get_command(None, name), f"{path} {name}")  # type: ignore[attr-defined]

    walk(build(), "fujin")
    return groups, commands


def shown_lines() -> list[Line]:
    """Every line of every session that is shown in all ways."""
    return [line for name in names() for line in session_of(SCREENS / name / "session.txt").lines if line.sort == "$"]


def lines_of(path: str) -> list[list[str]]:
    words = path.split()
    return [line.words for line in shown_lines() if line.words[: len(words)] == words]


GROUPS, COMMANDS = leaves()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_screen(command: str) -> None:
    """Its help page, and what it shows. A new command needs a folder of its own here."""
    found = lines_of(command)
    assert [line for line in found if line[-1] == "--help"], f"no session shows `{command} --help`"
    assert [line for line in found if line[-1] != "--help"], f"no session shows `{command}` at work"


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_a_screen(group: str) -> None:
    assert [line for line in lines_of(group) if line == [*group.split(), "--help"]], f"no session shows {group} --help"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_shown_when_it_works_and_when_it_does_not(command: str, language: str) -> None:
    """A refusal, wrong usage or a finding has a screen of its own."""
    good = bad = False
    for name in names():
        for typed, way, _screen in blocks(name, language):
            if (typed + " ").startswith(f"{command} ") and "--help" not in typed:
                good, bad = good or "exit" not in way, bad or "exit" in way
    assert good, f"no session shows `{command}` at work"
    assert bad, f"no session shows `{command}` when it is refused or wrongly used"
