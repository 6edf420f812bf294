"""Compare the guarantees of two versions: which ones the new version gains, loses and changes."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Literal

from fujin_cli.core.findings.finding import Place
from fujin_cli.core.model.procedure import Guarantee, Procedure
from fujin_cli.core.text.localized import Title
from fujin_cli.core.versions.changes import comparable_value
from fujin_cli.core.versions.renames import NO_CHILDREN, find_renames

Fate = Literal["gained", "lost", "changed"]


@dataclass(frozen=True, slots=True)
class GuaranteeFate:
    """Hold what became of one guarantee. ``declared``: the new version declares it, even if it does not hold there."""

    name: str
    fate: Fate
    title: Title | str | None = None
    declared: bool = True
    old_place: Place | None = None
    new_place: Place | None = None


def compare_guarantees(
    old: Procedure,
    new: Procedure,
    broken_old: Set[str] = frozenset(),
    broken_new: Set[str] = frozenset(),
    children: Mapping[str, Procedure] = NO_CHILDREN,
) -> list[GuaranteeFate]:
    """List the guarantees gained, lost or changed; ``broken_…`` are declared by a version but do not hold there."""
    names = find_renames(old, new, children).merge_names()
    fates = []
    for name, guarantee in {**old.guarantees, **new.guarantees}.items():
        before, after = old.guarantees.get(name), new.guarantees.get(name)
        fate = _decide_fate(name, before, after, names, broken_old, broken_new)
        if fate is not None:
            fates.append(
                GuaranteeFate(
                    name,
                    fate,
                    guarantee.title,
                    after is not None,
                    _locate_guarantee(old, before),
                    _locate_guarantee(new, after),
                )
            )
    return fates


def _decide_fate(
    name: str,
    before: Guarantee | None,
    after: Guarantee | None,
    names: Mapping[str, str],
    broken_old: Set[str],
    broken_new: Set[str],
) -> Fate | None:
    held_before = before is not None and name not in broken_old
    holds_after = after is not None and name not in broken_new
    if held_before and not holds_after:
        return "lost"
    if holds_after and not held_before:
        return "gained"
    changed = before is not None and after is not None and comparable_value(before, names) != comparable_value(after)
    return "changed" if holds_after and changed else None


def _locate_guarantee(version: Procedure, guarantee: Guarantee | None) -> Place | None:
    return Place(version.path, guarantee.route, key=True) if guarantee else None
