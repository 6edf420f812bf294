"""
# FJ822 · Something was not refused

The scenario expects a refusal, and the engine did it. With `action` that is what is tried after the run; without it
one of the lines of `when` has to be refused. A counter-example that `fujin validate --write-scenario` wrote fails
like this until the fault is mended.

The way out: let the procedure forbid it, by `by`, `when`, `needs`, `limit` or `proof`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ822"
SEVERITY: Severity = "error"
