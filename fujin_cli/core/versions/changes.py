"""List which parts of a file were added, removed, renamed or changed between two versions, and in which lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal

from fujin_cli.core.findings.finding import Place, Route

ChangeKind = Literal["added", "removed", "renamed", "changed"]
_ASIDE = frozenset({"route", "rule", "index", "path", "was", "digest"})  # positions, which mean nothing by themselves

HIDDEN = "…"  # shown instead of values that are compared only: personal data, and long trees


@dataclass(frozen=True, slots=True)
class Detail:
    """Hold one key whose value differs: the values as in the files, or HIDDEN; None where a version lacks the key."""

    key: str
    old: Any
    new: Any
    old_place: Place | None = None
    new_place: Place | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one part that differs. ``name`` is its new name (the old one if it was removed), ``was`` the name before."""

    kind: ChangeKind
    part: str  # what it is: step, action, field, committee, seat …
    name: str
    was: str | None = None
    details: tuple[Detail, ...] = ()
    old_place: Place | None = None
    new_place: Place | None = None


@dataclass(frozen=True, slots=True)
class VersionedPart:
    """Hold one part of one version: for each key, the value that is compared and the value that is displayed.

    ``compiled`` is the meaning of the part as a whole, where that is known: parts with the same one differ only in how
    they are written (short forms, order of keys).
    """

    meaning: Mapping[str, Any]
    displayed: Mapping[str, Any]
    path: str
    route: Route
    compiled: Any = None


def comparable_value(value: Any, named: Mapping[str, str] | None = None) -> Any:
    """Reduce a compiled part to comparable values, without its position; ``named`` replaces old names by new ones."""
    if value is None or isinstance(value, int):  # most values, and the checks below take longer
        return value
    named = named or {}
    if isinstance(value, str):
        return named.get(value, value)
    if isinstance(value, tuple | list | frozenset):
        return tuple(comparable_value(value_inside, named) for value_inside in value)
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(
            (name, comparable_value(getattr(value, name), {} if name == "title" else named))
            for name in _list_compared_fields(type(value))
        )
    if isinstance(value, Mapping):
        return tuple(
            sorted((named.get(key, key), comparable_value(value_inside, named)) for key, value_inside in value.items())
        )
    return value


@cache
def _list_compared_fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in _ASIDE)


def compare_parts(
    part: str,
    old: Mapping[str, VersionedPart],
    new: Mapping[str, VersionedPart],
    renamed: Mapping[str, str] | None = None,
) -> Iterable[Change]:
    """List the differences between the parts of one kind, in the order of the new version, removed parts last."""
    renamed = renamed or {}
    old_names = {new_name: old_name for old_name, new_name in renamed.items()}
    for name, current in new.items():
        was = old_names.get(name, name)
        earlier = old.get(was)
        if earlier is None:
            values = {key: value for key, value in current.displayed.items() if value not in (None, HIDDEN)}
            details = tuple(
                Detail(key, None, value, None, _locate_value(current, key, value)) for key, value in values.items()
            )
            yield Change("added", part, name, None, details, None, _locate_part(current))
            continue
        details = tuple(_list_changed_details(earlier, current))
        if was != name:
            yield Change("renamed", part, name, was, details, _locate_part(earlier), _locate_part(current))
        elif details:
            yield Change("changed", part, name, None, details, _locate_part(earlier), _locate_part(current))
    for name, current in old.items():
        if name not in new and name not in renamed:
            yield Change("removed", part, name, old_place=_locate_part(current))


def _list_changed_details(old: VersionedPart, new: VersionedPart) -> Iterable[Detail]:
    if new.compiled is not None and old.compiled == new.compiled:
        return
    for key in dict.fromkeys((*new.meaning, *old.meaning)):
        if old.meaning.get(key) != new.meaning.get(key):
            before, after = old.displayed.get(key), new.displayed.get(key)
            yield Detail(key, before, after, _locate_value(old, key, before), _locate_value(new, key, after))


def _locate_value(owner: VersionedPart, key: str, value: Any) -> Place | None:
    """Locate the value of a key; None for a key that the part does not have."""
    return None if value is None else Place(owner.path, (*owner.route, key))


def _locate_part(owner: VersionedPart) -> Place:
    return Place(owner.path, owner.route, key=True)
