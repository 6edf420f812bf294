"""Verify the log of who read contacts: every record follows the one before it, and none is missing at the end."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.files import disk
from fujin_cli.store.vault.access_log import (
    HEAD_NAME,
    NAME,
    DamagedHead,
    Head,
    compute_record_hash,
    parse_record,
    read_head,
)


class LogFault(NamedTuple):
    """What is wrong with the log, and the line on which it shows; 0 for the file as a whole."""

    line: int
    message: LocalizedText


def find_log_faults(folder: Path) -> Iterator[LogFault]:
    """List what was changed, cut or removed in the log of ``folder``, oldest first. Writes nothing, takes no lock."""
    try:
        head = read_head(folder)  # before the log, which a reader may be writing to at this moment
    except (DamagedHead, OSError):
        yield LogFault(0, say("{file} cannot be read", file=HEAD_NAME))
        head = Head()
    try:
        content = disk.read(folder / NAME)
    except OSError as error:
        yield LogFault(0, say("{path} cannot be read: {problem}", path=NAME, problem=error.strerror or str(error)))
        return
    last = Head()
    if content:
        last = yield from _check_lines(content, head or Head())
    if head is None and last.number > 1:  # the first record may be written, and its writer killed before the head
        yield LogFault(0, say("{file} is missing", file=HEAD_NAME))
    if head is not None and head.number > last.number:
        yield LogFault(0, _say_missing(last.number + 1, head.number))


def _check_lines(content: bytes, head: Head) -> Generator[LogFault, None, Head]:
    """List the faults of the lines; returns the last record."""
    last = Head()
    lines = content.split(b"\n")
    if lines.pop() and len(content) <= head.size:
        yield LogFault(len(lines) + 1, say("the last line is not complete"))
    for number, line in enumerate(lines, 1):
        record = parse_record(line)
        if record is None:
            yield LogFault(number, say("this line is no record"))
            continue
        yield from _check_record(record, number, last, head)
        last = Head(record["n"], record["hash"], 0)
    return last


def _check_record(record: dict[str, Any], line: int, last: Head, head: Head) -> Iterator[LogFault]:
    number = record["n"]
    if number > last.number + 1:
        yield LogFault(line, _say_missing(last.number + 1, number - 1))
    elif number <= last.number:
        yield LogFault(line, say("record {number} does not follow record {last}", number=number, last=last.number))
    elif record["previous"] != last.hash:
        yield LogFault(line, say("record {number} does not follow from the one before it", number=number))
    if record["hash"] != compute_record_hash(record):
        yield LogFault(line, say("record {number} was changed", number=number))
    elif number == head.number and record["hash"] != head.hash:
        yield LogFault(line, say("record {number} is another one than was written", number=number))


def _say_missing(first: int, last: int) -> LocalizedText:
    if first == last:
        return say("record {number} is missing", number=first)
    return say("records {first} to {last} are missing", first=first, last=last)
