"""Write guarantees for a procedure's page."""

from __future__ import annotations

from fujin_cli.core.model.procedure import Guarantee, Procedure
from fujin_cli.core.text.localized import say, title_of
from fujin_cli.core.wording.guarantees import describe_exceptions, describe_guarantee
from fujin_cli.render.procedures.words import amount_words


def guarantee_words(guarantee: Guarantee, procedure: Procedure) -> list[object]:
    """Write the guarantee's title, then its sentences."""
    clauses_of_guarantee = describe_guarantee(guarantee, procedure)
    words: list[object] = [title_of(guarantee.title, guarantee.name), *clauses_of_guarantee]
    if clauses_of_guarantee and guarantee.within:
        words.append(say("within {time}", time=amount_words(guarantee.within)))
    return [*words, *describe_exceptions(guarantee, procedure)] if clauses_of_guarantee else words
