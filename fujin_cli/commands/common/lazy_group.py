"""Define commands and groups that import their help pages and sub-commands only when needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.language import translate as _


class HelpfulCommand(TyperCommand):
    """Show a command's help page in the user's language, for ``-h`` too."""

    def __init__(self, *args: Any, **more: Any) -> None:
        more["context_settings"] = {**(more.get("context_settings") or {}), "help_option_names": ["-h", "--help"]}
        more["rich_markup_mode"] = None
        super().__init__(*args, **more)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        from fujin_cli.commands.common.help import page

        formatter.write(page(self, ctx, []))


class HelpfulGroup(TyperGroup):
    """Show a group's help page in the user's language, for ``-h`` too."""

    def __init__(self, *args: Any, **more: Any) -> None:
        more["context_settings"] = {**(more.get("context_settings") or {}), "help_option_names": ["-h", "--help"]}
        more["rich_markup_mode"] = None
        super().__init__(*args, **more)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page; sub-commands keep the order in which they were registered."""
        from fujin_cli.commands.common.help import page

        formatter.write(page(self, ctx, self.sections(ctx)))

    def sections(self, ctx: Any) -> list[str]:
        """Lay out the list of sub-commands and their help lines."""
        from fujin_cli.commands.common.help import section

        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, (command.help or "").split("\n")[0]))
        return [section(_("Commands"), rows, ctx)]


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """Describe a group of commands: its sub-commands in the order of the help page, its purpose, and examples."""

    commands: Mapping[str, Entry]
    purpose: LocalizedText
    examples: str | None = None


Entry = tuple[str | CommandGroup, LocalizedText]  # the module of a command below fujin_cli.commands, and its help line


def build_group(name: str, group: CommandGroup) -> LazyGroup:
    """Build a group under the given name; its sub-commands are not imported yet."""
    app = typer.Typer(
        cls=LazyGroup,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        help=str(group.purpose),
        epilog=group.examples,
    )

    @app.callback()
    def top() -> None:
        pass

    command = typer.main.get_command(app)
    assert isinstance(command, LazyGroup)  # noqa: S101 - the class named above
    command.name, command.table = name, group.commands
    return command


class LazyGroup(HelpfulGroup):
    """Import a sub-command when it is called."""

    table: Mapping[str, Entry] = MappingProxyType({})

    def list_commands(self, ctx: Any) -> list[str]:
        """List the names of all sub-commands."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command of that name; None if there is no such command."""
        if cmd_name not in self.table:
            return None
        place = self.table[cmd_name][0]
        if isinstance(place, CommandGroup):
            return build_group(cmd_name, place)
        module = import_module(f"fujin_cli.commands.{place}")
        command = typer.main.get_command(module.app)
        if isinstance(command, HelpfulGroup) and cmd_name in command.commands:
            return command.commands[cmd_name]
        command.name = cmd_name
        return command

    def sections(self, ctx: Any) -> list[str]:
        """Lay out the list of sub-commands from the table, without importing any of them."""
        from fujin_cli.commands.common.help import section

        return [section(_("Commands"), [(name, str(help)) for name, (_module, help) in self.table.items()], ctx)]
