"""Ids: a case's id names the volume it lies in, so that finding it needs no index (docs/reference/contract.md).

Moves have names within their procedure, by which limits count and events record them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from fujin_cli.core.text.localized import say

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# Folders of the ledger that lie beside those of the communities.
RESERVED = frozenset({"open", "waiting", "intents", "requests", "laws", "quarantine"})
OPENED = "opened"  # the name of opening a case, beside those of moves
ANYBODY_WORDS = {"resident": say("resident"), "member": say("member"), "partner": say("partner")}
"""The names that every procedure has: anybody of a kind."""
OPENER_WORDS = {**ANYBODY_WORDS, "procedure": say("another procedure")}
"""Who opens a case without being one of its procedure's people."""
RAISED = "raised"  # in a list of allowed names: every level to which the case was raised
_CASE = re.compile(
    r"(?P<community>[A-Za-z0-9][A-Za-z0-9_-]{0,63})-(?P<month>[0-9]{6})(?P<part>[a-z]{1,4})-(?P<number>[0-9]{4,6})"
)


class Volume(NamedTuple):
    """One file of the ledger: a community's month, in parts of about 100 cases."""

    community: str
    month: str  # YYYYMM
    part: str  # a … z, aa, ab …

    def __str__(self) -> str:
        return f"{self.community}-{self.month}{self.part}"


def volume_of(case: str) -> Volume:
    """Read the volume from a case's id. Raises ValueError for what is no case id."""
    match = _CASE.fullmatch(case)
    if not match:
        raise ValueError(case)
    return Volume(match["community"], match["month"], match["part"])


def number_of(case: str) -> int:
    """Read the number of a case within its volume from its id."""
    return int(case.rsplit("-", 1)[1])


def format_case_id(volume: Volume, number: int) -> str:
    """Write a case's id, such as ``XF01-202611a-0042``."""
    return f"{volume}-{number:04d}"


def next_part(part: str) -> str:
    """Give the part after ``part``: a … z, then aa, ab …"""
    letters = [ord(letter) - 97 for letter in part]
    position = len(letters) - 1
    while position >= 0 and letters[position] == 25:
        letters[position] = 0
        position -= 1
    if position < 0:
        return "a" * (len(part) + 1)
    letters[position] += 1
    return "".join(chr(letter + 97) for letter in letters)


def part_sort_key(part: str) -> tuple[int, str]:
    """Give a key that sorts parts in the order in which they were begun."""
    return len(part), part


class RuleName(str):
    """The name of a move within its procedure: ``handling.finish``, ``handling.then.1``, ``handling.ladder.2``.

    It is a text, as events and cases keep it. Actions of ``anytime`` have that word for their step.
    """

    __slots__ = ()

    @classmethod
    def of_action(cls, step: str, action: str) -> RuleName:
        """Name an action of a step (or of ``anytime``)."""
        return cls(f"{step}.{action}")

    @classmethod
    def of_automatic_move(cls, step: str, number: int) -> RuleName:
        """Name a step's automatic move, numbered from 1."""
        return cls(f"{step}.then.{number}")

    @classmethod
    def of_rung(cls, step: str, number: int) -> RuleName:
        """Name a rung of a step's ladder, numbered from 1."""
        return cls(f"{step}.ladder.{number}")

    @property
    def step(self) -> str:
        """The step where the move stands."""
        return self.partition(".")[0]

    @property
    def within_step(self) -> str:
        """The name without the step: ``finish``, ``then.1``, ``ladder.2``."""
        return self.partition(".")[2]

    @property
    def number(self) -> int:
        """The number of a rung or an automatic move, from 1."""
        return int(self.rpartition(".")[2])

    @property
    def is_rung(self) -> bool:
        """Whether it names a rung."""
        return self.within_step.startswith("ladder.")

    def at_step(self, step: str) -> RuleName:
        """The same name at another step."""
        return type(self)(f"{step}.{self.within_step}")


def procedure_text(tree: Mapping[str, Any]) -> str:
    """Write the text of a procedure that the ledger keeps: JSON of its tree, without comments and layout.

    The order is kept: the first step is where a case starts, and screens show fields as they were listed.
    """
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def procedure_digest(tree: Mapping[str, Any]) -> str:
    """Compute the SHA-256 of a procedure's text: a case keeps it, and follows that version."""
    return hashlib.sha256(procedure_text(tree).encode()).hexdigest()
