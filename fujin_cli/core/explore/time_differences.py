"""Find out whether two versions of a procedure differ in times and limits alone, and so have the same abstract cases.

States hold neither: of times it only matters whether there are any and in which order rungs fall due, and how often
something was done is counted along runs (``feasible_paths``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from fujin_cli.core.explore.abstraction import list_setting_choices
from fujin_cli.core.explore.duration_bounds import OfficeHours
from fujin_cli.core.explore.ladder_order import describe_order
from fujin_cli.core.model.procedure import Action, Procedure, Step
from fujin_cli.core.model.rung_types import Rung

PRESENT = "…"  # stands for any time or limit
Move = TypeVar("Move", Action, Rung)


def has_same_states(old: Procedure, new: Procedure, office_hours: OfficeHours | None) -> bool:
    """Whether both versions have the same abstract cases and events, since only times and limits differ."""
    return (
        _without_times(old) == _without_times(new)
        and list_setting_choices(old) == list_setting_choices(new)
        and all(
            describe_order(step, office_hours) == describe_order(new.steps[name], office_hours)
            for name, step in old.steps.items()
        )
    )


def _without_times(version: Procedure) -> Procedure:
    """Put PRESENT in place of each time and limit; leave out what exploring does not read."""
    return replace(
        version,
        title=None,
        clocks={},
        steps={name: _step_without_times(step) for name, step in version.steps.items()},
        anytime=_actions_without_times(version.anytime),
        digest="",
        path="",
    )


def _step_without_times(step: Step) -> Step:
    return replace(
        step,
        title=None,
        within=_presence(step.within),
        lasts=replace(step.lasts, duration=_presence(step.lasts.duration)) if step.lasts else None,
        ladder=tuple(replace(_without_limit(rung), by=_presence(rung.by)) for rung in step.ladder),
        actions=_actions_without_times(step.actions),
        then=tuple(_without_limit(move) for move in step.then),
        reopen=_action_without_times(step.reopen) if step.reopen else None,
    )


def _actions_without_times(actions: Mapping[str, Action]) -> dict[str, Action]:
    return {name: _action_without_times(action) for name, action in actions.items()}


def _action_without_times(action: Action) -> Action:
    return replace(_without_limit(action), title=None, spaced=_presence(action.spaced), window=_presence(action.window))


def _without_limit(move: Move) -> Move:
    return replace(move, limit=_presence(move.limit))


def _presence(text: str | None) -> str | None:
    return None if text is None else PRESENT
