"""Reading what somebody enters with a move: types, what must be given, and conditions on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar, local_minute
from fujin_cli.core.cases.case import Case
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, MERGE_REFUSED, Refusal
from fujin_cli.core.model.procedure import Action, Field, Input, Procedure
from fujin_cli.core.model.values import Unfit, Values, order
from fujin_cli.core.text.message import LocalizedText, say

Given = Mapping[str, list[Any]]


def wrong_procedure(case: Case) -> LocalizedText:
    """What is said of a case of another procedure than a field asks for."""
    return say("{case} is a case of {procedure}; none of those fits here", case=case.id, procedure=case.procedure)


def opening_inputs(procedure: Procedure, values: Values, given: Given) -> dict[str, Any]:
    """The fields of a new case: every required one, any other that is not computed. Raises Refusal."""
    allowed = {name: field for name, field in procedure.fields.items() if not field.computed}
    found = _read(given, allowed, values)
    missing = [
        name for name, field in allowed.items() if field.required and name not in found and field.default is None
    ]
    if missing:
        raise Refusal(
            INPUT_MISSING,
            say("these have to be given: {fields}", fields=missing),
            help=say("give each with --set FIELD=VALUE"),
        )
    for name in found:
        _check_after(allowed[name], found[name], found)
    return found


def _check_after(field: Field, value: Any, known: Mapping[str, Any]) -> None:
    other = known.get(field.after or "")
    if other is not None and str(value) <= str(other):
        raise Refusal(INPUT_UNFIT, say("{field} must be after {other}", field=field.name, other=field.after))


def _read(given: Given, allowed: Mapping[str, Field], values: Values) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, texts in given.items():
        if name not in allowed:
            from difflib import get_close_matches

            close = get_close_matches(name, list(allowed), 1)
            raise Refusal(
                INPUT_UNFIT,
                say("{name} is not asked for here; one of {names}", name=name, names=sorted(allowed))
                if allowed
                else say("{name} is not asked for here; nothing is", name=name),
                help=say("did you mean {name}?", name=close[0]) if close else None,
            )
        try:
            found[name] = values.read(allowed[name], list(texts))
        except Unfit as unfit:
            raise Refusal(INPUT_UNFIT, unfit.message) from None
    return found


def _missing(action: Action, fields: list[str]) -> Refusal:
    return Refusal(
        INPUT_MISSING,
        say("{action} needs: {fields}", action=action.title or action.name, fields=fields),
        help=say("give each with --set FIELD=VALUE"),
    )


class ActionInputs:
    """Reads the inputs of one action on one case."""

    def __init__(
        self,
        case: Case,
        procedure: Procedure,
        values: Values,
        calendar: WorkingCalendar,
        now: datetime,
        other: Callable[[str], Case],
    ) -> None:
        self.case = case
        self.procedure = procedure
        self.values = values
        self.calendar = calendar
        self.now = now
        self.other = other

    def read(self, action: Action, given: Given) -> dict[str, Any]:
        """The values of ``needs`` and ``may``. Raises Refusal for what is missing, unknown or unfit."""
        asked = (*action.needs, *action.may)
        allowed = {entry.field: self.procedure.fields[entry.field] for entry in asked}
        found = _read(given, allowed, self.values)
        missing = [entry.field for entry in action.needs if entry.field not in found]
        if missing:
            raise _missing(action, missing)
        for entry in asked:
            if entry.field in found:
                self._check(entry, found)
        for effect in action.effects.does:
            if effect.verb == "join":
                other = found.get(effect.field) or self.case.values.get(effect.field)
                if not other:
                    raise _missing(action, [effect.field])
                self._joinable(str(other))
        return found

    def _check(self, entry: Input, found: Mapping[str, Any]) -> None:
        field = self.procedure.fields[entry.field]
        value = found[entry.field]
        if field.type == "case":
            self._check_procedure(field, value)
        _check_after(field, value, {**self.case.values, **found})
        for verb, bound in entry.conditions:
            problem = self._problem(field, value, verb, bound, found)
            if problem:
                raise Refusal(INPUT_UNFIT, problem)

    def _problem(
        self, field: Field, value: Any, verb: str, bound: str, found: Mapping[str, Any]
    ) -> LocalizedText | None:
        if verb in ("is", "not"):
            return self._identity(field, value, verb, bound, found)
        if verb in ("within", "after"):
            return self._timely(field, value, verb, bound)
        amount = len(value) if isinstance(value, list) else order(field.type, value)
        limit = order(field.type if not isinstance(value, list) else "count", self.case.settings.get(bound, bound))
        if verb == "at_least" and amount < limit:
            return say("{field} must be at least {bound}", field=field.name, bound=bound)
        if verb == "at_most" and amount > limit:
            return say("{field} must be at most {bound}", field=field.name, bound=bound)
        return None

    def _identity(
        self, field: Field, value: Any, verb: str, bound: str, found: Mapping[str, Any]
    ) -> LocalizedText | None:
        if field.type == "case" and bound in ("open", "ended"):
            fits = self.other(str(value)).ended == (bound == "ended")
            if fits != (verb == "is"):
                return say("{field} must be a case that is {bound}", field=field.name, bound=bound)
            return None
        other = found.get(bound) or self.case.values.get(bound) if bound in self.procedure.fields else bound
        others = {str(item) for item in (other if isinstance(other, list) else [other])}
        same = bool(others & {str(item) for item in (value if isinstance(value, list) else [value])})
        if same == (verb == "not"):
            return say("{field} must not name {bound} again", field=field.name, bound=bound)
        return None

    def _timely(self, field: Field, value: Any, verb: str, bound: str) -> LocalizedText | None:
        duration = parse_duration(self.case.settings.get(bound, bound))
        moment = (
            self.calendar.start_of_day(date.fromisoformat(value))
            if field.type == "date"
            else self.calendar.parse_moment(value)
        )
        if moment <= self.now:
            return say("{field} must lie in the future", field=field.name)
        try:
            edge = self.calendar.add(self.now, duration)
        except NotCovered:
            return None
        if verb == "within" and moment > edge:
            return say(
                "{field} must be within {bound}, by {moment}",
                field=field.name,
                bound=bound,
                moment=local_minute(self.calendar, edge),
            )
        if verb == "after" and moment < edge:
            at = local_minute(self.calendar, edge)
            return say(
                "{field} must be after {bound} from now, after {moment}", field=field.name, bound=bound, moment=at
            )
        return None

    def _check_procedure(self, field: Field, value: str) -> None:
        other = self.other(value)
        if field.of and other.procedure not in field.of:
            raise Refusal(
                INPUT_UNFIT,
                wrong_procedure(other),
            )
        if other.id == self.case.id:
            raise Refusal(MERGE_REFUSED, say("a case cannot point at itself"))

    def _joinable(self, id: str) -> None:
        """Joining must lead to a case that is worked at: not an ended one, not one that waits for another itself."""
        other = self.other(id)
        if other.ended:
            raise Refusal(MERGE_REFUSED, say("{case} has ended; nothing can be joined to it", case=id))
        if other.joined_to:
            raise Refusal(
                MERGE_REFUSED,
                say("{case} was joined to {other} itself", case=id, other=other.joined_to[1]),
                help=say("join to {other} instead", other=other.joined_to[1]),
            )
        if self.case.joined:
            raise Refusal(
                MERGE_REFUSED,
                say("others were joined to this case: {cases}", cases=self.case.joined),
                help=say("split them first, or join the other case to this one"),
            )
