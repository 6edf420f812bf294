"""Verdicts over guarantees against every short run of small random automata."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

import pytest

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.verify.guarantees import Verdict, judge_guarantees
from tests.support.generators.random_automata import LONGEST, Judge, automaton, explored, fits, runs
from tests.support.ltlf_formulas import FORMULAS
from tests.support.small_town import procedure, town


def judged(tree: dict[str, Any]) -> tuple[Exploration, dict[str, Verdict]]:
    found = explored(tree)
    return found, {verdict.guarantee.name: verdict for verdict in judge_guarantees(found.model.version, [found])}


@pytest.mark.parametrize("limits", [False, True], ids=["free", "limited"])
@pytest.mark.parametrize("yaml", FORMULAS)
def test_verdicts_agree_with_trying_every_short_run(yaml: str, limits: bool) -> None:
    seen = set()
    for seed in range(40):
        found, verdicts = judged(automaton(Random(f"{yaml} {seed}"), [yaml], limits))
        oracle, verdict = Judge(found, yaml), verdicts.get("g0")
        shortest = next((len(run) for run in runs(found) if oracle.breaks(run)), None)
        seen.add(verdict.kind if verdict else "kept")
        if verdict is None or verdict.kind in ("never fulfilled", "vacuous"):
            assert shortest is None, (seed, shortest)
        else:
            assert verdict.kind in ("violated", "inevitably violated"), (seed, verdict.kind)
            assert len(verdict.run) == shortest or (shortest is None and len(verdict.run) > LONGEST), seed
            check_broken(found, oracle, verdict)
        if verdict is not None and verdict.kind == "never fulfilled":
            check_owed(found, oracle, verdict)
        if verdict is not None and verdict.kind == "vacuous":
            check_vacuous(found, yaml)
    assert seen != {"kept"}


def check_broken(found: Exploration, oracle: Judge, verdict: Verdict) -> None:
    run = list(verdict.run)
    assert fits(found, run)
    assert oracle.breaks(run) and not any(oracle.breaks(run[:length]) for length in range(1, len(run)))
    if verdict.kind == "inevitably violated":  # whoever comes to the marked place breaks it at every end
        start = verdict.turn + 1
        assert verdict.never or start < len(run) - 1
        assert not [
            more for more in going_on(found, run[:start]) if found.is_ended(more[-1].target) and oracle.keeps(more)
        ]


def going_on(found: Exploration, run: list[Any]) -> list[list[Any]]:
    every, todo = [run], [run]
    while todo:
        todo = [
            [*r, e] for r in todo if len(r) < len(run) + 4 for e in found.edges[r[-1].target] if fits(found, [*r, e])
        ]
        every += todo
    return every


def check_owed(found: Exploration, oracle: Judge, verdict: Verdict) -> None:
    way, round = list(verdict.run[: verdict.turn]), list(verdict.run[verdict.turn :])
    assert round and round[-1].target == way[-1].target
    assert any(edge.label.to for edge in round)
    for times in (1, 2, 3):
        run = way + round * times
        assert fits(found, run)
        assert not any(oracle.keeps(run[:length]) for length in range(len(way), len(run) + 1))
        assert not oracle.lost(run)


def check_vacuous(found: Exploration, yaml: str) -> None:
    happening = {letter for run in runs(found, 4) for letter in traced_letters(found, run)}
    trigger = {"{if": "a", "{after": "a", "{after_each": "a", "{before": "b", "{before_each": "b"}
    lead = yaml.split(":", 1)[0]
    if lead in trigger:
        assert trigger[lead] not in happening


def traced_letters(found: Exploration, run: list[Any]) -> set[str]:
    from tests.support.generators.random_automata import traced

    return {letter for letters in traced(found, run) for letter in letters}


@pytest.mark.slow
def test_what_can_be_owed_for_ever_is_found() -> None:
    """Trying short ways round by hand: where one owes all along, the verdict says so (or that a run breaks it)."""
    owing = 0
    for seed in range(300):
        chance = Random(seed)
        yaml = chance.choice(["{after: a, eventually: b}", "{eventually: a}", "{if: a, also: b}", "{exactly: {a: 2}}"])
        found, verdicts = judged(automaton(chance, [yaml], limits=False))
        oracle = Judge(found, yaml)
        if any(owes_round(oracle, found, run) for run in runs(found, 6)):
            owing += 1
            assert verdicts["g0"].kind in ("never fulfilled", "violated", "inevitably violated"), seed
    assert owing > 20


def owes_round(oracle: Judge, found: Exploration, run: list[Any]) -> bool:
    for start in range(1, len(run)):
        if run[start - 1].target == run[-1].target and any(edge.label.to for edge in run[start:]):
            long = run + run[start:]
            if not any(oracle.keeps(long[:length]) for length in range(start, len(long) + 1)):
                return True
    return False


@pytest.mark.slow
def test_conflicting_sets_are_minimal_and_real() -> None:
    conflicts = 0
    for seed in range(250):
        chance = Random(seed)
        promises = chance.sample(list(FORMULAS), 4)
        found, verdicts = judged(automaton(chance, promises, limits=False))
        oracles = {f"g{number}": Judge(found, yaml) for number, yaml in enumerate(promises)}
        ended = [run for run in runs(found) if found.is_ended(run[-1].target)]
        kept = [{name for name, oracle in oracles.items() if not broken(oracle, run)} for run in ended]
        for verdict in verdicts.values():
            if verdict.kind != "conflicting":
                continue
            conflicts += 1
            core = {verdict.guarantee.name, *(other.name for other in verdict.conflicting)}
            assert not [names for names in kept if core <= names], seed
            for name in core:
                assert [names for names in kept if core - {name} <= names], (seed, core, name)
            assert not any(name in verdicts for name in core - {verdict.guarantee.name})
        alone = [name for name in oracles if any(name in names for names in kept)]
        for pair in combinations(alone, 2):
            told = [v for v in verdicts.values() if v.kind == "conflicting"]
            if told and not [names for names in kept if set(pair) <= names] and shortest_loop(found) is None:
                assert {v.guarantee.name for v in told} | {o.name for v in told for o in v.conflicting}, seed
    assert conflicts > 10


EXTREME = """
settings: {n: {type: count, default: 2, at_least: 1, up_to: 3}}
steps:
  one:
    owner: clerk
    actions:
      go: {by: clerk}
      end: {by: clerk, to: done, when: {times: {go: {at_least: n}}}}
      stop: {by: clerk, to: stopped}
  done: {end: done}
  stopped: {end: stopped}
guarantees: {sparing: {at_most: {go: 2}}, finished: {eventually: {enter: done}}}
"""


def test_what_contradicts_at_an_extreme_of_a_setting_alone_is_found_there() -> None:
    version, explorations = explored_at_extremes(EXTREME)
    (verdict,) = (verdict for verdict in judge_guarantees(version, explorations) if verdict.kind == "conflicting")
    assert {verdict.guarantee.name, *(other.name for other in verdict.conflicting)} == {"sparing", "finished"}
    assert verdict.settings == {"n": "3"}
    assert [verdict.kind for verdict in judge_guarantees(version, explorations[:1])] == ["violated", "violated"]


def explored_at_extremes(text: str) -> tuple[Procedure, list[Exploration]]:
    version = town(procedure(text)).procedures["loop"]
    return version, list(explore_all({"loop": version}).explorations["loop"])


def broken(oracle: Judge, run: list[Any]) -> bool:
    return oracle.lost(run) or not oracle.keeps(run)


def shortest_loop(found: Exploration) -> int | None:
    """The length of some way round, if there is one."""
    return next((1 for run in runs(found, 5) if len({edge.target for edge in run}) < len(run)), None)
