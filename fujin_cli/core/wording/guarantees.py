"""Put events and guarantees into words (docs/explanation/verification.md has their table)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

from fujin_cli.core.model.guarantee_templates import KEYS, template_of
from fujin_cli.core.model.ids import OPENER_WORDS, RAISED
from fujin_cli.core.model.procedure import Atom, Condition, Guarantee, Procedure
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.core.wording.conditions import describe_test
from fujin_cli.core.wording.labels import amended_title
from fujin_cli.core.wording.outcomes import OUTCOMES

PUBLISHED = {
    "notice": say("a notice"),
    "agenda": say("the agenda"),
    "minutes": say("the minutes"),
    "results": say("the results"),
}
"""What can be made public, in words; anything else is a field."""


def describe_condition(condition: Condition, procedure: Procedure) -> object:
    """Put a condition into words: alternatives of tests that hold together."""
    alternatives = [_join_tests([describe_test(test, procedure) for test in tests]) for tests in condition.alternatives]
    words = alternatives[0]
    for alternative in alternatives[1:]:
        words = say("{one}, or {other}", one=words, other=alternative)
    return words


def _join_tests(tests: list[object]) -> object:
    words = tests[0] if tests else ""
    for test in tests[1:]:
        words = say("{one} and {other}", one=words, other=test)
    return words


class Forms(NamedTuple):
    """One event in the three forms that sentences about guarantees need."""

    happens: LocalizedText
    must_happen: LocalizedText
    must_have_happened: LocalizedText


_ENDS = Forms(say("a case ends"), say("the case must end"), say("the case must have ended"))
_PUBLISHES = Forms(
    say("a case publishes something"),
    say("the case must publish something"),
    say("the case must have published something"),
)
_MOVES = Forms(say("{name} happens"), say("{name} must happen"), say("{name} must have happened"))
_FORMS: dict[str, Forms] = {
    "enter": Forms(
        say("a case reaches {name}"), say("the case must reach {name}"), say("the case must have reached {name}")
    ),
    "end": Forms(
        say("a case ends as {name}"), say("the case must end as {name}"), say("the case must have ended as {name}")
    ),
    "overdue": Forms(
        say("{name} becomes overdue"), say("{name} must become overdue"), say("{name} must have become overdue")
    ),
    "tells": Forms(
        say("a message to the {name} is sent"), say("the {name} must be told"), say("the {name} must have been told")
    ),
    "opens": Forms(
        say("a case of {name} is opened"),
        say("a case of {name} must be opened"),
        say("a case of {name} must have been opened"),
    ),
    "answered": Forms(
        say("all cases of {name} are answered"),
        say("all cases of {name} must be answered"),
        say("all cases of {name} must have been answered"),
    ),
    "publish": Forms(
        say("a case publishes {name}"), say("the case must publish {name}"), say("the case must have published {name}")
    ),
    "time_up": Forms(
        say("the period of {name} ends"),
        say("the period of {name} must end"),
        say("the period of {name} must have ended"),
    ),
    "amends": Forms(say("{name} is amended"), say("{name} must be amended"), say("{name} must have been amended")),
    "opened": Forms(say("a case is opened"), say("the case must be opened"), say("the case must have been opened")),
    "action": Forms(say("“{name}” is done"), say("“{name}” must be done"), say("“{name}” must have been done")),
}


def describe_atom(atom: Atom, procedure: Procedure, form: str = "happens") -> object:
    """Put an atom into words, with its condition: “approve” is done (where scope is large)."""
    forms, name = _select_forms(atom, procedure)
    template: LocalizedText = getattr(forms, form)
    event = LocalizedText(template.text, {"name": name} if "{name}" in template.text else {})
    if atom.where is None:
        return event
    return say("{event} (where {condition})", event=event, condition=describe_condition(atom.where, procedure))


def _select_forms(atom: Atom, procedure: Procedure) -> tuple[Forms, object]:
    """Select the sentences about an event, and the title of what it is about."""
    match atom.kind:
        case "enter" if atom.name == "any end":
            return _ENDS, ""
        case "end" if not atom.name:
            return _ENDS, ""
        case "end":
            return _FORMS["end"], _describe_outcome(atom.name, procedure)
        case "publish" if not atom.name:
            return _PUBLISHES, ""
        case "publish":
            return _FORMS["publish"], PUBLISHED.get(atom.name, atom.name)
        case "amends":
            return _FORMS["amends"], amended_title(procedure, atom.name)
        case "tells":
            person = procedure.people.get(atom.name)
            return _FORMS["tells"], (person.title if person else None) or atom.name
        case "enter" | "overdue" | "time_up" as kind:
            step = procedure.steps.get(atom.name)
            return _FORMS[kind], (step.title if step else None) or atom.name
        case "opens" | "answered" | "opened" as kind:
            group = procedure.groups.get(atom.name)
            return _FORMS[kind], (group.title if group else None) or atom.name
    title = _find_action_title(atom.name, procedure)
    return (_FORMS["action"], title) if title is not None else (_MOVES, atom.name)


def _describe_outcome(name: str, procedure: Procedure) -> object:
    ends = (step.title for step in procedure.steps.values() if step.end == name and step.title)
    return OUTCOMES.get(name) or next(ends, name)


def _find_action_title(name: str, procedure: Procedure) -> object | None:
    """Find the title of an action of people; None for an automatic move."""
    actions = (action for _, action in procedure.all_actions() if action.name == name and action.by)
    return next((action.title or name for action in actions), None)


def describe_guarantee(guarantee: Guarantee, procedure: Procedure) -> list[object]:
    """Put a guarantee into words: its sentence, then how often and since when; empty where no template fits.

    Example: “before a case ends, the neighbour must have been told”.
    """
    if guarantee.only:
        return [describe_restriction(action, people, procedure) for action, people in guarantee.only.items()]
    keys = tuple(key for key in guarantee.atoms if key != "since")
    template = template_of(guarantee.atoms)
    if template is None:
        return []
    if keys == ("never",) and len(guarantee.atoms["never"]) == 1 and guarantee.atoms["never"][0].where:
        return [_describe_exclusion(guarantee.atoms["never"][0], procedure)]
    sentence = template.sentence
    holes = {key: _fill_hole(key, guarantee.atoms[key], procedure) for key in keys}
    words: list[object] = [LocalizedText(sentence.text, {**holes, "count": guarantee.times or "1"}, sentence.plural)]
    if guarantee.times and not sentence.plural:
        words.append(say_count("at least {count} time", "at least {count} times", count=int(guarantee.times)))
    if "since" in guarantee.atoms:
        since = _join_alternatives(describe_atom(atom, procedure) for atom in guarantee.atoms["since"])
        words.append(say("earlier events no longer count once {since}", since=since))
    return words


def _describe_exclusion(atom: Atom, procedure: Procedure) -> object:
    """Put what must never happen under a condition into words, the condition first: Chinese has no other order."""
    condition = describe_condition(atom.where, procedure) if atom.where else ""
    never = describe_atom(replace(atom, where=None), procedure, KEYS["never"].form)
    return say("where {condition}, this must never happen: {never}", condition=condition, never=never)


def _fill_hole(key: str, atoms: tuple[Atom, ...], procedure: Procedure) -> object:
    """Fill the hole of a key: with alternatives in the form that its sentence needs, or with a list."""
    if key == "quorum":
        return [describe_condition(atom.where, procedure) for atom in atoms if atom.where]
    if key == "different_people":
        return [say("“{action}”", action=_find_action_title(atom.name, procedure) or atom.name) for atom in atoms]
    if KEYS[key].kind == "atoms":
        return [describe_atom(atom, procedure) for atom in atoms]
    return _join_alternatives(describe_atom(atom, procedure, KEYS[key].form) for atom in atoms)


def _join_alternatives(words: Iterable[object]) -> object:
    return reduce(lambda one, other: say("{one} or {other}", one=one, other=other), words)


def describe_restriction(action: str, people: tuple[str, ...], procedure: Procedure) -> object:
    """Put "only these may do it" into words: “only first complainant may do “approve””."""
    titles = [_performer_title(name, procedure) for name in people]
    if action == "opened":
        return say("only {people} may open a case", people=titles)
    titled = next((move.title for _, move in procedure.all_actions() if action in (move.name, move.rule)), None)
    return say("only {people} may do “{action}”", people=titles, action=titled or action)


def _performer_title(name: str, procedure: Procedure) -> object:
    person = procedure.people.get(name)
    if person is not None:
        return person.title or name
    return say("whoever the case was raised to") if name == RAISED else OPENER_WORDS.get(name, name)


def describe_exceptions(guarantee: Guarantee, procedure: Procedure) -> list[object]:
    """Put the runs that a guarantee leaves out into words."""
    if not guarantee.except_for:
        return []
    return [
        say(
            "except when {atom}",
            atom=_join_alternatives(describe_atom(atom, procedure) for atom in guarantee.except_for),
        )
    ]
