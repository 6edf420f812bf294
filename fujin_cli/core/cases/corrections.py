"""Correct a case: enter fields or its committee anew (amend), or take back one's own last action (undo).

Nothing is lost by either: the event of an amendment keeps the old values beside the new ones, and an action that was
taken back stays in the history, together with the event that did so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, format_local_minute
from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.decide_opening import list_fitting_committees
from fujin_cli.core.cases.event import MADE_BY_PEOPLE, Event, EventKind
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.moves import actions_of_case
from fujin_cli.core.cases.opening import check_committee_uses
from fujin_cli.core.cases.operation import Operation
from fujin_cli.core.findings.refusals import (
    HAS_CONSEQUENCES,
    INPUT_MISSING,
    INPUT_UNFIT,
    NO_OWN_ACTION,
    UNDO_TOO_LATE,
    UNKNOWN_ACTION,
    Refusal,
)
from fujin_cli.core.model.procedure import Action, Field, Procedure
from fujin_cli.core.model.values import Unfit, Values
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.labels import amended_title, make_label

COMMITTEE = "committee"
_FROM_OTHERS = frozenset({EventKind.CHILD, EventKind.OTHER_ENDED, EventKind.JOINED, EventKind.PARTED})
_AT_ONCE = _FROM_OTHERS | {EventKind.MOVE}  # what an action may lead to within its own operation


def amend_case(
    operation: Operation, case: Case, action: Action, inputs: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide the inputs of an amending action into the values that it sets and what its event says of them.

    Raises Refusal where nothing is amended, or where the committee cannot handle the case.
    """
    version = operation.version_of(case)
    names = [name for name in action.amended_names if name in inputs]
    if not names:
        fields = _labels_of(version, action.amended_names)
        raise Refusal(
            INPUT_MISSING,
            say("{action} needs at least one of: {fields}", action=action.title or action.name, fields=fields),
            help=say("give each with --set FIELD=VALUE"),
        )
    units = {unit: str(inputs[unit]) for unit in action.amends_units if unit in inputs}
    if COMMITTEE in units:
        _check_committee(operation, case, version, units[COMMITTEE])
    elif COMMITTEE in action.amends_units and any(_is_topic(version, name) for name in names):
        units |= _route_anew(operation, case, version, inputs)
    new = {**{name: inputs[name] for name in names}, **units}
    amended = {name: {"old": read_present_value(case, action, name), "new": value} for name, value in new.items()}
    values = {name: value for name, value in inputs.items() if name not in units}
    return values, {"amended": amended, **({"units": units} if units else {})}


def read_present_value(case: Case, action: Action, name: str) -> Any:
    """Read what stands now in a field that an action amends; None where it is empty."""
    return case.committee if name in action.amends_units else case.values.get(name)


def _labels_of(version: Procedure, names: Iterable[str]) -> list[object]:
    return [make_label(amended_title(version, name), name) for name in names]


def _is_topic(version: Procedure, name: str) -> bool:
    return name in version.fields and version.fields[name].item_type == "topic"


