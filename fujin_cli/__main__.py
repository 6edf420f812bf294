"""Start ``fujin`` and ``python -m fujin_cli``; answer ``--version`` before importing anything heavy."""

from __future__ import annotations

import gc
import os
import sys

# Thresholds of the garbage collector. Nearly all objects of a run live to its end, so Python's default (a collection
# every 700 objects) took a quarter of a validation's time. Collection stays on, so that `--watch` does not grow.
GARBAGE = (500_000, 50, 50)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]) and sys.stdout is not None:
        import fujin_cli

        sys.stdout.write(f"fujin {fujin_cli.__version__}\n")
        return
    if "_FUJIN_COMPLETE" in os.environ:  # TAB: the table of commands is read in place of the commands
        from fujin_cli.commands.common.tab import answer_tab

        answer_tab()
        return
    gc.set_threshold(*GARBAGE)
    try:
        from fujin_cli.cli import run_command_line

        code = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:  # Ctrl-C during the import, before cli.run can handle it
        code = 130
    gc.freeze()  # skip the collection at exit: it took a tenth of a validation's time
    sys.exit(code)


if __name__ == "__main__":
    main()
