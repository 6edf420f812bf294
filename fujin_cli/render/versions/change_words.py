"""Describe changes: parts by titles and ids, values as on the page of a procedure.

Keys are English words already; in another language what they mean stands before them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fujin_cli import language
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, localize_value, say, title_of
from fujin_cli.core.versions.changes import HIDDEN
from fujin_cli.core.wording.guarantees import PUBLISHED, describe_condition
from fujin_cli.core.wording.labels import group_label, outcome_label
from fujin_cli.render.basics.names import Names, level_words, outcome_words, step_title, title_with_id
from fujin_cli.render.basics.text import join_clauses, to_one_line
from fujin_cli.render.notifications.kind_words import kind_words
from fujin_cli.render.procedures.guarantees import guarantee_words
from fujin_cli.render.procedures.words import (
    amount_words,
    field_title,
    move_title,
    person_title,
    proof_words,
    rung_due_words,
)

_KEYS: dict[str, LocalizedText] = {
    "title": say("title"),
    "to": say("leads to"),
    "by": say("who may do it"),
    "when": say("condition"),
    "needs": say("has to be entered"),
    "may": say("may be entered"),
    "amends": say("may be corrected"),
    "only": say("who alone may do it"),
    "limit": say("how often"),
    "then": say("once that is used up"),
    "spaced": say("time between"),
    "within": say("time allowed"),
    "lasts": say("how long"),
    "owner": say("in whose hands"),
    "on_enter": say("on arrival"),
    "end": say("outcome"),
    "counts_as": say("counted as"),
    "tell": say("who is told"),
    "publish": say("made public"),
    "opens": say("opens cases"),
    "sets": say("sets fields"),
    "adds": say("adds to fields"),
    "before": say("before it"),
    "after": say("after it"),
    "raise": say("raised to"),
    "opened.by": say("who opens a case"),
    "opened.from": say("channels"),
    "opened.gives": say("what the opener gets"),
    "first step": say("first step"),
    "default": say("default"),
    "from": say("at least"),
    "up_to": say("at most"),
    "at_least": say("at least"),
    "at_most": say("at most"),
    "type": say("type"),
    "of": say("of"),
    "required": say("required"),
    "public": say("public"),
    "not": say("but not"),
    "through": say("who may enter it for them"),
    "proof": say("proof"),
    "role": say("role"),
    "seat": say("seat"),
    "seats": say("seats"),
    "roles": say("roles"),
    "term": say("term"),
    "group": say("priority group"),
    "name": say("name"),
    "contact": say("contact"),
    "calendar": say("calendar"),
    "office_hours": say("office hours"),
    "week": say("week"),
    "except_for": say("exceptions"),
    "in": say("only at"),
    "except": say("not at"),
    "can": say("can do"),
    "member": say("member"),
    "head": say("head"),
    "procedures": say("procedures"),
    "traits": say("traits"),
    "born": say("year of birth"),
    "education": say("education"),
    "licences": say("licences"),
}
_SEATS = {"head": say("head"), "member": say("member")}
_COUNTED = {"answered": say("answered"), "resolved": say("resolved"), "satisfied": say("satisfied")}
_YES_NO = {"yes": say("yes"), "no": say("no"), "true": say("yes"), "false": say("no")}
_DURATIONS = (
    "within",
    "from",
    "before",
    "after",
    "lasts",
    "default",
    "up_to",
    "at_least",
    "at_most",
    "spaced",
    "limit",
)
_PEOPLE = ("owner", "by", "only", "tell", "not", "through", "opened.by", "opened.gives")
_FIELDS = ("needs", "may", "amends", "sets", "adds")
_STEPS = ("to", "then", "first step", "in", "except")


def key_words(key: str) -> str:
    """Write a key; in other languages than English with its meaning before it."""
    words = _KEYS.get(key)
    return key if words is None or language.current_language() == "en" else title_with_id(str(words), key)


@dataclass(frozen=True, slots=True)
class VersionWords:
    """Describe parts and values of one version; of a procedure where ``version`` is given."""

    workspace: Workspace
    version: Procedure | None = None

    def part_name(self, part: str, name: str) -> str:
        """Name a part with its title: ``Handling: finish (handling.finish)``."""
        version = self.version
        if version is None:
            return self._organisation_part_name(part, name)
        place, local_name = RuleName(name).step, RuleName(name).within_step
        match part:
            case "procedure":
                return title_with_id(version.title, name)
            case "step":
                return title_with_id(step_title(version, name), name)
            case "people":
                return title_with_id(person_title(version, name), name)
            case "field":
                return title_with_id(field_title(version, name), name)
            case "child group":
                return str(group_label(version, name))
            case "outcome":
                return str(outcome_label(version, name))
            case "clock" | "guarantee":
                shelf: Mapping[str, Any] = version.clocks if part == "clock" else version.guarantees
                return title_with_id(shelf[name].title if name in shelf else None, name)
            case "rung":
                rung = self._find_rung(name)
                return self._name_at_step(place, rung_due_words(version, rung), name) if rung else name
            case "action" | "move":
                action = self._find_action(name)
                title = move_title(action) if action else local_name
                return self._name_at_step(place, title, name) if place in version.steps else title_with_id(title, name)
        return name

    def _name_at_step(self, step: str, words: str, name: str) -> str:
        assert self.version is not None  # noqa: S101 - steps are those of a procedure
        return title_with_id(str(say("{step}: {event}", step=step_title(self.version, step), event=words)), name)

    def _organisation_part_name(self, part: str, name: str) -> str:
        organisation = self.workspace.organisation
        unit, _, suffix = name.partition(" ")
        names = Names(organisation)
        shelves: dict[str, Mapping[str, Any]] = {
            "role": organisation.roles,
            "trait": organisation.traits,
            "topic": organisation.topics,
            "kind": organisation.kinds,
            "venue": organisation.venues,
            "board": organisation.boards,
            "partner": organisation.partners,
        }
        if part in shelves:
            return title_with_id((shelves[part].get(name) or {}).get("title"), name)
        if part in ("member", "own setting", "community", "street", "committee", "vacant seats"):
            return f"{title_with_id(names.unit_title(unit), unit)} {suffix}".rstrip()
        return name

    def format_value(self, part: str, name: str, key: str, value: Any) -> str:
        """Write the value of a key of a part on one line; None is a dash."""
        if value is None:
            return "—"
        if value == HIDDEN:
            return HIDDEN
        version = self.version
        if key == "title":
            return flow_text(value) if isinstance(value, Mapping) and len(value) > 1 else title_of(value)
        if version is None:
            return flow_text(value, lambda text: self._translate_organisation_word(key, text))
        action = self._find_action(name)
        if key == "when" and action is not None and action.when is not None:
            return to_one_line(join_clauses([describe_condition(action.when, version)]))
        return flow_text(value, lambda text: self._translate_word(version, part, key, text))

    def guarantee_sentence(self, name: str) -> str | None:
        """Write a guarantee as a sentence; None where this version does not have it."""
        declared = self.version.guarantees.get(name) if self.version else None
        return join_clauses(guarantee_words(declared, self.version)) if declared and self.version else None

    def _translate_word(self, version: Procedure, part: str, key: str, text: str) -> str:
        if key in ("publish", "opened.gives"):
            text = str(PUBLISHED.get(text, proof_words(text)))
        if text in version.settings and key in (*_DURATIONS, *_FIELDS):
            return title_with_id(amount_words(version.settings[text].default), text)
        if key == "only" and text not in version.people:
            titles = (action.title for _, action in version.all_actions() if text in (action.name, action.rule))
            return title_with_id(next(titles, None), text)
        if key in _PEOPLE and (text in version.people or key != "opened.gives"):
            title = title_with_id(person_title(version, text), text)
            title = title if title != text else title_with_id(field_title(version, text), text)
            return title if title != text or key != "tell" else self._name_message_kind(text)
        if key in _FIELDS:
            return title_with_id(field_title(version, text), text) if text in version.fields else amount_words(text)
        if key in _STEPS:
            return title_with_id(step_title(version, text), text)
        if key in ("raise", "of"):
            return localize_value(level_words(text))
        if key == "end":
            return localize_value(outcome_words(text, version))
        if key == "role":
            return title_with_id((self.workspace.organisation.roles.get(text) or {}).get("title"), text)
        words: dict[str, Mapping[str, LocalizedText]] = {"counts_as": _COUNTED, "required": _YES_NO, "public": _YES_NO}
        if key in words:
            return localize_value(words[key].get(text, text))
        return amount_words(text) if key in _DURATIONS else text

    def _name_message_kind(self, kind: str) -> str:
        """Name a kind of message; in English its id says as much."""
        words = kind_words(kind, Names(self.workspace.organisation))
        return kind if language.current_language() == "en" else title_with_id(localize_value(words), kind)

    def _translate_organisation_word(self, key: str, text: str) -> str:
        organisation = self.workspace.organisation
        if key in ("seat", "seats"):
            return localize_value(_SEATS.get(text, text))
        shelf = {
            "roles": organisation.roles,
            "traits": organisation.traits,
            "kind": organisation.kinds,
            "can": organisation.topics,
            "topics": organisation.topics,
        }.get(key)
        if shelf is not None:
            return title_with_id((shelf.get(text) or {}).get("title"), text)
        return amount_words(text)

    def _find_action(self, rule: str) -> Action | None:
        return next((a for _, a in self.version.all_actions() if a.rule == rule), None) if self.version else None

    def _find_rung(self, name: str) -> Rung | None:
        from fujin_cli.core.versions.ladder_matching import name_rungs

        step = self.version.steps.get(RuleName(name).step) if self.version else None
        return dict(name_rungs(step)).get(RuleName(name).within_step) if step else None


def flow_text(value: Any, word: Callable[[str], str] = str) -> str:
    """Write a value on one line in YAML's flow style; ``word`` translates every text in it."""
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{word(str(key))}: {flow_text(value_inside, word)}" for key, value_inside in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow_text(value_inside, word) for value_inside in value) + "]"
    return to_one_line(word(str(value)))
