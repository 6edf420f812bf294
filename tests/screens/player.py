"""Plays a session of commands and writes down what each shows: on a terminal of 80 columns, piped, and as JSON.

On a terminal of 60 columns each command is run too; that screen is compared with the wide one, and not written down.

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

import io
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.screens.golden_text import Screen, Shown, screen, written
from tests.screens.processes import run_forked
from tests.screens.sessions import GOLDEN, SCREENS, Line, Session, session_of
from tests.support.paths import ROOT

WIDE, NARROW = 80, 60
EXPECTED = (0, 1, 2, 75, 130)
"""Exit codes that a screen may end with; any other is a fault of fujin (3) or a process that was killed."""
# What nobody can foretell, or what differs from machine to machine: the word that stands for it, and how it looks.
_VOLATILE = {
    "sha256": r"\b[0-9a-f]{64}\b",
    "receipt": r"\b(?=[a-f]*[0-9])[0-9a-f]{12}\b",  # of digits alone, too: it begins a hash
    "contact": r"(?<=vault:c-)[0-9a-f]{16}\b",
    "request": r"(?<=[0-9][a-z]\.)[0-9A-HJKMNP-TV-Z]{16}\b|\b(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-HJKMNP-TV-Z]{16}\b",
    "code": r"\b(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-HJKMNP-TV-Z]{8}\b",
}
SAMPLE = "7K3Q9XZ2"  # the code that the help page shows
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _VOLATILE.items()))


@dataclass(slots=True)
class Played:
    """What a session showed: the text of its golden file, and (wide, narrow) for each command shown on terminals."""

    text: str = ""
    terminals: list[tuple[Screen, Screen]] = field(default_factory=list)


@dataclass
class Player:
    """One session in one language: its folder, its clock, and the words that stand for what came out of chance."""

    folder: Path
    language: str
    clock: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    seed: int = 0

    def play(self, session: Session) -> Played:
        """Run the session's commands."""
        texts: list[str] = []
        played = Played()
        for line in session.lines:
            if line.sort == "at":
                self.clock = line.text
            elif line.sort == "edit":
                self._edit(line.text)
            elif line.sort == "%":
                silent = self._run(line, "piped", 0)
                assert silent.code == 0, (line, silent)
                self._named(silent.out)
            else:
                ways = {shown.way: self._named_of(shown) for shown in self._ways(line)}
                narrow = ways.pop(f"{NARROW} columns", None)
                texts.append(written(line, [*ways.values()]))
                if narrow:
                    played.terminals.append((screen(line, ways[f"{WIDE} columns"]), screen(line, narrow)))
        played.text = "\n".join(texts)
        return played

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
            ways += [(f"{width} columns", width) for width in (WIDE, NARROW)]
        if line.sort == "colour$":
            ways.append((f"{WIDE} columns, in colour", WIDE))
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
            "FUJIN_LANG": self.language,
            "USER": "nobody-known",
            "LOGNAME": "nobody-known",
            "TERM": "xterm",
            "FUJIN_PROGRESS": "no",  # how long something takes differs from run to run
        }
        environment |= {"COLUMNS": str(width)} if width else {}
        environment |= {} if "colour" in way else {"NO_COLOR": "1"}
        typed = "".join(f"{text}\n" for text in line.typed).encode()
        began = time.time() - 1
        code, out, err = run_forked(lambda: _child(arguments, self.folder, environment, self.seed), typed, width)
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
        for real, stand_in in self.words.items():
            word = word.replace(stand_in, real)
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


def _child(arguments: list[str], folder: Path, environment: dict[str, str], seed: int) -> int:
    """The command line, as a process of its own would run it."""
    from fujin_cli.cli import run_command_line

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
    code = run_command_line(arguments)
    sys.stdout.flush()
    return code


def begin(language: str) -> None:
    """Read the whole program in a language: what an option means is put into words when its module is imported."""
    from fujin_cli import language as speech
    from fujin_cli.cli import COMMANDS, build_command

    os.chdir(ROOT)
    speech.set_language(language)
    group = build_command()
    for name in COMMANDS:
        group.get_command(None, name)  # type: ignore[arg-type]


def play(name: str, language: str) -> Played:
    """Play the session of that name in the language that this process has begun in."""
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
