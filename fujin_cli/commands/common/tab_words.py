"""Tell from the words before the cursor what TAB completes; the table of commands is read, no command is imported."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("tab_table.json")  # `make docs` writes it from the commands themselves
Node = Mapping[str, Any]


@dataclass
class Position:
    """Describe the word at the cursor: ``kind`` is what it completes to, ``incomplete`` its beginning.

    ``prefix`` stands before it in the same word: ``--community=``. ``node`` is the command, with what follows it in
    ``arguments`` and ``options``.
    """

    node: Node
    incomplete: str
    kind: str = ""
    prefix: str = ""
    arguments: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)

    def find_argument(self, kind: str) -> str | None:
        """Find the first word that was typed for an argument of a kind."""
        kinds = _kinds_of_arguments(self.node, len(self.arguments))
        return next((word for word, found in zip(self.arguments, kinds, strict=False) if found == kind), None)


def read_table() -> Node:
    """Read the tree of commands: their options, and the kinds of what these and the arguments take."""
    table: Node = json.loads(TABLE.read_text("utf-8"))
    return table


def find_position(table: Node, words: Sequence[str]) -> Position:
    """Find what the last of ``words`` is the beginning of; the program's own name is not among them."""
    *before, incomplete = words
    position = Position(table, incomplete)
    awaiting: str | None = None  # the option whose value comes next
    is_literal = False  # behind `--`
    for word in before:
        if awaiting is not None:
            position.options.setdefault(awaiting, []).append(word)
            awaiting = None
        elif word == "--" and not is_literal:
            is_literal = True
        elif word.startswith("-") and len(word) > 1 and not is_literal:
            awaiting = _read_option(position, table, word)
        elif "commands" in position.node:
            position.node = position.node["commands"].get(word, {})
        else:
            position.arguments.append(word)
    _choose_kind(position, table, awaiting, is_literal)
    return position


def _read_option(position: Position, table: Node, word: str) -> str | None:
    """Read an option; return it where its value is the next word."""
    name, equals, value = word.partition("=")
    if equals:
        position.options.setdefault(name, []).append(value)
        return None
    return name if options_of(position.node, table).get(name, [None])[0] is not None else None


def _choose_kind(position: Position, table: Node, awaiting: str | None, is_literal: bool) -> None:
    options, word = options_of(position.node, table), position.incomplete
    name, equals, value = word.partition("=")
    if awaiting is not None:
        position.kind = options.get(awaiting, [""])[0] or ""
    elif word.startswith("--") and equals and not is_literal:
        position.kind, position.prefix, position.incomplete = options.get(name, [""])[0] or "", f"{name}=", value
    elif word.startswith("-") and len(word) > 1 and not is_literal:
        position.kind = "option"
    elif "commands" in position.node:
        position.kind = "command"
    else:
        kinds = _kinds_of_arguments(position.node, len(position.arguments) + 1)
        position.kind = kinds[-1] if kinds else ""


def options_of(node: Node, table: Node) -> Mapping[str, Any]:
    """List the options that may stand at a command: option → kind of its value (null for a flag) and help."""
    return {**table["options"], **node.get("options", {})}


def _kinds_of_arguments(node: Node, count: int) -> list[str]:
    """List the kinds of the first ``count`` words; where several cases may stand, an action may follow each of them."""
    arguments: Sequence[tuple[str, bool]] = node.get("arguments", ())
    kinds: list[str] = []
    for kind, is_many in arguments:
        kinds += [kind] * (max(1, count - len(kinds) - len(arguments) + 1) if is_many else 1)
    return kinds[:count] if len(kinds) >= count else []
