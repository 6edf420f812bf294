"""Under which values of their settings two versions of a procedure are compared.

A case keeps the settings that it was opened with, so what becomes of cases at a step is asked with the same values on
both sides. What may happen is asked with the nearest value that each version allows: a community that has chosen the
most there is will be given the most there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fujin_cli.core.explore.abstraction import profiles
from fujin_cli.core.explore.domains import Settings
from fujin_cli.core.model.procedure import Procedure, Setting
from fujin_cli.core.model.values import order
from fujin_cli.core.versions.renames import renames_between


@dataclass(frozen=True, slots=True)
class Pairing:
    """Values for the old version and for the new one, and what they are compared for.

    ``forbids``: what may happen no longer; ``allows``: what may happen now; ``cases``: what becomes of cases that have
    these values.
    """

    old: Settings
    new: Settings
    forbids: bool = False
    allows: bool = False
    cases: bool = False


def pairings(old: Procedure, new: Procedure) -> list[Pairing]:
    """The defaults first, then every extreme of either version, each pair once.

    That more may be chosen now forbids nothing, and that less may be chosen allows nothing: so extremes of one version
    alone tell only what that one has.
    """
    there = renames_between(old, new).settings
    back = {name: was for was, name in there.items()}
    befores, afters = profiles(old), profiles(new)
    listed = [Pairing(befores[0], afters[0], forbids=True, allows=True)]
    for one in befores:
        listed.append(Pairing(one, _carried(one, old, new, back, nearest=False), cases=True))
        listed.append(Pairing(one, _carried(one, old, new, back, nearest=True), forbids=True))
    listed += [Pairing(_carried(other, new, old, there, nearest=True), other, allows=True) for other in afters]
    found: dict[tuple[object, object], Pairing] = {}
    for pair in listed:
        key = frozenset(pair.old.items()), frozenset(pair.new.items())
        known = found.get(key, pair)
        found[key] = Pairing(
            pair.old, pair.new, known.forbids or pair.forbids, known.allows or pair.allows, known.cases or pair.cases
        )
    return list(found.values())


def _carried(
    values: Settings, source: Procedure, version: Procedure, names: Mapping[str, str], nearest: bool
) -> dict[str, str]:
    """The values that ``law`` has where ``source`` has ``values``; ``names`` are the names of ``law`` → of ``source``.

    ``nearest``: inside the ranges of ``law``.
    """
    found = {}
    for name, setting in version.settings.items():
        was = names.get(name, name)
        if was not in values or source.settings[was].type != setting.type:
            found[name] = setting.default
        else:
            found[name] = _nearest(values[was], setting) if nearest else values[was]
    return found


def _nearest(value: str, setting: Setting) -> str:
    """The value, or the end of the setting's range that is nearest to it."""
    kind = setting.type
    if setting.low is not None and order(kind, value) < order(kind, setting.low):
        return setting.low
    if setting.high is not None and order(kind, value) > order(kind, setting.high):
        return setting.high
    return value
