"""Which Latin words stand in Chinese screens: ids, codes and command words alone.

Words in backticks, in brackets behind a title, in quoted lines of files and in the first column of a table are ids or
commands. All others stand in ``latin_words.txt``, so that a new one is looked at before it is shown to anybody.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.screens.sessions import expected, names
from tests.support.command_tree import iterate_commands

ALLOWED = Path(__file__).with_name("latin_words.txt")
HAN = re.compile("[\u4e00-\u9fff]")
BLOCK = re.compile(r"^── (.*)$")
QUOTED = re.compile(r"^(stderr│ )?\s*(\d+ *\||[-+@|] |[a-z_]+: |\{|fujin |::|<)")
LEFT_OUT = re.compile(
    r"`[^`]*`|\([^()]*\)|（[A-Za-z][\w ,.-]*）|--?[a-z][a-z-]*|[\w.*/<>-]*[/.@][\w.*/<>-]*|FJ\d{3}|[A-Z]{1,2}\d[\w-]*"
    r"|[A-Z_]+=\S+|\{[^}]*\}|^(stderr│ )?\s*\S+(?=  )"
)
WORD = re.compile(r"[A-Za-z][A-Za-z_-]+")


def shown_words(name: str) -> set[str]:
    """List the Latin words of the drawn screens of a session, with what is left out above taken away."""
    words: set[str] = set()
    drawn = False
    for line in expected(name, "zh").read_text("utf-8").splitlines():
        block = BLOCK.match(line)
        if line.startswith("$ ") or block:
            drawn = block is not None and "columns" in block[1]
        elif drawn and HAN.search(line) and not QUOTED.match(line):
            words |= set(WORD.findall(LEFT_OUT.sub(" ", line)))
    return words - {"stderr"}


def command_words() -> set[str]:
    """List the names of commands and what their arguments are called."""
    words = set()
    for path, command in iterate_commands():
        words |= {"fujin", *path}
        words |= {word for parameter in command.params for word in WORD.findall(str(parameter.metavar or ""))}
    return words


def test_every_latin_word_of_a_chinese_screen_is_an_id_a_code_or_a_command() -> None:
    shown = set().union(*map(shown_words, names())) - command_words()
    allowed = {line.partition("#")[0].strip() for line in ALLOWED.read_text("utf-8").splitlines()} - {""}
    assert shown - allowed == set(), "translate it, or add it to tests/screens/latin_words.txt with the reason"
    assert allowed - shown == set(), "no screen shows these any more"
