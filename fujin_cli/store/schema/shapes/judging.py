"""Check combinations of keys that types cannot express: noted, or raised if the mapping is unusable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fujin_cli.core.model.compile_conditions import PERSON_KINDS
from fujin_cli.core.model.guarantee_templates import PARTNERS, leading_key
from fujin_cli.core.model.rung_types import RUNG_TYPES
from fujin_cli.core.text.localized import say
from fujin_cli.store.schema.shapes.choices import ATOM_KEYS, LATER_ATOMS
from fujin_cli.store.schema.shapes.problems import Notes, make_error

Judge = Callable[[dict[str, Any], Notes], None]
_TEMPLATE_KEYS = {word for lead, partners in PARTNERS.items() for word in (lead, *partners)}
_WORKED = ("owner", "within", "lasts", "ladder", "actions")


def nothing_more(value: dict[str, Any], notes: Notes) -> None:
    """Accept every combination of keys: the default of shapes."""


def one_effect(value: dict[str, Any], notes: Notes) -> None:
    """Require exactly one effect."""
    if not value:
        raise make_error("FJ005", say("what is done is missing"), say("write join or part"))
    if "join" in value and "part" in value:
        notes.unfit("part", say("{key} cannot be used with {other}: choose one of them", key="part", other="join"))


def in_or_except(value: dict[str, Any], notes: Notes) -> None:
    """Require at most one of ``in`` and ``except``."""
    if "in" in value and "except" in value:
        notes.unfit("except", say("{key} cannot be used with {other}: choose one of them", key="except", other="in"))


def required_or_not(value: dict[str, Any], notes: Notes) -> None:
    """Require at most one of required, optional and computed."""
    first, *extra_keys = [
        word for word in ("required", "optional", "computed") if value.get(word) in ("yes", "true")
    ] or [""]
    for extra_key in extra_keys:
        notes.unfit(extra_key, say("a field cannot be both {first} and {other}", first=first, other=extra_key))


def one_template(value: dict[str, Any], notes: Notes) -> None:
    """Require the keys of exactly one guarantee template."""
    template_keys = [word for word in value if word in _TEMPLATE_KEYS]
    lead = leading_key(template_keys)
    if lead is None:
        if not template_keys:
            notes.missing(say("no guarantee is given"), say("write one of {words}", words=tuple(PARTNERS)))
        return
    partners = PARTNERS[lead]
    partner = next((word for word in template_keys if word in partners), None)
    if partners and partner is None:
        notes.missing(say("{key} says when, but not what must happen", key=lead), say("add {words}", words=partners))
    for word in template_keys:
        if word not in (lead, partner):
            notes.unfit(word, say("{key} cannot be used with {other}", key=word, other=partner or lead))


def one_thing(value: dict[str, Any], notes: Notes) -> None:
    """Require exactly one event."""
    first, *extra_keys = [word for word in value if word in (*ATOM_KEYS, *LATER_ATOMS)] or [""]
    if not first and value.keys() <= {"where"}:
        raise make_error("FJ005", say("what happens is missing"), say("write one of {kinds}", kinds=ATOM_KEYS))
    for extra_key in extra_keys:
        notes.unfit(extra_key, say("{key} cannot be used with {other}: choose one of them", key=extra_key, other=first))


def somebody(value: dict[str, Any], notes: Notes) -> None:
    """Refuse a person without a key that defines who it is."""
    if any(kind in value for kind in PERSON_KINDS):
        return
    raise make_error("FJ005", say("it is not defined who this is"), say("write one of {kinds}", kinds=PERSON_KINDS))


def nobody_twice(value: dict[str, Any], notes: Notes) -> None:
    """Refuse a person that two keys define."""
    first, second, *_ = (kind for kind in value if kind in PERSON_KINDS)
    message = say("{key} and {other} both define who this is", key=first, other=second)
    raise make_error("FJ004", message, say("keep one of the two"))


def action_or_end(value: dict[str, Any], notes: Notes) -> None:
    """Refuse keys of an action beside ``ends``, which is about the end of a case."""
    for word in ("as", "code", "note", "without"):
        if "ends" in value and word in value:
            notes.unfit(word, say("{key} cannot be used with {other}: choose one of them", key=word, other="ends"))


def something_expected(value: dict[str, Any], notes: Notes) -> None:
    """Require an expectation, and ``refused`` beside ``action``."""
    if not value:
        raise make_error(
            "FJ005", say("no expectation is given"), say("write for example {example}", example="step: closed")
        )
    if "action" in value and "refused" not in value:
        notes.missing(say("{key} is missing", key="refused"))


def one_time(value: dict[str, Any], notes: Notes) -> None:
    """Require exactly one time of a rung."""
    first, *extra_keys = [word for word in RUNG_TYPES if word in value] or [""]
    if not first:
        notes.missing(say("the time is missing"), say("write before, at: deadline, or after"))
    for extra_key in extra_keys:
        notes.unfit(extra_key, say("{key} cannot be used with {other}: choose one of them", key=extra_key, other=first))


def worked_or_passed(value: dict[str, Any], notes: Notes) -> None:
    """Require an owner and at most one time, or only ``then``."""
    if "within" in value and "lasts" in value:
        message = say("{key} cannot be used with {other}: choose one of them", key="lasts", other="within")
        notes.unfit("lasts", message)
    if "end" in value:
        return
    if "title" not in value:
        notes.missing(say("{key} is missing", key="title"))
    if not any(word in value for word in _WORKED):
        if "then" not in value:
            help = say("write owner, within and actions; or end; or, for a step passed at once, then")
            notes.missing(say("this step has no actions and no moves"), help)
        return
    if "owner" not in value:
        notes.missing(say("{key} is missing", key="owner"))


JUDGES: dict[str, Judge] = {
    judge.__name__: judge
    for judge in (
        nothing_more,
        one_effect,
        in_or_except,
        required_or_not,
        one_template,
        one_thing,
        somebody,
        nobody_twice,
        action_or_end,
        something_expected,
        one_time,
        worked_or_passed,
    )
}
