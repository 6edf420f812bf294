"""Read text from stdin or a file: bounded, and with the reason where it cannot be read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from fujin_cli.core.text.encodings import decode_typed_text
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.session import WrongUsage

LARGEST_TEXT = 1024 * 1024  # bytes


def read_stdin_bytes(most: int) -> bytes:
    """Read at most ``most`` bytes from stdin. Raises WrongUsage where it is closed or not readable."""
    try:
        if sys.stdin is not None:
            return sys.stdin.buffer.read(most)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise WrongUsage(say("stdin cannot be read: {problem}", problem=reason)) from None
    raise WrongUsage(say("stdin is closed, but this command reads it"), say("pass the text by a pipe or with `< FILE`"))


def read_stdin_text() -> str:
    """Read all of stdin, a text of at most LARGEST_TEXT bytes. Raises WrongUsage."""
    return decode_bounded(read_stdin_bytes(LARGEST_TEXT + 1), "-")


def read_text_file(file: BinaryIO, name: str) -> str:
    """Read a text file of at most LARGEST_TEXT bytes, so that `@/dev/zero` cannot fill memory. Raises WrongUsage."""
    return decode_bounded(file.read(LARGEST_TEXT + 1), name)


def read_named_file(path: str) -> str:
    """Read the text file at ``path``. Raises WrongUsage where there is none, or none that can be read."""
    try:
        with Path(path).open("rb") as file:
            return read_text_file(file, path)
    except FileNotFoundError:
        raise WrongUsage(say("there is no file {path}", path=path)) from None
    except OSError as problem:
        raise WrongUsage(say("{path}: {problem}", path=path, problem=problem.strerror or "")) from None


def decode_bounded(content: bytes, name: str) -> str:
    """Decode the bytes of a text. Raises WrongUsage if they are too many or no text."""
    if len(content) > LARGEST_TEXT:
        raise WrongUsage(say("{path} is larger than {count} KB", path=name, count=LARGEST_TEXT // 1024))
    try:
        return decode_typed_text(content)
    except ValueError:
        raise WrongUsage(say("{path} is neither UTF-8 nor GB18030 text", path=name)) from None
