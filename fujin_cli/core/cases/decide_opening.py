"""Decide a request to open a case: the events of the opening, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fujin_cli.core.cases.actors import ANYBODY, Actor, People, is_within_allowed, list_allowed_names
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import complete_follow_ups
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.inputs import read_opening_inputs, wrong_procedure_message
from fujin_cli.core.cases.opening import append_opening, check_committee_uses
from fujin_cli.core.cases.operation import MoveRequest, Open, Operation
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.values import Values
from fujin_cli.core.text.localized import say


def open_case(operation: Operation, command: Open) -> str:
    """Open a case; returns its id. Raises Refusal."""
    environment = operation.environment
    version = environment.current(command.procedure)
    if version is None:
        raise Refusal(
            OPENING_REFUSED,
            say("there is no procedure {procedure}", procedure=command.procedure),
            help=say("`fujin procedure list` shows them"),
        )
    check_opened_by_people(version)
    organisation = environment.organisation
    if command.community not in organisation.communities:
        raise Refusal(
            OPENING_REFUSED,
            say("there is no community {community}", community=command.community),
            who=tuple(organisation.communities),
        )
    values = read_opening_inputs(version, Values(version, organisation, environment.calendar), command.inputs)
    committee = _choose_committee(command, version, organisation, values)
    if command.channel and command.channel not in version.channels:
        raise Refusal(
            OPENING_REFUSED,
            say(
                "{channel} is not a channel of this procedure; choose one of {channels}",
                channel=command.channel,
                channels=version.channels,
            ),
        )
    _check_linked_cases(operation, version, values)
    day = environment.calendar.to_local(environment.now).date()
    draft = Case("", procedure=version.name, community=command.community, committee=committee, values=values)
    acting = _authorize_opener(People(draft, version, organisation, day), version, command.actor)
    id = environment.allocate(command.community, environment.local_month())
    payload: dict[str, object] = {"request": command.fingerprint()}
    if command.channel:
        payload["channel"] = command.channel
    request = MoveRequest(EventKind.OPENED, None, acting, note=command.note, data=payload)
    complete_follow_ups(
        operation, append_opening(operation, id, version, command.community, committee, values, request)
    )
    return id


def _check_linked_cases(operation: Operation, version: Procedure, values: dict[str, object]) -> None:
    for name, field in version.fields.items():
        if field.type == "case" and name in values:
            linked = operation.load_case(str(values[name]))
            if field.of and linked.procedure not in field.of:
                raise Refusal(
                    OPENING_REFUSED,
                    wrong_procedure_message(linked),
                )


def _choose_committee(
    command: Open, version: Procedure, organisation: Organisation, values: Mapping[str, Any]
) -> str | None:
    """Choose the committee: ``--committee``, else the only one that fits, else None (the community's office).

    A committee fits where it uses the procedure and answers every topic that the case has, in whichever field.
    """
    if command.committee:
        unit = organisation.committees.get(command.committee)
        if unit is None or unit.parent != command.community:
            raise Refusal(
                OPENING_REFUSED,
                say(
                    "{community} has no committee {committee}", community=command.community, committee=command.committee
                ),
                who=tuple(unit.id for unit in organisation.committees_of(command.community)),
            )
        check_committee_uses(organisation, unit.id, version)
        return unit.id
    fitting = list_fitting_committees(organisation, version, command.community, values)
    if version.case_of == "committee" and len(fitting) != 1:
        raise Refusal(OPENING_REFUSED, say("give the committee with --committee"), who=tuple(fitting))
    return fitting[0] if len(fitting) == 1 else None


def list_fitting_committees(
    organisation: Organisation, version: Procedure, community: str, values: Mapping[str, Any]
) -> list[str]:
    """List the committees of a community that use the procedure and answer every topic of a case with these values."""
    topics = _list_topics(version, values)
    return [
        unit.id
        for unit in organisation.committees_of(community, version.name)
        if topics <= set(organisation.kinds.get(unit.details.get("kind", ""), {}).get("answers") or ())
    ]


def _list_topics(version: Procedure, values: Mapping[str, Any]) -> set[str]:
    """List the values of the fields of type topic, and of those that are lists of topics."""
    topics: set[str] = set()
    for name, field in version.fields.items():
        if field.item_type == "topic" and name in values:
            topics |= set(values[name] if field.is_list else [values[name]])
    return topics


def check_opened_by_people(version: Procedure) -> None:
    """Check that people may open cases. Raises Refusal where only another procedure opens them."""
    if set(version.opened_by) <= {"procedure"}:
        title = version.title or version.name
        raise Refusal(OPENING_REFUSED, say("cases of {procedure} are opened only by other procedures", procedure=title))


def _authorize_opener(people: People, version: Procedure, actor: str) -> Actor:
    only = list_allowed_names(version, None)
    names = tuple(name for name in version.opened_by if name != "procedure")
    for name in names:
        if (
            actor == name
            and all(is_within_allowed(version, name, allowed) for allowed in only)
            and (name in ANYBODY or people.is_contact(name))
        ):
            return Actor(actor, actor, name)
    return people.authorize_actor(names, actor, only)
