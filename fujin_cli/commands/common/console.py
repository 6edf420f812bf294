"""Show answers, warnings and pages on the terminal, in a pipe, or as JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.use_cases.session import Session

if TYPE_CHECKING:
    from fujin_cli.render.basics.tables import Table

FORMATS = ("text", "json", "tsv")


class AnswerLost(Exception):
    """What was asked for was done, and the answer could not be written; the argument says why."""


@dataclass
class Console:
    """Where the answer of one command goes, in which format; and the session that the command works with."""

    session: Session = field(default_factory=Session)
    format: str = "text"

    def __post_init__(self) -> None:
        self.session.warn = self.warn

    @property
    def json(self) -> bool:
        """Whether the answer is JSON."""
        return self.format == "json"

    @property
    def terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return sys.stdout.isatty()

    @property
    def colour(self) -> bool:
        """Whether stdout may be coloured."""
        return self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return shutil.get_terminal_size((80, 24)).columns

    @property
    def page_width(self) -> int:
        """Columns at which pages fold; 0 (never) where stdout is no terminal."""
        return self.width if self.terminal else 0

    def answer(self, content: Callable[[], dict[str, Any]], text: Callable[[], str | Table]) -> None:
        """Write the answer to stdout: JSON, or a page, or a table (TSV where stdout is no terminal)."""
        if self.json:
            write_json(content())
            return
        page = text()
        if not isinstance(page, str):
            from fujin_cli.render.basics.tables import show

            terminal = self.terminal and self.format != "tsv"
            page = show(page, terminal, self.width, self.colour)
        put(page if not page or page.endswith("\n") else page + "\n")

    def warn(self, message: LocalizedText) -> None:
        """A sentence on stderr."""
        from fujin_cli.render.basics.text import fold

        lines = fold(str(say("warning: {message}", message=message)), self.width if sys.stderr.isatty() else 0)
        sys.stderr.write("".join(f"{line}\n" for line in lines))

    def report_damage(self) -> int:
        """Exit code 1, and a sentence for each damaged volume that was passed over; else 0."""
        problems = self.session.ledger.problems() if "ledger" in self.session.__dict__ else ()
        for problem in problems:
            self.warn(problem.message)
        return 1 if problems else 0


def write_json(content: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    put(json.dumps(content, ensure_ascii=False) + "\n")


def put(answer: str) -> None:
    """Write the answer to stdout, all of it. Raises AnswerLost where it cannot be taken (a full disk)."""
    try:
        sys.stdout.write(answer)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise AnswerLost(problem.strerror or str(problem)) from problem
