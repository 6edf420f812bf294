"""Tell linked cases of one another: parents and children, joined cases and the one that goes on."""

from __future__ import annotations

from typing import Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.child_outcomes import list_read_outcomes, map_outcomes, translate_outcome
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.operation import (
    SYSTEM_ACTING,
    AnswerParent,
    FollowUp,
    Operation,
    Settle,
    TellJoined,
    TellLinked,
)
from fujin_cli.core.findings.refusals import NOT_NOW, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say

_KINDS = {"joins": EventKind.JOINED, "parts": EventKind.PARTED}


def tell_linked_case(operation: Operation, link: TellLinked) -> list[FollowUp]:
    """Tell the first linked case that this one joined it or parted from it; the other links follow."""
    verb = next((verb for verb in _KINDS if verb in link.links), None)
    if verb is None:
        return []
    kind = _KINDS[verb]
    case, target = operation.load_case(link.case), operation.load_case(link.links[verb]["case"])
    owner = operation.version_of(target).steps[target.step].owner
    people = operation.people_of(target)
    tells = tuple({"to": owner, "who": id, "kind": str(kind)} for id in (people.resolve_name(owner) if owner else ()))
    values = _compute_joined_contacts(operation.version_of(case), case, operation.version_of(target), target, kind)
    event = operation.make_event(target, kind, link.acting, set=values, data={"case": case.id}, tells=tells)
    operation.append_event(target.id, event)
    remaining = {name: place for name, place in link.links.items() if name != verb}
    return [Settle(target.id), TellLinked(case.id, remaining, link.acting)]


def follow_ups_of_ending(case: Case) -> list[FollowUp]:
    """List the parent and the joined cases that have to be told that this case has ended."""
    parent = [AnswerParent(case, case.outcome)] if case.parent else []
    return [*parent, *(TellJoined(joined, case) for joined in case.joined)]


def tell_joined_case(operation: Operation, joined: TellJoined) -> list[FollowUp]:
    """Tell a joined case how the case that went on ended."""
    case = operation.load_case(joined.case)
    if case.has_ended or case.joined_to is None or case.joined_to[1] != joined.ended.id:
        return []  # it ended with an earlier end of the other case, which was reopened since, or has parted from it
    payload = {"case": joined.ended.id, "case_outcome": joined.ended.outcome}
    field = case.joined_to[0] if case.joined_to else ""
    payload |= _outcome_payload(
        "case_outcome", operation, joined.ended, operation.version_of(case), field, joined.ended.outcome
    )
    operation.append_event(case.id, operation.make_event(case, EventKind.OTHER_ENDED, SYSTEM_ACTING, data=payload))
    return [Settle(case.id)]


def answer_parent(operation: Operation, answer: AnswerParent) -> list[FollowUp]:
    """Tell a parent its child's outcome, and hand over the fields that it asked for with ``bring``."""
    child, outcome = answer.child, answer.outcome
    parent = operation.load_case(child.parent or "")
    version = operation.version_of(parent)
    group = next((own.group for own in parent.children if own.case == child.id), child.parent_group)
    brought = {name for opens in version.openings_by_group().get(group, []) for name in opens.bring}
    values = {name: child.values[name] for name in sorted(brought) if name in child.values}
    payload: dict[str, Any] = {"group": group, "case": child.id, "child_outcome": outcome}
    payload |= _outcome_payload("child_outcome", operation, child, version, group, outcome)
    siblings = [sibling for sibling in parent.children if sibling.group == group and not sibling.replaced]
    if outcome is not None and all(sibling.outcome or sibling.case == child.id for sibling in siblings):
        payload["answered"] = [group]
    operation.append_event(
        parent.id, operation.make_event(parent, EventKind.CHILD, SYSTEM_ACTING, set=values, data=payload)
    )
    return [Settle(parent.id)]


def _outcome_payload(
    key: str, operation: Operation, ended: Case, reader: Procedure, name: str, outcome: str | None
) -> dict[str, str]:
    """Write the outcome of a case as the version that reads it in ``name`` calls it, and its own where that differs."""
    if outcome is None:
        return {}
    current = operation.environment.current(ended.procedure)
    versions = [operation.version_of(ended), *([current] if current is not None else [])]
    if not any(step.was for version in versions for step in map_outcomes(version).values()):
        return {}
    translated = translate_outcome(outcome, list_read_outcomes(reader, name), versions)
    return {key: translated, "ended_as": outcome} if translated != outcome else {}


def check_parent_open(operation: Operation, child: Case) -> None:
    """Raise Refusal where the parent of a child that is to be worked at again has ended."""
    parent = operation.load_case(child.parent or "")
    if parent.has_ended:
        raise Refusal(NOT_NOW, say("{case} has ended and no longer waits for this case", case=parent.id))


def _compute_joined_contacts(
    version: Procedure, case: Case, target_version: Procedure, target: Case, kind: str
) -> dict[str, Any]:
    """Compute the field of joined complainants of ``target`` after ``case`` joined it or parted from it (``kind``)."""
    contacts = [case.values.get(person.value) for person in version.people.values() if person.proof]
    field = next((person.also for person in target_version.people.values() if person.also), None)
    if field is None or not contacts or contacts[0] is None:
        return {}
    joined = list(target.values.get(field, []))  # one for every joined case, also where two name the same contact
    if kind == "joined":
        joined.append(contacts[0])
    elif contacts[0] in joined:
        joined.remove(contacts[0])
    return {field: joined}
