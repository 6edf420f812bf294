"""Name what multiplies the states of a procedure, for people who want to make one smaller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Literal

from fujin_cli.core.explore.child_groups import Counts, Group
from fujin_cli.core.explore.state import Abstraction

FactorKind = Literal["field", "group", "count", "limit"]
MOST_GROUP_STATES = 1000  # from there on the exact number helps nobody


@dataclass(frozen=True, slots=True)
class Factor:
    """Say that each of these parts of a case can be in ``each`` states, independently of one another."""

    kind: FactorKind
    names: tuple[str, ...]
    each: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Say why a procedure was given up: its factors, or the procedure it opens that was given up before it."""

    factors: tuple[Factor, ...] = ()
    child: str | None = None


def list_factors(shape: Abstraction) -> tuple[Factor, ...]:
    """List what multiplies the states of a procedure, the largest contribution first."""
    sizes: list[tuple[FactorKind, str, int]] = [
        ("field", domain.field.name, len(domain.values)) for domain in shape.domains
    ]
    sizes += [("group", group.name, count_group_states(group)) for group in shape.groups]
    sizes += [("count", test.name, most + 1) for test, most in zip(shape.counted, shape.most, strict=True)]
    return join_factors(sizes)


def join_factors(sizes: Iterable[tuple[FactorKind, str, int]]) -> tuple[Factor, ...]:
    """Join parts of the same kind and size into one factor, the largest contribution first."""
    names: dict[tuple[FactorKind, int], list[str]] = {}
    for kind, name, each in sizes:
        if each > 1:
            names.setdefault((kind, each), []).append(name)
    factors = [Factor(kind, tuple(dict.fromkeys(own)), each) for (kind, each), own in names.items()]
    return tuple(sorted(factors, key=lambda factor: -(factor.each ** min(len(factor.names), 100))))


def count_combinations(shape: Abstraction) -> int:
    """Count the combinations of values and of groups, whether cases can reach them or not."""
    return prod(len(domain.values) for domain in shape.domains) * prod(map(count_group_states, shape.groups))


def count_group_states(group: Group) -> int:
    """Count the states that a group of children can be in, up to a thousand."""
    reached: dict[Counts, None] = {group.empty_counts: None}
    todo: list[Counts] = [group.empty_counts]
    while todo and len(reached) < MOST_GROUP_STATES:
        for counts in _list_next_counts(group, todo.pop()):
            if counts not in reached:
                reached[counts] = None
                todo.append(counts)
    return len(reached)


def _list_next_counts(group: Group, counts: Counts) -> Iterable[Counts]:
    for opens in group.list_distinct_openings().values():
        for number in range(1, group.cap + 1):
            yield group.count_after_opening(counts, opens, number)
    for outcome in group.class_of:
        for after, _ in group.list_counts_after_ending(counts, outcome):
            yield after
    yield from group.list_counts_after_reopening(counts)
