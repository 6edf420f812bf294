"""How a shape says what is wrong: fatal for the part it stands in (raised), or noted beside it (``Report``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fujin_cli.core.text.message import LocalizedText, say

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

FEW = 1000
"""A did-you-mean takes time; a file with more problems than this is of another kind or hostile, and gets none."""
KIND = "fujin"
"""The error type of everything raised here; pydantic's own types are translated in ``store.shape_check``."""


def raised(code: str, message: LocalizedText, help: LocalizedText | None = None) -> PydanticCustomError:
    """The error to raise for a value that cannot be used."""
    from pydantic_core import PydanticCustomError

    return PydanticCustomError(KIND, "fujin", {"code": code, "message": message, "help": help})


def expected(what: LocalizedText, value: Any) -> PydanticCustomError:
    """The error to raise for a value of the wrong kind: a list where a name belongs, and so on."""
    return raised("FJ004", say("expected {expected}, found {found}", expected=what, found=described(value)))


def described(value: Any) -> LocalizedText:
    """A value in a few words."""
    if isinstance(value, dict):
        return say("a mapping")
    if isinstance(value, list):
        return say("a list")
    text = str(value)
    return say("the text {text}", text=text if len(text) <= 40 else f"{text[:39]}…")


@dataclass(frozen=True, slots=True)
class Note:
    """A problem of a mapping (``where``, known by its identity) or of one of its keys; ``drop``: leave that key out.

    ``meant`` is the known key that an unknown one was probably meant for: that one is not missing as well.
    """

    where: int
    key: str | None
    code: str
    message: LocalizedText
    help: LocalizedText | None = None
    drop: bool = False
    meant: str | None = None


@dataclass(slots=True)
class Report:
    """What shapes note while they are checked; pydantic hands it down as the context."""

    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes problems of one mapping."""

    report: Report
    where: int

    def are_few(self) -> bool:
        """Whether a guess is still worth its time."""
        return len(self.report.notes) < FEW

    def missing(self, message: LocalizedText, help: LocalizedText | None = None) -> None:
        """A key without which the mapping says too little; it is used as it is."""
        self.report.notes.append(Note(self.where, None, "FJ005", message, help))

    def unfit(self, key: str, message: LocalizedText, help: LocalizedText | None = None) -> None:
        """A key that does not go with the others; it is left out."""
        self.report.notes.append(Note(self.where, key, "FJ004", message, help, drop=True))

    def unknown(self, key: str, meant: str | None, help: LocalizedText) -> None:
        """A key that nobody knows; it is left out."""
        message = say("unknown key {key}", key=key)
        self.report.notes.append(Note(self.where, key, "FJ003", message, help, drop=True, meant=meant))
