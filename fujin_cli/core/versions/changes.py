"""Two versions of the same things side by side: what was added, removed, renamed or changed, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from fujin_cli.core.findings.finding import Place, Route

ChangeKind = Literal["added", "removed", "renamed", "changed"]
_ASIDE = frozenset({"route", "rule", "index", "path", "was", "digest"})  # where a thing stands is no part of what it is

HIDDEN = "…"  # stands for a value that is compared and not shown: personal, or longer than anybody reads here


@dataclass(frozen=True, slots=True)
class Detail:
    """One key whose value differs; None where it is missing on that side. Values are as in the file, or HIDDEN."""

    key: str
    old: Any
    new: Any
    old_place: Place | None = None
    new_place: Place | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs. ``name`` is the new name, for what was removed the old one; ``was`` the name before."""

    kind: ChangeKind
    part: str  # what it is: step, action, field, committee, seat …
    name: str
    was: str | None = None
    details: tuple[Detail, ...] = ()
    old_place: Place | None = None
    new_place: Place | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One part as a version has it: for each of its keys what it means, and the value as it is shown.

    ``whole`` is what the part means as a whole, where that is known: what is the same there differs in writing only.
    """

    meaning: Mapping[str, Any]
    shown: Mapping[str, Any]
    path: str
    route: Route
    whole: Any = None


def plain(value: Any, named: Mapping[str, str] | None = None) -> Any:
    """What a compiled part means, without where it stands; old names in it are replaced by the new ones (``named``)."""
    named = named or {}
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(
            (f.name, plain(getattr(value, f.name), {} if f.name == "title" else named))
            for f in fields(value)
            if f.name not in _ASIDE
        )
    if isinstance(value, Mapping):
        return tuple(sorted((named.get(key, key), plain(item, named)) for key, item in value.items()))
    if isinstance(value, tuple | list | frozenset):
        return tuple(plain(item, named) for item in value)
    return named.get(value, value) if isinstance(value, str) else value


def compare_entries(
    part: str, old: Mapping[str, Entry], new: Mapping[str, Entry], renamed: Mapping[str, str] | None = None
) -> Iterable[Change]:
    """Every difference between the parts of one kind, in the order of the new version, what is gone last."""
    renamed = renamed or {}
    back = {there: here for here, there in renamed.items()}
    for name, entry in new.items():
        was = back.get(name, name)
        before = old.get(was)
        if before is None:
            said = {key: value for key, value in entry.shown.items() if value not in (None, HIDDEN)}
            details = tuple(Detail(key, None, value, None, _at(entry, key, value)) for key, value in said.items())
            yield Change("added", part, name, None, details, None, _place(entry))
            continue
        details = tuple(_details(before, entry))
        if was != name:
            yield Change("renamed", part, name, was, details, _place(before), _place(entry))
        elif details:
            yield Change("changed", part, name, None, details, _place(before), _place(entry))
    for name, entry in old.items():
        if name not in new and name not in renamed:
            yield Change("removed", part, name, old_place=_place(entry))


def _details(old: Entry, new: Entry) -> Iterable[Detail]:
    if new.whole is not None and old.whole == new.whole:
        return
    for key in dict.fromkeys((*new.meaning, *old.meaning)):
        if old.meaning.get(key) != new.meaning.get(key):
            before, after = old.shown.get(key), new.shown.get(key)
            yield Detail(key, before, after, _at(old, key, before), _at(new, key, after))


def _at(entry: Entry, key: str, value: Any) -> Place | None:
    """Where a key's value stands; nowhere for a key that the part has not."""
    return None if value is None else Place(entry.path, (*entry.route, key))


def _place(entry: Entry) -> Place:
    return Place(entry.path, entry.route, key=True)
