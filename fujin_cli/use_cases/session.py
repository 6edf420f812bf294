"""Hold what one run of a command works with: the workspace, the clock, the ledger, and who acts."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.language import set_title_languages
from fujin_cli.store.workspace.load import Loaded, contents_of, find_root, key_of, read_cache, write_cache

if TYPE_CHECKING:  # each is imported where it is needed: start-up time is a feature
    from fujin_cli.core.calendar.working_calendar import WorkingCalendar
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.findings.refusals import Refusal
    from fujin_cli.core.model.procedure import Procedure
    from fujin_cli.core.model.workspace import Workspace
    from fujin_cli.store.files.staged_file import StagedFile
    from fujin_cli.store.ledger.protocol import Ledger
    from fujin_cli.store.vault.contacts import Vault
    from fujin_cli.use_cases.validate import CheckedFiles


class WrongUsage(Exception):
    """The command line is not valid; exit code 2."""

    def __init__(self, message: LocalizedText, help: LocalizedText | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.help = help


@dataclass
class Session:
    """Hold the state of one run of a command. The workspace is found and loaded at its first use.

    ``warn`` shows a warning beside the answer. ``unreadable_cases`` maps cases that were left out of lists to reasons.
    ``checked`` are the workspace's files if the command has parsed and checked them already.
    """

    folder: Path | None = None
    now_text: str | None = None
    actor_text: str | None = None
    warn: Callable[[LocalizedText], None] = lambda message: None
    versions: dict[str, Procedure] = field(default_factory=dict)
    unreadable_cases: dict[str, LocalizedText] = field(default_factory=dict)
    checked: CheckedFiles | None = None
    reported_clocks: set[str] = field(default_factory=set)
    staged_files: dict[str, StagedFile] = field(default_factory=dict)  # by the references that events will hold

    @cached_property
    def root(self) -> Path:
        """The workspace's folder. Raises NoWorkspace, and WrongUsage where FUJIN_WORKSPACE names no folder."""
        variable = os.environ.get("FUJIN_WORKSPACE")
        if not self.folder and variable and not Path(variable).exists():
            raise WrongUsage(say("there is no folder {path}, which FUJIN_WORKSPACE names", path=variable))
        return find_root(self.folder or Path(variable or Path.cwd()))

    @cached_property
    def loaded(self) -> Loaded:
        """The workspace's files; if those that cases depend on have errors, a warning is shown once."""
        loaded = load_workspace(self.root, self.checked)
        set_title_languages(loaded.head.get("languages") or ())
        if loaded.errors:
            from fujin_cli.use_cases.sound_files import warn_of_errors

            warn_of_errors(loaded, self.warn)
        return loaded

    @property
    def workspace(self) -> Workspace:
        """The compiled workspace."""
        loaded = self.loaded  # its errors are warned of in any case
        return loaded.workspace if self.checked is None else self.checked.files.workspace

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The workspace's working calendar."""
        from fujin_cli.core.calendar.working_calendar import calendar_from_tree

        if self.loaded.calendar_data is None:
            from fujin_cli.use_cases.sound_files import make_unusable_calendar

            return make_unusable_calendar(self)
        return calendar_from_tree(self.loaded.calendar_data)

    @cached_property
    def now(self) -> datetime:
        """The moment of this run, UTC; ``--now`` without an offset is in the workspace's zone."""
        if self.now_text is None:
            return datetime.now(UTC)
        try:
            moment = self.calendar.parse_moment(self.now_text)
        except ValueError:
            raise refuse_invalid_moment() from None
        self.report_clock_change(self.now_text)
        return moment

    def report_clock_change(self, text: str) -> None:
        """Warn, once for each text, of a local time that a change of clock skips or repeats."""
        from fujin_cli.core.calendar.clock_changes import find_clock_change

        change = None if text in self.reported_clocks else find_clock_change(self.calendar, text)
        if change is not None:
            self.reported_clocks.add(text)
            self.warn(change)

    def read_clock_again(self) -> None:
        """Set ``now`` to the present moment, unless it was given: a process may have waited long for a lock."""
        if self.now_text is None:
            self.now = datetime.now(UTC)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of the workspace."""
        from fujin_cli.store.ledger.factory import open_ledger

        return open_ledger(self.root)

    @cached_property
    def vault(self) -> Vault:
        """The vault of contacts."""
        from fujin_cli.store.vault.contacts import Vault

        return Vault(self.root / "data" / "contacts")

    def add_staged_file(self, reference: str, file: StagedFile) -> None:
        """Add a file that an operation publishes if one of its events refers to it."""
        earlier = self.staged_files.get(reference)
        if earlier is not None:  # the same photo twice
            earlier.discard()
        self.staged_files[reference] = file

    def discard_staged_files(self) -> None:
        """Remove the files that no operation has published."""
        for file in self.staged_files.values():
            file.discard()

    @cached_property
    def named_actor(self) -> str | None:
        """Who acts, unchecked: ``--as``, else FUJIN_AS, else the workspace's entry for the login, else nobody."""
        named = self.actor_text or os.environ.get("FUJIN_AS")
        return named or (self.loaded.head.get("actors") or {}).get(read_login())

    @cached_property
    def actor(self) -> str:
        """The acting person. Raises WrongUsage for nobody, and for somebody who cannot act."""
        if not self.named_actor:
            raise WrongUsage(
                say("no actor given: use --as ID"),
                say("or set FUJIN_AS, or map your login name under `actors:` in workflows/workspace.yaml"),
            )
        if (actor := str(self.named_actor)) == "system":
            raise WrongUsage(say("only `fujin tick` acts as system"))
        organisation = self.workspace.organisation
        if organisation.find_person(actor) is None and actor not in organisation.partners:
            from fujin_cli.use_cases.known_names import suggest_actor

            suggestion = suggest_actor(organisation, self.all_versions(), actor)
            if suggestion and not self.loaded.invalid:  # the roster may be one that cannot be read
                raise WrongUsage(say("{actor} is on no roster and no partner", actor=actor), suggestion)
        return actor

    def check_calendar(self) -> None:
        """Check that deadlines can be computed, before something is written. Raises Refusal."""
        if self.loaded.calendar_data is None:
            from fujin_cli.use_cases import sound_files

            sound_files.refuse_invalid_calendar(self)

    def check_now_allowed(self) -> None:
        """Refuse ``--now`` for commands that change something, except in a rehearsal. Raises WrongUsage."""
        if self.now_text is not None and not self.workspace.rehearsal:
            raise WrongUsage(
                say("a command that changes something takes --now only in a rehearsal workspace"),
                say("a rehearsal workspace has `rehearsal: yes` in workflows/workspace.yaml"),
            )

    def version(self, digest: str) -> Procedure:
        """Get the procedure version that a case is pinned to, from the workspace or else from the ledger."""
        if not self.versions:
            self.versions = {version.digest: version for version in self.workspace.procedures.values()}
        if digest not in self.versions:
            from fujin_cli.core.model.compile_procedure import NotCompilable, compile_text
            from fujin_cli.use_cases import version_shelf

            text = self.ledger.procedure_text(digest)
            if text is None:
                raise version_shelf.refuse_missing_version(digest)
            try:
                self.versions[digest] = compile_text(text)
            except NotCompilable as problem:
                raise version_shelf.refuse_version(digest, problem.format) from problem
        return self.versions[digest]

    def all_versions(self) -> Iterator[Procedure]:
        """List every procedure version: those of the workspace, then those that are only in the ledger."""
        active = self.workspace.procedures.values()
        yield from active
        digests = {version.digest for version in active}
        for digest, _since in self.ledger.procedure_texts():
            if digest not in digests:
                yield self.version(digest)

    def version_of(self, case: str, digest: str, step: str) -> Procedure:
        """Get the version that a case is pinned to. Raises Refusal where it, or the case's step in it, is missing."""
        from fujin_cli.core.cases.operation import check_step

        return check_step(case, step, self.version(digest))

    def sound_procedure(self, name: str) -> Procedure | None:
        """Get the procedure from the workspace; None where there is none, or its file has errors."""
        version = self.workspace.procedures.get(name)
        return None if version is None or self.loaded.errors.get(version.path) else version

    def current_procedure(self, name: str) -> Procedure | None:
        """Get the procedure for new cases; None where there is none. Raises Refusal where its file has errors."""
        version = self.sound_procedure(name)
        if version is None and self.loaded.errors:
            from fujin_cli.use_cases.sound_files import check_procedure

            check_procedure(self, name)
        return version

    def procedure_text(self, name: str) -> str:
        """Write a procedure of the workspace as the text that the ledger stores. Raises Refusal for a forged cache."""
        from fujin_cli.core.model.ids import procedure_text

        file = next(file for file in self.workspace.files if file.kind == "procedure" and file.name == name)
        text = procedure_text(file.tree or {})
        if self.workspace.procedures[name].digest not in {digest for digest, _ in self.ledger.procedure_texts()}:
            from fujin_cli.use_cases.pinned_procedures import check_original  # once for each version

            check_original(self.root, file.path, text)
        return text

    def case(self, id: str) -> Case:
        """Read a case as it is now. Raises Refusal where the ledger has no such case."""
        from fujin_cli.core.cases.evolve import replay

        events = self.ledger.read(id)
        if not events:
            raise refuse_unknown_case(id)
        return replay(id, events)


