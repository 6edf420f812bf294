"""Verify what the ledger's files say about themselves and each other: chains first, then every reference of a case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.integrity import find_backward_events, find_wrong_marks, list_linked_cases
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.findings.refusals import UNREADABLE_CASE, Refusal
from fujin_cli.core.model.values import ATTACHMENT, CONTACT
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.store.ledger.protocol import Damaged, StoredCase
from fujin_cli.store.vault.attachments import Attachments
from fujin_cli.store.vault.contacts import Vault
from fujin_cli.use_cases.session import Session

REFERENCE, BACKWARDS, LEFTOVER = "FJ708", "FJ709", "FJ710"
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
        self._ids: set[str] = set()
        self._linked: dict[str, str] = {}  # case → one of the cases that refer to it
        self._referred: set[str] = set()  # contacts and attachments that a case refers to

    def run(self) -> Iterator[Finding]:
        """List every finding: of the files, of the cases, and of what no case refers to."""
        yield from self.session.ledger.verify()
        for stored in self.session.ledger.all_cases():
            self.cases += 1
            yield from self._check_case(stored)
        for case, source in sorted(self._linked.items()):
            if case not in self._ids:
                yield _make_finding(source, say("{case} refers to {other}, which is missing", case=source, other=case))
        yield from self._find_leftovers()

    def _check_case(self, stored: StoredCase) -> Iterator[Finding]:
        self._ids.add(stored.case)
        try:
            case = replay(stored.case, stored.events)
            self.session.version_of(case.id, case.version_digest, case.step)
        except Refusal as refusal:
            if refusal.code == UNREADABLE_CASE:  # a missing version is a finding of its own (FJ703)
                yield Finding(UNREADABLE_CASE, "error", refusal.message, Place(stored.case), help=refusal.help)
                return
            case = replay(stored.case, stored.events)
        except Damaged:  # so is a damaged one
            case = replay(stored.case, stored.events)
        for mark in find_wrong_marks(case, stored.open, stored.waiting):
            sentence = say("{case}: its mark `{name}` contradicts its events; lists are wrong", case=case.id, name=mark)
            yield _make_finding(case.id, sentence)
        for number in find_backward_events(case):
            message = say("{case}: event {number} is earlier than the one before it", case=case.id, number=number)
            help = say("The clock of a machine was wrong; deadlines were computed from these times.")
            yield Finding(BACKWARDS, "warning", message, Place(case.id), help=help)
        for other in list_linked_cases(case):
            self._linked.setdefault(other, case.id)
        for event in case.events:
            for value in event.set.values():
                yield from self._check_value(case.id, value)

    def _check_value(self, case: str, value: Any) -> Iterator[Finding]:
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                yield from self._check_value(case, item)
        elif isinstance(value, str) and value not in self._referred:
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
        stored = {*self._vault.list_references(), *self._attachments.list_references()}
        unreferred = stored - self._referred
        if unreferred and not self.session.ledger.problems():
            message = say_count(
                "{count} contact or attachment belongs to no case",
                "{count} contacts and attachments belong to no case",
                count=len(unreferred),
            )
            help = say("Operations that failed left them; the ledger does not need these files.")
            yield Finding(LEFTOVER, "info", message, Place("data"), help=help)
        temporary = [path for path in (root / "data").rglob(".*.new") if _TEMPORARY.fullmatch(path.name)]
        if temporary:
            message = say_count(
                "{count} temporary file was left by a process that was killed",
                "{count} temporary files were left by processes that were killed",
                count=len(temporary),
            )
            help = say("The next command that writes removes those whose process no longer runs.")
            yield Finding(LEFTOVER, "info", message, Place(temporary[0].relative_to(root).as_posix()), help=help)


def _make_finding(case: str, message: LocalizedText, severity: Severity = "error") -> Finding:
    return Finding(
        REFERENCE, severity, message, Place(case), help=say("Restore the missing file from the newest backup.")
    )
