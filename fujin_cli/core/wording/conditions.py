"""Put tests of conditions and values of fields into words."""

from __future__ import annotations

from fujin_cli.core.model.operators import OPERATORS
from fujin_cli.core.model.procedure import Field, Procedure, Test
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.wording.outcomes import STATES


def describe(test: Test, procedure: Procedure) -> object:
    """A test in words, for the sentence that says why something is closed: by the titles that people know."""
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
    """A value of a field, or (without one) the state of a case, as people say it."""
    if field is not None and field.type == "choice":
        return field.choices.get(value) or value
    return STATES.get(value, value) if field is None or field.type == "case" else value


def _titled(name: str, procedure: Procedure) -> object:
    """An action's title, else its name."""
    return next((action.title for _, action in procedure.all_actions() if action.name == name and action.title), name)
