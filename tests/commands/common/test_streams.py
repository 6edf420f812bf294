"""What goes to stdout off a terminal: tables are the same bytes in every language, and drawn on demand."""

from __future__ import annotations

import re

import pytest

from tests.support.command_line import MONDAY, City, Handled
from tests.support.command_tree import VALUES, iterate_commands, type_command

READING = {"list", "show", "actions", "status", "doctor", "versions", "verify", "validate", "test", "explain"}
HEADER = re.compile(r"[a-z][a-z _-]*(\t[a-z][a-z _-]*)+")


def list_readings() -> list[list[str]]:
    """List a command line for every command that only shows, with ids that the city has."""
    values = VALUES | {"text": "x"}
    commands = [(path, command) for path, command in iterate_commands() if READING & set(path)]
    return [[*path, *type_command(command, values)] for path, command in commands]


@pytest.mark.slow
def test_tables_for_programs_are_the_same_in_every_language(city: City, handled: Handled) -> None:
    chinese = City(city.folder, "zh")
    tables = 0
    for arguments in list_readings():
        english = city.run(*arguments, now="2026-06-01T10:00")
        if english.code not in (0, 1) or not HEADER.match(english.out):
            continue
        tables += 1
        assert chinese.run(*arguments, now="2026-06-01T10:00").out == english.out, arguments
    assert tables >= 7


def test_text_draws_a_table_in_a_pipe(city: City) -> None:
    city.open()
    drawn = city.run("case", "list", "--format", "text", now=MONDAY).out
    assert "\t" not in drawn and "─" in drawn
    assert "\t" in city.run("case", "list", now=MONDAY).out
    assert "\t" in city.run("case", "list", "--format", "tsv", now=MONDAY).out
