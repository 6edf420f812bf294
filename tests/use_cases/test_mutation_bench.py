"""What is noticed of single edits of the shipped procedures does not fall silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fujin_cli.core.explore.explorer import Explorer
from fujin_cli.core.simulate.mutations import list_mutations
from fujin_cli.use_cases.mutation_bench import prepare_mutation_runner
from tests.support.yaml_trees import city

pytestmark = pytest.mark.slow

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("name", "every", "proved"), [("objection", 1, 0.6), ("joint-conference", 5, 0.6), ("work-order", 5, 0.4)]
)
def test_nine_of_ten_edits_are_noticed_and_as_many_by_proof_as_before(name: str, every: int, proved: float) -> None:
    runner = prepare_mutation_runner(city(), name, TODAY)
    edits = list(list_mutations(runner.file.tree or {}))[::every]
    loaded = [verdict for verdict in map(runner.verdict, edits) if verdict.loads]
    assert sum(verdict.first_noticed_by is not None for verdict in loaded) >= 0.9 * len(loaded) > 0
    assert sum(verdict.is_noticed_by_proof for verdict in loaded) >= proved * len(loaded)


def test_following_only_what_could_differ_finds_the_same() -> None:
    runner = prepare_mutation_runner(city(), "work-order", TODAY)
    anew = replace(runner, explored=Explorer({}), scenarios=())
    alike = replace(runner, scenarios=())
    for edit in list(list_mutations(runner.file.tree or {}))[10::45]:
        assert alike.verdict(edit) == anew.verdict(edit)
