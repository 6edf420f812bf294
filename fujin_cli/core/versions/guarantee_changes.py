"""Compare the guarantees of two versions by meaning: the new version is judged by what the old one guaranteed.

An old guarantee, restated in the new version's names, is *lost* where a run of the new version breaks it, and
*weakened* where none does, but the new version's guarantees do not state it any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fujin_cli.core.calendar.duration import approximate_minutes, parse_duration
from fujin_cli.core.cases.actors import is_within_allowed
from fujin_cli.core.findings.finding import Place
from fujin_cli.core.model.ids import OPENED
from fujin_cli.core.model.performers import find_actions
from fujin_cli.core.model.procedure import Guarantee, Procedure
from fujin_cli.core.text.localized import Title
from fujin_cli.core.verify.guarantees import Verdict
from fujin_cli.core.verify.implication import is_implied, without_routes
from fujin_cli.core.verify.monitors import build_monitor
from fujin_cli.core.versions.changes import comparable_value
from fujin_cli.core.versions.old_guarantees import OldNames, setting_profiles
from fujin_cli.core.versions.renames import NO_CHILDREN, Renames, find_renames

Fate = Literal["gained", "lost", "weakened", "changed"]
Verdicts = Mapping[str, Verdict]  # of the guarantees that fall short, by name


@dataclass(frozen=True, slots=True)
class GuaranteeFate:
    """Hold what became of one guarantee. ``declared``: the new version declares it, even if it does not hold there.

    ``verdict`` says how the new version breaks what was guaranteed.
    """

    name: str
    fate: Fate
    title: Title | str | None = None
    declared: bool = True
    old_place: Place | None = None
    new_place: Place | None = None
    verdict: Verdict | None = None

    @property
    def is_verdict_on_new(self) -> bool:
        """Whether the new version breaks the guarantee as it declares it itself."""
        return self.verdict is not None and self.verdict.guarantee.name == self.name


def add_old_guarantees(old: Procedure, new: Procedure, children: Mapping[str, Procedure] = NO_CHILDREN) -> Procedure:
    """Give the new version with the old version's guarantees beside its own, where these state something else.

    ``children`` as in ``find_renames``.
    """
    comparison = _GuaranteeComparison(old, new, children)
    restated = {
        _judged_name(name): replace(comparison.restate_for_judging(guarantee), name=_judged_name(name))
        for name, guarantee in old.guarantees.items()
        if comparison.find_same(guarantee) is None and (guarantee.only or build_monitor(guarantee))
    }
    return comparison.extended(restated) if restated else new


def compare_guarantees(
    old: Procedure,
    new: Procedure,
    broken_old: Verdicts | None = None,
    broken_new: Verdicts | None = None,
    children: Mapping[str, Procedure] = NO_CHILDREN,
) -> list[GuaranteeFate]:
    """List the guarantees gained, lost, weakened or changed; ``broken_…`` are those that a version does not keep.

    ``broken_new`` also judges what ``add_old_guarantees`` added. Without verdicts nothing counts as broken.
    """
    comparison = _GuaranteeComparison(old, new, children)
    broken_old, broken_new = broken_old or {}, broken_new or {}
    fates = []
    for name, guarantee in {**old.guarantees, **new.guarantees}.items():
        fate, verdict = comparison.decide_fate(name, broken_old, broken_new)
        if fate is not None:
            before, after = old.guarantees.get(name), new.guarantees.get(name)
            places = _locate_guarantee(old, before), _locate_guarantee(new, after)
            fates.append(GuaranteeFate(name, fate, guarantee.title, after is not None, *places, verdict))
    return fates


def _judged_name(name: str) -> str:
    return f"{name} (old)"


def _locate_guarantee(version: Procedure, guarantee: Guarantee | None) -> Place | None:
    return Place(version.path, guarantee.route, key=True) if guarantee else None


class _GuaranteeComparison:
    def __init__(self, old: Procedure, new: Procedure, children: Mapping[str, Procedure]) -> None:
        self.old, self.new = old, new
        self.names = OldNames(old, new, find_renames(old, new, children))
        self.own_names = OldNames(new, new, Renames())
        self._merged = self.names.renames.merge_names()
        self._changed_settings = frozenset(name for name in old.settings if not self._is_same_setting(name))

    def extended(self, guarantees: Mapping[str, Guarantee]) -> Procedure:
        """Give the new version with more guarantees, and the old version's people, of whom these speak."""
        return replace(
            self.new,
            guarantees={**self.new.guarantees, **guarantees},
            people={**self.new.people, **self.names.old_people},
        )

    def find_same(self, guarantee: Guarantee) -> str | None:
        """Find the guarantee of the new version that says the same in the same words, preferably of the same name."""
        if any(name in self._changed_settings for name in _list_texts(guarantee)):
            return None
        if guarantee.only and not all(
            self._is_same_person(name) for names in guarantee.only.values() for name in names
        ):
            return None
        meaning = self._comparable_meaning(guarantee, self._merged)
        candidates = sorted(self.new.guarantees.values(), key=lambda candidate: candidate.name != guarantee.name)
        return next((c.name for c in candidates if self._comparable_meaning(c, {}) == meaning), None)

    @staticmethod
    def _comparable_meaning(guarantee: Guarantee, names: Mapping[str, str]) -> object:
        return comparable_value(replace(guarantee, name="", title=None), names)

    def _is_same_setting(self, name: str) -> bool:
        new = self.new.settings.get(self.names.renames.settings.get(name, name))
        return new is not None and comparable_value(self.old.settings[name], self._merged) == comparable_value(new)

    def _is_same_person(self, name: str) -> bool:
        if name not in self.old.people:
            return True
        new = self.new.people.get(self.names.renames.people.get(name, name))
        return new is not None and comparable_value(self.old.people[name], self._merged) == comparable_value(new)

    def restate_for_judging(self, guarantee: Guarantee) -> Guarantee:
        """Restate a guarantee with the weakest values that the old version's settings could have."""
        _, low, high = setting_profiles(self.old)
        compares_upwards = any(
            test.verb in ("at_least", "over")
            for atoms in (*guarantee.atoms.values(), guarantee.except_for)
            for atom in atoms
            for tests in (atom.where.alternatives if atom.where else ())
            for test in tests
        )
        return without_routes(self.names.restate_guarantee(guarantee, low if compares_upwards else high))

    def decide_fate(self, name: str, broken_old: Verdicts, broken_new: Verdicts) -> tuple[Fate | None, Verdict | None]:
        """Decide what became of the guarantee with that name, and how the new version breaks the old one."""
        before, after = self.old.guarantees.get(name), self.new.guarantees.get(name)
        was_broken = name in broken_old and broken_old[name].kind != "undecided"
        holds_after = after is not None and name not in broken_new
        if before is None or was_broken:
            is_new = holds_after and after is not None and self._is_gained(after, broken_old)
            return ("gained" if is_new else None), None
        same = self.find_same(before)
        verdict = broken_new.get(same or _judged_name(name))
        if verdict is not None and (verdict.kind != "undecided" or name not in broken_old):
            return "lost", verdict
        declared = [guarantee for key, guarantee in self.new.guarantees.items() if key not in broken_new]
        if same is None and not self._is_stated(before, declared):
            return "weakened", None
        if after is None:
            return "changed", None  # it is stated in other words, or under another name
        meanings = self._comparable_meaning(before, self._merged), self._comparable_meaning(after, {})
        return ("changed" if holds_after and meanings[0] != meanings[1] else None), None

    def _is_gained(self, guarantee: Guarantee, broken_old: Verdicts) -> bool:
        """Whether the old version did not keep the same guarantee under another name."""
        meaning = self._comparable_meaning(guarantee, {})
        return not any(
            self._comparable_meaning(old, self._merged) == meaning
            for name, old in self.old.guarantees.items()
            if name not in broken_old
        )

    # whether the new version's guarantees still state an old one

    def _is_stated(self, guarantee: Guarantee, declared: Sequence[Guarantee]) -> bool:
        if guarantee.only:
            return self._is_only_stated(guarantee, declared)
        if guarantee.template == "different_people":
            return self._is_separation_stated(guarantee, declared)
        return all(self._is_order_stated(old, new) for old, new in self._list_with_values(guarantee, declared))

    def _list_with_values(
        self, guarantee: Guarantee, declared: Sequence[Guarantee]
    ) -> Iterator[tuple[Guarantee, list[Guarantee]]]:
        """List both sides with values in place of settings: the defaults, the lowest and the highest ones."""
        listed = []
        for old_values, new_values in zip(setting_profiles(self.old), setting_profiles(self.new), strict=True):
            old = without_routes(self.names.restate_guarantee(guarantee, old_values))
            new = [without_routes(self.own_names.restate_guarantee(each, new_values)) for each in declared]
            if (old, new) not in listed:
                listed.append((old, new))
                yield old, new

    def _is_order_stated(self, guarantee: Guarantee, declared: Sequence[Guarantee]) -> bool:
        if guarantee.within is None:
            return is_implied(self.new, guarantee, declared)
        return any(
            candidate.within and _is_within(candidate.within, guarantee.within)
            for candidate in declared
            if is_implied(self.new, guarantee, [candidate])
        )

    def _is_separation_stated(self, guarantee: Guarantee, declared: Sequence[Guarantee]) -> bool:
        """Whether the same actions, as far as there are any, must still be done by different people."""
        names = {
            new for atom in guarantee.atoms.get("different_people", ()) for new in self.names.new_actions_of(atom.name)
        }
        excepted = self.names.restate_guarantee(guarantee, {}).except_for
        return len(names) < 2 or any(
            names <= {atom.name for atom in candidate.atoms.get("different_people", ())}
            and set(without_routes(candidate).except_for) <= set(excepted)
            for candidate in declared
        )

    def _is_only_stated(self, guarantee: Guarantee, declared: Sequence[Guarantee]) -> bool:
        """Whether each action may still be done by nobody but those who were allowed to."""
        extended = self.extended({})
        for key, allowed in self.names.restate_guarantee(guarantee, {}).only.items():
            for keys in _list_keys_of_actions(self.new, key):
                lists = [names for other in declared for name, names in other.only.items() if name in keys]
                if not any(
                    all(is_within_allowed(extended, name, allowed, name not in self.new.people) for name in names)
                    for names in lists
                ):
                    return False
        return True


def _list_keys_of_actions(version: Procedure, key: str) -> Iterator[frozenset[str]]:
    """List for each action that a key of ``only`` means all the keys that mean it."""
    if key == OPENED:
        yield frozenset({OPENED})
    for action in find_actions(version, key):
        yield frozenset({action.name, action.rule})


def _is_within(first: str, second: str) -> bool:
    """Whether the first time is no longer than the second; False where one cannot be read."""
    try:
        return approximate_minutes(parse_duration(first)) <= approximate_minutes(parse_duration(second))
    except ValueError:
        return False


def _list_texts(guarantee: Guarantee) -> Iterator[str]:
    """List the texts of a guarantee that may name a setting."""
    yield from (text for text in (guarantee.times, guarantee.within) if text)
    for atoms in (*guarantee.atoms.values(), guarantee.except_for):
        for atom in atoms:
            for tests in atom.where.alternatives if atom.where else ():
                yield from (text for test in tests for text in test.values)
