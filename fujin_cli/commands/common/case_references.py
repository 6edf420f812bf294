"""Find the cases that short references stand for: the end of an id, `@`, `@3`, and `-` for ids from stdin."""

from __future__ import annotations

import re
import sys
from typing import Any

from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.core.text.half_width import to_half_width
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.find_cases import find_case
from fujin_cli.use_cases.session import WrongUsage

# The end of an id, or a mark of the terminal; behind it may stand the numbers of an event and of its message.
_REFERENCE = re.compile(r"(?P<case>@.*|[A-Za-z0-9_-]*[0-9])(?P<message>(\.[0-9]+){0,2})")


def resolve_references(console: Console, value: str | list[str], *, takes_messages: bool = False) -> Any:
    """Replace references by ids of cases, or of messages; a list may grow by `-`. Raises WrongUsage.

    A row of the outbox stands for the case of its message where the argument takes no messages.

    What fits no case stays as it is, so that the command refuses it as it refuses an unknown id.
    """
    if isinstance(value, list):
        ids = [id for text in value for id in (_read_ids(console) if text == "-" else [text])]
        return [_resolve_reference(console, text, takes_messages) for text in ids]
    if value != "-":
        return _resolve_reference(console, value, takes_messages)
    ids = _read_ids(console)
    if len(ids) != 1:
        raise WrongUsage(say("this command takes one case; stdin has {count}", count=len(ids)))
    return _resolve_reference(console, ids[0], takes_messages)


def _read_ids(console: Console) -> list[str]:
    """Read ids from stdin, one a line; the rest of a row behind a tab, and the header of a table, are left out."""
    cells = [line.partition("\t")[0].strip() for line in console.read_stdin().splitlines()]
    ids = [to_half_width(cell) for number, cell in enumerate(cells) if cell and (number or cell != "case")]
    if not ids:
        raise WrongUsage(say("stdin holds no id"), say("write one id a line, such as the first column of a list"))
    return ids


def _resolve_reference(console: Console, text: str, takes_messages: bool) -> str:
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return text
    reference, message = match["case"], match["message"]
    if reference.startswith("@"):
        from fujin_cli.commands.common.terminal_references import recall_reference

        id = recall_reference(console.session, reference, is_on_terminal=on_terminal())
        id = id if takes_messages else id.partition(".")[0]
    else:
        id = find_case(console.session, reference) or reference
    if id != reference:
        name_reference(console, reference, id)
    return f"{id}{message}"


def name_reference(console: Console, reference: str, id: str) -> None:
    """Tell beside the answer which id was taken for a reference; JSON has the id in its answer."""
    if not console.json:
        sys.stderr.write(str(say("{reference} is {id}", reference=reference, id=id)) + "\n")
