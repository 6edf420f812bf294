"""Choose the values of settings under which two versions of a procedure are compared.

A case keeps the settings that it was opened with, so for cases at a step both versions are explored with the same
values. For what may happen, each version gets the nearest value that it allows: a community that has chosen the old
maximum will get the new maximum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fujin_cli.core.explore.abstraction import list_setting_choices
from fujin_cli.core.explore.domains import Settings
from fujin_cli.core.model.operators import order_key
from fujin_cli.core.model.procedure import Procedure, Setting
from fujin_cli.core.versions.renames import find_renames


@dataclass(frozen=True, slots=True)
class SettingPair:
    """Values for the old version and for the new one, and what they are compared for.

    ``forbids``: what may happen no longer; ``allows``: what may happen now; ``cases``: what becomes of cases that have
    these values.
    """

    old: Settings
    new: Settings
    forbids: bool = False
    allows: bool = False
    cases: bool = False


def pair_settings(old: Procedure, new: Procedure) -> list[SettingPair]:
    """List the defaults first, then every extreme of either version, each pair once.

    A wider range in the new version forbids nothing, and a narrower one allows nothing: so an extreme that only one
    version has is used only for what that version allows.
    """
    new_names = find_renames(old, new).settings
    old_names = {name: was for was, name in new_names.items()}
    old_profiles, new_profiles = list_setting_choices(old), list_setting_choices(new)
    pairs = [SettingPair(old_profiles[0], new_profiles[0], forbids=True, allows=True)]
    for profile in old_profiles:
        pairs.append(
            SettingPair(profile, _carry_over_settings(profile, old, new, old_names, nearest=False), cases=True)
        )
        pairs.append(
            SettingPair(profile, _carry_over_settings(profile, old, new, old_names, nearest=True), forbids=True)
        )
    pairs += [
        SettingPair(_carry_over_settings(profile, new, old, new_names, nearest=True), profile, allows=True)
        for profile in new_profiles
    ]
    merged: dict[tuple[object, object], SettingPair] = {}
    for pair in pairs:
        key = frozenset(pair.old.items()), frozenset(pair.new.items())
        same = merged.get(key, pair)
        merged[key] = SettingPair(
            pair.old, pair.new, same.forbids or pair.forbids, same.allows or pair.allows, same.cases or pair.cases
        )
    return list(merged.values())


def _carry_over_settings(
    values: Settings, source: Procedure, version: Procedure, names: Mapping[str, str], nearest: bool
) -> dict[str, str]:
    """Convert settings of ``source`` to settings of ``version``; ``names`` lead from the latter's to the former's.

    With ``nearest``, values outside the ranges of ``version`` become the nearest inside. New settings, and those whose
    type changed, have their defaults.
    """
    carried = {}
    for name, setting in version.settings.items():
        was = names.get(name, name)
        if was not in values or source.settings[was].type != setting.type:
            carried[name] = setting.default
        else:
            carried[name] = _nearest_allowed_value(values[was], setting) if nearest else values[was]
    return carried


def _nearest_allowed_value(value: str, setting: Setting) -> str:
    """The value, or the end of the setting's range that is nearest to it."""
    kind = setting.type
    if setting.low is not None and order_key(kind, value) < order_key(kind, setting.low):
        return setting.low
    if setting.high is not None and order_key(kind, value) > order_key(kind, setting.high):
        return setting.high
    return value
