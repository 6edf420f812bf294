"""Compare two versions of a workspace: what is written, what may happen, and what it means for open cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.finding import Finding, Place, TraceStep
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.text.localized import LocalizedText, Title
from fujin_cli.core.versions.behaviour_changes import Behaviour, compare_behaviour, include_openers
from fujin_cli.core.versions.changes import Change
from fujin_cli.core.versions.guarantee_changes import GuaranteeFate, add_old_guarantees, compare_guarantees
from fujin_cli.core.versions.moved_deadlines import MovedDeadline
from fujin_cli.core.versions.organisation_changes import compare_files, compare_organisation
from fujin_cli.core.versions.procedure_changes import compare_procedure
from fujin_cli.core.versions.retargeted_moves import RetargetedMove, find_retargeted_moves
from fujin_cli.core.versions.safeguards import Weakening, find_weakened_safeguards

CaseVerdictKind = Literal["safe", "mapped", "stuck", "incomplete"]


@dataclass(frozen=True, slots=True)
class ProcedureDifference:
    """Hold the changes of one procedure. ``kind`` is ``reached`` where only procedures that it opens were changed.

    ``behaviour`` is None for an added or removed procedure, and for one that could not be explored (``explored`` is
    False).
    """

    name: str
    kind: Literal["added", "removed", "changed", "reached"]
    title: Title | str | None
    old: Procedure | None
    new: Procedure | None
    changes: tuple[Change, ...] = ()
    guarantees: tuple[GuaranteeFate, ...] = ()
    behaviour: Behaviour | None = None
    explored: bool = True
    weakened: tuple[Weakening, ...] = ()
    retargeted: tuple[RetargetedMove, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """Say what the new version would mean for one open case.

    ``target`` is the step where it would be, ``due`` its deadline there, ``owes`` the guarantees that it still has to
    fulfil; ``reason`` is why the new version could not have produced event number ``at`` of its history.
    """

    case: str
    procedure: str
    version: str
    step: str
    verdict: CaseVerdictKind
    target: str | None = None
    due: datetime | None = None
    owes: tuple[str, ...] = ()
    reason: LocalizedText | None = None
    at: int | None = None
    migration: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold all differences. ``cases`` is None where open cases were not judged."""

    procedures: tuple[ProcedureDifference, ...]
    organisation: tuple[Change, ...]
    files: tuple[Change, ...] = ()  # scenarios and migrations: no case depends on them
    cases: tuple[CaseVerdict, ...] | None = None
    deadlines: tuple[MovedDeadline, ...] = ()  # of open cases, by the calendars of the two versions
    stranded: tuple[str, ...] = ()  # open cases that can no longer end, or on which nobody is left who can act

    @property
    def is_same(self) -> bool:
        """Whether there is no difference and no open case is affected."""
        return not (self.procedures or self.organisation or self.files or self.cases or self.stranded or self.deadlines)


@dataclass(frozen=True, slots=True)
class Side:
    """Hold one of the two versions: its name, its workspace, and ``at``, which adds lines to a place of its files."""

    name: str
    workspace: Workspace
    at: Callable[[Place], Place]


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """A comparison with its findings, worst first, and the runs that tell the versions apart in words.

    ``runs`` go by procedure and kind (``allowed``, ``forbidden``, ``more``, ``fewer``).
    """

    comparison: Comparison
    old: Side
    new: Side
    findings: Sequence[Finding]
    runs: Mapping[tuple[str, str], Sequence[TraceStep]]
    calendar: WorkingCalendar
    files: int  # of the new version


def compare_workspaces(old: Workspace, new: Workspace, today: date, unfit: Set[str] = frozenset()) -> Comparison:
    """Compare two workspaces, without cases; files in ``unfit`` (those with errors on a side) are left out."""
    broken = {
        file.name for side in (old, new) for file in side.files if file.kind == "procedure" and file.path in unfit
    }
    old_procedures = {name: version for name, version in old.procedures.items() if name not in broken}
    new_procedures = {name: version for name, version in new.procedures.items() if name not in broken}
    changed = {
        name
        for name in old_procedures.keys() & new_procedures.keys()
        if old_procedures[name].digest != new_procedures[name].digest
    }
    reached = (
        (include_openers(old_procedures, changed) | include_openers(new_procedures, changed))
        & old_procedures.keys()
        & new_procedures.keys()
    )
    judged = {name: add_old_guarantees(old_procedures[name], new_procedures[name], new_procedures) for name in reached}
    names = [name for name in new_procedures if name in reached]
    behaviour = compare_behaviour(old_procedures, {**new_procedures, **judged}, names)
    differences = []
    for name in dict.fromkeys((*new_procedures, *old_procedures)):
        difference = _find_procedure_difference(name, old, new, old_procedures, new_procedures, behaviour)
        if difference is not None:
            differences.append(difference)
    organisation = compare_organisation(old, new, today, unfit)
    return Comparison(tuple(differences), tuple(organisation), tuple(compare_files(old, new, unfit)))


def _find_procedure_difference(
    name: str,
    old: Workspace,
    new: Workspace,
    old_procedures: Mapping[str, Procedure],
    new_procedures: Mapping[str, Procedure],
    behaviour: Mapping[str, Behaviour | None],
) -> ProcedureDifference | None:
    old_version, new_version = old_procedures.get(name), new_procedures.get(name)
    if old_version is None and new_version is not None:
        return ProcedureDifference(name, "added", new_version.title, None, new_version)
    if new_version is None and old_version is not None:
        return ProcedureDifference(name, "removed", old_version.title, old_version, None)
    if old_version is None or new_version is None or name not in behaviour:
        return None
    runs = behaviour[name]
    kind: Literal["changed", "reached"] = "reached" if old_version.digest == new_version.digest else "changed"
    changes = (
        compare_procedure(
            old_version, _file_of(old, old_version), new_version, _file_of(new, new_version), new_procedures
        )
        if kind == "changed"
        else []
    )
    broken = (runs.broken_old, runs.broken_new) if runs else ({}, {})
    fates = compare_guarantees(old_version, new_version, *broken, new_procedures)
    if kind == "reached" and runs is not None and runs.is_same and not fates:
        return None
    is_changed = kind == "changed"
    return ProcedureDifference(
        name,
        kind,
        new_version.title,
        old_version,
        new_version,
        tuple(changes),
        tuple(fates),
        runs,
        runs is not None,
        tuple(find_weakened_safeguards(old_version, new_version, new_procedures)) if is_changed else (),
        tuple(find_retargeted_moves(old_version, new_version, new_procedures)) if is_changed else (),
    )


def _file_of(workspace: Workspace, version: Procedure) -> File:
    return next(file for file in workspace.files if file.path == version.path)
