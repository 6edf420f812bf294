"""Match the rungs of a ladder between two versions of a procedure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.model.procedure import Step
from fujin_cli.core.model.rung_types import Rung


def name_rungs(step: Step) -> Iterator[tuple[str, Rung]]:
    """Name every rung so that adding rungs of another time changes no name: ``before-1``, ``at-1``, ``after-2``."""
    yield from _number_rungs(step.ladder)


def name_changing_rungs(step: Step) -> dict[int, str]:
    """Name the rungs that change the case, by index; reminders are not counted, so adding one changes no name."""
    return {rung.index: name for name, rung in _number_rungs(rung for rung in step.ladder if can_change_case(rung))}


def can_change_case(rung: Rung) -> bool:
    """Whether a rung changes the case: then it is part of its history; a rung that only tells is a reminder."""
    parts = [rung.effects, *([rung.then.effects] if rung.then else [])]
    return bool(rung.to) or any(part.opens or part.sets or part.adds or part.does for part in parts)


def match_rungs(old: Step, new: Step, settings: Mapping[str, str]) -> dict[int, int]:
    """Map the index of each old rung to that of the new rung it became; ``settings`` leads to new names of settings.

    Rungs that change the case are matched by name. A reminder matches one of the same time, else the next unmatched one
    of its kind (before, at, after; raising to the same level), so that a reminder that was put off stays the same.
    """
    new_indices = {name: index for index, name in name_changing_rungs(new).items()}
    matches = {index: new_indices[name] for index, name in name_changing_rungs(old).items() if name in new_indices}
    for exact in (True, False):
        for rung in old.ladder:
            if rung.index in matches or can_change_case(rung):
                continue
            for candidate in new.ladder:
                is_taken = candidate.index in matches.values() or can_change_case(candidate)
                if not is_taken and _is_matching_reminder(rung, candidate, settings, exact):
                    matches[rung.index] = candidate.index
                    break
    return matches


def _is_matching_reminder(old: Rung, new: Rung, settings: Mapping[str, str], exact: bool) -> bool:
    if (old.when, old.raises) != (new.when, new.raises):
        return False
    return not exact or _parse_time(settings.get(old.by or "", old.by)) == _parse_time(new.by)


def _parse_time(by: str | None) -> object:
    """Parse how long before or after the deadline; the name of a setting stays a text."""
    try:
        return parse_duration(by or "")
    except ValueError:
        return by


def _number_rungs(ladder: Iterator[Rung] | tuple[Rung, ...]) -> Iterator[tuple[str, Rung]]:
    counts: dict[str, int] = {}
    for rung in ladder:
        counts[rung.when] = counts.get(rung.when, 0) + 1
        yield f"{rung.when}-{counts[rung.when]}", rung
