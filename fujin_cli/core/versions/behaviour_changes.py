"""What two versions of a procedure allow: the shortest run that only one allows, and what became of each step.

Breadth first over pairs of what each version may have come to by the same word: what is found first is shortest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from fujin_cli.core.explore.abstraction import profiles
from fujin_cli.core.explore.domains import Settings
from fujin_cli.core.explore.explorer import Proved, prove
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.verify.guarantees import judge
from fujin_cli.core.versions.joint_abstraction import joint_questions
from fujin_cli.core.versions.setting_pairs import Pairing, pairings
from fujin_cli.core.versions.trace_inclusion import Laws, Product, Reached, compared

_BREAKING = ("violated", "doomed", "owed", "conflicting", "undecided")
Verdict = Literal["safe", "depends", "stuck", "incomplete", "unknown"]


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """What becomes of cases at a step of the old law.

    ``safe``: the new law allows every history that leads there, and they all stand at ``targets[0]``. ``depends``: it
    allows some, or they stand at several steps. ``stuck``: it allows none. ``incomplete``: it allows them, and from
    there no end can be reached. ``run`` is a shortest history that the new law does not allow.
    """

    step: str
    verdict: Verdict
    targets: tuple[str, ...] = ()
    run: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A run that only one version allows, in that version's edges; its last one is what the other does not allow.

    ``end`` is an outcome that the run is about; ``settings`` are those that are not at their defaults.
    """

    edges: tuple[Edge, ...]
    end: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the runs of one procedure differ. ``whole`` is False where not everything could be compared.

    ``forbidden`` is a shortest run that only the old law allows, ``allowed`` one that only the new law allows.
    ``fewer`` and ``more`` are runs that both allow, and whose last event some of those who are named there may do no
    longer, or could not do before.
    """

    allowed: Run | None = None
    forbidden: Run | None = None
    fewer: Run | None = None
    more: Run | None = None
    steps: tuple[StepVerdict, ...] = ()
    broken_old: frozenset[str] = frozenset()  # guarantees that are declared and not kept
    broken_new: frozenset[str] = frozenset()
    whole: bool = True

    @property
    def same(self) -> bool:
        """Whether the same people may do the same."""
        return not (self.allowed or self.forbidden or self.fewer or self.more)


def compare_behaviour(old: Laws, new: Laws, names: Iterable[str]) -> dict[str, Behaviour | None]:
    """The behaviour of each procedure in ``names``, which both have; None for one that cannot be explored."""
    asked = list(names)
    needed_old, needed_new = _needed(old, asked), _needed(new, asked)
    before, after = joint_questions(old, new)
    pairs = {name: pairings(old[name], new[name]) for name in asked}
    proved = (
        prove(needed_old, before, {name: [pair.old for pair in listed] for name, listed in pairs.items()}),
        prove(needed_new, after, {name: [pair.new for pair in listed] for name, listed in pairs.items()}),
    )
    return {name: _compare(name, old, new, pairs[name], *proved) for name in asked}


def openers(versions: Laws, names: Iterable[str]) -> set[str]:
    """The procedures that open one of those, however far up: what a child may do decides what they may."""
    found = set(names)
    while True:
        more = {name for name, version in versions.items() if name not in found and _children(version) & found}
        if not more:
            return found
        found |= more


def _needed(versions: Laws, names: Iterable[str]) -> dict[str, Procedure]:
    """Those procedures and every one that they open."""
    found: dict[str, Procedure] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in versions and name not in found:
            found[name] = versions[name]
            todo += _children(versions[name])
    return {name: version for name, version in versions.items() if name in found}


def _children(version: Procedure) -> set[str]:
    return {opens.procedure for listed in version.groups().values() for opens in listed}


def _compare(
    name: str, versions: Laws, new_laws: Laws, pairs: Sequence[Pairing], old: Proved, new: Proved
) -> Behaviour | None:
    if name not in old.explorations or name not in new.explorations:
        return None
    before, after = _by_settings(old.explorations[name]), _by_settings(new.explorations[name])
    found = Behaviour()
    reached: dict[str, Reached] = {}
    covered = True
    for pair in pairs:
        product = compared((before[_key(pair.old)], versions), (after[_key(pair.new)], new_laws))
        found = replace(found, whole=found.whole and product.whole)
        found = _joined(found, product, pair)
        if pair.cases:
            covered = covered and product.covered
            for step, entry in product.reached.items():
                reached.setdefault(step, Reached()).add(entry)
    broken = [
        _broken(side[name], version)
        for side, version in ((old.explorations, versions[name]), (new.explorations, new_laws[name]))
    ]
    steps_found = _verdicts(versions[name], reached, found.whole, covered)
    return replace(found, steps=steps_found, broken_old=broken[0], broken_new=broken[1])


def _key(settings: Settings) -> frozenset[tuple[str, str]]:
    return frozenset(settings.items())


def _by_settings(explorations: Sequence[Exploration]) -> dict[frozenset[tuple[str, str]], Exploration]:
    return {_key(found.model.shape.settings): found for found in explorations}


def _verdicts(
    version: Procedure, reached: Mapping[str, Reached], whole: bool, covered: bool
) -> tuple[StepVerdict, ...]:
    """What becomes of cases at each step; where not everything was compared, only what is certain all the same."""
    known = {step: _verdict(step, entry) for step, entry in reached.items()}
    if whole:
        return tuple(known[step] for step in version.steps if step in known)
    certain = {step for step, entry in known.items() if covered and entry.verdict == "safe"}
    waiting = [name for name, step in version.steps.items() if step.end is None]
    return tuple(known[step] if step in certain else StepVerdict(step, "unknown") for step in waiting)


def _verdict(step: str, found: Reached) -> StepVerdict:
    targets = tuple(found.targets)
    if not found.allowed:
        return StepVerdict(step, "stuck", (), found.refused or ())
    if found.refused is not None or len(targets) > 1:
        return StepVerdict(step, "depends", targets, found.refused or ())
    return StepVerdict(step, "incomplete" if found.dead_end else "safe", targets)


def _broken(explorations: Sequence[Exploration], version: Procedure) -> frozenset[str]:
    """The guarantees that some run breaks, under settings that may be chosen; one that nothing triggers is kept."""
    known = _by_settings(explorations)
    found = judge(version, [known[_key(settings)] for settings in profiles(version) if _key(settings) in known])
    return frozenset(verdict.guarantee.name for verdict in found if verdict.way in _BREAKING)


def _joined(found: Behaviour, product: Product, pair: Pairing) -> Behaviour:
    """What was found so far, and what this pair of settings adds: the shorter runs."""
    old, new = product.old.found.unusual, product.new.found.unusual
    if pair.forbids:
        forbidden = _shorter(found.forbidden, product.forbidden, old, product.forbidden_end)
        found = replace(found, forbidden=forbidden, fewer=_shorter(found.fewer, product.fewer, old))
    if pair.allows:
        allowed = _shorter(found.allowed, product.allowed, new, product.allowed_end)
        found = replace(found, allowed=allowed, more=_shorter(found.more, product.more, new))
    return found


def _shorter(known: Run | None, run: Sequence[Edge] | None, settings: Settings, end: str | None = None) -> Run | None:
    if not run or (known is not None and len(known.edges) <= len(run)):
        return known
    return Run(tuple(run), end, settings)
