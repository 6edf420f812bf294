"""Put tests of conditions and values of fields into words."""

from __future__ import annotations

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
                verb=_VERBS[verb],
                values=values,
            )
        case ("group" | "case", "at_least"):
            return say("at least {values} of {name} answered", name=name, values=values)
        case (_, "all" | "any" | "none" as verb):
            return LocalizedText(_GROUP[verb], {"name": name, "values": values})
        case (_, "given"):
            return say("{name} given", name=name)
        case (_, "missing"):
            return say("no {name}", name=name)
        case (_, "is"):
            return say("{name} is {values}", name=name, values=values)
        case (_, "not"):
            return say("{name} is not {values}", name=name, values=values)
    return say("{name} {verb} {values}", name=name, verb=_VERBS[test.verb], values=values)


def value_words(value: str, field: Field | None) -> object:
    """A value of a field, or (without one) the state of a case, as people say it."""
    if field is not None and field.type == "choice":
        return field.choices.get(value) or value
    return STATES.get(value, value) if field is None or field.type == "case" else value


def _titled(name: str, procedure: Procedure) -> object:
    """An action's title, else its name."""
    return next((action.title for _, action in procedure.all_actions() if action.name == name and action.title), name)


_VERBS = {
    "at_least": say("at least"),
    "at_most": say("at most"),
    "over": say("over"),
    "under": say("under"),
}
_GROUP = {
    "all": say("all of {name} {values}").text,
    "any": say("one of {name} {values}").text,
    "none": say("none of {name} {values}").text,
}
