"""The rungs of a ladder in two versions of a procedure: which of the new ones is which of the old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.model.procedure import Rung, Step


def rung_names(step: Step) -> Iterator[tuple[str, Rung]]:
    """Every rung with a name that stays when rungs of another time are added: ``before-1``, ``at-1``, ``after-2``."""
    yield from _numbered(step.ladder)


def lively_names(step: Step) -> dict[int, str]:
    """The rungs that do more than tell, by index: named among themselves, so that a reminder more changes no name."""
    return {rung.index: name for name, rung in _numbered(rung for rung in step.ladder if does_more(rung))}


def does_more(rung: Rung) -> bool:
    """Whether a rung does more than tell somebody: then it is a part of the history, else the law's own reminder."""
    parts = [rung.effects, *([rung.then.effects] if rung.then else [])]
    return bool(rung.to) or any(part.opens or part.sets or part.adds or part.does for part in parts)


def same_rungs(old: Step, new: Step, settings: Mapping[str, str]) -> dict[int, int]:
    """Old index → new index of every rung that the new ladder has too; ``settings`` are their new names.

    Rungs that do more than tell go by their name. A reminder is the one of the same time, else the next one of its
    kind that is left: so a reminder that was put off is still the same one. One that raises is no mere reminder.
    """
    there = {name: index for index, name in lively_names(new).items()}
    found = {index: there[name] for index, name in lively_names(old).items() if name in there}
    for exact in (True, False):
        for rung in old.ladder:
            if rung.index in found or does_more(rung):
                continue
            for other in new.ladder:
                taken = other.index in found.values() or does_more(other)
                if not taken and _alike(rung, other, settings, exact):
                    found[rung.index] = other.index
                    break
    return found


def _alike(old: Rung, new: Rung, settings: Mapping[str, str], exact: bool) -> bool:
    if (old.when, old.raises) != (new.when, new.raises):
        return False
    return not exact or _time(settings.get(old.by or "", old.by)) == _time(new.by)


def _time(by: str | None) -> object:
    """How long before or after the deadline; the name of a setting as it is."""
    try:
        return parse_duration(by or "")
    except ValueError:
        return by


def _numbered(ladder: Iterator[Rung] | tuple[Rung, ...]) -> Iterator[tuple[str, Rung]]:
    counts: dict[str, int] = {}
    for rung in ladder:
        counts[rung.when] = counts.get(rung.when, 0) + 1
        yield f"{rung.when}-{counts[rung.when]}", rung
