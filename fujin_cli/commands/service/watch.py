"""Show a page again and again until Ctrl-C: it is drawn over the one before, so that nothing blinks."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from fujin_cli.commands.common.console import Console
from fujin_cli.core.text.localized import say
from fujin_cli.render.basics.moments import format_moment
from fujin_cli.use_cases.session import Session

_HOME, _CLEAR, _CLEAR_LINE, _CLEAR_BELOW = "\x1b[H", "\x1b[2J", "\x1b[K", "\x1b[J"


class _Drawing(StringIO):
    """Collect what is written as if it went to the terminal."""

    def isatty(self) -> bool:
        return True


def watch_page(console: Console, show: Callable[[Console], int], interval: int) -> int:
    """Show a page every ``interval`` seconds, with the moment that it is of. Only Ctrl-C ends it."""
    sys.stdout.write(_CLEAR)
    while True:
        page = _draw(console, show)
        height = shutil.get_terminal_size((80, 24)).lines
        lines = page.splitlines()[: height - 1]
        sys.stdout.write(_HOME + "".join(f"{line}{_CLEAR_LINE}\n" for line in lines) + _CLEAR_BELOW)
        sys.stdout.flush()
        time.sleep(interval)
        session = console.session
        console = Console(Session(session.folder, session.now_text, session.actor_text), console.format)


def _draw(console: Console, show: Callable[[Console], int]) -> str:
    """Draw the page: when it was made, the answer, and the warnings, which would else be written over it."""
    answer, warnings = _Drawing(), _Drawing()
    with redirect_stdout(answer), redirect_stderr(warnings):
        show(console)
    session = console.session
    moment = say("as of {moment}", moment=format_moment(session.now, session.calendar))
    return f"{moment}\n{answer.getvalue()}{warnings.getvalue()}"
