"""Groups whose commands are imported when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import typer

from fujin_cli.commands.common.help import HelpfulGroup, section
from fujin_cli.core.text.message import LocalizedText
from fujin_cli.language import translate as _


class LazyGroup(HelpfulGroup):
    """``table``: a command's name → (module of commands, what it does), in the order of the help page."""

    table: ClassVar[Mapping[str, tuple[str, LocalizedText]]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """All names."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None where there is none."""
        if cmd_name not in self.table:
            return None
        module = import_module(f"fujin_cli.commands.{self.table[cmd_name][0]}")
        lazy = getattr(module, "group", None)
        if lazy is not None:
            return lazy(cmd_name)
        found = typer.main.get_command(module.app)
        if isinstance(found, HelpfulGroup) and cmd_name in found.commands:
            return found.commands[cmd_name]
        found.name = cmd_name
        return found

    def sections(self, ctx: Any) -> list[str]:
        """The commands, without importing any of them."""
        return [section(_("Commands"), [(name, str(help)) for name, (_module, help) in self.table.items()], ctx)]
