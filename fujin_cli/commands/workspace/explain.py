"""Define ``fujin explain``: show the page of a finding's code."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import command
from fujin_cli.core.text.localized import say
from fujin_cli.language import current_language
from fujin_cli.language import translate as _
from fujin_cli.render.basics.text import display_width, fold_text
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
    """Show the page of a code."""
    from difflib import get_close_matches

    from fujin_cli.rules.explain import page_in
    from fujin_cli.rules.registry import codes

    text = (page_in(current_language(), code.upper()) or "").strip()
    if not text:
        close_codes = get_close_matches(code.upper(), codes(), 1, cutoff=0.8)
        raise WrongUsage(
            say("there is no code {code}", code=code),
            say("did you mean {name}?", name=close_codes[0]) if close_codes else say("a code looks like FJ102"),
        )
    console.answer(
        lambda: {"version": 1, "code": code.upper(), "language": current_language(), "page": text},
        lambda: _fold_page(text, console.page_width),
    )


def _fold_page(page: str, width: int) -> str:
    """Fold the paragraphs of a page at ``width`` columns (0: never); examples keep their lines."""
    if not width:
        return page
    parts = []
    for number, part in enumerate(page.split("```")):
        parts.append(part if number % 2 else "\n\n".join(_fold_paragraph(text, width) for text in part.split("\n\n")))
    return "```".join(parts)


def _fold_paragraph(paragraph: str, width: int) -> str:
    lines = paragraph.split("\n")
    listed = any(line.startswith(("- ", "  ")) for line in lines)
    return "\n".join(fold_text(paragraph if listed else _join_lines(lines), width))


def _join_lines(lines: list[str]) -> str:
    """Join the lines of a paragraph with spaces, except after a Chinese character or punctuation mark."""
    text = ""
    for line in lines:
        text += line if not text or display_width(text[-1]) == 2 else f" {line}"
    return text
