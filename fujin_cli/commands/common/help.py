"""Lay out help pages in the user's language; Typer's own pages have fixed English headings."""

from __future__ import annotations

import shutil
import textwrap
from typing import Any

from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.render.basics.text import display_width, fold_text, pad_to_width

_TERM_WIDTH = 30  # columns of the left side (command or option); its meaning stands to the right


def _format_heading(title: str) -> str:
    return str(say("{title}:", title=title))


def page_width(ctx: Any) -> int:
    """Return the width of a help page: that of the terminal, between 60 and 100 columns."""
    return min(max(ctx.terminal_width or shutil.get_terminal_size((80, 24)).columns, 60), 100)


def section(title: str, rows: list[tuple[str, str]], ctx: Any) -> str:
    """Lay out a titled two-column list, such as options and their meanings."""
    return _format_section(title, rows, page_width(ctx))


def _format_section(title: str, rows: list[tuple[str, str]], width: int) -> str:
    lines = [_format_heading(title)]
    for term, meaning in rows:
        meaning_lines = fold_text(meaning, max(20, width - _TERM_WIDTH - 2)) if meaning else [""]
        indented_term = f"  {term}"
        if display_width(indented_term) > _TERM_WIDTH - 2:
            lines.append(indented_term)
        else:
            lines.append(pad_to_width(indented_term, _TERM_WIDTH) + meaning_lines.pop(0))
        lines += [" " * _TERM_WIDTH + line for line in meaning_lines if line]
    return "\n".join(line.rstrip() for line in lines)


def page(command: Any, ctx: Any, extra: list[str]) -> str:
    """Lay out the help page of a command; ``extra`` sections stand between its description and its arguments."""
    width = page_width(ctx)
    pieces = " ".join(piece.strip("{}") for piece in command.collect_usage_pieces(ctx))
    if any(parameter.name == "case" for parameter in command.params):
        pieces = pieces.replace("[CASE...]", "CASE...")  # click may not require it, because ACTION stands behind it
    options_word = _("options")
    pieces = pieces.replace("[OPTIONS]", f"[{options_word}]").replace("COMMAND [ARGS]...", _("COMMAND …"))
    usage = str(say("Usage: {line}", line=f"{ctx.command_path} {pieces}".rstrip()))
    parts = [usage]
    if command.help:
        parts.append("\n".join(fold_text(command.help, width - 2)))
    parts += extra
    arguments, options = [], []
    for parameter in command.get_params(ctx):
        if getattr(parameter, "hidden", False):
            continue
        if parameter.param_type_name == "argument":
            if parameter.help:
                arguments.append((parameter.make_metavar(ctx), parameter.help))
        else:
            options.append((_format_names(parameter, ctx), _format_option_help(parameter)))
    if arguments:
        parts.append(_format_section(_("Arguments"), arguments, width))
    if options:
        parts.append(_format_section(_("Options"), options, width))
    if command.epilog:
        parts.append(_format_heading(_("Examples")) + "\n" + textwrap.indent(command.epilog.strip(), "  "))
    return "\n\n".join(parts)


def _format_names(parameter: Any, ctx: Any) -> str:
    names = ", ".join(sorted(parameter.opts, key=len))
    if parameter.is_flag or parameter.count:
        return names
    return f"{names} {parameter.metavar or parameter.name.upper()}"


def _format_option_help(parameter: Any) -> str:
    if "--help" in parameter.opts:
        return _("show this help")
    help = parameter.help or ""
    return str(say("{help} (required)", help=help)) if parameter.required else help
