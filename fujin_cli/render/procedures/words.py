"""Describe parts of a procedure, for its table and its page."""

from __future__ import annotations

from fujin_cli.core.calendar.duration import describe_duration, parse_duration
from fujin_cli.core.model.ids import OPENER_WORDS
from fujin_cli.core.model.procedure import Action, Procedure, Step
from fujin_cli.core.model.rung_types import RUNG_TYPES, Rung
from fujin_cli.core.text.localized import LocalizedText, say, title_of
from fujin_cli.core.wording.guarantees import PUBLISHED
from fujin_cli.render.basics.names import outcome_words

_PROOFS = {"acceptance-code": say("acceptance code"), "receipt": say("receipt")}


def published_words(name: str) -> object:
    """Name what is made public."""
    return PUBLISHED.get(name, name)


def proof_words(name: str) -> object:
    """Name the proof by which somebody shows to be the contact."""
    return _PROOFS.get(name, name)


def actions_by_people(step: Step) -> list[Action]:
    """List the actions at a step; at an end, reopening the case."""
    return [*step.actions.values(), *([step.reopen] if step.reopen else [])]


def step_time_words(procedure: Procedure, step: Step) -> object:
    """Describe a step's time, or how the case ends there."""
    if step.end:
        return say("end: {outcome}", outcome=outcome_words(step.end, procedure))
    if step.within:
        return setting_words(procedure, step.within)
    if step.lasts is None:
        return None
    if step.lasts.duration:
        return say("lasts {time}", time=setting_words(procedure, step.lasts.duration))
    return say("until {field}", field=field_title(procedure, step.lasts.until or ""))


def setting_words(procedure: Procedure, text: str) -> str:
    """Write a duration or count; a setting's name with its default."""
    setting = procedure.settings.get(text)
    return f"{text} ({amount_words(setting.default)})" if setting else amount_words(text)


def rung_due_words(procedure: Procedure, rung: Rung) -> str:
    """Say when a rung of a ladder is due."""
    due = RUNG_TYPES[rung.when].due
    return str(LocalizedText(due.text, {"time": setting_words(procedure, rung.by)}) if rung.by else due)


def amount_words(text: str) -> str:
    """Write a duration in the current language; other text stays as it is."""
    try:
        return str(describe_duration(parse_duration(text)))
    except ValueError:
        return text


def move_title(action: Action) -> str:
    """Give an action's title, else its name; an automatic move is called that."""
    return title_of(action.title, action.name) if action.by else str(say("moves automatically"))


def person_title(procedure: Procedure, name: str) -> str:
    """Give the title of one of the procedure's people, else the name."""
    person = procedure.people.get(name)
    return title_of(person.title, name) if person else str(OPENER_WORDS.get(name, name))


def field_title(procedure: Procedure, name: str) -> str:
    """Give a field's title, else its name."""
    field = procedure.fields.get(name)
    return title_of(field.title, name) if field else name
