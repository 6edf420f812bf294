"""Define the exit codes of every command (docs/reference/contract.md, "Exit codes")."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """List the exit codes; 75 is EX_TEMPFAIL of sysexits.h, 130 is 128 + SIGINT."""

    OK = 0
    FINDINGS = 1  # errors in the configuration, a refusal, something that fails
    USAGE = 2
    BUG = 3
    AGAIN = 75  # busy or unknown: run the same command again
    INTERRUPTED = 130
