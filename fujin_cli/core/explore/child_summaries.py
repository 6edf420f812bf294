"""How the cases of a procedure that was explored can end: all that a procedure which opens them has to know."""

from __future__ import annotations

from collections.abc import Sequence

from fujin_cli.core.explore.abstraction import ChildSummary
from fujin_cli.core.explore.child_groups import Ending
from fujin_cli.core.explore.reachability import Exploration


def summarize_endings(explorations: Sequence[Exploration], brought: frozenset[str]) -> ChildSummary:
    """The ways in which cases end under any settings, with what each brings: the fields of ``brought``."""
    endings: dict[Ending, None] = {}
    instant = False
    for found in explorations:
        shape, version = found.model.shape, found.model.version
        places = [(place, own) for place, own in enumerate(shape.domains) if own.field.name in brought]
        for state in found.states:
            outcome = version.steps[shape.steps[state.step]].end
            if outcome:
                brings = [(own.field.name, own.values[state.values[place]]) for place, own in places]
                endings[Ending(outcome, tuple((n, tuple(v) if isinstance(v, list) else v) for n, v in brings))] = None
        instant = instant or _instant(found)
    version = explorations[0].model.version
    reopens = frozenset(step.end for step in version.steps.values() if step.end and step.reopen)
    return ChildSummary(tuple(endings), reopens, instant)


def _instant(found: Exploration) -> bool:
    """Whether a case can end before anybody could do anything."""
    seen = {edge.target for edge in found.begins}
    todo = list(seen)
    while todo:
        number = todo.pop()
        if found.ended(number):
            return True
        for edge in found.edges[number]:
            if edge.label.kind == "move" and edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return False
