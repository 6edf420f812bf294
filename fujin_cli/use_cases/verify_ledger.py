"""Verify what the ledger's files say about themselves and each other: chains first, then every reference of a case."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.integrity import check_steps, find_backward_events, find_wrong_marks, list_linked_cases
from fujin_cli.core.findings.finding import Finding, Place, Severity, Span
from fujin_cli.core.findings.refusals import NEWER_FORMAT, UNREADABLE_CASE, Refusal
from fujin_cli.core.model.values import ATTACHMENT, CONTACT
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.store.ledger.protocol import Damaged, StoredCase
from fujin_cli.store.vault.access_log import NAME as ACCESS_LOG
from fujin_cli.store.vault.attachments import Attachments
from fujin_cli.store.vault.contacts import Vault
from fujin_cli.store.vault.verify_access_log import find_log_faults
from fujin_cli.use_cases.session import Session

REFERENCE, BACKWARDS, LEFTOVER, CHANGED_ACCESS_LOG = "FJ708", "FJ709", "FJ710", "FJ713"
CANNOT_DETECT = ("older-copy",)  # a whole older copy that was put back: its chains are sound
_PREFIXES = ("vault:", "sha256:")  # of references
_FRESH = 600  # seconds
_NAMED = 5  # files of no case that a finding names
_TEMPORARY = re.compile(r"\..+\.new")


class LedgerCheck:
    """Check the cases of a ledger one by one; ``deep`` also hashes each attachment again.

    ``cases`` counts those that were read.
    """

    def __init__(self, session: Session, deep: bool) -> None:
        self.session = session
        self.deep = deep
        self.cases = 0
        self._attachments = Attachments(session.root / "data" / "attachments")
        self._vault = Vault(session.root / "data" / "contacts")
        self._steps: dict[str, frozenset[str] | None] = {}  # digest of a version → its steps
        self._has_unread_cases = False
        self._ids: set[str] = set()
        self._linked: dict[str, str] = {}  # case → one of the cases that refer to it
        self._referred: set[str] = set()  # contacts and attachments that a case refers to

    def run(self) -> Iterator[Finding]:
        """List every finding: of the files, of the cases, and of what no case refers to."""
        try:
            ledger = self.session.ledger
        except Damaged as damage:  # of a newer fujin: nothing in it can be judged
            yield damage.finding
            return
        for finding in ledger.verify(self._check_case):
            self._has_unread_cases |= finding.code in ("FJ701", "FJ707")
            yield finding
        yield from self._check_versions()
        for case, source in sorted(self._linked.items()):
            if case not in self._ids:
                yield _make_finding(source, say("{case} refers to {other}, which is missing", case=source, other=case))
        yield from self._check_access_log()
        yield from self._find_leftovers()

    def _check_access_log(self) -> Iterator[Finding]:
        """Report each place where the log of who read contacts was changed or cut."""
        path = f"data/contacts/{ACCESS_LOG}"
        help = say("Restore it from the newest backup; ask who had access to this folder.")
        for line, message in find_log_faults(self.session.root / "data" / "contacts"):
            span = Span(line, 1, line, 1) if line else None
            sentence = say("the log of who read contacts: {problem}", problem=message)
            yield Finding(CHANGED_ACCESS_LOG, "error", sentence, Place(path, span=span), help=help)

    def _check_case(self, stored: StoredCase) -> Iterator[Finding]:
        self.cases += 1
        self._ids.add(stored.case)
        yield from self._check_values(stored)
        try:
            case = replay(stored.case, stored.events)
        except Refusal as refusal:
            yield Finding(refusal.code, "error", refusal.message, Place(stored.case), help=refusal.help)
            return
        for mark in find_wrong_marks(case, stored.open, stored.waiting):
            sentence = say("{case}: its mark `{name}` contradicts its events; lists are wrong", case=case.id, name=mark)
            help = say("The volume was changed, or a newer fujin wrote it: compare it with the newest backup.")
            yield Finding(REFERENCE, "error", sentence, Place(case.id), help=help)
        for number in find_backward_events(case):
            message = say("{case}: event {number} is earlier than the one before it", case=case.id, number=number)
            help = say("The clock of a machine was wrong; deadlines were computed from these times.")
            yield Finding(BACKWARDS, "warning", message, Place(case.id), help=help)
        yield from check_steps(case, self._steps_of)
        for other in list_linked_cases(case):
            self._linked.setdefault(other, case.id)

    def _steps_of(self, digest: str) -> frozenset[str] | None:
        """List the steps of a version; None where it is missing, damaged or unreadable: findings of their own."""
        if digest not in self._steps:
            try:
                self._steps[digest] = frozenset(self.session.version(digest).steps)
            except (Refusal, Damaged):
                self._steps[digest] = None
        return self._steps[digest]

    def _check_versions(self) -> Iterator[Finding]:
        """Report each stored version whose text is sound, but no procedure that can be compiled."""
        for digest, _since in self.session.ledger.procedure_texts():
            try:
                self.session.version(digest)
            except Damaged:  # the ledger reports these (FJ703)
                continue
            except Refusal as refusal:
                path = f"data/ledger/laws/{digest}.json"
                if refusal.code == NEWER_FORMAT:
                    yield Finding(NEWER_FORMAT, "error", refusal.message, Place(path), help=refusal.help)
                if refusal.code != UNREADABLE_CASE:
                    continue  # a missing text is reported, too
                message = say("{file} is not a procedure that this fujin can read; cases cannot follow it", file=path)
                help = say(
                    "A newer fujin may have written it: install that version, or restore the file from a backup."
                )
                yield Finding(REFERENCE, "error", message, Place(path), help=help)

    def _check_values(self, stored: StoredCase) -> Iterator[Finding]:
        """Check every reference in the values of the events; a stack, because a generator per value is slow."""
        stack: list[Any] = [value for event in stored.events for value in (event.set, event.data) if value]
        while stack:
            value = stack.pop()
            if isinstance(value, str):
                if value.startswith(_PREFIXES) and value not in self._referred:
                    yield from self._check_reference(stored.case, value)
            elif isinstance(value, dict):
                stack.extend(value.values())
            elif isinstance(value, list):
                stack.extend(value)

    def _check_reference(self, case: str, value: str) -> Iterator[Finding]:
        if CONTACT.fullmatch(value):
            self._referred.add(value)
            if self._vault.read(value) is None:
                yield _make_finding(case, say("{case}: a contact is missing or cannot be read", case=case))
        elif ATTACHMENT.fullmatch(value):
            self._referred.add(value)
            if problem := self._attachments.find_problem(value, self.deep):
                yield _make_finding(case, say("{case}: {problem}", case=case, problem=problem))

    def _find_leftovers(self) -> Iterator[Finding]:
        """Report files that no case refers to, and temporary files of killed processes."""
        root = self.session.root
        orphans = self._list_orphans()
        if orphans and not (self._has_unread_cases or self.session.ledger.problems()):
            names = [path.relative_to(root).as_posix() for path in orphans[:_NAMED]]
            message = say_count(
                "{count} contact or attachment belongs to no case: {files}",
                "{count} contacts and attachments belong to no case: {files}",
                count=len(orphans),
                files=[*names, "…"] if len(orphans) > _NAMED else names,
            )
            help = say("Operations that failed left them; the ledger does not need these files.")
            yield Finding(LEFTOVER, "info", message, Place(names[0]), help=help)
        temporary = [path for path in (root / "data").rglob(".*.new") if _TEMPORARY.fullmatch(path.name)]
        if temporary:
            message = say_count(
                "{count} temporary file was left by a process that was killed",
                "{count} temporary files were left by processes that were killed",
                count=len(temporary),
            )
            help = say("The next command that writes removes those whose process no longer runs.")
            yield Finding(LEFTOVER, "info", message, Place(temporary[0].relative_to(root).as_posix()), help=help)

    def _list_orphans(self) -> list[Path]:
        """List the contacts and attachments of no case; a new one may belong to an operation that is running."""
        stored = [(reference, self._vault.path_of(reference)) for reference in self._vault.list_references()]
        stored += [(name, self._attachments.path_of(name)) for name in self._attachments.list_references()]
        oldest = time.time() - _FRESH
        paths = [path for reference, path in stored if reference not in self._referred]
        return sorted(path for path in paths if path.exists() and path.stat().st_mtime < oldest)


def _make_finding(case: str, message: LocalizedText, severity: Severity = "error") -> Finding:
    return Finding(
        REFERENCE, severity, message, Place(case), help=say("Restore the missing file from the newest backup.")
    )
