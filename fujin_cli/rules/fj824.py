"""
# FJ824 · A scenario that cannot be run

The scenario's own file, or that of its procedure, has errors, or there is no such procedure. What is half read would
be something else than what was meant, so nothing of it is tried.

The way out: `fujin validate` shows the errors.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ824"
SEVERITY: Severity = "error"