def refuse_unknown_case(id: str) -> Refusal:
    """Make the refusal of an id that no case of the ledger has."""
    from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal

    return Refusal(UNKNOWN_CASE, say("there is no case {case}", case=id), help=say("`fujin case list` shows them"))


def refuse_invalid_moment() -> WrongUsage:
    """Make the error for a ``--now`` that is not a date and time."""
    return WrongUsage(say("--now takes a date and time such as {example}", example="2026-06-01T09:00"))


def read_login() -> str:
    """Read the name of the account that runs this process; empty where the system does not know it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def load_workspace(root: Path, checked: CheckedFiles | None = None) -> Loaded:
    """Load the workspace at ``root``; errors that make files unfit to work with are counted by file.

    ``checked`` are its files where they were parsed and checked already (some scenarios may be left out): then nothing
    is read again, and no cache is written.
    """
    if checked is not None:
        from fujin_cli.use_cases.encode_workspace import encode_checked_files

        return Loaded(root, **encode_checked_files(checked, key_of(checked.files.contents)))
    contents = contents_of(root)
    key = key_of(contents)
    cached = read_cache(root, key)
    if cached is None:
        from fujin_cli.use_cases.encode_workspace import check_and_encode

        cached = check_and_encode(contents, key)
        write_cache(root, cached)
    return Loaded(root, **cached)
