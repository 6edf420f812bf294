"""Guarantees read aloud on a procedure's page."""

from __future__ import annotations

from fujin_cli.core.message import say, title_of
from fujin_cli.core.procedure import Guarantee, Procedure
from fujin_cli.core.promise_words import exception_words, promise_words
from fujin_cli.render.procedure_words import amount_words


def guarantee_words(guarantee: Guarantee, procedure: Procedure) -> list[object]:
    """The guarantee's title, then what it says."""
    said = promise_words(guarantee, procedure)
    words: list[object] = [title_of(guarantee.title, guarantee.name), *said]
    if said and guarantee.within:
        words.append(say("within {time}", time=amount_words(guarantee.within)))
    return [*words, *exception_words(guarantee, procedure)] if said else words
