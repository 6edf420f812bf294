"""Abstract a real case: the state that stands for it, by its step, rungs, fields, groups, counters and links."""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.cases.case import Case, Child
from fujin_cli.core.cases.conditions import CaseFacts
from fujin_cli.core.explore.abstraction import list_guards, outcome_signature
from fujin_cli.core.explore.child_groups import (
    FIRST_OUTCOME,
    LEAVING,
    OPEN,
    REPLACED_ENDED,
    REPLACED_OPEN,
    Counts,
    Group,
)
from fujin_cli.core.explore.ladder_order import add_fired_rung
from fujin_cli.core.explore.state import State
from fujin_cli.core.explore.successors import Model


def abstract_case(case: Case, model: Model) -> State:
    """Find the state of ``model`` that stands for a case of its version.

    The outcomes of the case's children and of the case that it was joined to must be among those of the model.
    """
    shape = model.shape
    facts = CaseFacts(case, model.version)
    state = State(
        model.effects.step_places[case.step],
        _compute_fired_bits(case, model),
        case.time_up,
        tuple(own.find_index(case.values.get(own.field.name)) for own in shape.domains),
        tuple(count_children(own, case.children) for own in shape.groups),
        tuple(min(most, facts.count_action(test)) for test, most in zip(shape.counted, shape.most, strict=True)),
        _find_joined_place(case, model),
    )
    return model.effects.normalize(state)


def _compute_fired_bits(case: Case, model: Model) -> int:
    step = model.version.steps[case.step]
    visible, bits = model.watch.visible_rungs[step.name], 0
    for rung in step.ladder:
        if rung.index in case.fired:
            bits = add_fired_rung(step, visible, rung, bits, model.shape.office_hours)
    return bits


def count_children(group: Group, children: Iterable[Child]) -> Counts:
    """Count the children of a group by what the group tells apart."""
    counts = list(group.empty_counts)
    for child in children:
        place = _place_of_child(group, child) if child.group == group.name else None
        if place is not None:
            counts[place] = min(1 if place in group.plain else group.cap, counts[place] + 1)
    return tuple(counts)


def _place_of_child(group: Group, child: Child) -> int | None:
    """Find the class of a child; None for one that was replaced and cannot be worked at again."""
    if child.outcome is None:
        return REPLACED_OPEN if child.replaced else LEAVING if child.leaves else OPEN
    place = group.class_of[child.outcome]
    if not child.replaced:
        return place
    return REPLACED_ENDED if group.outcomes[place - FIRST_OUTCOME] in group.reopens else None


def _find_joined_place(case: Case, model: Model) -> int:
    if not case.joined_to:
        return 0
    if case.joined_outcome is None:
        return 1
    tests = [test for test in list_guards(model.version) if test.kind == "case"]
    own = outcome_signature(case.joined_outcome, tests)
    alike = [outcome_signature(outcome, tests) == own for outcome in model.shape.joined_outcomes]
    return 2 + alike.index(True)
