"""``python -m tests.bench.random_large COUNT``: judge random procedures with up to 60 guarded fields and 8 groups.

Prints how many were decided, and the CPU time and the memory of the most expensive one.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from datetime import date
from random import Random

from fujin_cli.__main__ import GARBAGE
from fujin_cli.rules.registry import rules
from fujin_cli.rules.support.context import RuleContext
from tests.support.generators.random_large_procedures import LargeProcedure
from tests.support.small_town import town


def main() -> None:
    """Judge, and print what it took."""
    gc.set_threshold(*GARBAGE)
    listed, slowest, decided, count = list(rules((3, 4))), (0.0, 0), 0, int(sys.argv[1])
    for seed in range(count):
        chance = Random(seed)
        workspace = town(*LargeProcedure(lambda *options: chance.choice(options)).trees())  # noqa: B023
        begun = time.process_time()
        context = RuleContext(workspace, date(2026, 6, 1))
        decided += not context.explorations.too_large
        for rule in listed:
            list(rule.check(context))
        slowest = max(slowest, (time.process_time() - begun, seed))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"at most {slowest[0]:.2f} s of CPU (seed {slowest[1]}), {memory} MB; {decided} of {count} decided")


if __name__ == "__main__":
    main()
