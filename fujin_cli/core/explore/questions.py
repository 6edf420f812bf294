"""Collect what guards and inputs ask about the fields of all procedures of a workspace, those of openers included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fujin_cli.core.explore.abstraction import Questions, collect_field_questions
from fujin_cli.core.explore.call_graph import build_call_graph, find_cycles, order_children_first
from fujin_cli.core.model.procedure import Procedure


def collect_questions(procedures: Mapping[str, Procedure]) -> dict[str, dict[str, Questions]]:
    """Collect the questions about the fields of every procedure, those of its openers included."""
    calls = build_call_graph(procedures)
    inside = {name for circle in find_cycles(calls) for name in circle}
    return collect_questions_in_order(procedures, order_children_first(calls, inside))


def collect_questions_in_order(
    procedures: Mapping[str, Procedure], order: Sequence[str]
) -> dict[str, dict[str, Questions]]:
    """Collect the questions about fields, with those of openers about the fields that they are brought."""
    questions_of = {name: collect_field_questions(procedures[name]) for name in order}
    for name in reversed(order):
        for orders in procedures[name].openings_by_group().values():
            for opens in orders:
                for brought in opens.bring:
                    questions, of_child = questions_of[name].get(brought), questions_of.get(opens.procedure)
                    if questions and of_child is not None and brought in procedures[opens.procedure].fields:
                        own = of_child.get(brought, Questions((), ()))
                        of_child[brought] = Questions(own.probes + questions.probes, own.bounds + questions.bounds)
    return questions_of
