"""
# FJ820 · A line of a scenario was refused

The engine refused what a line of the scenario does, with the code that stands in brackets. The help says where the
case was by then and what could be done there.

The way out: where the procedure is right, mend the scenario; where it is not, the scenario has found a fault. A run
that has to be refused says so with `then: {refused: CODE}`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ820"
SEVERITY: Severity = "error"
