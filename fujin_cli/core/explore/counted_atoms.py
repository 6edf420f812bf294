"""Promises whose `where` asks how often something was done: counted beside the case, and for that promise alone.

A state that kept such a count would be there once for every number, in every step, for the sake of one promise. So an
atom like ``{action: refuse, where: {times: {refuse: {at_least: 3}}}}`` is watched for in parts, each without what it
asks of counts, and the promise's own monitor counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fujin_cli.core.model.operators import compare
from fujin_cli.core.model.procedure import Atom, Condition, Test

Part = tuple[Atom, tuple[Test, ...]]  # an atom that asks nothing of counts, and what it asked of them
Counted = tuple[str, Atom | None]  # how often this action was done, since that happened last


def asks_counts(atom: Atom) -> bool:
    """Whether the atom's `where` asks of counts, and only by numbers that no setting changes."""
    tests = _counts_of(atom)
    return bool(tests) and all(
        test.values[0].isdigit() and (test.since is None or test.since.where is None) for test in tests
    )


def split_counts(atom: Atom) -> Iterator[Part]:
    """What is watched for in place of such an atom, which happens where one of its parts does; else the atom itself."""
    if not asks_counts(atom) or atom.where is None:
        yield atom, ()
        return
    for tests in atom.where.alternatives:
        others = tuple(test for test in tests if test.kind != "times")
        where = Condition((others,)) if others else None
        yield replace(atom, where=where), tuple(test for test in tests if test.kind == "times")


def list_atoms_to_watch(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Everything that has to be watched for to know when these atoms happen."""
    found: list[Atom] = []
    for atom in atoms:
        found += [part for part, _ in split_counts(atom)]
        if asks_counts(atom):
            for action, since in _counters(_counts_of(atom)):
                found += [Atom("action", action), *([since] if since else [])]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CountingRoles:
    """The roles of a promise as what is watched for, and how its counts change.

    ``roles`` are first the parts of the promise's own roles (``owners`` says whose each is, ``asked`` what it asks of
    counts), then for each counter the action and what it is counted since.
    """

    roles: tuple[tuple[Atom, ...], ...]
    owners: tuple[int, ...]
    asked: tuple[tuple[tuple[int, str, int], ...], ...]  # the counter's place, the verb, the number
    most: tuple[int, ...]  # no counter goes further

    def counted(self, counts: tuple[int, ...], letter: int) -> tuple[int, ...]:
        """The counts after an event: what it is counted since comes first, as in a case."""
        new = list(counts)
        for place, most in enumerate(self.most):
            done, since = letter >> len(self.owners) + 2 * place & 1, letter >> len(self.owners) + 2 * place + 1 & 1
            new[place] = min(most, (0 if since else new[place]) + done)
        return tuple(new)

    def own_letter(self, counts: tuple[int, ...], letter: int, own_roles: int) -> int:
        """The letter over the promise's own roles, after counting."""
        own = (letter >> len(self.roles) & 1) << own_roles
        for place, (owner, asked) in enumerate(zip(self.owners, self.asked, strict=True)):
            if letter >> place & 1 and all(compare(verb, counts[at], number) for at, verb, number in asked):
                own |= 1 << owner
        return own


def build_counting_roles(own_roles: Iterable[tuple[Atom, ...]]) -> CountingRoles | None:
    """The counter of a promise with these roles; None where none of its atoms asks of counts."""
    parts = [(owner, part) for owner, role in enumerate(own_roles) for atom in role for part in split_counts(atom)]
    counters = _counters(test for _, (_, tests) in parts for test in tests)
    if not counters:
        return None
    places = {counted: place for place, counted in enumerate(counters)}
    asked = tuple(
        tuple((places[test.name, test.since], test.verb, int(test.values[0])) for test in tests)
        for _, (_, tests) in parts
    )
    changing = [((Atom("action", action),), (since,) if since else ()) for action, since in counters]
    return CountingRoles(
        (*((atom,) for _, (atom, _) in parts), *(role for pair in changing for role in pair)),
        tuple(owner for owner, _ in parts),
        asked,
        tuple(counters.values()),
    )


def _counters(tests: Iterable[Test]) -> dict[Counted, int]:
    """How far each thing that the tests ask for has to be counted."""
    found: dict[Counted, int] = {}
    for test in tests:
        key = (test.name, test.since)
        found[key] = max(found.get(key, 0), int(test.values[0]))
    return found


def _counts_of(atom: Atom) -> list[Test]:
    alternatives = atom.where.alternatives if atom.where else ()
    return [test for tests in alternatives for test in tests if test.kind == "times"]
