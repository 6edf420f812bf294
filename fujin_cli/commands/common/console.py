"""What every command works with: the workspace, the clock, who acts, and how answers are shown."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fujin_cli.core.text.message import Message, say
from fujin_cli.store.workspace.load import Loaded, find_root, load

if TYPE_CHECKING:  # each is imported by whoever needs it: start-up time is a feature
    from fujin_cli.core.calendar.working_calendar import WorkingCalendar
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.findings.finding import Finding
    from fujin_cli.core.model.procedure import Procedure
    from fujin_cli.core.model.workspace import Workspace
    from fujin_cli.render.basics.tables import Table
    from fujin_cli.store.cache.validation_cache import Found
    from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
    from fujin_cli.store.vault.contacts import Vault

FORMATS = ("text", "json", "tsv")


class WrongUsage(Exception):
    """The command line asks for something that cannot be meant; exit code 2."""

    def __init__(self, message: Message, help: Message | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.help = help


class AnswerLost(Exception):
    """What was asked for was done, and the answer could not be written; the argument says why."""


@dataclass
class Context:
    """One run of one command. The workspace is looked for and loaded only when a command asks for it."""

    folder: Path | None = None
    format: str = "text"
    now_text: str | None = None
    actor_text: str | None = None
    laws: dict[str, Procedure] = field(default_factory=dict)

    @property
    def json(self) -> bool:
        """Whether the answer is JSON."""
        return self.format == "json"

    @cached_property
    def root(self) -> Path:
        """The workspace's folder. Raises NoWorkspace."""
        return find_root(self.folder or Path(os.environ.get("FUJIN_WORKSPACE") or Path.cwd()))

    @cached_property
    def loaded(self) -> Loaded:
        """The workspace's files; what is wrong with them is said once, on stderr."""
        loaded = load(self.root, fit_to_work_with)
        if loaded.errors:
            self.warn(say("the configuration has errors in {files}; run `fujin validate`", files=list(loaded.errors)))
        return loaded

    @property
    def workspace(self) -> Workspace:
        """The workspace as the core knows it."""
        return self.loaded.workspace

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The workspace's working calendar."""
        from fujin_cli.core.calendar.working_calendar import NO_CALENDAR, calendar_from

        return calendar_from(self.loaded.calendar_data or NO_CALENDAR)

    @cached_property
    def now(self) -> datetime:
        """The moment of this run, UTC; ``--now`` without an offset is in the workspace's zone."""
        if self.now_text is None:
            return datetime.now(UTC)
        try:
            return self.calendar.parse_moment(self.now_text)
        except ValueError:
            raise not_a_moment() from None

    @cached_property
    def ledger(self) -> TinyLedger:
        """The ledger."""
        from fujin_cli.store.ledger.tinydb.ledger import TinyLedger

        return TinyLedger(self.root / "data" / "ledger")

    @cached_property
    def vault(self) -> Vault:
        """The contacts."""
        from fujin_cli.store.vault.contacts import Vault

        return Vault(self.root / "data" / "contacts")

    @cached_property
    def actor(self) -> str:
        """Who acts: ``--as``, else FUJIN_AS, else what the workspace says of the login. Raises WrongUsage."""
        actor = self.actor_text or os.environ.get("FUJIN_AS") or (self.loaded.head.get("actors") or {}).get(_login())
        if not actor:
            raise WrongUsage(
                say("who acts? give --as ID"),
                say("or set FUJIN_AS, or name your login under `actors:` in workflows/workspace.yaml"),
            )
        if actor == "system":
            raise WrongUsage(say("only `fujin tick` acts as system"))
        return str(actor)

    def check_clock(self) -> None:
        """Commands that change something refuse ``--now`` outside a rehearsal. Raises WrongUsage."""
        if self.now_text is not None and not self.workspace.rehearsal:
            raise WrongUsage(
                say("--now changes nothing but a rehearsal"),
                say("a workspace for rehearsals says `rehearsal: yes` in workflows/workspace.yaml"),
            )

    def law(self, digest: str) -> Procedure:
        """The procedure that a case is pinned to: as the workspace has it, else as the ledger kept it."""
        from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal
        from fujin_cli.core.model.compile_procedure import compile_procedure

        if not self.laws:
            self.laws = {law.digest: law for law in self.workspace.procedures.values()}
        if digest not in self.laws:
            text = self.ledger.law(digest)
            if text is None:
                raise Refusal(
                    UNKNOWN_CASE,
                    say("the procedure of this case is missing from data/ledger/laws: {digest}", digest=digest[:12]),
                    help=say("run `fujin ledger verify` and restore the file from a backup"),
                )
            self.laws[digest] = compile_procedure(json.loads(text))
        return self.laws[digest]

    def sound_procedure(self, name: str) -> Procedure | None:
        """The procedure as the workspace has it; None where there is none, or its file has errors."""
        law = self.workspace.procedures.get(name)
        return None if law is None or self.loaded.errors.get(law.path) else law

    def law_text(self, name: str) -> str:
        """The text of a procedure as the workspace has it: what the ledger keeps."""
        from fujin_cli.core.model.compile_procedure import law_text

        tree = next(file.tree for file in self.workspace.files if file.kind == "procedure" and file.name == name)
        return law_text(tree or {})

    def case(self, id: str) -> Case:
        """A case as it is now. Raises Refusal for one that the ledger does not have."""
        from fujin_cli.core.cases.evolve import replay
        from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal

        try:
            events = self.ledger.read(id)
        except ValueError:
            events = ()
        if not events:
            raise Refusal(
                UNKNOWN_CASE, say("there is no case {case}", case=id), help=say("`fujin case list` shows them")
            )
        return replay(id, events)

    def titles(self, procedure: str, step: str) -> str:
        """A step's title, for tables."""
        from fujin_cli.core.text.message import title_of

        law = self.workspace.procedures.get(procedure)
        found = law.steps.get(step) if law else None
        return title_of(found.title if found else None, step)

    # what is shown, and where

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

    def answer(self, data: Callable[[], dict[str, Any]], text: Callable[[], str | Table]) -> None:
        """Write the answer to stdout: JSON, or a page, or a table (TSV where stdout is no terminal)."""
        if self.json:
            write_json(data())
            return
        page = text()
        if not isinstance(page, str):
            from fujin_cli.render.basics.tables import show

            terminal = self.terminal and self.format != "tsv"
            page = show(page, terminal, self.width, self.colour)
        put(page if not page or page.endswith("\n") else page + "\n")

    def warn(self, message: Message) -> None:
        """A sentence on stderr."""
        from fujin_cli.render.basics.text import fold

        lines = fold(str(say("warning: {message}", message=message)), self.width if sys.stderr.isatty() else 0)
        sys.stderr.write("".join(f"{line}\n" for line in lines))

    def damages(self) -> int:
        """Exit code 1, and a sentence for each damaged volume that was passed over; else 0."""
        problems = self.ledger.problems() if "ledger" in self.__dict__ else ()
        for problem in problems:
            self.warn(problem.message)
        return 1 if problems else 0


def not_a_moment() -> WrongUsage:
    """What is said of a ``--now`` that is none."""
    return WrongUsage(say("--now takes a moment such as {example}", example="2026-06-01T09:00"))


def judge(workspace: Workspace, today: date, /, *, kept: Found | None = None) -> Sequence[Finding]:
    """Every rule, imported only where configuration has to be judged."""
    from fujin_cli.rules.registry import check_all

    return check_all(workspace, today, kept=kept)


def fit_to_work_with(workspace: Workspace, today: date, /, *, kept: Found | None = None) -> Sequence[Finding]:
    """The findings that can make a file unfit to be worked with; following every possible case would take longer."""
    from fujin_cli.rules.registry import check_all

    return check_all(workspace, today, families=(1, 2))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def write_json(data: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    put(json.dumps(data, ensure_ascii=False) + "\n")


def put(answer: str) -> None:
    """Write the answer to stdout, all of it. Raises AnswerLost where it cannot be taken (a full disk)."""
    try:
        sys.stdout.write(answer)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise AnswerLost(problem.strerror or str(problem)) from problem
