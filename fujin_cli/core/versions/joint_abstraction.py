"""Abstract cases of two versions told apart by the same questions, so that their runs carry the same data."""

from __future__ import annotations

from collections.abc import Mapping

from fujin_cli.core.explore.abstraction import Asked, asked_by_inputs
from fujin_cli.core.explore.domains import Probe, allowed
from fujin_cli.core.explore.explorer import questions
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.versions.changes import plain
from fujin_cli.core.versions.renames import renames_between

Laws = Mapping[str, Procedure]
Questions = dict[str, dict[str, Asked]]
_ASIDE = ("title", "public", "choices")


def joint_questions(old: Laws, new: Laws) -> tuple[Questions, Questions]:
    """The questions of each version, and for procedures that both have those of the other one too."""
    before, after = questions(old), questions(new)
    for name in before.keys() & after.keys():
        _join(old[name], new[name], before[name], after[name])
    return before, after


def _join(old: Procedure, new: Procedure, before: dict[str, Asked], after: dict[str, Asked]) -> None:
    renamed = renames_between(old, new).fields
    back = {there: here for here, there in renamed.items()}
    entered = _entered(new, {}) ^ _entered(old, renamed)
    for name, field in new.fields.items():
        was = back.get(name, name)
        other = old.fields.get(was)
        if other is None:
            after.setdefault(name, asked_by_inputs(new, name))
            continue
        changed = _meaning(other) != _meaning(field)
        if was not in before and name not in after and not changed and name not in {entry for _, entry, _ in entered}:
            continue
        mine = before.get(was) or asked_by_inputs(old, was)
        theirs = after.get(name) or asked_by_inputs(new, name)
        before[was], after[name] = _both(mine, theirs, other, field, changed)
    for name in old.fields:
        if renamed.get(name, name) not in new.fields:
            before.setdefault(name, asked_by_inputs(old, name))


def _both(before: Asked, after: Asked, old: Field, new: Field, changed: bool) -> tuple[Asked, Asked]:
    if old.type != new.type or old.item_type != new.item_type:
        return before, after
    probes = before.probes + after.probes
    bounds = before.bounds + after.bounds
    if changed:
        probes += (_admits(old), _admits(new))
        bounds += tuple(bound for entry in (old, new) for bound in (entry.at_least, entry.at_most) if bound is not None)
        if old.of != new.of:
            probes += (str,)
    asked = Asked(probes, bounds)
    return asked, asked


def _admits(field: Field) -> Probe:
    return lambda value: allowed(field, value)


def _meaning(field: Field) -> tuple[tuple[str, object], ...]:
    return tuple((key, value) for key, value in plain(field) if key not in (*_ASIDE, "name"))


def _entered(version: Procedure, renamed: Mapping[str, str]) -> set[tuple[str, str, object]]:
    """Which action asks for which field, and what it must be."""
    return {
        (action.name, renamed.get(entry.field, entry.field), (must, plain(entry.conditions, renamed)))
        for _, action in version.all_actions()
        for must, listed in ((True, action.needs), (False, action.may))
        for entry in listed
    }
