"""What is sound here is sound for pm4py: random procedures, exported as workflow nets, get the same verdict."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from fujin_cli.core.dead_ends import dead_ends
from fujin_cli.core.explore import Exploration, prove
from fujin_cli.core.possible import possible_rules, possible_steps
from tests.core.support_town import town
from tests.oracles.nets import Tree, net_of, random_pair, write

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".oracles" / "bin" / "python"
NETS = 200


def sound(trees: list[Tree]) -> bool:
    """Whether every step and move of the procedures is possible, and a case can always end."""
    explorations = prove(town(*trees).procedures).explorations
    return all(_sound(found) for listed in explorations.values() for found in listed)


def _sound(found: Exploration) -> bool:
    law = found.model.law
    moves = {action.rule for _, action in law.all_actions()}
    moves |= {rung.rule for step in law.steps.values() for rung in step.ladder if rung.to}
    return possible_steps(found) == set(law.steps) and moves <= possible_rules(found) and dead_ends(found) == ()


def test_pm4py_gives_the_same_verdicts(tmp_path: Path) -> None:
    if not PYTHON.exists():
        assert not os.environ.get("CI"), "CI judges soundness beside pm4py: run `make oracles` first"
        pytest.skip("pm4py is not there: run `make oracles`")
    own = {}
    for seed in range(NETS):
        trees = random_pair(seed)
        own[f"{seed:03}"] = sound(trees)
        write(net_of(trees), tmp_path / f"{seed:03}.pnml")
    script = Path(__file__).parent / "soundness.py"
    done = subprocess.run([str(PYTHON), str(script), str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    theirs = json.loads(done.stdout.splitlines()[-1])
    assert {name for name in own if own[name] != theirs[name]} == set()
    assert NETS / 10 < sum(own.values()) < NETS * 9 / 10  # both verdicts come up
