"""Summarize how the cases of an explored procedure end: all that procedures which open them have to know."""

from __future__ import annotations

from collections.abc import Sequence

from fujin_cli.core.cases.child_outcomes import former_outcomes, map_outcomes
from fujin_cli.core.explore.abstraction import ChildSummary
from fujin_cli.core.explore.child_groups import Ending
from fujin_cli.core.explore.reachability import Exploration


def summarize_endings(explorations: Sequence[Exploration], brought: frozenset[str]) -> ChildSummary:
    """List the endings under any settings, with what each brings: the fields of ``brought``."""
    endings: dict[Ending, None] = {}
    instant = False
    for exploration in explorations:
        shape, version = exploration.model.shape, exploration.model.version
        places = [(place, own) for place, own in enumerate(shape.domains) if own.field.name in brought]
        for state in exploration.states:
            outcome = version.steps[shape.steps[state.step]].end
            if outcome:
                brings = [(own.field.name, own.values[state.values[place]]) for place, own in places]
                endings[Ending(outcome, tuple((n, tuple(v) if isinstance(v, list) else v) for n, v in brings))] = None
        instant = instant or _can_end_at_once(exploration)
    version = explorations[0].model.version
    reopens = frozenset(step.end for step in version.steps.values() if step.end and step.reopen)
    former = {outcome: former_outcomes(version, outcome) for outcome in map_outcomes(version)}
    return ChildSummary(
        tuple(endings), reopens, instant, {outcome: names for outcome, names in former.items() if names}
    )


def _can_end_at_once(exploration: Exploration) -> bool:
    """Whether a case can end before people have done anything."""
    reached = {edge.target for edge in exploration.begins}
    todo = list(reached)
    while todo:
        number = todo.pop()
        if exploration.is_ended(number):
            return True
        for edge in exploration.edges[number]:
            if edge.label.kind == "move" and edge.target not in reached:
                reached.add(edge.target)
                todo.append(edge.target)
    return False
