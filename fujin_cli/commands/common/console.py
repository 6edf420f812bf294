"""Show answers, warnings and pages on the terminal, in a pipe, or as JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.use_cases.session import Session, WrongUsage

if TYPE_CHECKING:
    from fujin_cli.render.basics.tables import Table

FORMATS = ("text", "json", "tsv")


class AnswerLost(Exception):
    """Report that the command succeeded but its answer could not be written; the argument is the system's reason.

    ``answer`` is the answer, where it holds what is shown once and cannot be shown again.
    """

    def __init__(self, reason: str, answer: str = "") -> None:
        super().__init__(reason)
        self.answer = answer


@dataclass
class Console:
    """Hold the session of one command and the format of its answer; write answers and warnings.

    ``draws_tables``: ``--format text`` was written, so tables are drawn where stdout is no terminal, too.
    """

    session: Session = field(default_factory=Session)
    format: str = "text"
    draws_tables: bool = False
    last_case: str | None = None  # what `@` will stand for on this terminal
    last_rows: Sequence[str] | None = None  # what `@1`, `@2` … will stand for
    is_stdin_used: bool = False
    pages: bool = False  # whether a pager may show an answer that is longer than the terminal

    def __post_init__(self) -> None:
        self.session.warn = self.warn

    @contextmanager
    def running(self) -> Iterator[None]:
        """Name those whom a refusal of the command lists, and remove the files that it staged and did not use."""
        try:
            yield
        except Exception as problem:
            self.name_refused(problem)
            raise
        finally:
            self.session.discard_staged_files()

    def name_refused(self, problem: Exception) -> None:
        """Add to a refusal the names of those who could do it; without the workspace, they stay ids."""
        from fujin_cli.core.findings.refusals import Refusal

        if isinstance(problem, Refusal) and "loaded" in self.session.__dict__:
            titles = {id: self.session.workspace.organisation.find_title(id) for id in problem.who}
            problem.names.update({id: title for id, title in titles.items() if title})

    @property
    def json(self) -> bool:
        """Return whether the answer is JSON."""
        return self.format == "json"

    @property
    def terminal(self) -> bool:
        """Return whether stdout is a terminal."""
        return sys.stdout.isatty()

    @property
    def shows_tables(self) -> bool:
        """Return whether tables are drawn; they are TSV otherwise."""
        return self.draws_tables or (self.terminal and self.format != "tsv")

    @property
    def colour(self) -> bool:
        """Return whether stdout may be coloured."""
        return self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Return the number of columns of the terminal (80 where it is unknown)."""
        return shutil.get_terminal_size((80, 24)).columns

    @property
    def page_width(self) -> int:
        """Return the column at which pages fold; 0 (never) unless stdout is a terminal."""
        return self.width if self.terminal else 0

    def answer(
        self,
        content: Callable[[], dict[str, Any]],
        text: Callable[[], str | Table],
        *,
        shown_once: bool = False,
        rows: Sequence[str] | None = None,
    ) -> None:
        """Write the answer to stdout: JSON, or a page, or a table (TSV where stdout is no terminal).

        ``shown_once``: it holds something that cannot be shown again, such as an acceptance code. ``rows`` are the ids
        of the cases or messages in the rows of a list, for `@1`, `@2` … Raises AnswerLost.
        """
        if self.json:
            put(to_json_line(content()), shown_once=shown_once)
            return
        page, self.last_rows = text(), rows
        if not isinstance(page, str):
            from fujin_cli.render.basics.tables import format_table, number_rows

            page = number_rows(page) if rows and self.shows_tables and self.terminal and on_terminal() else page
            page = format_table(page, self.shows_tables, self.width, self.colour)
        if self.pages and self.terminal and on_terminal():
            from fujin_cli.commands.common.pager import show_in_pager

            if show_in_pager(page):
                return
        put(page if not page or page.endswith("\n") else page + "\n", shown_once=shown_once)

    def warn(self, message: LocalizedText) -> None:
        """Write a warning to stderr."""
        from fujin_cli.render.basics.text import fold_text

        lines = fold_text(str(say("warning: {message}", message=message)), self.width if sys.stderr.isatty() else 0)
        with suppress(OSError):  # a warning that cannot be written must not cost the answer
            sys.stderr.write("".join(f"{line}\n" for line in lines))
            sys.stderr.flush()

    def report_late_sweep(self, communities: Sequence[str] | None = None) -> None:
        """Warn where ``fujin tick`` has not run for long: a dead cron job must not look like a quiet day."""
        from fujin_cli.use_cases.record_sweep import describe_late_sweep, find_late_sweep

        stale = find_late_sweep(self.session, communities)
        if stale is not None:
            self.warn(describe_late_sweep(stale, self.session))

    def read_stdin(self) -> str:
        """Read the text of stdin. Raises WrongUsage for a second argument that reads it."""
        from fujin_cli.commands.common.stdin import read_stdin_text

        if self.is_stdin_used:
            raise WrongUsage(say("stdin holds one text only, and two arguments read it"))
        self.is_stdin_used = True
        return read_stdin_text()

    def remember_shown(self, case: str | None) -> None:
        """Remember for `@` and `@1` what this command has shown, where somebody sits at a terminal."""
        self.last_case = self.last_case or case
        if (self.last_case or self.last_rows is not None) and on_terminal():
            from fujin_cli.commands.common.terminal_references import remember_shown

            remember_shown(self.session, self.last_case, self.last_rows)

    def report_damage(self) -> int:
        """Warn of each lost or damaged volume and each unreadable case; return 1 if there is one, else 0."""
        from fujin_cli.store.ledger.factory import lost_volumes_of

        opened = "ledger" in self.session.__dict__
        volumes = self.session.ledger.problems() if opened else lost_volumes_of(self.session.root)
        cases = self.session.unreadable_cases
        for problem in volumes:
            self.warn(problem.message)
        for case, reason in cases.items():
            self.warn(say("{case} was left out: {reason}", case=case, reason=reason))
        return 1 if volumes or cases else 0


def write_json(content: dict[str, Any]) -> None:
    """Write one JSON object to stdout."""
    put(to_json_line(content))


def to_json_line(content: dict[str, Any]) -> str:
    """Format one JSON object as a line."""
    return json.dumps(content, ensure_ascii=False) + "\n"


def put(answer: str, *, shown_once: bool = False) -> None:
    """Write the whole answer to stdout and flush it. Raises AnswerLost on an error such as a full disk.

    A reader that has gone is no error, unless the answer is ``shown_once``.
    """
    try:
        sys.stdout.write(answer)
        sys.stdout.flush()
    except OSError as problem:
        if isinstance(problem, BrokenPipeError) and not shown_once:
            raise
        raise AnswerLost(problem.strerror or str(problem), answer if shown_once else "") from problem


def on_terminal() -> bool:
    """Return whether somebody sits at a terminal and can be asked: stdin and stderr are one."""
    try:
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    except (ValueError, OSError):  # closed, or no file
        return False
