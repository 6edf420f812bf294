"""Say the outcome of a child case in the words of the version that its parent follows.

A child follows the version that was current when it was opened, and its parent another one. Where an end was renamed
(``was:``), each of them may know it by another name: the parent is told the name that its own version reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from fujin_cli.core.model.procedure import Atom, Condition, Procedure, Step, Test


def map_outcomes(version: Procedure) -> dict[str, Step]:
    """Map every outcome of a version to the first end that has it."""
    ends: dict[str, Step] = {}
    for step in version.steps.values():
        if step.end is not None:
            ends.setdefault(step.end, step)
    return ends


def former_outcomes(version: Procedure, outcome: str) -> tuple[str, ...]:
    """List the names that an outcome had in earlier versions; not those that another end has now."""
    outcomes = map_outcomes(version)
    end = outcomes.get(outcome)
    return tuple(name for name in end.was if name not in outcomes) if end else ()


def list_outcome_renames(version: Procedure) -> dict[str, str]:
    """Map every earlier name of an outcome to the present one."""
    return {former: outcome for outcome in map_outcomes(version) for former in former_outcomes(version, outcome)}


def list_read_outcomes(version: Procedure, group: str) -> frozenset[str]:
    """List the outcomes that a version reads of a group's cases, or of the case in the field of that name."""
    read = {name for test in _list_tests(version) if test.name == group for name in test.values}
    for opens in version.openings_by_group().get(group, ()):
        read.update(opens.instead_of)
    return frozenset(read)


def translate_outcome(outcome: str, read: Collection[str], versions: Iterable[Procedure]) -> str:
    """Give the name of an outcome that is read, among all that it has in these versions of the child; else its own."""
    if outcome in read:
        return outcome
    return next((name for name in list_other_outcome_names(outcome, versions) if name in read), outcome)


def list_other_outcome_names(outcome: str, versions: Iterable[Procedure]) -> list[str]:
    """List the other names that an outcome has, or had, in these versions."""
    return [name for version in versions for name in _list_other_names(version, outcome)]


def _list_other_names(version: Procedure, outcome: str) -> Iterator[str]:
    yield from former_outcomes(version, outcome)
    later = list_outcome_renames(version).get(outcome)
    if later is not None:
        yield later


def _list_tests(version: Procedure) -> Iterator[Test]:
    """List the tests of other cases: of moves, of what guards count, and of guarantees."""
    for _, action in version.all_actions():
        for test in _tests_of(action.when):
            yield test
            yield from _tests_of(test.since.where) if test.since else ()
    for guarantee in version.guarantees.values():
        atoms: list[Atom] = [atom for part in guarantee.atoms.values() for atom in part]
        for atom in (*atoms, *guarantee.except_for):
            yield from _tests_of(atom.where)


def _tests_of(condition: Condition | None) -> Iterator[Test]:
    for alternative in condition.alternatives if condition else ():
        yield from (test for test in alternative if test.kind in ("group", "case"))
        yield from (test for test in alternative if test.kind == "times")
