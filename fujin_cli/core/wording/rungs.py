"""Say when a rung of a ladder is due, instead of its number."""

from __future__ import annotations

from collections.abc import Mapping

from fujin_cli.core.calendar.duration import describe_duration, parse_duration
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.rung_types import RUNG_TYPES, Rung
from fujin_cli.core.text.localized import LocalizedText


def describe_rung_time(version: Procedure, rung: Rung, settings: Mapping[str, str]) -> LocalizedText:
    """Say when a rung is due: “1 working day after the deadline”; ``settings`` are those other than the defaults."""
    due = RUNG_TYPES[rung.when].due_alone
    if rung.by is None:
        return due
    setting = version.settings.get(rung.by)
    text = rung.by if setting is None else settings.get(rung.by, setting.default)
    return LocalizedText(due.text, {**due.values, "time": describe_duration(parse_duration(text))})
