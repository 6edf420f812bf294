"""Put events and guarantees into words (docs/explanation/verification.md has their table)."""

from __future__ import annotations

from fujin_cli.core.model.guarantee_templates import template_of
from fujin_cli.core.model.procedure import Atom, Condition, Guarantee, Procedure
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.wording.conditions import describe
from fujin_cli.core.wording.outcomes import OUTCOMES

PUBLISHED = {
    "notice": say("a notice"),
    "agenda": say("the agenda"),
    "minutes": say("the minutes"),
    "results": say("the results"),
}
"""What can be made public, in words; anything else is a field."""


def condition_words(condition: Condition, procedure: Procedure) -> object:
    """Put a condition into words: alternatives of tests that hold together."""
    alternatives = [_together([describe(test, procedure) for test in tests]) for tests in condition.alternatives]
    words = alternatives[0]
    for alternative in alternatives[1:]:
        words = say("{one}, or {other}", one=words, other=alternative)
    return words


def _together(tests: list[object]) -> object:
    words = tests[0] if tests else ""
    for test in tests[1:]:
        words = say("{one} and {other}", one=words, other=test)
    return words


def atom_words(atom: Atom, procedure: Procedure) -> object:
    """Put an atom into words, with its condition."""
    event = _event_words(atom, procedure)
    if atom.where is None:
        return event
    return say("{event} (where {condition})", event=event, condition=condition_words(atom.where, procedure))


def _event_words(atom: Atom, procedure: Procedure) -> object:
    step = procedure.steps.get(atom.name)
    title = (step.title if step else None) or atom.name
    match atom.kind:
        case "enter" if atom.name == "any end":
            return say("ending")
        case "enter":
            return say("arriving at {step}", step=title)
        case "end":
            return say("ending as {outcome}", outcome=_outcome(atom.name, procedure)) if atom.name else say("ending")
        case "overdue":
            return say("{step} being overdue", step=title)
        case "tells":
            person = procedure.people.get(atom.name)
            return say("telling {name}", name=(person.title if person else None) or atom.name)
        case "opens":
            return say("opening {group}", group=atom.name)
        case "answered":
            return say("an answer of all {group}", group=atom.name)
        case "publish":
            return (
                say("publishing {name}", name=PUBLISHED.get(atom.name, atom.name)) if atom.name else say("publishing")
            )
        case "time_up":
            return say("the end of the period of {step}", step=title)
        case "opened":
            return say("opening the case")
    return _action_words(atom.name, procedure)


def _outcome(name: str, procedure: Procedure) -> object:
    ends = (step.title for step in procedure.steps.values() if step.end == name and step.title)
    return OUTCOMES.get(name) or next(ends, name)


def _action_words(name: str, procedure: Procedure) -> object:
    for _, action in procedure.all_actions():
        if action.name == name and action.by:
            return say("“{action}”", action=action.title or name)
    return name


def guarantee_sentences(guarantee: Guarantee, procedure: Procedure) -> list[object]:
    """Put a guarantee into words: its sentence, then how often and since when; empty where no template fits."""
    keys = tuple(key for key in guarantee.atoms if key != "since")
    template = template_of(guarantee.atoms)
    if template is None:
        return []
    sentence = template.sentence
    holes: dict[str, object] = {key: [atom_words(atom, procedure) for atom in guarantee.atoms[key]] for key in keys}
    if "quorum" in holes:
        holes["quorum"] = [condition_words(atom.where, procedure) for atom in guarantee.atoms["quorum"] if atom.where]
    words: list[object] = [LocalizedText(sentence.text, {**holes, "times": guarantee.times or "1"})]
    if guarantee.times and "{times}" not in sentence.text:
        words.append(say("{count} times", count=guarantee.times))
    if "since" in guarantee.atoms:
        words.append(say("since {atom}", atom=[atom_words(atom, procedure) for atom in guarantee.atoms["since"]]))
    return words


def exception_words(guarantee: Guarantee, procedure: Procedure) -> list[object]:
    """Put the runs that a guarantee leaves out into words."""
    if not guarantee.except_for:
        return []
    return [say("except for {atom}", atom=[atom_words(atom, procedure) for atom in guarantee.except_for])]
