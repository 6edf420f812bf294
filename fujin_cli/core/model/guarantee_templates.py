"""List the templates of guarantees: their keys, their sentence, their DECLARE name, and when they count as triggered.

A new template is one row here and one automaton in ``core/verify/automata.py``. The compiler, the schema, the wording
and the rules read this table. See docs/how-to-extend/guarantee-template.md.

Source: the constraint templates of DECLARE (Pesic, Schonenberg, van der Aalst: DECLARE: Full Support for Loosely-
Structured Processes, EDOC 2007), read over finite traces (LTLf; De Giacomo, Vardi, IJCAI 2013).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fujin_cli.core.text.localized import LocalizedText, say, say_count

ValueKind = Literal["atom", "counted", "atoms", "quorum", "names"]
Form = Literal["happens", "must_happen", "must_have_happened"]
Falls = Literal["when it ends", "when it comes too early", "when it happens"]


@dataclass(frozen=True, slots=True)
class TemplateKey:
    """One key of the YAML: what stands at it, what the JSON Schema says of it, and its form in a sentence."""

    kind: ValueKind
    description: str
    form: Form = "happens"


@dataclass(frozen=True, slots=True)
class GuaranteeTemplate:
    """One template. ``keys`` are the leading key and, for templates about two things, its partner.

    - ``roles``: ``one`` thing, ``several`` listed things, a ``pair`` of things, the ``people`` who do several, or the
      ``performers`` of each action.
    - ``trigger``: which things must be able to happen for the guarantee to say anything: the leading one, ``needed`` of
      the listed ones, or none.
    - ``falls``: where a run breaks it: when the case ends, when something comes before what it needs, or at the event
      itself. Help texts depend on it.
    - ``additions``: the further keys that it takes (``times``, ``since``, ``within``).
    """

    keys: tuple[str, ...]
    roles: Literal["one", "several", "pair", "people", "performers"]
    sentence: LocalizedText
    declare: str
    falls: Falls
    additions: tuple[str, ...] = ()
    trigger: Literal["none", "lead", "listed"] = "none"
    needed: int = 1


KEYS: dict[str, TemplateKey] = {
    "eventually": TemplateKey("atom", "It happens; after `after`, it happens later.", "must_happen"),
    "at_least": TemplateKey("counted", "It happens this many times or more.", "must_happen"),
    "never": TemplateKey("atom", "It never happens; after `after`, never later."),
    "at_most": TemplateKey("counted", "It happens this many times or fewer."),
    "exactly": TemplateKey("counted", "It happens exactly this many times.", "must_happen"),
    "first": TemplateKey("atom", "Every run begins with it."),
    "last": TemplateKey("atom", "Every run ends with it."),
    "one_of": TemplateKey("atoms", "At least one of them happens."),
    "exactly_one_of": TemplateKey("atoms", "One of them happens, and no other."),
    "if": TemplateKey("atom", "If this happens anywhere …"),
    "also": TemplateKey("atom", "… this happens too.", "must_happen"),
    "both_or_neither": TemplateKey("atoms", "Both happen, or neither."),
    "never_both": TemplateKey("atoms", "Not both happen."),
    "after": TemplateKey("atom", "After this …"),
    "after_each": TemplateKey("atom", "After each of these, and before the next one …"),
    "next": TemplateKey("atom", "… this happens directly.", "must_happen"),
    "not_next": TemplateKey("atom", "… this does not happen directly."),
    "before": TemplateKey("atom", "Before this …"),
    "before_each": TemplateKey("atom", "Before each of these …"),
    "require": TemplateKey("atom", "… this has happened.", "must_have_happened"),
    "previous": TemplateKey("atom", "… this happened directly.", "must_have_happened"),
    "always_together": TemplateKey("atoms", "Each is followed by the other, and none is without."),
    "different_people": TemplateKey("atoms", "Different people do them."),
    "only": TemplateKey("names", "Each of these actions is done under these names alone."),
}
"""The keys of all templates, in the order of the schema."""


_ENDS: Falls = "when it ends"
_EARLY: Falls = "when it comes too early"
_HAPPENS: Falls = "when it happens"

TEMPLATES = (
    GuaranteeTemplate(("eventually",), "one", say("at some point, {eventually}"), "Existence", _ENDS),
    GuaranteeTemplate(
        ("at_least",),
        "one",
        say_count("{at_least} at least {count} time", "{at_least} at least {count} times", count=1),
        "Existence",
        _ENDS,
        ("times",),
    ),
    GuaranteeTemplate(("never",), "one", say("this must never happen: {never}"), "Absence", _HAPPENS),
    GuaranteeTemplate(
        ("at_most",),
        "one",
        say_count("{at_most} at most {count} time", "{at_most} at most {count} times", count=1),
        "Absence",
        _HAPPENS,
        ("times",),
    ),
    GuaranteeTemplate(
        ("exactly",),
        "one",
        say_count("{exactly} exactly {count} time", "{exactly} exactly {count} times", count=1),
        "Exactly",
        _HAPPENS,
        ("times",),
    ),
    GuaranteeTemplate(("first",), "one", say("this must happen first: {first}"), "Init", _EARLY),
    GuaranteeTemplate(("last",), "one", say("this must happen last: {last}"), "End", _ENDS),
    GuaranteeTemplate(
        ("one_of",), "several", say("at least one of these must happen: {one_of}"), "Choice", _ENDS, trigger="listed"
    ),
    GuaranteeTemplate(
        ("exactly_one_of",),
        "several",
        say("exactly one of these must happen: {exactly_one_of}"),
        "Exclusive Choice",
        _ENDS,
    ),
    GuaranteeTemplate(
        ("if", "also"),
        "pair",
        say("if {if}, {also} too, earlier or later"),
        "Responded Existence",
        _ENDS,
        trigger="lead",
    ),
    GuaranteeTemplate(
        ("both_or_neither",),
        "several",
        say("all or none of these must happen: {both_or_neither}"),
        "Co-Existence",
        _ENDS,
        trigger="listed",
    ),
    GuaranteeTemplate(
        ("never_both",),
        "several",
        say("at most one of these may happen: {never_both}"),
        "Not Co-Existence",
        _HAPPENS,
        trigger="listed",
        needed=2,
    ),
    GuaranteeTemplate(
        ("after", "eventually"),
        "pair",
        say("whenever {after}, {eventually} afterwards"),
        "Response",
        _ENDS,
        ("within",),
        "lead",
    ),
    GuaranteeTemplate(
        ("after", "next"),
        "pair",
        say("whenever {after}, {next} immediately afterwards"),
        "Chain Response",
        _ENDS,
        trigger="lead",
    ),
    GuaranteeTemplate(
        ("after", "not_next"),
        "pair",
        say("whenever {after}, this must not happen immediately afterwards: {not_next}"),
        "Not Chain Succession",
        _HAPPENS,
        trigger="lead",
    ),
    GuaranteeTemplate(
        ("after", "never"),
        "pair",
        say("once {after}, this must never happen: {never}"),
        "Not Succession",
        _HAPPENS,
        trigger="lead",
    ),
    GuaranteeTemplate(
        ("after_each", "eventually"),
        "pair",
        say("each time {after_each}, {eventually} before the next time"),
        "Alternate Response",
        _ENDS,
        ("within",),
        "lead",
    ),
    GuaranteeTemplate(
        ("before", "require"),
        "pair",
        say("before {before}, {require}"),
        "Precedence",
        _EARLY,
        ("since", "times"),
        "lead",
    ),
    GuaranteeTemplate(
        ("before", "previous"),
        "pair",
        say("immediately before {before}, {previous}"),
        "Chain Precedence",
        _EARLY,
        trigger="lead",
    ),
    GuaranteeTemplate(
        ("before", "quorum"),
        "pair",
        say("when {before}, this must hold: {quorum}"),
        "Precedence on data",
        _EARLY,
        trigger="lead",
    ),
    GuaranteeTemplate(
        ("before_each", "require"),
        "pair",
        say("each time before {before_each}, {require} since the last time"),
        "Alternate Precedence",
        _EARLY,
        ("since", "times"),
        "lead",
    ),
    GuaranteeTemplate(
        ("always_together",),
        "several",
        say("if one of these happens, all must happen, in this order: {always_together}"),
        "Succession",
        _EARLY,
        trigger="listed",
    ),
    GuaranteeTemplate(
        ("different_people",),
        "people",
        say("different people must do these: {different_people}"),
        "separation of duty",
        _HAPPENS,
    ),
    GuaranteeTemplate(("only",), "performers", say("only {people} may do “{action}”"), "authorisation", _HAPPENS),
)
BY_KEYS = {template.keys: template for template in TEMPLATES}
PARTNERS: dict[str, tuple[str, ...]] = {
    lead: tuple(template.keys[1] for template in TEMPLATES if template.keys[0] == lead and len(template.keys) > 1)
    for lead in dict.fromkeys(template.keys[0] for template in TEMPLATES)
}
"""Leading key → the keys of which one must stand beside it; none for templates of a single key."""

_LEADING = [lead for lead, partners in PARTNERS.items() if partners]


def template_of(keys: Iterable[str]) -> GuaranteeTemplate | None:
    """Give the template that the keys of a guarantee make, ``since`` aside; None where they make none."""
    return BY_KEYS.get(tuple(key for key in keys if key != "since"))


def leading_key(words: Iterable[str]) -> str | None:
    """Give the key that names the template: ``after`` of ``{after, eventually}``; None where no key does.

    A key that two templates share (``eventually``) names the template only where no key with partners stands.
    """
    listed = set(words)
    return next((key for key in (*_LEADING, *PARTNERS) if key in listed), None)


def keys_in_order() -> tuple[str, ...]:
    """List all keys in the order in which a file reads best: a leading key before its partner."""
    return (*_LEADING, *(key for key in KEYS if key not in _LEADING))


def leading_keys_with(**attributes: object) -> tuple[str, ...]:
    """List the leading keys of the templates whose attributes have these values, in order, each once."""
    return tuple(
        dict.fromkeys(
            template.keys[0]
            for template in TEMPLATES
            if all(getattr(template, name) == value for name, value in attributes.items())
        )
    )


def leading_keys_taking(addition: str) -> tuple[str, ...]:
    """List the leading keys of the templates that take a further key (``times``, ``since``, ``within``)."""
    return tuple(dict.fromkeys(template.keys[0] for template in TEMPLATES if addition in template.additions))
