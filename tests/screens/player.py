"""Plays a session of commands and writes down what each shows: on terminals of 80 and 60 columns, piped, and as JSON.

A session is a folder of ``golden/screens`` with a ``session.txt``:

- ``start: NAME`` (the first line): ``nowhere`` is an empty folder, ``town`` the small town of ``golden/town`` with the
  procedures that fujin ships; any other name is a file ``golden/screens/NAME.txt`` that is played before, in silence.
- ``at 2026-06-01T09:00`` sets the clock: ``--now`` for every command below.
- ``edit FILE: OLD → NEW`` changes a file of the workspace, in which OLD has to stand (``\\n`` is a line end).
- ``$ fujin …`` is shown in all four ways (a help page on terminals alone), each from the same state of the files, and
  the last one's state is kept. ``terminal$`` is shown on terminals alone, ``piped$`` through pipes alone, and
  ``colour$`` on one terminal with colours.
- ``% fujin …`` is run in silence and has to work.
- ``< text`` below a command is a line typed at it (or its stdin, where that is a pipe).

What else the folder holds lies in the workspace before the first command. A command runs as a process of its own,
forked from one that has read the program in that language once: real terminals and pipes, and no start-up to wait for.

What is random comes from one seed for each command, and what looks random is then written as a word of the same width
(``<code-1>``), which may be used in the commands that follow. This is the one place that does so.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.screens.sessions import GOLDEN, SCREENS, Line, Session, session_of

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (80, 60)
EXPECTED = (0, 1, 2, 75, 130)
"""Exit codes that a screen may end with; any other is a fault of fujin (3) or a process that was killed."""
# What nobody can foretell, or what differs from machine to machine: the word that stands for it, and how it looks.
_VOLATILE = {
    "sha256": r"\b[0-9a-f]{64}\b",
    "receipt": r"\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{12}\b",
    "contact": r"(?<=vault:c-)[0-9a-f]{16}\b",
    "request": r"\b(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-HJKMNP-TV-Z]{16}\b",
    "code": r"\b(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-HJKMNP-TV-Z]{8}\b",
}
SAMPLE = "7K3Q9XZ2"  # the code that the help page shows
_OVERWRITTEN = re.compile(r"[^\n]*\r(?:\x1b\[K)?")
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _VOLATILE.items()))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command showed in one way."""

    way: str
    code: int
    out: str
    err: str


@dataclass
class Player:
    """One session in one language: its folder, its clock, and the words that stand for what came out of chance."""

    folder: Path
    language: str
    clock: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    seed: int = 0

    def play(self, session: Session) -> str:
        """Everything that the session's commands show."""
        shown: list[str] = []
        for line in session.lines:
            if line.sort == "at":
                self.clock = line.text
            elif line.sort == "edit":
                self._edit(line.text)
            elif line.sort == "%":
                done = self._run(line, "piped", 0)
                assert done.code == 0, (line, done)
                self._named(done.out)
            else:
                shown.append(_written(line, [self._named_of(done) for done in self._ways(line)]))
        return "\n".join(shown)

    def _edit(self, text: str) -> None:
        name, _, change = text.partition(": ")
        old, new = (self._really(part).replace("\\n", "\n") for part in change.split(" → "))
        path = self.folder / name
        before = path.read_text("utf-8")
        assert old in before, (name, old)
        path.write_text(before.replace(old, new, 1), "utf-8")

    def _ways(self, line: Line) -> list[Shown]:
        self.seed += 1
        ways: list[tuple[str, int]] = []
        if line.sort in ("$", "terminal$"):
            ways += [(f"{width} columns", width) for width in WIDTHS]
        if line.sort == "colour$":
            ways.append(("80 columns, in colour", 80))
        page = "--help" in line.words  # the same through a pipe, and never JSON
        if line.sort == "piped$" or (line.sort == "$" and not page):
            ways.append(("piped", 0))
        if line.sort == "$" and not page and not {"--json", "--format"} & set(line.words):
            ways.append(("json", 0))
        kept = self.folder.with_name("kept")
        shutil.copytree(self.folder, kept)
        shown = []
        for index, (way, width) in enumerate(ways):
            if index:
                shutil.rmtree(self.folder)
                shutil.copytree(kept, self.folder)
            shown.append(self._run(line, way, width))
        shutil.rmtree(kept)
        return shown

    def _run(self, line: Line, way: str, width: int) -> Shown:
        arguments = [self._really(word) for word in line.words[1:]]
        if self.clock and "--now" not in arguments:
            arguments += ["--now", self.clock]
        arguments += ["--json"] if way == "json" else []
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "FUJIN_LANG": self.language, "USER": "nobody-known", "LOGNAME": "nobody-known", "TERM": "xterm",
        }  # fmt: skip
        environment |= {"COLUMNS": str(width)} if width else {}
        environment |= {} if "colour" in way else {"NO_COLOR": "1"}
        typed = "".join(f"{text}\n" for text in line.typed).encode()
        began = time.time() - 1
        code, out, err = forked(lambda: _child(arguments, self.folder, environment, self.seed), typed, width)
        self._age(began)
        if code not in EXPECTED:
            raise AssertionError(f"`{' '.join(line.words)}` ended with {code}, a fault of fujin:\n{out}{err}")
        return Shown(way, code, out, err)

    def _age(self, began: float) -> None:
        """Files written since then are as old as the session says: some screens tell that."""
        if self.clock:
            moment = datetime.fromisoformat(f"{self.clock}+08:00").timestamp()
            for path in (self.folder / "data").rglob("*"):
                if path.stat().st_mtime >= began:
                    os.utime(path, (moment, moment))

    def _really(self, word: str) -> str:
        for real, written in self.words.items():
            word = word.replace(written, real)
        return word

    def _named_of(self, shown: Shown) -> Shown:
        return Shown(shown.way, shown.code, self._named(shown.out), self._named(shown.err))

    def _named(self, text: str) -> str:
        """The text with a word of the same width for each thing that differs from run to run."""
        text = text.replace(str(self.folder.parent), "/tmp/fujin-screens-")
        text = re.sub(r"\b\d+\.\d+\.\d+\b", "N.N.N", text)  # versions of fujin, Python and packages
        return _ANY.sub(self._word, text)

    def _word(self, match: re.Match[str]) -> str:
        sort, real = str(match.lastgroup), match[0]
        if real == SAMPLE:
            return real
        if real not in self.words:
            number = 1 + sum(word.startswith(f"<{sort}-") for word in self.words.values())
            self.words[real] = f"<{sort}-{str(number).rjust(len(real) - len(sort) - 3, '-')}>"
        return self.words[real]


