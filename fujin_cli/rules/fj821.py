"""
# FJ821 · A scenario ends otherwise than it says

Every line was carried out, and something that `then` expects is not so at the end: the case stands elsewhere,
somebody was not told, an action is closed that should be open. What was expected and what was found is said for each
of them.

The way out: mend the procedure, or the scenario where the procedure is meant to do what it did.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ821"
SEVERITY: Severity = "error"
