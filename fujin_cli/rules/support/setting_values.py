"""Check values of settings: durations, counts and shares, written out or by the name of a setting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.findings.finding import Finding, Fix, Place, Related
from fujin_cli.core.findings.fix import make_replacement
from fujin_cli.core.model.operators import order_key, parse_share
from fujin_cli.core.model.procedure import Setting
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource


def _count(text: str) -> None:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)


READERS: Mapping[str, Callable[[str], Any]] = {"duration": parse_duration, "count": _count, "share": parse_share}
EXAMPLES = {
    "duration": say("write for example 30 minutes or 2 working days"),
    "count": say("write a whole number, such as 3"),
    "share": say("write a share, such as 2/3 or 60%"),
}


def is_value(kind: str, text: str) -> bool:
    """Whether ``text`` is a value of that type of setting; every text is one of an unknown type."""
    reader = READERS.get(kind)
    if reader is None:
        return True
    try:
        reader(text)
    except ValueError:
        return False
    return True


def is_outside_range(kind: str, text: str, low: str | None, high: str | None) -> bool:
    """Whether a value lies outside the range; a text that is no value has a finding of its own, and is not outside."""
    if kind not in READERS or not is_value(kind, text):
        return False
    value = order_key(kind, text)
    below = low is not None and is_value(kind, low) and value < order_key(kind, low)
    return below or (high is not None and is_value(kind, high) and value > order_key(kind, high))


def move_into_range(place: Place, setting: Setting, value: str) -> Fix | None:
    """Build the fix for a value outside the setting's range: the nearer end of the range."""
    end = setting.low if is_outside_range(setting.type, value, setting.low, None) else setting.high
    return make_replacement(say("replace {name} by {other}", name=value, other=end), place, value, end) if end else None


def check_setting_value(
    code: str, source: ProcedureSource, mention: Mention, kind: str, message: LocalizedText, example: LocalizedText
) -> Iterator[Finding]:
    """Report a text that is neither a value of type ``kind`` nor the name of a setting of that type."""
    settings = source.defined("settings")
    if is_value(kind, mention.name) or settings.incomplete or mention.name in settings.faulty:
        return
    declared = source.procedure.settings.get(mention.name)
    if declared is not None and declared.type == kind:
        return
    if declared is not None:
        label = say("{name} is a setting of type {type}", name=mention.name, type=declared.type)
        yield Finding(code, "error", message, mention.place, example, (Related(label, source.place(declared.route)),))
        return
    fitting = DefinedNames(
        {name: settings.places[name] for name, spec in source.procedure.settings.items() if spec.type == kind}
    )
    finding = unknown_name(code, message, mention.place, mention.name, fitting)
    if fitting.closest(mention.name) is None:
        finding = Finding(code, "error", message, mention.place, example, finding.related)
    yield finding


def is_comparable_setting(source: ProcedureSource, name: str, type_name: str) -> bool:
    """Whether ``name`` is a setting that values of that type compare with; a faulty setting passes."""
    settings = source.defined("settings")
    if settings.incomplete or name in settings.faulty:
        return True
    setting = source.procedure.settings.get(name)
    fitting = ("count",) if type_name in ("number", "money", "list") else (type_name,)
    return setting is not None and setting.type in fitting
