"""``python -m tests.bench.shipped``: judge the city's procedures by behaviour and guarantees, and print the CPU time.

Reading the files and the rules of the other families, which take their own time, are not counted.
"""

from __future__ import annotations

import gc
import time
from datetime import date
from pathlib import Path

from fujin_cli.__main__ import GARBAGE
from fujin_cli.rules.incremental import check_parts
from fujin_cli.rules.registry import rules
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, check_contents


def main() -> None:
    """Judge, and print what it took."""
    gc.set_threshold(*GARBAGE)
    today = date(2026, 6, 1)
    workspace = check_contents(contents_of(Path(__file__).parents[2]), today, FIT_TO_WORK_WITH).files.workspace
    listed = list(rules((3, 4)))
    begun = time.process_time()
    findings = list(check_parts(workspace, today, listed))
    names = ", ".join(sorted(workspace.procedures))
    print(f"{names}: {len(findings)} findings")
    print(f"together {time.process_time() - begun:.2f} s of CPU")


if __name__ == "__main__":
    main()
