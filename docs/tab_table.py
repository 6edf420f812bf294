"""Writes what TAB completes: the tree of commands with the kind of each option's and argument's value, as JSON.

It is read in place of the commands themselves, because importing those takes longer than people wait at TAB.
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "fujin_cli" / "commands" / "common" / "tab_table.json"
COMMON = ("workspace", "json", "format", "now", "actor", "help")
CHOICES = {"shell": "bash|zsh|fish", "format": "text|json|tsv"}
ONE_OF = "one of "
# Parameter of a command → kind of its value; an option has one meaning everywhere.
KINDS = {
    "action": "action",
    "actor": "actor",
    "can": "topic",
    "case": "case",
    "cases": "case",
    "channel": "channel",
    "columns": "column",
    "committee": "committee",
    "community": "community",
    "into": "case",
    "messages": "message",
    "owner": "actor",
    "kind": "menu",
    "language": "=zh|en",
    "partner": "partner",
    "procedure": "procedure",
    "sets": "field",
    "role": "role",
    "roles": "role",
    "sort": "sort",
    "step": "step",
    "street": "street",
    "to": "actor",
    "topic": "topic",
    "unit": "roster",
    "view": "view",
}


def table() -> str:
    """The table as text."""
    from fujin_cli.cli import build_command
    from fujin_cli.rules.registry import codes, page

    root = _node(build_command(), None)
    titles = {code: (page(code) or "").split("\n", 1)[0].lstrip("# ").partition(" · ")[2] for code in codes()}
    common = _options(_first_command(build_command(), None), common=True)
    return json.dumps({**root, "options": common, "codes": titles}, ensure_ascii=False, indent=1) + "\n"


def _node(command: Any, context: Any) -> dict[str, Any]:
    help = (command.help or "").split("\n")[0]
    if hasattr(command, "list_commands"):
        names = command.list_commands(context)
        return {"help": help, "commands": {name: _node(command.get_command(context, name), context) for name in names}}
    arguments = [
        [_kind(parameter, command), parameter.nargs == -1]
        for parameter in command.params
        if parameter.param_type_name == "argument"
    ]
    return {"help": help, "arguments": arguments, "options": _options(command)}


def _first_command(command: Any, context: Any) -> Any:
    """A command that acts, for the options that stand at every command."""
    return command.get_command(context, "case").get_command(context, "advance")


def _options(command: Any, common: bool = False) -> dict[str, list[str | None]]:
    return {
        name: [None if parameter.is_flag else _kind(parameter, command), parameter.help or ""]
        for parameter in command.params
        if parameter.param_type_name == "option" and (_is_common(parameter)) == common
        for name in parameter.opts
    }


def _is_common(parameter: Any) -> bool:
    return parameter.name in COMMON and not (parameter.help or "").startswith(ONE_OF)


def _kind(parameter: Any, command: Any) -> str:
    """The kind of a value: ``=a|b`` for one of some words, else what the command marks, else by its name."""
    if (parameter.help or "").startswith(ONE_OF):
        return "=" + "|".join(parameter.help.removeprefix(ONE_OF).split(", "))
    if parameter.name in CHOICES:
        return f"={CHOICES[parameter.name]}"
    if parameter.name == "code" and parameter.param_type_name == "argument":
        return "code"
    if parameter.type.name == "path":
        return "folder" if parameter.name in ("workspace", "folder") else "file"
    if parameter.metavar == "COLUMN":
        return "order"
    return _marked_kind(command, parameter.name) or KINDS.get(parameter.name, "")


def _marked_kind(command: Any, name: str) -> str:
    """The kind that ``completes`` marks in the signature of a command."""
    signature = inspect.signature(command.callback)
    hint = signature.parameters[name].annotation if name in signature.parameters else None
    marks = [getattr(part, "autocompletion", None) for part in getattr(hint, "__metadata__", ())]
    return next((mark.kind for mark in marks if hasattr(mark, "kind")), "")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]
    from fujin_cli.language import set_language

    set_language("en")  # before any command is imported: help is translated then
    sys.stdout.write(table())
