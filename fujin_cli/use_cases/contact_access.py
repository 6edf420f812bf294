"""Show and correct the contacts of a case for whoever has a role in it; each access is recorded before it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from fujin_cli.core.cases.actors import People
from fujin_cli.core.findings.refusals import NO_CONTACT, NOT_ENTITLED, REQUEST_REUSED, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.values import CONTACT
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.ledger.factory import lock_wait
from fujin_cli.store.ledger.protocol import Busy
from fujin_cli.store.vault.access_log import Access, LockedAccessLog, lock_access_log
from fujin_cli.use_cases.list_cases import people_of
from fujin_cli.use_cases.session import Session, read_login


class CaseContact(NamedTuple):
    """A contact of a case: the field that refers to it, and what the vault holds, or why that cannot be read."""

    field: str
    reference: str
    contact: Mapping[str, str]
    problem: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class ContactAccess:
    """Let one person see and correct the contacts of one case."""

    session: Session
    people: People
    roles: tuple[str, ...]
    why: str

    @classmethod
    def of_case(cls, session: Session, case: str, why: str) -> ContactAccess:
        """Check that the acting person has a role in the case. Raises Refusal (FJ803; FJ814 for an unknown case)."""
        people = people_of(session, case)
        roles = find_roles(people, session.actor)
        if not roles:
            names = list_roles(people.procedure)
            raise Refusal(
                NOT_ENTITLED,
                say(
                    "{actor} has no role in {case} and may not see its contacts; allowed: {names}",
                    actor=people.organisation.label_id(session.actor),
                    case=case,
                    names=[people.title_of_name(name) for name in names],
                ),
                who=people.list_eligible_actors(names),
            )
        return cls(session, people, roles, why)

    def references(self) -> list[tuple[str, str]]:
        """List the references of the case into the vault, each with its field. Raises Refusal (FJ828) for none."""
        case, version = self.people.case, self.people.procedure
        references = [
            (name, reference)
            for name, field in version.fields.items()
            if field.item_type == "contact"
            for reference in self.people.values_in_field(name)
            if CONTACT.fullmatch(reference)
        ]
        if references:
            return references
        help = say("its parent may have one: `fujin case contact {case} --why …`", case=case.parent)
        raise Refusal(NO_CONTACT, say("{case} has no contact", case=case.id), help=help if case.parent else None)

    def show(self) -> list[CaseContact]:
        """Record that the contacts are shown, and read them. Raises Refusal (FJ828) where none can be read, Busy."""
        vault, references = self.session.vault, self.references()
        contacts = [
            CaseContact(field, reference, vault.read(reference) or {}, vault.find_problem(reference))
            for field, reference in references
        ]
        if all(contact.problem for contact in contacts):
            raise Refusal(
                NO_CONTACT,
                say(
                    "the contact of {case} cannot be shown: {reason}",
                    case=self.people.case.id,
                    reason=contacts[0].problem,
                ),
                help=say("restore `data/contacts` from the newest backup, unless it was erased on purpose"),
            )
        readable = [contact.reference for contact in contacts if not contact.problem]
        with lock_vault_log(self.session) as log:
            log.append(self._make_access("shown", readable), find_log_time(self.session))
        return contacts

    def correct(self, reference: str, contact: Mapping[str, str], request_id: str) -> bool:
        """Replace a contact and record that; False where the same request did that before. Raises Refusal, Busy.

        The record holds the reference, neither the old nor the new data. It is written before the new contact gets its
        name: after a kill in between, the same request id puts the contact in place and adds no second record.
        """
        vault = self.session.vault
        file = vault.stage_correction(reference, dict(contact))
        try:
            with lock_vault_log(self.session) as log:
                access = self._make_access("corrected", [reference], request_id)
                corrections = [record for record in log.list_records() if record["act"] == "corrected"]
                earlier = _find_request(corrections, access) if request_id else None
                if earlier is None:
                    log.append(access, find_log_time(self.session))
                if earlier is None or _is_newest(earlier, corrections):
                    file.publish()
                return earlier is None
        finally:
            file.discard()

    def _make_access(self, act: str, contacts: Sequence[str], request_id: str = "") -> Access:
        return Access(
            act=act,
            by=self.session.actor,
            login=read_login(),
            roles=self.roles,
            cases=[self.people.case.id],
            contacts=contacts,
            why=self.why,
            request_id=request_id,
        )


def list_roles(procedure: Procedure) -> tuple[str, ...]:
    """List the names under which somebody has a part in a case: no contact, and nobody at all in particular."""
    people = procedure.people
    return tuple(
        name
        for name, person in people.items()
        if person.kind not in ("anyone", "contact")
        and not (person.kind == "name" and person.value in people and people[person.value].kind == "contact")
    )


def find_roles(people: People, actor: str) -> tuple[str, ...]:
    """Find the names, and the levels that a case was raised to, under which a person or partner has a part in it."""
    if actor not in people.organisation.partners and not any(
        seated.person == actor and seated.is_serving_on(people.day) for seated in people.organisation.people()
    ):
        return ()
    names = [name for name in list_roles(people.procedure) if actor in people.resolve_name(name)]
    return (*names, *(level for level in people.case.raised if actor in people.supervisors(level)))


def record_list(session: Session, cases: Sequence[str], why: str) -> None:
    """Record that a list showed the contacts of ``cases``; ``by`` is empty where nobody was named. Raises Busy."""
    if cases:
        access = Access(act="listed", by=session.named_actor or "", login=read_login(), cases=cases, why=why)
        with lock_vault_log(session) as log:
            log.append(access, find_log_time(session))


def find_log_time(session: Session) -> datetime:
    """Give the time that a record gets: the clock of this machine, unless the workspace is a rehearsal."""
    return session.now if session.workspace.rehearsal else datetime.now(UTC)


@contextmanager
def lock_vault_log(session: Session) -> Iterator[LockedAccessLog]:
    """Hold the lock of the vault's log. Raises Busy."""
    try:
        with lock_access_log(session.vault.root, session.root, lock_wait()) as log:
            yield log
    except TimeoutError:
        raise Busy(say("Another process has been writing to {file}; try again.", file="data/contacts")) from None


def _find_request(corrections: Sequence[Mapping[str, Any]], access: Access) -> Mapping[str, Any] | None:
    """Find the record of an earlier run of a request. Raises Refusal where that was another request."""
    earlier = next((record for record in corrections if record.get("request") == access.request_id), None)
    if earlier and (earlier.get("cases"), earlier.get("contacts")) != ([*access.cases], [*access.contacts]):
        raise Refusal(
            REQUEST_REUSED,
            say("this request id was already used for another command, on {case}", case=earlier["cases"][0]),
            help=say("use a new request id"),
        )
    return earlier


def _is_newest(correction: Mapping[str, Any], corrections: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether no later correction replaced the same contact."""
    return not any(
        record["n"] > correction["n"] and record.get("contacts") == correction["contacts"] for record in corrections
    )
