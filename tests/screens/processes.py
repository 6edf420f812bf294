"""Run a function in a forked process on terminals or pipes of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
from collections.abc import Callable
from contextlib import suppress


def run_forked(child: Callable[[], int], typed: bytes, width: int) -> tuple[int, str, str]:
    """Run ``child`` in a process of its own: its exit code, what it wrote to stdout and to stderr.

    With a ``width`` each of its streams is a terminal (its own, so that they can be told apart), else each is a pipe.
    """
    streams = [open_terminal(width) if width else os.pipe() for _ in range(2)]
    inlet = streams[0] if width else os.pipe()[::-1]
    pid = os.fork()
    if not pid:
        for number, end in enumerate((inlet[1], streams[0][1], streams[1][1])):
            os.dup2(end, number)
        os.closerange(3, 256)
        os._exit(child())
    for _own, theirs in streams:
        os.close(theirs)
    if not width:
        os.close(inlet[1])
    os.write(inlet[0], typed + b"\x04" if width else typed)  # Ctrl-D: whoever asks for more is told that nobody answers
    if not width:
        os.close(inlet[0])
    out, err = read_all([own for own, _theirs in streams])
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status), out, err


def open_terminal(width: int) -> tuple[int, int]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.ONLCR  # line ends as they are written
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    return ours, theirs


def read_all(ends: list[int]) -> list[str]:
    texts = dict.fromkeys(ends, b"")
    still_open = set(ends)
    while still_open:
        for end in select.select(list(still_open), [], [])[0]:
            piece = b""
            with suppress(OSError):  # how a terminal says that nobody writes to it any more
                piece = os.read(end, 65536)
            texts[end] += piece
            if not piece:
                still_open.discard(end)
                os.close(end)
    return [texts[end].decode() for end in ends]
