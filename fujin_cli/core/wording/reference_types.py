"""Name the types of ids in the language of the screen."""

from __future__ import annotations

from fujin_cli.core.text.localized import LocalizedText, say

_LABELS = {
    "committee": say("committee"),
    "community": say("community"),
    "street": say("street"),
    "city": say("city"),
    "person": say("person"),
    "partner": say("partner"),
    "procedure": say("procedure"),
    "step": say("step"),
    "action": say("action"),
    "field": say("field"),
    "people": say("name under people"),
    "setting": say("setting"),
    "group": say("group"),
    "form": say("form"),
    "clock": say("clock"),
    "guarantee": say("guarantee"),
    "channel": say("channel"),
    "outcome": say("outcome"),
    "notice": say("notice"),
}


def type_label(type: str) -> LocalizedText:
    """Name a type of id, such as step; a type that no command names stays as it is."""
    return _LABELS.get(type) or LocalizedText(type, {})
