"""``fujin explain CODE``: the page of a finding's code."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import command
from fujin_cli.core.text.message import say
from fujin_cli.language import current
from fujin_cli.language import translate as _
from fujin_cli.render.basics.text import display_width, fold
from fujin_cli.use_cases.session import WrongUsage

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "explain",
    _("Explain the code of a finding, with a failing and a passing example."),
    examples="fujin explain FJ102",
)
def explain(
    console: Console,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("such as FJ102"))],
) -> None:
    """Show the page."""
    from fujin_cli.rules.explain import page_in

    text = (page_in(current(), code.upper()) or "").strip()
    if not text:
        raise WrongUsage(say("there is no code {code}", code=code), say("a code looks like FJ102"))
    console.answer(
        lambda: {"version": 1, "code": code.upper(), "language": current(), "page": text},
        lambda: _folded(text, console.page_width),
    )


def _folded(page: str, width: int) -> str:
    """The page on a terminal: paragraphs flow anew at ``width`` columns (0: never), examples stay as they are."""
    if not width:
        return page
    parts = []
    for number, part in enumerate(page.split("```")):
        parts.append(part if number % 2 else "\n\n".join(_flowing(text, width) for text in part.split("\n\n")))
    return "```".join(parts)


def _flowing(paragraph: str, width: int) -> str:
    lines = paragraph.split("\n")
    listed = any(line.startswith(("- ", "  ")) for line in lines)
    return "\n".join(fold(paragraph if listed else _joined(lines), width))


def _joined(lines: list[str]) -> str:
    """The lines of a paragraph as one: no space behind a Chinese character or its punctuation."""
    text = ""
    for line in lines:
        text += line if not text or display_width(text[-1]) == 2 else f" {line}"
    return text
