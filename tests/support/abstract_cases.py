"""Ties the explorer to the engine: the abstract case that a real one is, and the edge that a real event is."""

from __future__ import annotations

from collections.abc import Mapping

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.conditions import CaseFacts
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.explore.child_groups import LEAVING, OPEN, REPLACED_ENDED, REPLACED_OPEN
from fujin_cli.core.explore.ladder_order import add_fired_rung
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import State
from fujin_cli.core.explore.successors import Model

SEEN = ("opened", "action", "amended", "move", "rung", "time-up", "child", "other-ended")


def kind_of_edge(event: Event) -> str:
    """The kind of the edges that stand for the event: an amendment is an action."""
    return "action" if event.kind == "amended" else event.kind


def abstract(model: Model, case: Case) -> State:
    """The abstract case that stands for a real one."""
    shape, version = model.shape, model.version
    facts = CaseFacts(case, version)
    step, seen = version.steps[case.step], model.watch.visible_rungs[case.step]
    fired = 0
    for rung in step.ladder:
        fired = add_fired_rung(step, seen, rung, fired, shape.office_hours) if rung.index in case.fired else fired
    joined = 0
    if case.joined_to:
        joined = 1 if case.joined_outcome is None else 2 + shape.joined_outcomes.index(case.joined_outcome)
    return model.effects.normalize(
        State(
            shape.steps.index(case.step),
            fired,
            case.time_up,
            tuple(own.find_index(case.values.get(own.field.name)) for own in shape.domains),
            tuple(counts(group, case) for group in shape.groups),
            tuple(min(most, facts.count_action(test)) for test, most in zip(shape.counted, shape.most, strict=True)),
            joined,
        )
    )


def counts(group, case: Case) -> tuple[int, ...]:  # type: ignore[no-untyped-def]
    """The group's cases by class."""
    found = list(group.empty_counts)
    for child in case.children:
        if child.group != group.name:
            continue
        if child.replaced:
            place = REPLACED_OPEN if child.outcome is None else REPLACED_ENDED
            if child.outcome is not None and child.outcome not in group.reopens:
                continue
        elif child.outcome is None:
            place = LEAVING if child.leaves else OPEN
        else:
            place = group.class_of[child.outcome]
        found[place] = min(1 if place in group.plain else group.cap, found[place] + 1)
    return tuple(found)


def check_known(found: Exploration, case: str, events: tuple[Event, ...]) -> None:
    """Every event of the case is an edge that the explorer found, with the atoms that it makes true."""
    model = found.model
    numbers: Mapping[State, int] = {state: number for number, state in enumerate(found.states)}
    at = -1
    for length, event in enumerate(events, 1):
        after = abstract(model, replay(case, events[:length]))
        if event.kind not in SEEN:
            assert at >= 0 and after == found.states[at], (event, after, found.states[at])
            continue
        edges = found.begins if at < 0 else found.edges[at]
        rule = event.data.get("rule", "")
        fitting = [
            edge
            for edge in edges
            if edge.label.kind == kind_of_edge(event)
            and edge.label.rule == rule
            and edge.label.to == (event.to_step or None)
            and found.states[edge.target] == after
        ]
        assert fitting, (event.kind, rule, event.to_step, at >= 0 and found.states[at], after)
        marks = sum(1 << bit for bit, atom in enumerate(model.watch.atoms) if atom_matches(atom, event, model.version))
        assert marks in {edge.marks for edge in fitting}, (event, marks)
        at = numbers[after]
