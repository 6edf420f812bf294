"""A terminal to run commands in: what people see, and what they type."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import shlex
import struct
import subprocess
import termios
import time
from collections.abc import Sequence

from tests.support.command_line import FUJIN, City, children_heed_ctrl_c


def on_terminal(
    city: City,
    arguments: Sequence[str],
    typed: str = "",
    columns: int = 80,
    end: int | None = None,
    wait: float = 30,
    program: Sequence[str] = FUJIN,
    controls: bool = False,
) -> tuple[int, str]:
    """Run a command on a terminal of its own: its exit code, and what stood on the screen (what was typed, too).

    ``controls``: the terminal controls the process, as that of a login does.

    ``end`` is a signal to send half a second after the last output, for commands that go on until somebody stops them.
    """
    keyboard, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = city.environment({"TERM": "xterm", "COLUMNS": str(columns), "FUJIN_PROGRESS": "no"})
    with children_heed_ctrl_c():
        process = subprocess.Popen(
            [*program, *arguments],
            cwd=city.folder,
            env=environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            close_fds=True,
            preexec_fn=take_terminal if controls else None,  # noqa: PLW1509 - tests have one thread
        )
    os.close(terminal)
    os.write(keyboard, typed.encode())
    seen = b""
    until = time.monotonic() + wait
    while time.monotonic() < until:
        ready, _, _ = select.select([keyboard], [], [], 0.5)
        if not ready and seen and end is not None:
            process.send_signal(end)
            end = None
        if not ready:
            continue
        try:
            piece = os.read(keyboard, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        seen += piece
    else:
        process.kill()
    with contextlib.suppress(OSError):
        os.close(keyboard)
    return process.wait(timeout=10), seen.decode("utf-8", "replace").replace("\r\n", "\n")


def script_on_terminal(city: City, *lines: str, columns: int = 80) -> str:
    """Run a script of shell lines, in which ``fujin`` is this program, on one terminal: what stood on the screen."""
    program = f'fujin() {{ {shlex.join(FUJIN)} "$@"; }}'
    return on_terminal(city, ["-c", "\n".join([program, *lines])], columns=columns, program=["bash"])[1]


def take_terminal() -> None:
    """Make stdin the terminal that controls this new session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
