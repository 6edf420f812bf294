"""What a comparison is shown by: lines, sections, and everything that they are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.finding import Finding, Step
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.compare import Comparison, Side
from fujin_cli.render.basics.names import step_title, with_id

Runs = Mapping[tuple[str, str], Sequence[Step]]  # (procedure, "allowed" or "forbidden") → the run


@dataclass(frozen=True, slots=True)
class Item:
    """One line, and what belongs under it, numbered where it is a run."""

    text: str
    below: tuple[str, ...] = ()
    run: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a comparison: the two sides, the findings with their places, and the runs in words."""

    comparison: Comparison
    old: Side
    new: Side
    findings: Sequence[Finding]
    runs: Runs
    calendar: WorkingCalendar


def named_step(version: Procedure | None, step: str | None) -> str:
    """A step with its title; without a law, its name."""
    return with_id(step_title(version, step), step or "") if version else step or ""
