"""What is sound here is sound for pm4py: random procedures, exported as workflow nets, get the same verdict."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.oracles.nets import net_of, random_pair, write
from tests.oracles.soundness_here import sound
from tests.support.paths import ROOT

PYTHON = ROOT / ".oracles" / "bin" / "python"
NETS = 200


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
