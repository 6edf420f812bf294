"""``python -m tests.screens --write [NAME…]``: write what the golden sessions show now; review it with ``git diff``."""

from __future__ import annotations

import sys

from tests.screens.sessions import LANGUAGES, expected, names
from tests.screens.test_screens import players


def main(arguments: list[str]) -> int:
    """Write all sessions, or those named."""
    if arguments[:1] != ["--write"] or not set(arguments[1:]) <= set(names()):
        sys.stderr.write(f"usage: python -m tests.screens --write [NAME…]\nnames: {' '.join(names())}\n")
        return 2
    for language in LANGUAGES:
        with players(language) as play:
            for name in arguments[1:] or names():
                expected(name, language).write_text(play(name).text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
