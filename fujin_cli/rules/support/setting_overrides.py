"""List the values that communities, committees and scenarios give to settings of procedures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.findings.finding import Place
from fujin_cli.core.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SettingOverride:
    """Hold one value, the place of the setting's name (``key``) and that of the value (``place``)."""

    procedure: str
    setting: str
    value: str
    key: Place
    place: Place


def setting_overrides(workspace: Workspace) -> Iterator[SettingOverride]:
    """List every override: of the city file by community, of each committee, and of scenarios."""
    city = workspace.path_of("jurisdiction")
    for community, procedures in workspace.organisation.settings.items():
        yield from _list_overrides_below(procedures, city, ("settings", community))
    for committee in workspace.organisation.committees.values():
        yield from _list_overrides_below(committee.details.get("settings"), committee.path, ("settings",))
    for scenario in workspace.scenarios:
        yield from _list_overrides_of(scenario.procedure, scenario.settings, scenario.path, ("given", "settings"))


def _list_overrides_below(procedures: Any, path: str, route: tuple[str, ...]) -> Iterator[SettingOverride]:
    if not isinstance(procedures, Mapping):
        return
    for procedure, settings in procedures.items():
        yield from _list_overrides_of(procedure, settings, path, (*route, procedure))


def _list_overrides_of(procedure: str, settings: Any, path: str, route: tuple[str, ...]) -> Iterator[SettingOverride]:
    for setting, value in (settings if isinstance(settings, Mapping) else {}).items():
        key, place = Place(path, (*route, setting), key=True), Place(path, (*route, setting))
        yield SettingOverride(procedure, setting, str(value), key, place)
