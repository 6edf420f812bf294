"""Golden screens: what every command shows, to the letter, in both languages (player.py says how they are written).

After a deliberate change ``python -m tests.screens --write`` writes them anew, and ``git diff`` shows what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import pytest

from fujin_cli.cli import build_command
from tests.screens.golden_text import Screen, golden_screens
from tests.screens.laws import (
    LEFT_OUT,
    assert_fits_a_narrow_terminal,
    assert_no_line_is_wider,
    assert_nothing_is_lost,
    lines_of_files,
)
from tests.screens.player import NARROW, WIDE, Played, begin, play
from tests.screens.sessions import LANGUAGES, SCREENS, Line, expected, names, session_of


@contextmanager
def players(language: str) -> Iterator[Callable[[str], Played]]:
    """A process that has begun in a language, and plays sessions by name."""
    with ProcessPoolExecutor(1, get_context("spawn"), begin, (language,)) as pool:
        yield lambda name: pool.submit(play, name, language).result()


@pytest.fixture(scope="module", params=LANGUAGES)
def player(request: pytest.FixtureRequest) -> Iterator[tuple[str, Callable[[str], Played]]]:
    with players(request.param) as play_session:
        yield request.param, play_session


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_session_shows_exactly_this(player: tuple[str, Callable[[str], Played]], name: str) -> None:
    language, play_session = player
    played = play_session(name)
    assert played.text == expected(name, language).read_text("utf-8"), "deliberate? python -m tests.screens --write"
    for wide, narrow in played.terminals:
        assert_fits_a_narrow_terminal(wide, narrow, language, NARROW)


# laws that hold for every screen


def test_only_the_lines_of_a_diff_are_lines_of_files() -> None:
    lines = ["text", "@@ -1,2 +1,2 @@", " a", "-b", "+c", "  folded", "@@ -4 +4 @@", "-d", "+e", "-no"]
    assert lines_of_files(lines) == {2, 3, 4, 7, 8}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", names())
def test_no_line_is_wider_than_its_terminal(name: str, language: str) -> None:
    for screen in golden_screens(name, language):
        if screen.way.startswith(f"{WIDE} columns"):
            assert_no_line_is_wider(screen, language, WIDE)


def test_a_narrow_screen_that_lost_a_word_is_noticed() -> None:
    wide = Screen("fujin tick", "80 columns", "one two three")
    assert_nothing_is_lost(wide, Screen("fujin tick", "60 columns", "one two\nthree"), "en")
    assert_nothing_is_lost(wide, Screen("fujin tick", "60 columns", f"one\n{LEFT_OUT['en']}: two"), "en")
    for text, way in (("one two", "60 columns"), ("one two three", "60 columns, exit 1")):
        with pytest.raises(AssertionError):
            assert_nothing_is_lost(wide, Screen("fujin tick", way, text), "en")


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

    walk(build_command(), "fujin")
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
        for screen in golden_screens(name, language):
            if f"{screen.command} ".startswith(f"{command} ") and "--help" not in screen.command:
                good, bad = good or "exit" not in screen.way, bad or "exit" in screen.way
    assert good, f"no session shows `{command}` at work"
    assert bad, f"no session shows `{command}` when it is refused or wrongly used"
