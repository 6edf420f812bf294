"""The effects of moves: notifications, notices, child cases, links to other cases, and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Route
    from fujin_cli.core.text.localized import Title


@dataclass(frozen=True, slots=True)
class Tell:
    """Queue a notification of ``kind`` (a kind of message or a field's name) for everybody whom ``to`` names."""

    to: str
    kind: str
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Opens:
    """Open child cases of ``procedure`` into ``group``: one for each value of the fields ``one_each``, or one.

    ``committee`` is a field of the parent that names the child's committee, or the committee itself.
    """

    group: str
    procedure: str
    one_each: tuple[str, ...] = ()
    to: str | None = None
    give: Mapping[str, str] = field(default_factory=dict)
    bring: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    leaves: bool = False
    committee: str | None = None
    route: Route = ()


@dataclass(frozen=True, slots=True)
class ChildGroup:
    """What a procedure says of a group of child cases beside opening it: its title, and its earlier name."""

    name: str
    title: Title | str | None = None
    was: str | None = None
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Does:
    """An effect on another case of the ledger: ``verb`` join or part, the case being in ``field``."""

    name: str
    verb: str
    field: str
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects that one move, or one arrival at a step, carries out."""

    tells: tuple[Tell, ...] = ()
    publish: tuple[str, ...] = ()
    opens: tuple[Opens, ...] = ()
    does: tuple[Does, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    adds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Then:
    """The branch of a move once its limit is used up, with its own effects."""

    to: str
    effects: Effects = field(default_factory=Effects)
    route: Route = ()
