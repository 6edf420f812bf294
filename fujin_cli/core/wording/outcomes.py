"""Put outcomes into words: those of every procedure (vocabulary), and those of the procedures that fujin ships.

The latter are for where the procedure, whose ends have titles, is not at hand: a parent speaking of its children.
"""

from __future__ import annotations

from fujin_cli.core.text.localized import LocalizedText, say

OUTCOMES: dict[str, LocalizedText] = {
    "done": say("done"),
    "declined": say("declined"),
    "merged": say("merged"),
    "cannot-be-fixed": say("cannot be fixed"),
    "unreachable": say("unreachable"),
    "withdrawn": say("withdrawn"),
}
SHIPPED: dict[str, LocalizedText] = {
    # work orders
    "verified": say("verified"),
    "bounced": say("bounced"),
    "recalled": say("recalled"),
    "failed": say("failed"),
    "unanswered": say("unanswered"),
    # joint conferences and objections
    "handle": say("to be handled"),
    "cannot": say("not carried"),
    "no-quorum": say("no quorum"),
    "dropped": say("dropped"),
    "upheld": say("upheld"),
    "overruled": say("overruled"),
}
# What conditions say of a case that may still be open.
STATES: dict[str, LocalizedText] = {"open": say("open"), "ended": say("ended"), **SHIPPED, **OUTCOMES}
