"""Find open cases that follow an older version of their procedure and cannot end with the child cases of today.

A child follows the version that is current when it is opened, its parent the one that it was opened under: a changed
child can leave its parent waiting for ever, whether or not anything is migrated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fujin_cli.core.cases.case import Case
from fujin_cli.core.explore.abstraction import list_guards
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, add_id_to_title, say
from fujin_cli.core.verify.case_prospects import CaseDeadEnd, CaseProspects


@dataclass(frozen=True, slots=True)
class StuckCases:
    """Hold the open cases of one version that come to the same dead end, by their ids; ``dead_end`` is the first's."""

    version: Procedure
    cases: tuple[str, ...]
    dead_end: CaseDeadEnd


def describe_dead_end(dead_end: CaseDeadEnd, version: Procedure) -> LocalizedText:
    """Say where a case cannot go on, and why: “at Checking (checking), no move fits how the cases of orders end”."""
    step = version.steps[dead_end.step]
    values = {"step": add_id_to_title(step.title, step.name)}
    if dead_end.awaited is None:
        return say("at {step}, no further move is possible", **values)
    name = dead_end.awaited.name
    field, group = version.fields.get(name), version.groups.get(name)
    titled = field if field is not None else group
    cases = (titled.title if titled else None) or name
    return say("at {step}, no move fits how the cases of {group} end", **values, group=cases)


def depends_on_other_cases(version: Procedure) -> bool:
    """Whether a version opens cases or waits for some: only then can changes of other procedures stop its cases."""
    return bool(version.openings_by_group()) or any(test.kind == "case" for test in list_guards(version))


def is_draining(case: Case, procedures: Mapping[str, Procedure]) -> bool:
    """Whether a case follows another version than the one of today."""
    current = procedures.get(case.procedure)
    return current is None or current.digest != case.version_digest


def find_stuck_draining_cases(
    cases: Iterable[Case], procedures: Mapping[str, Procedure], prospects: CaseProspects
) -> list[StuckCases]:
    """Find those of the cases that follow an older version and cannot end with ``procedures``."""
    draining: list[tuple[Case, Procedure]] = []
    for case in cases:
        version = prospects.find_version(case.version_digest) if is_draining(case, procedures) else None
        if version is not None and depends_on_other_cases(version):
            draining.append((case, version))
    return find_stuck_cases(draining, prospects)


def find_stuck_cases(cases: Iterable[tuple[Case, Procedure]], prospects: CaseProspects) -> list[StuckCases]:
    """Find those of the cases, each with its version, that cannot end, or may come to where they cannot."""
    groups: dict[object, StuckCases] = {}
    for case, version in cases:
        dead_end = prospects.find_dead_end(case, version)
        if dead_end is not None:
            awaited = dead_end.awaited
            key = (version.digest, dead_end.step, dead_end.certain, awaited and (awaited.name, awaited.values))
            earlier = groups.get(key)
            ids = (*earlier.cases, case.id) if earlier else (case.id,)
            groups[key] = StuckCases(version, ids, earlier.dead_end if earlier else dead_end)
    return list(groups.values())
