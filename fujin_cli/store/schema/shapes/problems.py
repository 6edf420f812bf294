"""Report problems of a shape: an error is raised if the part is unusable; others are noted in a ``Report``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fujin_cli.core.text.localized import LocalizedText, say

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

FEW = 1000
"""A did-you-mean takes time: a file with more problems than this gets none (it is of another kind, or hostile)."""
KIND = "fujin"
"""The error type of all errors raised here; pydantic's own types are translated in ``recover``."""


def make_error(code: str, message: LocalizedText, help: LocalizedText | None = None) -> PydanticCustomError:
    """Make the error to raise for an unusable value."""
    from pydantic_core import PydanticCustomError

    return PydanticCustomError(KIND, "fujin", {"code": code, "message": message, "help": help})


def make_type_error(description: LocalizedText, value: Any) -> PydanticCustomError:
    """Make the error to raise for a value of the wrong type, such as a list instead of a name."""
    return make_error(
        "FJ004", say("expected {expected}, found {found}", expected=description, found=describe_value(value))
    )


def describe_value(value: Any) -> LocalizedText:
    """Describe a value in a few words."""
    if isinstance(value, dict):
        return say("a mapping")
    if isinstance(value, list):
        return say("a list")
    text = str(value)
    return say("the text {text}", text=text if len(text) <= 40 else f"{text[:39]}…")


@dataclass(frozen=True, slots=True)
class Note:
    """Hold a problem of a mapping (``where`` is its identity) or of one of its keys; ``drop``: leave that key out.

    ``intended`` is the known key that an unknown key probably means; it is not reported as missing too.
    """

    where: int
    key: str | None
    code: str
    message: LocalizedText
    help: LocalizedText | None = None
    drop: bool = False
    intended: str | None = None


@dataclass(slots=True)
class Report:
    """Collect the notes of a validation; pydantic passes it to each shape as the context."""

    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Notes:
    """Note problems of one mapping."""

    report: Report
    where: int

    def are_few(self) -> bool:
        """Tell whether there are few enough problems for a did-you-mean."""
        return len(self.report.notes) < FEW

    def missing(self, message: LocalizedText, help: LocalizedText | None = None) -> None:
        """Note a missing key; the mapping is used without it."""
        self.report.notes.append(Note(self.where, None, "FJ005", message, help))

    def unfit(self, key: str, message: LocalizedText, help: LocalizedText | None = None) -> None:
        """Note a key that conflicts with another one; it is left out."""
        self.report.notes.append(Note(self.where, key, "FJ004", message, help, drop=True))

    def unknown(self, key: str, intended: str | None, help: LocalizedText) -> None:
        """Note an unknown key; it is left out."""
        message = say("unknown key {key}", key=key)
        self.report.notes.append(Note(self.where, key, "FJ003", message, help, drop=True, intended=intended))
