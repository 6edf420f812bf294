"""Answer TAB: read the words from the shell, and write what may stand there, in the way that the shell reads.

The scripts of ``fujin completion`` set ``_FUJIN_COMPLETE`` to the shell's name. The first line of the answer says how
to go on (``words``, ``nospace``, ``files`` or ``folders``); each further line is a word, for zsh and fish with a tab
and what it stands for. Whatever goes wrong, nothing is offered: TAB is no place for messages.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator

from fujin_cli import language
from fujin_cli.commands.common.completion_values import Completion, find_completions
from fujin_cli.commands.common.tab_words import find_position, read_table

MOST_COMPLETIONS = 200
_LISTING_KEYS = ("9", "63", "33", "64")  # bash shows a list for these (COMP_TYPE); for others it puts words in at once


def answer_tab() -> None:
    """Write what may stand at the cursor to stdout."""
    try:
        lines = list(_list_lines(os.environ.get("_FUJIN_COMPLETE", "")))
    except Exception:
        lines = []
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _list_lines(shell: str) -> Iterator[str]:
    words = _split_line(os.environ["_FUJIN_LINE"]) if shell == "bash" else _read_words()
    _choose_language(words)
    table = read_table()
    position = find_position(table, words[1:])
    value = position.incomplete.rpartition("=")[2]
    if position.kind in ("file", "folder") or (position.kind == "field" and value.startswith("@")):
        yield f"{'file' if position.kind == 'field' else position.kind}s"
        return
    completions = find_completions(table, position, MOST_COMPLETIONS)
    yield "nospace" if completions and all(completion.is_open for completion in completions) else "words"
    yield from _format_for_bash(completions, words[-1]) if shell == "bash" else map(_format_with_tab, completions)


def _read_words() -> list[str]:
    """Read the words before the cursor, one a line, and the one that it stands in."""
    return [*os.environ["_FUJIN_WORDS"].split("\n"), os.environ.get("_FUJIN_CURRENT", "")]


def _choose_language(words: list[str]) -> None:
    """Set the language of what the words stand for."""
    from fujin_cli.store.workspace.load import read_declared_languages

    declared = read_declared_languages(words)
    language.set_language(language.choose_language(declared=declared)[0])
    language.set_title_languages(declared)


def _split_line(line: str) -> list[str]:
    """Split the line up to the cursor into words, as the shell does; the last one may be empty or lack a quote."""
    for closing in ("", "'", '"'):
        lexer = shlex.shlex(line + closing, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters = True, ""
        try:
            words = list(lexer)
        except ValueError:
            continue
        is_between = line[-1:].isspace() and not closing
        return [*words, ""] if is_between else words
    return line.split(" ")


def _format_with_tab(completion: Completion) -> str:
    return f"{completion.word}\t{_to_one_line(completion.help)}"


def _format_for_bash(completions: list[Completion], word: str) -> Iterator[str]:
    """Write words for bash, which replaces only what stands behind the last sign that breaks words for it.

    Bash shows no help of its own. Where it will list several words, each is followed by what it stands for: the words
    differ before that, so that what bash puts in is never a part of it.
    """
    breaks = set(os.environ.get("_FUJIN_BREAKS", "=:")) & set("=:@")
    start = max((word.rfind(sign) + 1 for sign in breaks), default=0)
    words = [completion.word[start:] if completion.word.startswith(word[:start]) else "" for completion in completions]
    is_listed = len(words) > 1 and os.environ.get("_FUJIN_KEY", "9") in _LISTING_KEYS
    longest = max(map(len, words), default=0)
    width = int(os.environ.get("COLUMNS") or 80) - longest - 6
    for text, completion in zip(words, completions, strict=True):
        help = _cut(_to_one_line(completion.help), width) if is_listed else ""
        yield f"{text:<{longest}}  ({help})" if help else text


def _cut(text: str, width: int) -> str:
    """Cut a text to a width in columns; a Chinese character takes two."""
    from unicodedata import east_asian_width

    columns = 0
    for number, character in enumerate(text):
        columns += 2 if east_asian_width(character) in "WF" else 1
        if columns > width:
            return f"{text[: max(0, number - 1)]}…"
    return text


def _to_one_line(text: str) -> str:
    return " ".join(text.split())
