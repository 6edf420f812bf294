"""Read the inputs of a move: their types, what must be entered, and the conditions on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar, format_local_minute
from fujin_cli.core.cases.case import Case
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, MERGE_REFUSED, Refusal
from fujin_cli.core.model.operators import order_key
from fujin_cli.core.model.procedure import Action, Field, Input, Procedure
from fujin_cli.core.model.values import Unfit, Values
from fujin_cli.core.text.localized import LocalizedText, say

Texts = Mapping[str, list[Any]]  # field → what somebody entered for it


def wrong_procedure_message(case: Case) -> LocalizedText:
    """Say that a case is of another procedure than a field asks for."""
    return say("{case} is a case of {procedure}, which is not accepted here", case=case.id, procedure=case.procedure)


def read_opening_inputs(procedure: Procedure, values: Values, texts: Texts) -> dict[str, Any]:
    """Read the fields of a new case: every required one, and any other that is not computed. Raises Refusal."""
    allowed = {name: field for name, field in procedure.fields.items() if not field.computed}
    inputs = _read_inputs(texts, allowed, values)
    missing = [
        name for name, field in allowed.items() if field.required and name not in inputs and field.default is None
    ]
    if missing:
        raise Refusal(
            INPUT_MISSING,
            say("required fields are missing: {fields}", fields=missing),
            help=say("give each with --set FIELD=VALUE"),
        )
    for name in inputs:
        _check_after(allowed[name], inputs[name], inputs)
    return inputs


def _check_after(field: Field, value: Any, values: Mapping[str, Any]) -> None:
    earlier = values.get(field.after or "")
    if earlier is not None and str(value) <= str(earlier):
        raise Refusal(INPUT_UNFIT, say("{field} must be after {other}", field=field.name, other=field.after))


def _read_inputs(texts: Texts, allowed: Mapping[str, Field], values: Values) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for name, entered in texts.items():
        field = _find_allowed_field(name, allowed)
        try:
            inputs[name] = values.read(field, list(entered))
        except Unfit as unfit:
            raise Refusal(INPUT_UNFIT, unfit.message) from None
    return inputs


def _find_allowed_field(name: str, allowed: Mapping[str, Field]) -> Field:
    """Find a field that may be entered. Raises Refusal for any other name."""
    if name in allowed:
        return allowed[name]
    from difflib import get_close_matches

    close = get_close_matches(name, list(allowed), 1)
    raise Refusal(
        INPUT_UNFIT,
        say("unexpected field {name}; expected {names}", name=name, names=sorted(allowed))
        if allowed
        else say("unexpected field {name}; no field can be entered here", name=name),
        help=say("did you mean {name}?", name=close[0]) if close else None,
    )


def _missing_input_refusal(action: Action, fields: list[str]) -> Refusal:
    return Refusal(
        INPUT_MISSING,
        say("{action} needs: {fields}", action=action.title or action.name, fields=fields),
        help=say("give each with --set FIELD=VALUE"),
    )


class ActionInputs:
    """Read the inputs of one action on one case."""

    def __init__(
        self,
        case: Case,
        procedure: Procedure,
        values: Values,
        calendar: WorkingCalendar,
        now: datetime,
        other_case: Callable[[str], Case],
    ) -> None:
        self.case = case
        self.procedure = procedure
        self.values = values
        self.calendar = calendar
        self.now = now
        self.other_case = other_case

    def read(self, action: Action, texts: Texts, appends: Texts = MappingProxyType({})) -> dict[str, Any]:
        """Read the values of ``needs`` and ``may``. Raises Refusal for what is missing, unknown or unfit.

        ``appends`` are added to the lists that ``texts`` set, or else to those that the case has.
        """
        specs = action.inputs
        allowed = {spec.field: self.procedure.fields[spec.field] for spec in specs}
        allowed |= {unit: Field(unit, unit) for unit in action.amends_units}  # read as a field of that type is
        inputs = _read_inputs(texts, allowed, self.values)
        for name, entered in appends.items():
            field = _find_allowed_field(name, allowed)
            inputs[name] = self._append(field, inputs.get(name, self.case.values.get(name) or []), entered)
        missing = [spec.field for spec in action.needs if spec.field not in inputs]
        if missing:
            raise _missing_input_refusal(action, missing)
        for spec in specs:
            if spec.field in inputs:
                self._check_input(spec, inputs)
        for effect in action.effects.does:
            if effect.verb == "join":
                target = inputs.get(effect.field) or self.case.values.get(effect.field)
                if not target:
                    raise _missing_input_refusal(action, [effect.field])
                self._check_joinable(str(target))
        return inputs

    def _append(self, field: Field, present: list[Any], texts: list[Any]) -> list[Any]:
        """Append to a list, as the case holds it now. Raises Refusal for a field that is no list."""
        if not field.is_list:
            raise Refusal(
                INPUT_UNFIT,
                say("{field} is no list, so nothing can be appended to it", field=field.name),
                help=say("replace its value with --set {field}=VALUE", field=field.name),
            )
        try:
            return self.values.read_appended(field, present, list(texts))
        except Unfit as unfit:
            raise Refusal(INPUT_UNFIT, unfit.message) from None

    def _check_input(self, spec: Input, inputs: Mapping[str, Any]) -> None:
        field = self.procedure.fields[spec.field]
        value = inputs[spec.field]
        if field.type == "case":
            self._check_linked_case(field, value)
        _check_after(field, value, {**self.case.values, **inputs})
        for verb, bound in spec.conditions:
            problem = self._condition_problem(field, value, verb, bound, inputs)
            if problem:
                raise Refusal(INPUT_UNFIT, problem)

    def _condition_problem(
        self, field: Field, value: Any, verb: str, bound: str, inputs: Mapping[str, Any]
    ) -> LocalizedText | None:
        if verb in ("is", "not"):
            return self._identity_problem(field, value, verb, bound, inputs)
        if verb in ("within", "after"):
            return self._timing_problem(field, value, verb, bound)
        amount = len(value) if isinstance(value, list) else order_key(field.type, value)
        limit = order_key(field.type if not isinstance(value, list) else "count", self.case.resolve_setting(bound))
        if verb == "at_least" and amount < limit:
            return say("{field} must be at least {bound}", field=field.name, bound=bound)
        if verb == "at_most" and amount > limit:
            return say("{field} must be at most {bound}", field=field.name, bound=bound)
        return None

    def _identity_problem(
        self, field: Field, value: Any, verb: str, bound: str, inputs: Mapping[str, Any]
    ) -> LocalizedText | None:
        if field.type == "case" and bound in ("open", "ended"):
            fits = self.other_case(str(value)).has_ended == (bound == "ended")
            if fits != (verb == "is"):
                return say("{field} must be a case that is {bound}", field=field.name, bound=bound)
            return None
        compared = inputs.get(bound) or self.case.values.get(bound) if bound in self.procedure.fields else bound
        shared = sorted(_texts_of(compared) & _texts_of(value))
        if verb != "not":
            return None if shared else say("{field} must be {bound}", field=field.name, bound=bound)
        if not shared:
            return None
        if bound in self.procedure.fields:
            labels = [self.values.organisation.label_id(id) for id in shared]
            return say(
                "{values} is already the {bound}", values=labels, bound=self.procedure.fields[bound].title or bound
            )
        return say("{field} must not be {bound}", field=field.name, bound=bound)

    def _timing_problem(self, field: Field, value: Any, verb: str, bound: str) -> LocalizedText | None:
        duration = parse_duration(self.case.resolve_setting(bound))
        moment = (
            self.calendar.start_of_day(date.fromisoformat(value))
            if field.type == "date"
            else self.calendar.parse_moment(value)
        )
        if moment <= self.now:
            return say("{field} must be in the future", field=field.name)
        try:
            edge = self.calendar.add_duration(self.now, duration)
        except NotCovered:
            return None
        if verb == "within" and moment > edge:
            return say(
                "{field} must be within {bound}, by {moment}",
                field=field.name,
                bound=bound,
                moment=format_local_minute(self.calendar, edge),
            )
        if verb == "after" and moment < edge:
            at = format_local_minute(self.calendar, edge)
            return say(
                "{field} must be after {bound} from now, after {moment}", field=field.name, bound=bound, moment=at
            )
        return None

    def _check_linked_case(self, field: Field, value: str) -> None:
        target = self.other_case(value)
        if field.of and target.procedure not in field.of:
            raise Refusal(INPUT_UNFIT, wrong_procedure_message(target))
        if target.id == self.case.id:
            raise Refusal(MERGE_REFUSED, say("a case cannot refer to itself"))

    def _check_joinable(self, id: str) -> None:
        """Check that a case is worked at, so that this one can join it. Raises Refusal for an ended or joined one."""
        target = self.other_case(id)
        if target.has_ended:
            raise Refusal(MERGE_REFUSED, say("{case} has ended; no case can be merged into it", case=id))
        if target.joined_to:
            raise Refusal(
                MERGE_REFUSED,
                say("{case} was itself merged into {other}", case=id, other=target.joined_to[1]),
                help=say("merge into {other} instead", other=target.joined_to[1]),
            )
        if self.case.joined:
            raise Refusal(
                MERGE_REFUSED,
                say("other cases were merged into this one: {cases}", cases=self.case.joined),
                help=say("split them off first, or merge the other case into this one"),
            )


def _texts_of(value: Any) -> set[str]:
    """Give the single values of a value or a list as texts."""
    return {str(single) for single in (value if isinstance(value, list) else [value])}
