"""Find what only an action needs that ``spaced`` never allows a second time before the case leaves its step.

The explorer lets time pass anywhere, so to it a spaced action can always be done again. Where a ladder or a period ends
the step sooner than that, the second time never comes, and neither does what waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.calendar.duration import Duration, parse_duration
from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.model.values import resolve_highest_value, resolve_lowest_value
from fujin_cli.core.verify.slowest_case import is_surely_longer


def find_unrepeatable_rules(version: Procedure, calendar: WorkingCalendar) -> frozenset[str]:
    """Find the spaced actions that can be done once in a visit of their step, since its end comes first."""
    rules: set[str] = set()
    for step in version.steps.values():
        spaced = [action for action in step.actions.values() if action.spaced]
        ends = list(_list_latest_ends(version, step)) if spaced else []
        for action in spaced:
            wait = _parse(resolve_lowest_value(version, action.spaced or ""))
            if wait and any(is_surely_longer(calendar, wait, end) for end in ends):
                rules.add(action.rule)
    return frozenset(rules)


def find_rules_in_time(exploration: Exploration, unrepeatable: frozenset[str]) -> frozenset[str]:
    """Find the moves that some case makes if it makes none of the ``unrepeatable`` ones twice in a visit."""
    todo = [(edge.target, frozenset[str]()) for edge in exploration.begins]
    reached = set(todo)
    rules: set[str] = set()
    while todo:
        number, before = todo.pop()
        for edge in exploration.edges[number]:
            label = edge.label
            if label.rule in before:
                continue
            rules.add(label.rule)
            own = {label.rule} & unrepeatable
            stays = label.to is None
            again = label.to == label.step and bool(own)  # its own repetition begins the step anew, and waits as long
            place = (edge.target, before | own if stays else frozenset(own) if again else frozenset[str]())
            if place not in reached:
                reached.add(place)
                todo.append(place)
    return frozenset(rules)


def _list_latest_ends(version: Procedure, step: Step) -> Iterator[list[Duration]]:
    """List durations after which the case has surely left the step, or its people may do nothing there any more."""
    if step.lasts and step.lasts.duration:
        yield _parse(resolve_highest_value(version, step.lasts.duration))
    if not step.within:
        return
    within = _parse(resolve_highest_value(version, step.within))
    for rung in step.ladder:
        if _surely_moves(version, step, rung) and within:
            late = _parse(resolve_highest_value(version, rung.by)) if rung.by else []
            if late or not rung.by:
                yield [*within, *late]


def _surely_moves(version: Procedure, step: Step, rung: Rung) -> bool:
    """Whether a rung moves every case that is still there; one that leads to an end may wait for child cases."""
    targets = [rung.to, *([rung.then.to] if rung.then else [])]
    leaves = rung.to is not None and step.name not in targets and (rung.limit is None or rung.then is not None)
    waits = bool(version.openings_by_group()) and any(
        target in version.steps and version.steps[target].end is not None for target in targets if target
    )
    return leaves and not rung.is_reminder and not waits


def _parse(text: str) -> list[Duration]:
    try:
        return [parse_duration(text)]
    except ValueError:
        return []
