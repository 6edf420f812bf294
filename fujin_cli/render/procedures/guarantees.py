"""Guarantees read aloud on a procedure's page."""

from __future__ import annotations

from fujin_cli.core.model.procedure import Guarantee, Procedure
from fujin_cli.core.text.message import say, title_of
from fujin_cli.core.wording.guarantees import exception_words, guarantee_sentences
from fujin_cli.render.procedures.words import amount_words


def guarantee_words(guarantee: Guarantee, procedure: Procedure) -> list[object]:
    """The guarantee's title, then what it says."""
    said = guarantee_sentences(guarantee, procedure)
    words: list[object] = [title_of(guarantee.title, guarantee.name), *said]
    if said and guarantee.within:
        words.append(say("within {time}", time=amount_words(guarantee.within)))
    return [*words, *exception_words(guarantee, procedure)] if said else words
