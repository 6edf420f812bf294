"""``python -m tests.bench.own_soundness COUNT``: judge the random procedures whose nets pm4py judges."""

from __future__ import annotations

import json
import sys

from tests.oracles.nets import random_pair
from tests.oracles.soundness_here import sound


def main() -> None:
    """Print, as JSON, whether each is sound."""
    print(json.dumps({f"{seed:03}": sound(random_pair(seed)) for seed in range(int(sys.argv[1]))}))


if __name__ == "__main__":
    main()
