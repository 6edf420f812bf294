"""Every short history that the engine can make of small procedures, against what is proved of their guarantees."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.verify.guarantees import judge_guarantees
from tests.support.small_town import town
from tests.support.walked_procedures import DifferentPeople, Histories, Only, guarantees_of, small_procedure

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

PROCEDURES = 60
DEEPEST = 5  # moves of people or time after the opening
MOST = 250  # histories of one procedure
BROKEN = ("violated", "inevitably violated", "conflicting")


def test_what_is_proved_is_kept_on_every_walk_and_what_is_broken_is_broken_on_one() -> None:
    judged: Counter[str] = Counter()
    for seed in range(PROCEDURES):
        chance = Random(seed)
        tree = small_procedure(chance)
        guarantees = guarantees_of(chance, tree)
        declared = {name: guarantee.tree for name, guarantee in guarantees.items()}
        versions = town({**tree, "guarantees": declared}).procedures
        explorations = explore_all(versions).explorations["loop"]
        verdicts = {verdict.guarantee.name: verdict for verdict in judge_guarantees(versions["loop"], explorations)}
        conflicting = {other.name for verdict in verdicts.values() for other in verdict.conflicting}
        histories = Histories(tree, guarantees, enforced=seed % 2 == 1, most=MOST)
        histories.walk(DEEPEST)
        for name, guarantee in guarantees.items():
            verdict, run = verdicts.get(name), histories.broken.get(name)
            kind = verdict.kind if verdict else "conflicting" if name in conflicting else "kept"
            told = (seed, guarantee.tree, kind, [(event.kind, event.action, event.to_step) for event in run or ()])
            about_people = isinstance(guarantee, Only | DifferentPeople)
            if about_people and histories.enforced:
                assert run is None, told
            elif not isinstance(guarantee, DifferentPeople):  # which the engine alone sees to
                assert run is None or kind in BROKEN, told
                shown = verdict is not None and kind in BROKEN[:2] and len(verdict.run) - 1 <= histories.depth
                if shown and not histories.enforced:  # where it is, the act that breaks it may be refused
                    assert run is not None, told
            judged[f"{type(guarantee).__name__} {kind} {'broken' if run else 'not broken'}"] += 1
    for kind in ("Formula", "Only", "Quorum"):
        assert judged[f"{kind} kept not broken"] > 5 and judged[f"{kind} violated broken"] > 5, judged
    assert judged["DifferentPeople kept not broken"] > 5 and judged["DifferentPeople kept broken"] > 5, judged
