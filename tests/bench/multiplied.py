"""``python -m tests.bench.multiplied NAME``: judge a procedure whose states multiply; print CPU time and memory."""

from __future__ import annotations

import gc
import resource
import sys
import time
from datetime import date

from fujin_cli.__main__ import GARBAGE
from fujin_cli.rules.registry import rules
from fujin_cli.rules.support.context import RuleContext
from tests.support.large_procedures import child_groups, guarded_fields, read_in_pairs
from tests.support.small_town import town

CASES = {
    "12 inputs that guards read in pairs": read_in_pairs,
    "8 guarded optional fields": guarded_fields,
    "4 groups of child cases": child_groups,
}


def main() -> None:
    """Judge, and print what it took."""
    gc.set_threshold(*GARBAGE)
    workspace, listed = town(*CASES[sys.argv[1]]()), list(rules((3, 4)))
    begun = time.process_time()
    context = RuleContext(workspace, date(2026, 6, 1))
    undecided = context.explorations.too_large
    for rule in listed:
        list(rule.check(context))
    states = sum(len(run.states) for run in context.explorations.explorations.get("loop", ()))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    verdict = "undecided" if undecided else f"decided with {states} states"
    print(f"{time.process_time() - begun:.2f} s of CPU, {memory} MB, {verdict}")


if __name__ == "__main__":
    main()
