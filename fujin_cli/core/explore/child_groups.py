"""Abstract groups of child cases: count the open and the ended ones, up to what guards can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fujin_cli.core.cases.transition import can_replace_child
from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.procedure import Test

Counts = tuple[int, ...]
OPEN, LEAVING, REPLACED_OPEN, REPLACED_ENDED, FIRST_OUTCOME = range(5)


@dataclass(frozen=True, slots=True)
class Ending:
    """Describe one way in which a child can end: its outcome, and what it brings (field → value)."""

    outcome: str
    brings: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Describe a group, and the classes into which its cases' outcomes fall: one class where no guard tells them apart.

    Counts stop at ``cap``, which stands for "that many or more". Where it only matters whether there are any ended
    cases of a class (``plain``), they stop at one.
    """

    name: str
    procedure: str
    outcomes: tuple[str, ...]  # one for each class
    class_of: Mapping[str, int]  # outcome → its place in the counts
    reopens: frozenset[str]  # outcomes after which a child may be worked at again
    cap: int
    plain: frozenset[int]  # classes that cases leave only all at once, and that no guard counts
    opens: tuple[Opens, ...]
    endings: tuple[Ending, ...]
    instant: bool  # whether a child can end before anybody could do anything

    @property
    def empty_counts(self) -> Counts:
        """The counts of a group without cases."""
        return (0,) * (FIRST_OUTCOME + len(self.outcomes))

    def list_distinct_openings(self) -> dict[tuple[bool, ...], Opens]:
        """List the ways in which cases are opened, of many effects that open them alike the first."""
        ways: dict[tuple[bool, ...], Opens] = {}
        for opens in self.opens:
            replaced = tuple(can_replace_child(opens.instead_of, outcome) for outcome in self.outcomes)
            ways.setdefault((opens.leaves, *replaced), opens)
        return ways

    def list_outcomes(self, counts: Counts) -> list[str | None]:
        """List the outcomes of the group's cases that were not replaced, as guards see them."""
        outcomes: list[str | None] = [None] * (counts[OPEN] + counts[LEAVING])
        for place, outcome in enumerate(self.outcomes, FIRST_OUTCOME):
            outcomes += [outcome] * counts[place]
        return outcomes

    def count_after_opening(self, counts: Counts, opens: Opens, number: int) -> Counts:
        """Count ``number`` more cases opened by ``opens``, which replace those that it names."""
        new = list(counts)
        for place, outcome in enumerate(self.outcomes, FIRST_OUTCOME):
            if can_replace_child(opens.instead_of, outcome):
                if outcome in self.reopens:
                    new[REPLACED_ENDED] = min(self.cap, new[REPLACED_ENDED] + new[place])
                new[place] = 0
        where = LEAVING if opens.leaves else OPEN
        new[where] = min(self.cap, new[where] + number)
        return tuple(new)

    def list_counts_after_ending(self, counts: Counts, outcome: str) -> Iterator[tuple[Counts, bool]]:
        """List the counts after one open case ended so, and whether the whole group has ended then."""
        for place in (OPEN, LEAVING):
            for counts_after in self.list_counts_after_transfer(counts, place, self.class_of[outcome]):
                yield counts_after, counts_after[OPEN] == counts_after[LEAVING] == 0
        for counts_after in self.list_counts_after_transfer(counts, REPLACED_OPEN, REPLACED_ENDED):
            yield counts_after, counts_after[OPEN] == counts_after[LEAVING] == 0

    def list_counts_after_reopening(self, counts: Counts) -> Iterator[Counts]:
        """List the counts after one ended case is reopened."""
        places = {LEAVING if opens.leaves else OPEN for opens in self.opens}
        for outcome in sorted(self.reopens):
            for place in sorted(places):
                yield from self.list_counts_after_transfer(counts, self.class_of[outcome], place)
        yield from self.list_counts_after_transfer(counts, REPLACED_ENDED, REPLACED_OPEN)

    def list_counts_after_transfer(self, counts: Counts, source: int, target: int) -> Iterator[Counts]:
        """List the counts after one case went from one class to another."""
        if not counts[source]:
            return
        numbers = [counts[source] - 1] + ([counts[source]] if counts[source] == self.cap else [])
        for number in numbers:
            new = list(counts)
            new[source] = number
            new[target] = min(1 if target in self.plain else self.cap, new[target] + 1)
            yield tuple(new)

    def forget_ended_cases(self, counts: Counts) -> Counts:
        """Forget how cases ended, where no guard reads it again."""
        if self.reopens:
            return counts
        return counts[:FIRST_OUTCOME] + (0,) * len(self.outcomes)


def build_group(
    name: str,
    opens: Sequence[Opens],
    tests: Iterable[Test],
    endings: Iterable[Ending],
    reopens: Iterable[str],
    bounds: Mapping[str, int],
    instant: bool,
) -> Group:
    """Build a group. ``bounds`` maps the numbers that ``tests`` compare with, as written, to their values."""
    endings = tuple(endings)
    tests = list(tests)
    reopening = frozenset(reopens)
    classes: dict[object, str] = {}
    class_of: dict[str, int] = {}
    for outcome in dict.fromkeys(ending.outcome for ending in endings):
        answers = tuple(bool({"ended", outcome} & set(test.values)) for test in tests if test.verb != "at_least")
        replacing = tuple(can_replace_child(order.instead_of, outcome) for order in opens)
        classes.setdefault((answers, replacing, outcome in reopening), outcome)
        place = list(classes).index((answers, replacing, outcome in reopening))
        class_of[outcome] = FIRST_OUTCOME + place
    most = max((bounds.get(text, 0) for test in tests if test.verb == "at_least" for text in test.values), default=0)
    reopening = frozenset(outcome for outcome in class_of if outcome in reopening)
    counting = any(test.verb == "at_least" for test in tests)
    plain = frozenset() if counting else frozenset(class_of.values()) - {class_of[outcome] for outcome in reopening}
    return Group(
        name,
        opens[0].procedure,
        tuple(classes.values()),
        class_of,
        reopening,
        max(2, most + 1),
        plain,
        tuple(opens),
        endings,
        instant,
    )
