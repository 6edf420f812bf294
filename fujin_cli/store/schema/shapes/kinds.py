"""List the kinds of file by their first key. The shapes of a kind are imported when a file of it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fujin_cli.store.schema.shapes.base import Shape

# The shapes of a kind are in the module of its name.
_SHAPES = {
    "workspace": "WorkspaceShape",
    "jurisdiction": "JurisdictionShape",
    "menu": "MenuShape",
    "partners": "PartnersShape",
    "committee": "CommitteeShape",
    "roster": "RosterShape",
    "procedure": "ProcedureShape",
    "scenario": "ScenarioShape",
    "migration": "MigrationShape",
}
LATER_KINDS = ("survey", "tasks", "routing", "scorecard")
"""Planned kinds of file, which are refused."""


class _Kinds(Mapping[str, "type[Shape]"]):
    """Map each kind to its shape, importing it on first use."""

    def __getitem__(self, kind: str) -> type[Shape]:
        shape: type[Shape] = getattr(import_module(f"{__package__}.{kind}"), _SHAPES[kind])
        return shape

    def __iter__(self) -> Iterator[str]:
        return iter(_SHAPES)

    def __len__(self) -> int:
        return len(_SHAPES)

    def __contains__(self, kind: object) -> bool:
        return kind in _SHAPES


KINDS: Mapping[str, type[Shape]] = _Kinds()
