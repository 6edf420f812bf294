"""Open cases: what the opening event pins, and the children that a move opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fujin_cli.core.cases.acceptance import issue_first_code
from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.operation import FollowUp, MoveRequest, OpenChild, Operation, Settle
from fujin_cli.core.cases.transition import Transition, address_notifications, opening_branch, plan_transition
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.operators import parse_literal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say


def allocate_children(operation: Operation, transition: Transition, acting: Actor) -> list[OpenChild]:
    """Allocate the children that a transition opens. Raises Refusal for a procedure that cannot be opened."""
    parent = transition.after
    children: list[OpenChild] = []
    for order in transition.children:
        opens = order.opens
        version = operation.environment.current(opens.procedure)
        if version is None:
            raise Refusal(
                OPENING_REFUSED,
                say(
                    "{procedure} cannot be opened: the workspace has no procedure of that name without errors",
                    procedure=opens.procedure,
                ),
                help=say("run `fujin validate`"),
            )
        committee = _choose_child_committee(operation, parent, opens, version)
        for field, value in order.each:
            id = operation.environment.allocate(parent.community, operation.environment.local_month())
            operation.cases[id] = Case(id)
            lead = _is_partner_field(operation, parent, field)
            values = compute_child_inputs(version, parent, opens.give, acting, value, opens.to, lead)
            children.append(OpenChild(id, version, parent, opens.group, committee, values, acting))
    return children


def _choose_child_committee(operation: Operation, parent: Case, opens: Opens, version: Procedure) -> str | None:
    """Choose the committee of a child: the one that ``opens`` names, else the organisation's choice. Raises Refusal."""
    organisation = operation.environment.organisation
    committee = opens.committee
    if committee and committee in operation.version_of(parent).fields:
        committee = parent.values.get(committee)
    if committee is not None:
        check_committee_uses(organisation, committee, version)
        return committee
    committee = organisation.find_child_committee(version.name, parent.community, parent.committee)
    if committee is None and version.case_of == "committee":
        raise Refusal(
            OPENING_REFUSED,
            say("no single committee is responsible for cases of {procedure}", procedure=version.title or version.name),
            who=tuple(unit.id for unit in organisation.committees_of(parent.community, version.name)),
            help=say("name one in the procedure that opens them: {key}", key="opens: {…: {committee: …}}"),
        )
    return committee


def check_committee_uses(organisation: Organisation, committee: str, version: Procedure) -> None:
    """Raise Refusal where a committee does not list the procedure of a case that it is to get."""
    if not organisation.uses_procedure(committee, version.name):
        unit = organisation.committees.get(committee)
        raise Refusal(
            OPENING_REFUSED,
            say(
                "{committee} does not use the procedure {procedure}",
                committee=unit.title if unit else committee,
                procedure=version.title or version.name,
            ),
            who=tuple(user.id for user in organisation.committees_of(unit.parent, version.name)) if unit else (),
            help=say("choose another committee, or add the procedure to its file: {key}", key="procedures"),
        )


def _is_partner_field(operation: Operation, case: Case, each: str) -> bool:
    field = operation.version_of(case).fields.get(each)
    return field is not None and field.type == "partner"


def open_child(operation: Operation, child: OpenChild) -> list[FollowUp]:
    """Open a child that the event of its parent names already."""
    parent = {"case": child.parent.id, "group": child.group}
    return append_opening(
        operation,
        child.id,
        child.version,
        child.parent.community,
        child.committee,
        child.values,
        MoveRequest(EventKind.OPENED, None, child.acting, data={"parent": parent}),
    )


def append_opening(
    operation: Operation,
    id: str,
    version: Procedure,
    community: str,
    committee: str | None,
    values: Mapping[str, Any],
    move_request: MoveRequest,
) -> list[FollowUp]:
    """Append the opening event: it pins the version, the settings and the first code of the case."""
    acting = move_request.acting
    case = _make_draft_case(operation, id, version, community, committee, values, acting)
    payload = {
        **move_request.data,
        "procedure": version.name,
        "law": version.digest,
        "community": community,
        "committee": committee,
        "settings": case.settings,
        **issue_first_code(operation, id, version),
    }
    transition = plan_transition(version, case, opening_branch(version), case.values, acting.by)
    children = allocate_children(operation, transition, acting)
    payload |= transition.published_payload() | transition.opened_payload(child.id for child in children)
    operation.append_event(
        id,
        operation.make_event(
            Case(id),
            EventKind.OPENED,
            acting,
            to_step=version.first_step,
            set=transition.values,
            note=move_request.note,
            tells=tuple(address_notifications(transition, operation.people_of(transition.after))),
            data=payload,
        ),
    )
    return [*children, Settle(id)]


def _make_draft_case(
    operation: Operation,
    id: str,
    version: Procedure,
    community: str,
    committee: str | None,
    values: Mapping[str, Any],
    acting: Actor,
) -> Case:
    """Make the case as it is just before its opening: with its inputs and defaults, and the settings of its place."""
    organisation = operation.environment.organisation
    defaults = {
        name: parse_literal(spec.type, spec.default)
        for name, spec in version.fields.items()
        if spec.default is not None
    }
    return Case(
        id,
        procedure=version.name,
        version_digest=version.digest,
        community=community,
        committee=committee,
        values={**defaults, **values},
        settings={
            name: organisation.find_setting(community, committee, version.name, name) or setting.default
            for name, setting in version.settings.items()
        },
        opened_by=acting.by,
    )


def compute_child_inputs(
    version: Procedure, case: Case, give: Mapping[str, str], acting: Actor, value: Any, to: str | None, lead: bool
) -> dict[str, Any]:
    """Compute the child's fields: what the parent gives, whom it is for, and whether it is the lead's."""
    row = value if isinstance(value, Mapping) else {}
    special = {"actor": acting.by, "this case": case.id}
    values = {name: special.get(source, row.get(source, case.values.get(source))) for name, source in give.items()}
    partner = row.get(to) if to else value
    if partner is not None and not isinstance(partner, Mapping):
        target = next((f.name for f in version.fields.values() if f.type == "partner" and f.required), None)
        if target:
            values[target] = partner
    if value is not None:
        values |= {name: "yes" if lead else "no" for name, field in version.fields.items() if field.lead}
    return {name: value for name, value in values.items() if value is not None}