def _route_anew(operation: Operation, case: Case, version: Procedure, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Choose another committee where the case's own does not answer the new topic, and only that one does."""
    organisation = operation.environment.organisation
    fitting = list_fitting_committees(organisation, version, case.community, {**case.values, **inputs})
    return {COMMITTEE: fitting[0]} if len(fitting) == 1 and case.committee != fitting[0] else {}


def _check_committee(operation: Operation, case: Case, version: Procedure, committee: str) -> None:
    """Raise Refusal where a committee is not of the case's community, or does not use its procedure."""
    organisation = operation.environment.organisation
    unit = organisation.committees[committee]
    if unit.parent != case.community:
        raise Refusal(
            INPUT_UNFIT,
            say("{committee} is a committee of {community}", committee=unit.title, community=unit.parent),
            who=tuple(other.id for other in organisation.committees_of(case.community, version.name)),
            help=say("choose a committee of {community}", community=case.community),
        )
    check_committee_uses(organisation, committee, version)


def choose_amending_action(case: Case, version: Procedure, names: Collection[str], chosen: str | None) -> Action:
    """Choose the action that amends all these fields. Raises Refusal for none or several."""
    amending = [action for action in version.anytime.values() if action.amended_names]
    if not amending:
        raise Refusal(
            UNKNOWN_ACTION, say("cases of {procedure} cannot be corrected", procedure=version.title or version.name)
        )
    if chosen is not None:
        amending = [action for action in amending if action.name == chosen] or amending
        if amending[0].name != chosen:
            raise Refusal(
                UNKNOWN_ACTION,
                say("{action} corrects nothing", action=chosen),
                help=say("choose one of {names}", names=[action.name for action in amending]),
            )
    fitting = [action for action in amending if set(names) <= _list_names(action)]
    if not fitting:
        raise _refuse_names(version, names, amending)
    at_step = {action.name for action in actions_of_case(version, case)}
    open_here = [action for action in fitting if action.name in at_step]
    if len(open_here) > 1:
        raise Refusal(
            INPUT_MISSING,
            say("several actions correct this: {names}", names=[action.name for action in open_here]),
            help=say("choose one with --action"),
        )
    return (open_here or fitting)[0]


def _list_names(action: Action) -> set[str]:
    return {*action.amended_names, *(input.field for input in action.inputs)}


def _refuse_names(version: Procedure, names: Collection[str], amending: Sequence[Action]) -> Refusal:
    """Refuse to correct what no action amends, and say what can be corrected."""
    correctable = list(dict.fromkeys(name for action in amending for name in action.amended_names))
    wrong = sorted(set(names) - {name for action in amending for name in _list_names(action)}) or sorted(names)
    return Refusal(
        INPUT_UNFIT,
        say("{fields} cannot be corrected", fields=_labels_of(version, wrong)),
        help=say("what can be corrected: {fields}", fields=_labels_of(version, correctable)),
    )


def find_unchanged(
    case: Case, values: Values, action: Action, replaced: Mapping[str, list[str]], appended: Collection[str]
) -> list[str]:
    """Find which of the ``replaced`` fields have their value already. Raises Refusal where nothing else is amended.

    Contacts, photos and files always count as different: what they hold is read later.
    """
    version = values.procedure

    def is_same(name: str, texts: list[str]) -> bool:
        if name not in action.amended_names or any(text.startswith("@") for text in texts):
            return False
        try:
            new = values.read(version.fields.get(name, Field(name, name)), list(texts))
        except Unfit:
            return False  # the engine says what is wrong
        return bool(new == read_present_value(case, action, name))

    same = [name for name, texts in replaced.items() if is_same(name, texts)]
    if same and not ({*replaced, *appended} - set(same)) & set(action.amended_names):
        fields = _labels_of(version, same)
        raise Refusal(INPUT_UNFIT, say("nothing to correct: {fields} has this value already", fields=fields))
    return same


def undo_action(operation: Operation, id: str, actor: str, note: str | None, within: str) -> int:
    """Take back the actor's own last action, with the automatic moves after it. Returns the number of its event.

    Raises Refusal where it is not theirs or not the last, where it is older than ``within``, or where it has
    consequences outside of the case.
    """
    case = operation.load_case(id)
    events = _find_last_action(case)
    if not events or events[0].entered_by != actor:
        raise Refusal(
            NO_OWN_ACTION,
            say("{case} has no last action of {actor} to take back", case=id, actor=actor),
            who=(events[0].entered_by,) if events else (),
            help=say("`fujin case show {case}` shows what was done last, and by whom", case=id),
        )
    calendar = operation.environment.calendar
    try:
        until = calendar.add_duration(events[0].at, parse_duration(within))
    except NotCovered:  # working hours of a year without days
        until = events[0].at
    if operation.environment.now > until:
        raise Refusal(
            UNDO_TOO_LATE,
            say("this could be taken back until {moment}", moment=format_local_minute(calendar, until)),
            help=say(
                "correct it with the next action; `undo_within` in workflows/workspace.yaml says how long one has"
            ),
        )
    consequence = _find_consequence(operation, case, events)
    if consequence is not None:
        raise Refusal(
            HAS_CONSEQUENCES,
            say("this cannot be taken back: {reason}", reason=consequence),
            help=say("correct it with the next action"),
        )
    acting = Actor(actor, actor, "")
    data = {"undoes": [event.n for event in events]}
    operation.append_event(id, operation.make_event(case, EventKind.UNDONE, acting, note=note, data=data))
    return events[0].n


def _find_last_action(case: Case) -> list[Event]:
    """Find the last action of people with what followed from it at once; nothing where something else came after it.

    Deliveries of messages do not count here: whether they concern the action is another question.
    """
    events = [event for event in case.events_in_effect if event.kind not in (EventKind.TOLD, EventKind.UNDELIVERED)]
    place = next((place for place in range(len(events) - 1, -1, -1) if events[place].kind in MADE_BY_PEOPLE), None)
    if place is None:
        return []
    action, *later = group = events[place:]
    at_once = all((event.op, event.at) == (action.op, action.at) and event.kind in _AT_ONCE for event in later)
    return group if at_once else []


def _find_consequence(operation: Operation, case: Case, events: Sequence[Event]) -> LocalizedText | None:
    """Say what the action did that cannot be taken back; None where it concerns this case alone."""
    keys = {key for event in events for key in event.data}
    if keys & {"opens", "replaces", "joins", "parts"} or any(event.kind in _FROM_OTHERS for event in events):
        return say("it opened or changed other cases")
    before = replay(case.id, case.events[: events[0].n - 1])
    if (case.has_ended or before.has_ended) and (case.parent or case.joined):
        return say("other cases were told that this one has ended, or goes on")
    if "code" in keys or _has_proof(operation, before, events[0]):
        return say("an acceptance code was used")
    numbers = {event.n for event in events}
    delivered = {message for event in case.events for message in event.data.get("messages", ())}
    if any(int(message.rsplit(".", 2)[1]) in numbers for message in delivered):
        return say("its messages are no longer waiting")
    return None


def _has_proof(operation: Operation, before: Case, event: Event) -> bool:
    """Whether the action was done under a name that proves itself by a code."""
    person = operation.version_of(before).people.get(str(event.data.get("as")))
    return person is not None and person.proof is not None
