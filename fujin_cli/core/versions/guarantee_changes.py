"""Which guarantees a new law keeps, gains and loses."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Literal

from fujin_cli.core.findings.finding import Place
from fujin_cli.core.model.procedure import Guarantee, Procedure
from fujin_cli.core.text.message import Title
from fujin_cli.core.versions.changes import plain
from fujin_cli.core.versions.renames import renames_between

Fate = Literal["gained", "lost", "changed"]


@dataclass(frozen=True, slots=True)
class GuaranteeFate:
    """What became of one guarantee. ``declared`` is False where the new law still declares it and keeps it no more."""

    name: str
    fate: Fate
    title: Title | str | None = None
    declared: bool = True
    old_place: Place | None = None
    new_place: Place | None = None


def compare_guarantees(
    old: Procedure, new: Procedure, broken_old: Set[str] = frozenset(), broken_new: Set[str] = frozenset()
) -> list[GuaranteeFate]:
    """The guarantees gained, lost or changed; ``broken_…`` are those that a version declares and does not keep."""
    named = renames_between(old, new).every()
    found = []
    for name, guarantee in {**old.guarantees, **new.guarantees}.items():
        before, after = old.guarantees.get(name), new.guarantees.get(name)
        fate = _fate(name, before, after, named, broken_old, broken_new)
        if fate is not None:
            found.append(
                GuaranteeFate(name, fate, guarantee.title, after is not None, _place(old, before), _place(new, after))
            )
    return found


def _fate(
    name: str,
    before: Guarantee | None,
    after: Guarantee | None,
    named: Mapping[str, str],
    broken_old: Set[str],
    broken_new: Set[str],
) -> Fate | None:
    kept_before = before is not None and name not in broken_old
    kept_after = after is not None and name not in broken_new
    if kept_before and not kept_after:
        return "lost"
    if kept_after and not kept_before:
        return "gained"
    changed = before is not None and after is not None and plain(before, named) != plain(after)
    return "changed" if kept_after and changed else None


def _place(version: Procedure, guarantee: Guarantee | None) -> Place | None:
    return Place(version.path, guarantee.route, key=True) if guarantee else None
