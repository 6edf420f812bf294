"""Name the kinds of notifications."""

from __future__ import annotations

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.guarantees import PUBLISHED
from fujin_cli.render.basics.names import Names

_KINDS: dict[str, LocalizedText] = {
    "accepted": say("the acceptance"),
    "answer": say("the answer"),
    "progress": say("progress"),
    "result": say("the result"),
    "merged": say("the merger"),
    "reminder": say("a reminder"),
    "demand": say("a demand"),
    "overdue": say("a demand"),
    "raised": say("an escalation"),
    "dispatched": say("the work order"),
    "withdrawn": say("the withdrawal"),
    "new-code": say("a new acceptance code"),
    "joined": say("another case that was merged in"),
    "parted": say("a case that was split off"),
    **PUBLISHED,
}


def kind_words(kind: str, names: Names) -> object:
    """Name a kind of notification; one named after a field has the field's title."""
    return _KINDS.get(kind) or names.field_title(kind)


ENDINGS = {
    "done": say("{case} is done."),
    "declined": say("{case} was declined."),
    "merged": say("{case} has ended with the case into which it had been merged."),
    "cannot-be-fixed": say("{case} cannot be fixed."),
    "unreachable": say("{case} was ended because the reporter could not be reached; it does not count as satisfied."),
    "withdrawn": say("{case} was withdrawn."),
}
"""Outcome → how a message says that a case ended so."""
