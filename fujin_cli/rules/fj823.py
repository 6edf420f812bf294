"""
# FJ823 · Nothing of the sort can happen here

A line of a run says that a case of a group ends, that a rung of the ladder happens, or that a period is up, and where
the case stands there is no such case, rung or period; or a case of that procedure cannot come to that outcome from
where it is.

The way out: `fujin procedure replay` shows where the case is before the line. Cases of a group are opened by an
action; each line ends one of them, the oldest first. A rung happens once a visit of its step.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ823"
SEVERITY: Severity = "error"
