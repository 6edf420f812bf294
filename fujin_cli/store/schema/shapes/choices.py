"""Choose which of several shapes applies to a value, by its content. Each function returns the tag of a shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fujin_cli.core.model.compile_conditions import PERSON_KINDS
from fujin_cli.core.model.values import TYPES

ATOM_KEYS = ("action", "enter", "end", "overdue", "tells", "opens", "answered", "publish", "time_up", "amends")
LATER_ATOMS = ("collected", "does", "did")
LATER_EFFECTS = ("erase", "hold", "release", "swap", "found", "seat", "pay", "award")
SETTING_TYPES = ("duration", "count", "share")
_NAMED = ("partner", "person", "menu", "topic", "committee", "venue")
_OWN = (
    "choice",
    "list",
    "case",
    "count",
    "number",
    "money",
    "share",
    "duration",
    "date",
    "moment",
    "year",
    "half-year",
    "yes_no",
)


def kind_of(value: Any) -> str | None:
    """Tell a text, a list and a mapping apart."""
    for kind, tag in ((str, "|text"), (list, "|list"), (dict, "|mapping")):
        if isinstance(value, kind):
            return tag
    return None


def several(value: Any) -> str | None:
    """Tell a text, a list and a mapping apart, where a text is short for the list with that text alone."""
    return kind_of(value)


def several_or_all(value: Any) -> str | None:
    """Do as ``several`` does, where the word ``all`` is no name."""
    return kind_of(value)


def field(value: Any) -> str:
    """Choose the shape of a field by its type."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind in _OWN:
        return f"|{kind}"
    if kind in _NAMED:
        return "|named"
    if kind in ("text", "place"):
        return "|text"
    return "|undefaulted" if kind in TYPES else "|unknown"


def form(value: Any) -> str:
    """Tell a form with fields from a form of a scorecard."""
    return "|later" if isinstance(value, dict) and isinstance(value.get("scorecard"), str) else "|form"


def setting(value: Any) -> str:
    """Choose the shape of a setting by its type."""
    kind = value.get("type") if isinstance(value, dict) else None
    return f"|{kind}" if kind in SETTING_TYPES else "|unknown"


def step(value: Any) -> str:
    """Tell an end from a step that is worked at or passed through."""
    return "|end" if isinstance(value, dict) and "end" in value else "|worked"


def effect(value: Any) -> str:
    """Tell supported effects on other cases from planned ones."""
    return "|later" if isinstance(value, dict) and any(verb in value for verb in LATER_EFFECTS) else "|does"


def counted(value: Any) -> str:
    """Tell an atom from an action with a number."""
    atom_keys = (*ATOM_KEYS, *LATER_ATOMS, "where")
    return "|counted" if isinstance(value, dict) and value and not any(word in atom_keys for word in value) else "|atom"


def enough(value: Any) -> str:
    """Tell a number of participants from a share of sheets."""
    of_sheets = isinstance(value, dict) or (isinstance(value, str) and ("/" in value or "%" in value))
    return "|sheets" if of_sheets else "|count"


def outcome(value: Any) -> str:
    """Tell an outcome from people selected by their sheets."""
    return "|later" if value == "in" or isinstance(value, dict) else "|text"


def person(value: Any) -> str:
    """Choose the shape of a person by the key that defines who it is."""
    kinds = [kind for kind in value if kind in PERSON_KINDS] if isinstance(value, dict) else []
    if len(kinds) > 1:
        return "|several"
    return f"|{kinds[0]}" if kinds else "|nobody"


CHOICES: dict[str, Callable[[Any], str | None]] = {
    choice.__name__: choice
    for choice in (
        kind_of,
        several,
        several_or_all,
        field,
        form,
        setting,
        step,
        effect,
        counted,
        enough,
        outcome,
        person,
    )
}
