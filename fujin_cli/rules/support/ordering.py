"""Which types have an order, and which settings can be compared with them."""

from __future__ import annotations

from fujin_cli.rules.support.procedure_source import ProcedureSource


def setting_fits(reading: ProcedureSource, name: str, type_name: str) -> bool:
    """Whether ``name`` is a setting that values of that type compare with; one with a finding of its own does."""
    settings = reading.known("settings")
    if settings.everything or name in settings.also:
        return True
    setting = reading.procedure.settings.get(name)
    fitting = ("count",) if type_name in ("number", "money", "list") else (type_name,)
    return setting is not None and setting.type in fitting
