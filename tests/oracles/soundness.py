"""Run by the oracles' own Python: ``soundness.py FOLDER`` prints, as JSON, whether each net in it is sound."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

import pm4py
from pm4py.objects.petri_net.obj import Marking


def main() -> None:
    """Judge every ``*.pnml`` of the folder with pm4py."""
    verdicts = {}
    for path in sorted(Path(sys.argv[1]).glob("*.pnml")):
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            net, begin, _ = pm4py.read_pnml(str(path))
            sink = Marking({place: 1 for place in net.places if place.name == "sink"})
            verdicts[path.stem] = bool(pm4py.check_soundness(net, begin, sink)[0])
    print(json.dumps(verdicts))


if __name__ == "__main__":
    main()
