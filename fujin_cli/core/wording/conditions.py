"""Put tests of conditions and values of fields into words."""

from __future__ import annotations

from fujin_cli.core.model.operators import OPERATORS
from fujin_cli.core.model.procedure import Field, Procedure, Test
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.wording.outcomes import STATES


def describe(test: Test, procedure: Procedure) -> object:
    """Put a test into words, with the titles that people know; for the sentence that says why something is closed."""
    field = procedure.fields.get(test.name)
    name = (field.title if field else None) or test.name
    values = [value_words(value, field) for value in test.values]
    match (test.kind, test.verb):
        case ("time", _):
            return say("the time of this step is up")
        case ("times", verb):
            return say(
                "{name} done {verb} {values} times",
                name=_titled(test.name, procedure),
                verb=OPERATORS[verb].relation,
                values=values,
            )
        case ("group" | "case", "at_least"):
            return say("at least {values} of {name} answered", name=name, values=values)
    return LocalizedText(
        OPERATORS[test.verb].sentence.text, {**OPERATORS[test.verb].sentence.values, "name": name, "values": values}
    )


def value_words(value: str, field: Field | None) -> object:
    """Put a value of a field, or (without one) the state of a case, into words."""
    if field is not None and field.type == "choice":
        return field.choices.get(value) or value
    return STATES.get(value, value) if field is None or field.type == "case" else value


def _titled(name: str, procedure: Procedure) -> object:
    """Give an action's title, else its name."""
    return next((action.title for _, action in procedure.all_actions() if action.name == name and action.title), name)
