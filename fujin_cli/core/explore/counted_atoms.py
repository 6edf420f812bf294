"""Count actions beside the case, for the one guarantee whose `where` compares a count.

A state that kept such a count would exist once for every number, in every step, for the sake of one guarantee. So an
atom like ``{action: refuse, where: {times: {refuse: {at_least: 3}}}}`` is watched in parts that compare no counts, and
the guarantee's own monitor counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fujin_cli.core.model.operators import comparison_holds
from fujin_cli.core.model.procedure import Atom, Condition, Test

Part = tuple[Atom, tuple[Test, ...]]  # an atom that asks nothing of counts, and what it asked of them
Counted = tuple[str, Atom | None]  # how often this action was done, since that happened last


def has_fixed_count_tests(atom: Atom) -> bool:
    """Whether the atom's `where` compares counts, and only with numbers that no setting changes."""
    tests = _count_tests_of(atom)
    return bool(tests) and all(
        test.values[0].isdigit() and (test.since is None or test.since.where is None) for test in tests
    )


def split_off_count_tests(atom: Atom) -> Iterator[Part]:
    """Split such an atom into parts, one of which happens where it does; any other atom is its own part."""
    if not has_fixed_count_tests(atom) or atom.where is None:
        yield atom, ()
        return
    for tests in atom.where.alternatives:
        other_tests = tuple(test for test in tests if test.kind != "times")
        where = Condition((other_tests,)) if other_tests else None
        yield replace(atom, where=where), tuple(test for test in tests if test.kind == "times")


def list_atoms_to_watch(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """List all atoms that must be watched to know when these happen."""
    watched: list[Atom] = []
    for atom in atoms:
        watched += [part for part, _ in split_off_count_tests(atom)]
        if has_fixed_count_tests(atom):
            for action, since in _find_highest_counts(_count_tests_of(atom)):
                watched += [Atom("action", action), *([since] if since else [])]
    return tuple(watched)


@dataclass(frozen=True, slots=True)
class CountingRoles:
    """Hold the roles of a guarantee as the atoms that are watched, and how its counts change.

    ``roles`` are first the parts of the guarantee's own roles (``owners`` says whose each is, ``comparisons`` which
    counts it compares), then for each counter the action and the event that resets it.
    """

    roles: tuple[tuple[Atom, ...], ...]
    owners: tuple[int, ...]
    comparisons: tuple[tuple[tuple[int, str, int], ...], ...]  # the counter's place, the verb, the number
    most: tuple[int, ...]  # no counter goes further

    def update_counts(self, counts: tuple[int, ...], letter: int) -> tuple[int, ...]:
        """Update the counts with an event: a reset comes first, as in a case."""
        new = list(counts)
        for place, most in enumerate(self.most):
            acted, since = letter >> len(self.owners) + 2 * place & 1, letter >> len(self.owners) + 2 * place + 1 & 1
            new[place] = min(most, (0 if since else new[place]) + acted)
        return tuple(new)

    def compute_own_letter(self, counts: tuple[int, ...], letter: int, own_roles: int) -> int:
        """Compute the letter over the guarantee's own roles, after counting."""
        own = (letter >> len(self.roles) & 1) << own_roles
        for place, (owner, comparisons) in enumerate(zip(self.owners, self.comparisons, strict=True)):
            if letter >> place & 1 and all(
                comparison_holds(verb, counts[at], number) for at, verb, number in comparisons
            ):
                own |= 1 << owner
        return own


def build_counting_roles(own_roles: Iterable[tuple[Atom, ...]]) -> CountingRoles | None:
    """Build the counting roles of a guarantee; None where none of its atoms compares counts."""
    parts = [
        (owner, part) for owner, role in enumerate(own_roles) for atom in role for part in split_off_count_tests(atom)
    ]
    counters = _find_highest_counts(test for _, (_, tests) in parts for test in tests)
    if not counters:
        return None
    places = {counted: place for place, counted in enumerate(counters)}
    comparisons = tuple(
        tuple((places[test.name, test.since], test.verb, int(test.values[0])) for test in tests)
        for _, (_, tests) in parts
    )
    changing = [((Atom("action", action),), (since,) if since else ()) for action, since in counters]
    return CountingRoles(
        (*((atom,) for _, (atom, _) in parts), *(role for pair in changing for role in pair)),
        tuple(owner for owner, _ in parts),
        comparisons,
        tuple(counters.values()),
    )


def _find_highest_counts(tests: Iterable[Test]) -> dict[Counted, int]:
    """Find how far each count that the tests compare has to go."""
    counters: dict[Counted, int] = {}
    for test in tests:
        key = (test.name, test.since)
        counters[key] = max(counters.get(key, 0), int(test.values[0]))
    return counters


def _count_tests_of(atom: Atom) -> list[Test]:
    alternatives = atom.where.alternatives if atom.where else ()
    return [test for tests in alternatives for test in tests if test.kind == "times"]
