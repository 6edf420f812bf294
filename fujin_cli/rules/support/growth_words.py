"""Put into words what multiplies the states of a procedure: “f0…f9: three values each; 3¹⁰”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce

from fujin_cli.core.explore.feasible_paths import limits_of
from fujin_cli.core.explore.growth import Factor, FactorKind, join_factors, list_factors
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.text.localized import LocalizedText, say

MOST_FACTORS = 3  # that a finding names
MOST_NAMES = 5  # that are listed of one factor
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NUMBERS = {2: say("two"), 3: say("three"), 4: say("four"), 5: say("five"), 6: say("six"), 7: say("seven")}
ONE_PART: dict[FactorKind, LocalizedText] = {
    "field": say("{names}: {count} values"),
    "group": say("{names}: {count} states"),
    "count": say("{names}: counted in {count} steps"),
    "limit": say("{names}: a limit with {count} steps"),
}
SEVERAL_PARTS: dict[FactorKind, LocalizedText] = {
    "field": say("{names}: {count} values each; {power}"),
    "group": say("{names}: {count} states each; {power}"),
    "count": say("{names}: counted in {count} steps each; {power}"),
    "limit": say("{names}: limits with {count} steps each; {power}"),
}


def factors_of_runs(explorations: Sequence[Exploration]) -> tuple[Factor, ...]:
    """List what multiplies the runs of a procedure that was explored: its states, and how often limits allow moves."""
    limits: list[tuple[FactorKind, str, int]] = [
        ("limit", rule, most + 1) for rule, most in limits_of(explorations[0]).items()
    ]
    return (*join_factors(limits), *list_factors(explorations[0].model.shape))


def growth_help(factors: Iterable[Factor], advice: LocalizedText) -> LocalizedText:
    """Name what multiplies, and then give the advice."""
    words = growth_words(factors)
    return say("{factors}. {advice}", factors=words, advice=advice) if words else advice


def growth_words(factors: Iterable[Factor]) -> LocalizedText | None:
    """Put the largest factors into words; None where there are none."""
    words = [_describe_factor(factor) for factor in list(factors)[:MOST_FACTORS]]
    return reduce(lambda first, second: say("{first} · {second}", first=first, second=second), words) if words else None


def _describe_factor(factor: Factor) -> LocalizedText:
    parts = (SEVERAL_PARTS if len(factor.names) > 1 else ONE_PART)[factor.kind]
    power = f"{factor.each}{str(len(factor.names)).translate(SUPERSCRIPTS)}"
    count = NUMBERS.get(factor.each, factor.each)
    return LocalizedText(parts.text, {"names": _shorten_names(factor.names), "count": count, "power": power})


def _shorten_names(names: Sequence[str]) -> list[str]:
    """Write names that are numbered one after the other as a range; list only a few of the others."""
    ranges: list[list[str]] = []
    for name in names:
        if ranges and _is_explained(ranges[-1][-1], name):
            ranges[-1].append(name)
        else:
            ranges.append([name])
    listed = [f"{own[0]}…{own[-1]}" if len(own) > 2 else ", ".join(own) for own in ranges]
    return [*listed[:MOST_NAMES], *(["…"] if len(listed) > MOST_NAMES else [])]


def _is_explained(name: str, next_name: str) -> bool:
    first, second = (re.fullmatch(r"(.*?)(\d+)", text) for text in (name, next_name))
    return bool(first and second and first[1] == second[1] and int(first[2]) + 1 == int(second[2]))