def _written(line: Line, ways: list[Shown]) -> str:
    """A command and what it showed; a way that shows what an earlier one did says only that."""
    parts = [f"$ {line.text}"]
    seen: dict[tuple[int, str], str] = {}
    for shown in ways:
        body = _body(shown)
        first = seen.setdefault((shown.code, body), shown.way)
        exit_code = f", exit {shown.code}" if shown.code else ""
        parts.append(f"── {shown.way}{exit_code}" + ("" if first == shown.way else f": the same as {first}"))
        parts += [body] if first == shown.way and body else []
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _body(shown: Shown) -> str:
    out, terminal = shown.out, "columns" in shown.way
    if terminal:
        out = "".join(f"{line.rstrip()}\n" for line in out.replace("\x1b", "␛").splitlines())
    elif out.startswith("{"):  # one object on one line is the contract; folded here for people to read
        data = json.loads(out)
        assert out == json.dumps(data, ensure_ascii=False) + "\n"
        out = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    said = _OVERWRITTEN.sub("", shown.err).replace("\x1b", "␛")  # of progress, what stands there in the end
    err = "".join(f"stderr│ {line.rstrip()}".rstrip() + "\n" for line in said.splitlines())
    return out.replace("\t", "⇥") + err


# processes


def forked(child: Callable[[], int], typed: bytes, width: int) -> tuple[int, str, str]:
    """Run ``child`` in a process of its own: its exit code, what it wrote to stdout and to stderr.

    With a ``width`` each of its streams is a terminal (its own, so that they can be told apart), else each is a pipe.
    """
    streams = [_terminal(width) if width else os.pipe() for _ in range(2)]
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
    out, err = _read([own for own, _theirs in streams])
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status), out, err


def _terminal(width: int) -> tuple[int, int]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.ONLCR  # line ends as they are written
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    return ours, theirs


def _read(ends: list[int]) -> list[str]:
    seen = dict.fromkeys(ends, b"")
    waiting = set(ends)
    while waiting:
        for end in select.select(list(waiting), [], [])[0]:
            piece = b""
            with suppress(OSError):  # how a terminal says that nobody writes to it any more
                piece = os.read(end, 65536)
            seen[end] += piece
            if not piece:
                waiting.discard(end)
                os.close(end)
    return [seen[end].decode() for end in ends]


def _child(arguments: list[str], folder: Path, environment: dict[str, str], seed: int) -> int:
    """The command line, as a process of its own would run it."""
    from fujin_cli.cli import run

    signal.alarm(60)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = io.TextIOWrapper(io.FileIO(0), "utf-8")
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w"), "utf-8", line_buffering=True)
    sys.stderr = io.TextIOWrapper(io.FileIO(2, "w"), "utf-8", line_buffering=True)
    chance = random.Random(seed)
    os.urandom = chance.randbytes
    random._urandom = chance.randbytes  # type: ignore[attr-defined] # where `secrets` has it from
    code = run(arguments)
    sys.stdout.flush()
    return code


def begin(language: str) -> None:
    """Read the whole program in a language: what an option means is put into words when its module is imported."""
    from fujin_cli import language as speech
    from fujin_cli.cli import COMMANDS, build

    os.chdir(ROOT)
    speech.use(language)
    group = build()
    for name in COMMANDS:
        group.get_command(None, name)  # type: ignore[arg-type]


def play(name: str, language: str) -> str:
    """What the session of that name shows in the language that this process has begun in."""
    home = Path(tempfile.mkdtemp(prefix="fujin-", dir="/tmp"))
    try:
        player = Player(home / "town", language)
        session = session_of(SCREENS / name / "session.txt")
        prepare(player, session.start)
        for path in (SCREENS / name).iterdir():
            if path.is_dir():
                shutil.copytree(path, player.folder / path.name, dirs_exist_ok=True)
            elif not path.name.startswith(("session.", "expected.")):
                shutil.copy(path, player.folder)
        return player.play(session)
    finally:
        shutil.rmtree(home)


def prepare(player: Player, start: str) -> None:
    """Fill the player's folder with what a session starts from."""
    if start == "nowhere":
        player.folder.mkdir()
    elif start == "town":
        shutil.copytree(GOLDEN / "town", player.folder)
        shutil.copytree(ROOT / "workflows" / "procedures", player.folder / "workflows" / "procedures")
    else:
        before = session_of(SCREENS / f"{start}.txt")
        prepare(player, before.start)
        player.play(before)
