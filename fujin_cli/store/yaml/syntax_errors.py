"""Translate errors of the YAML parser into sentences for people who do not know YAML's grammar."""

from __future__ import annotations

import re
from typing import Any

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.yaml.nodes import Marks, error

Sentences = tuple[LocalizedText, LocalizedText | None]

# Parts of messages of libyaml and ruamel's own parser, with our sentences; the first part in a message wins.
COMPLAINTS: tuple[tuple[str, Sentences], ...] = (
    (
        "mapping values are not allowed",
        (say("a second colon, where no key can stand"), say("put the text in quotes, or begin a new line")),
    ),
    ("',' or ']'", (say("this list in brackets is not closed"), say("add the missing comma or ]"))),
    ("',' or '}'", (say("this mapping in braces is not closed"), say("add the missing comma or }}"))),
    ("unexpected ':'", (say("a colon inside a text in brackets or braces"), say("put the text in quotes"))),
    ("expected ':'", (say("a key without its colon"), say("write key: value, with a space after the colon"))),
    ("tab", (say("a tab where lines are indented"), say("indent with spaces"))),
    (
        "cannot start any token",
        (say("no text can begin with this character"), say("put the text in quotes; indent with spaces, not tabs")),
    ),
    ("unexpected end of stream", (say("this quote is not closed"), say("add the closing quote"))),
    ("document indicator", (say("this quote is not closed"), say("add the closing quote"))),
    ("node content", (say("a value is missing here"), say("close what is open, or write the value"))),
    ("expected key", (say("unexpected line"), say("indent it like the lines that it belongs to"))),
    ("<block end>", (say("unexpected line"), say("indent it like the lines that it belongs to"))),
    ("expected '-' indicator", (say("an item without its dash"), say("begin each item of the list with a dash"))),
    ("entries are not allowed", (say("a list cannot begin here"), say("begin a list on a line of its own"))),
    ("escape", (say("an unknown escape in double quotes"), say("write it in single quotes, or write two backslashes"))),
    ("alphabetic or numeric", (say("a text cannot begin with * or &"), say("put the text in quotes"))),
)
_FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?[^\s:#'\"][^:#'\"]*：")
UNCLOSED = ("',' or ']'", "',' or '}'", "end of stream", "document indicator")


def syntax_finding(problem: Exception, path: str, lines: list[str]) -> Finding:
    """Make the finding about the error that stopped the parser; ``lines`` are those of the file."""
    words = str(getattr(problem, "problem", None) or getattr(problem, "reason", None) or problem)
    message, help = next(
        (sentences for part, sentences in COMPLAINTS if part in words),
        (say("this is not valid YAML: {problem}", problem=words.splitlines()[0] if words else ""), None),
    )
    marks = _marks_at(getattr(problem, "problem_mark", None), lines)
    help = _explain_full_width_colon(marks, lines) or help
    context = _marks_at(getattr(problem, "context_mark", None), lines)
    if context and (marks is None or any(part in words for part in UNCLOSED)):
        related = ((say("the error is here"), marks),) if marks and marks[0] < len(lines) else ()
        return error("FJ001", path, context, message, help, related)
    return error("FJ001", path, marks or _marks_at_end(lines), message, help)


def _explain_full_width_colon(marks: Marks | None, lines: list[str]) -> LocalizedText | None:
    """Explain a colon of a Chinese input method, which YAML takes for a letter, at the error or in the line before."""
    last = min(marks[0] if marks else len(lines), len(lines) - 1)
    if any(_FULL_WIDTH_COLON.match(line) for line in lines[max(last - 1, 0) : last + 1]):
        return say("the colon ： of a Chinese input method is no colon here; write : and a space")
    return None


def _marks_at(mark: Any, lines: list[str]) -> Marks | None:
    if mark is None:
        return None
    return mark.line, mark.column, mark.line, mark.column + 1


def _marks_at_end(lines: list[str]) -> Marks:
    last = max(len(lines) - 1, 0)
    width = len(lines[last]) if lines else 0
    return last, width, last, width + 1
