"""Every command of the tree, and a sound command line for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fujin_cli.cli import build_command

VALUES = {
    "action": "accept",
    "can": "sanitation",
    "case": "XF01-202606a-0001",
    "code": "FJ102",
    "committee": "XF01-environment",
    "community": "XF01",
    "file": "photo.jpg",
    "folder": "new",
    "id": "new-one",
    "into": "XF01-202606a-0002",
    "kind": "environment",
    "messages": "XF01-202606a-0001",
    "name": "样例",
    "new": "another",
    "old": ".",
    "partner": "police",
    "person": "p-9999",
    "procedure": "resident-request",
    "reason": "waiting",
    "shell": "bash",
    "sets": "place=there",
    "text": "called",
    "title": "样例",
    "sort": "department",
    "unit": "XF01",
    "until": "2026-06-10",
    "why": "called back",
}


def iterate_commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the words and the parser of every command that does something, groups left out."""
    group = group or build_command()
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from iterate_commands(command, (*path, name))
        else:
            yield (*path, name), command


def takes_value(parameter: Any) -> bool:
    """Whether a parameter is an argument or an option with a value."""
    return parameter.param_type_name == "argument" or not parameter.is_flag


def type_command(command: Any, values: Mapping[str, str], only: Mapping[str, str] | None = None) -> list[str]:
    """Type the required parameters of a command with ``values``, and those that ``only`` sets."""
    only = only or {}
    options, arguments = [], []
    for parameter in command.params:
        required = parameter.required or parameter.name == "case"  # `case` may be the last word of several arguments
        value = only.get(parameter.name, values[parameter.name] if required else None)
        if value is None:
            continue
        if parameter.param_type_name == "argument":
            arguments.append(value)
        else:
            options += [max(parameter.opts, key=len), value]
    return [*arguments, *options]
