"""Put tests of conditions and values of fields into words."""

from __future__ import annotations

from fujin_cli.core.model.operators import OPERATORS
from fujin_cli.core.model.procedure import Field, Procedure, Test
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.core.wording.outcomes import STATES


def describe_test(test: Test, procedure: Procedure) -> object:
    """Put a test into words, with the titles that people know; for the sentence that says why something is closed."""
    field, group = procedure.fields.get(test.name), procedure.groups.get(test.name)
    titled = field if field is not None else group
    name = (titled.title if titled else None) or test.name
    values = [describe_value(value, field) for value in test.values]
    match (test.kind, test.verb):
        case ("time", _):
            return say("the time of this step is up")
        case ("times", verb):
            return _describe_times(
                _action_title_or_name(test.name, procedure), OPERATORS[verb].relation, test.values[0]
            )
        case ("group" | "case", "at_least"):
            return say("at least {values} of {name} answered", name=name, values=values)
    return LocalizedText(
        OPERATORS[test.verb].sentence.text, {**OPERATORS[test.verb].sentence.values, "name": name, "values": values}
    )


def _describe_times(action: object, relation: LocalizedText | None, times: str) -> LocalizedText:
    """How often an action was done; ``times`` is a number, or the name of a setting."""
    if not times.isdigit():
        return say("“{name}” was done {verb} {values} times", name=action, verb=relation, values=times)
    return say_count(
        "“{name}” was done {verb} {count} time",
        "“{name}” was done {verb} {count} times",
        name=action,
        verb=relation,
        count=int(times),
    )


def describe_value(value: str, field: Field | None) -> object:
    """Put a value of a field, or (without one) the state of a case, into words."""
    if field is not None and field.type == "choice":
        return field.choices.get(value) or value
    return STATES.get(value, value) if field is None or field.type == "case" else value


def _action_title_or_name(name: str, procedure: Procedure) -> object:
    """Give an action's title, else its name."""
    return next((action.title for _, action in procedure.all_actions() if action.name == name and action.title), name)
