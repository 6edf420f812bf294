"""Acceptance: who may accept a case, with which proof, in how many tries, and the code of each round.

See docs/reference/contract.md, "Acceptance code".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.findings.refusals import CODE_LOCKED, NOT_NOW, WRONG_CODE, Refusal
from fujin_cli.core.text.localized import say, say_count

if TYPE_CHECKING:
    from fujin_cli.core.cases.actors import Actor
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.cases.operation import Operation
    from fujin_cli.core.model.procedure import Action, Person, Procedure, Step

WRONG_TRIES = 5
BY_CODE = "acceptance-code"
BY_RECEIPT = "receipt"
SATISFIED = "satisfied"


# Who accepts


def has_acceptance_code(version: Procedure) -> bool:
    """Whether somebody is handed an acceptance code when a case is opened."""
    return any(BY_CODE in handed_out for handed_out in version.gives.values())


def find_code_holder(version: Procedure) -> Person | None:
    """The contact who proves who they are with the acceptance code."""
    return next((person for person in version.people.values() if person.proof == BY_CODE), None)


def is_awaiting_acceptance(version: Procedure, step: Step) -> bool:
    """Whether somebody who holds an acceptance code can end the case as satisfied here (article system S10)."""
    return any(_is_acceptance(version, action) for action in step.actions.values())


def _is_acceptance(version: Procedure, action: Action) -> bool:
    target = version.steps.get(action.to or "")
    if target is None or not target.end or SATISFIED not in target.counts_as:
        return False
    people = (version.people.get(name) for name in action.by)
    return any(person is not None and person.proof == BY_CODE for person in people)


# Proof, tries and the lock


def check_proof(operation: Operation, case: Case, acting: Actor, code: str | None) -> Refusal | None:
    """Check the proof of a contact, and record a wrong code.

    Returns the refusal of a wrong code, whose event must be kept; raises every other Refusal.
    """
    person = operation.version_of(case).people.get(acting.name)
    if person is None or person.kind != "contact" or not person.proof:
        return None
    if not code:
        raise Refusal(WRONG_CODE, say("proof of {name} is required: use --code", name=person.title or person.name))
    checks_proof = operation.environment.checks_proof
    if person.proof == BY_RECEIPT or case.code is None:
        if checks_proof and code != case.events[0].hash[:12]:
            raise Refusal(WRONG_CODE, say("this is not the number on the receipt"))
        return None
    if case.code.wrong >= WRONG_TRIES:
        raise Refusal(
            CODE_LOCKED,
            say("the acceptance code is locked after {count} wrong tries", count=WRONG_TRIES),
            help=say("give the reporter a new one with `fujin case reissue-code {case}`", case=case.id),
        )
    if not checks_proof or operation.environment.code_fits(case.code, code):
        return None
    event = operation.make_event(case, EventKind.WRONG_CODE, acting)
    operation.append_event(case.id, replace(event, data={"as": acting.name, "round": case.code.round}))
    tries = WRONG_TRIES - case.code.wrong - 1
    message = say_count(
        "this is not the acceptance code of this round; {count} try left",
        "this is not the acceptance code of this round; {count} tries left",
        count=tries,
    )
    return Refusal(WRONG_CODE, message)


# Codes and their rounds


def issue_first_code(operation: Operation, id: str, version: Procedure) -> dict[str, Any]:
    """The part of an opening's data that holds the code of the first round."""
    return {"code": _issue_code(operation, id, 1)} if has_acceptance_code(version) else {}


def issue_next_code(operation: Operation, case: Case, to: str | None, acting: Actor) -> dict[str, Any]:
    """The part of a move's data that holds the code of the next round.

    A round begins where the holder of the code sends the case back to work: the old code approves no longer.
    """
    version = operation.version_of(case)
    person = version.people.get(acting.name)
    if case.code is None or person is None or person.proof != BY_CODE or not to or version.steps[to].end:
        return {}
    return {"code": _issue_code(operation, case.id, case.code.round + 1)}


def reissue_code(operation: Operation, id: str, actor: str, note: str | None) -> str:
    """Replace the code of the current round and tell its holder. Returns the case's id. Raises Refusal."""
    case = operation.load_case(id)
    holder = find_code_holder(operation.version_of(case))
    if case.code is None or holder is None:
        raise Refusal(NOT_NOW, say("{case} has no acceptance code", case=id))
    people = operation.people_of(case)
    acting = people.authorize_actor(holder.through, actor)
    payload = {"code": _issue_code(operation, id, case.code.round), "as": acting.name}
    tells = tuple(
        {"to": holder.name, "who": recipient, "kind": "new-code"} for recipient in people.resolve_name(holder.name)
    )
    operation.append_event(id, operation.make_event(case, EventKind.CODE, acting, note=note, data=payload, tells=tells))
    return id


def _issue_code(operation: Operation, id: str, round: int) -> dict[str, Any]:
    """What the event keeps of a new code; the code in plain is kept for the answer of this operation only."""
    code = operation.environment.new_code()
    operation.codes[id] = code.plain
    return {"salt": code.salt, "hash": code.hash, "round": round}
