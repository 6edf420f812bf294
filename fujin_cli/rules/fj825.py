"""
# FJ825 · A scenario file of other content is there

`fujin validate --write-scenario` writes each run into a file named after its finding, and never over a file that says
something else, which somebody may have changed by hand.

The way out: name another folder, or take the old file away.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ825"
SEVERITY: Severity = "error"
