"""Two versions of a workspace compared: what is written, what may happen, and what it means for open cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.finding import Finding, Place, TraceStep
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.text.message import LocalizedText, Title
from fujin_cli.core.versions.behaviour_changes import Behaviour, compare_behaviour, openers
from fujin_cli.core.versions.changes import Change
from fujin_cli.core.versions.guarantee_changes import GuaranteeFate, compare_guarantees
from fujin_cli.core.versions.organisation_changes import compare_files, compare_organisation
from fujin_cli.core.versions.procedure_changes import compare_procedure

CaseVerdictKind = Literal["safe", "mapped", "stuck", "incomplete"]


@dataclass(frozen=True, slots=True)
class ProcedureDifference:
    """What became of one procedure. ``kind`` is ``reached`` where only procedures that it opens were changed.

    ``behaviour`` is None for what was added or removed, and where it could not be explored (``explored``).
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


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """What the new law would mean for one open case.

    ``target`` is the step where it would stand, ``due`` its deadline there, ``owes`` the guarantees that it has still
    to fulfil; ``reason`` is why the new law could not have produced its history (event number ``at``).
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
    """Everything that was found. ``cases`` is None where no ledger was looked at."""

    procedures: tuple[ProcedureDifference, ...]
    organisation: tuple[Change, ...]
    files: tuple[Change, ...] = ()  # scenarios and migrations, which decide nothing by themselves
    cases: tuple[CaseVerdict, ...] | None = None

    @property
    def same(self) -> bool:
        """Whether nothing at all differs and no case is touched."""
        return not (self.procedures or self.organisation or self.files or self.cases)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions: what it is called, its workspace, and where places of its files are shown to be."""

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


def compare_workspaces(old: Workspace, new: Workspace, today: date, unfit: Set[str] = frozenset()) -> Comparison:
    """The comparison without cases. What stands in the files ``unfit``, which a side has with errors, is left out."""
    broken = {
        file.name for side in (old, new) for file in side.files if file.kind == "procedure" and file.path in unfit
    }
    before = {name: version for name, version in old.procedures.items() if name not in broken}
    after = {name: version for name, version in new.procedures.items() if name not in broken}
    changed = {name for name in before.keys() & after.keys() if before[name].digest != after[name].digest}
    reached = (openers(before, changed) | openers(after, changed)) & before.keys() & after.keys()
    behaviour = compare_behaviour(before, after, [name for name in after if name in reached])
    found = []
    for name in dict.fromkeys((*after, *before)):
        difference = _difference(name, old, new, before, after, behaviour)
        if difference is not None:
            found.append(difference)
    organisation = compare_organisation(old, new, today, unfit)
    return Comparison(tuple(found), tuple(organisation), tuple(compare_files(old, new, unfit)))


def _difference(
    name: str,
    old: Workspace,
    new: Workspace,
    before: Mapping[str, Procedure],
    after: Mapping[str, Procedure],
    behaviour: Mapping[str, Behaviour | None],
) -> ProcedureDifference | None:
    one, other = before.get(name), after.get(name)
    if one is None and other is not None:
        return ProcedureDifference(name, "added", other.title, None, other)
    if other is None and one is not None:
        return ProcedureDifference(name, "removed", one.title, one, None)
    if one is None or other is None or name not in behaviour:
        return None
    runs = behaviour[name]
    kind: Literal["changed", "reached"] = "reached" if one.digest == other.digest else "changed"
    changes = compare_procedure(one, _file(old, one), other, _file(new, other)) if kind == "changed" else []
    broken = (runs.broken_old, runs.broken_new) if runs else (frozenset[str](), frozenset[str]())
    fates = compare_guarantees(one, other, *broken)
    if kind == "reached" and runs is not None and runs.same and not fates:
        return None
    return ProcedureDifference(
        name, kind, other.title, one, other, tuple(changes), tuple(fates), runs, runs is not None
    )


def _file(workspace: Workspace, version: Procedure) -> File:
    return next(file for file in workspace.files if file.path == version.path)
