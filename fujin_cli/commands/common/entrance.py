"""Check once, before any command runs, what the caller passed: arguments, settings, the current folder, and stdout."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.session import WrongUsage

_EMPTY_OPTION = re.compile(r"(--[a-z][a-z-]*)=\s*")
_MOST_SHOWN = 60  # characters


def check_entrance(arguments: Sequence[str], *, answers: bool) -> None:
    """Check what no command can work with; ``answers``: stdout can be written to. Raises WrongUsage."""
    if not answers:
        raise WrongUsage(
            say("stdout is closed, so the answer could not be shown"),
            say("write `> /dev/null` after the command if nobody reads its answer"),
        )
    _check_folder()
    for name, text in os.environ.items():
        if name.startswith("FUJIN_") and not _is_utf8(text):
            raise WrongUsage(say("the variable {name} is not UTF-8 text", name=name), _ENCODING)
    for argument in arguments:
        if not _is_utf8(argument):
            raise WrongUsage(say("this argument is not UTF-8 text: {argument}", argument=_escape(argument)), _ENCODING)
    for number, argument in enumerate(arguments):
        _check_not_empty(argument, arguments[number - 1] if number else None)


_ENCODING = say("it may be written in GBK or another encoding; set the terminal or the script to UTF-8")


def _check_folder() -> None:
    """Check that the current folder exists: paths are relative to it, and the workspace is looked for above it."""
    try:
        os.getcwd()  # noqa: PTH109 - Path.cwd() is the same call
    except OSError as problem:
        raise WrongUsage(
            say("the current folder cannot be used: {problem}", problem=problem.strerror or str(problem)),
            say("it was probably deleted; change to another folder with cd"),
        ) from None


def _check_not_empty(argument: str, previous: str | None) -> None:
    help = say("write a value, or leave the option or argument out; an empty shell variable may stand there")
    option = _EMPTY_OPTION.fullmatch(argument)
    if option:
        raise WrongUsage(say("the value of {option} is empty", option=option[1]), help)
    if argument.strip():
        return
    if previous is None:
        raise WrongUsage(say("the first argument is empty"), help)
    raise WrongUsage(say("the argument after {previous} is empty", previous=_escape(previous)), help)


def _is_utf8(text: str) -> bool:
    """Whether a text from the system was UTF-8: Python passes other bytes as half surrogate pairs (PEP 383)."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _escape(argument: str) -> str:
    r"""Write an argument for a message, other bytes as ``\xff``."""
    text = argument.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
