"""``python -m fujin_cli`` and the ``fujin`` program: answers ``--version`` before anything heavy is imported."""

from __future__ import annotations

import gc
import sys

# Nearly all that a run makes lives to its end: looking for circles of garbage every 700 objects, as Python does, took a
# quarter of a validation's time. It still looks, so that `--watch` does not grow.
GARBAGE = (500_000, 50, 50)


def main() -> None:
    """Run the command line; ends the process with the contract's exit codes."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        import fujin_cli

        sys.stdout.write(f"fujin {fujin_cli.__version__}\n")
        return
    gc.set_threshold(*GARBAGE)
    try:
        from fujin_cli.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command line was there to hear of it
        code = 130
    gc.freeze()  # what is left goes with the process: looking for circles in it took a tenth of a validation's time
    sys.exit(code)


if __name__ == "__main__":
    main()
