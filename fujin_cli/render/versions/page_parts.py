"""Hold the lines and sections of a page that shows a comparison."""

from __future__ import annotations

from dataclasses import dataclass, field

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.render.basics.names import step_title, title_with_id


@dataclass(frozen=True, slots=True)
class Item:
    """One line, and the lines below it; with ``run`` they are the numbered events of a run."""

    text: str
    below: tuple[str, ...] = ()
    run: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the items below it."""

    title: str
    items: list[Item] = field(default_factory=list)


def step_title_with_id(version: Procedure | None, step: str | None) -> str:
    """Name a step by its title and name; by its name alone where the procedure is missing."""
    return title_with_id(step_title(version, step), step or "") if version else step or ""
