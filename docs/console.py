"""Runs the console blocks of a page and compares what they show with what happens.

How a page is written: a page is one story in one temporary folder. A block fenced as ``console`` is run as on a
terminal of 80 columns without colours, in Chinese on pages called ``*.zh-CN.md``, else in English.

- ``$ `` begins a command, ``> `` continues it. What stands below it, up to the next one, is what it shows.
- A command that fails is followed by ``$ echo $?``; every other one must succeed.
- ``…`` stands for any text, on a line of its own for any lines.
- What nobody can foretell (acceptance codes, receipts, references into the vault) is written as it was once: where such
  a word is first shown it is bound to what really came, and replaced in everything that follows.
- ``<!-- start: init -->`` begins in a fresh rehearsal made by ``fujin init``, ``<!-- start: city -->`` in a copy of the
  workspace of this repository.
- ``<!-- edit PATH: OLD → NEW -->`` is what the text around it asks the reader to do with an editor;
  ``<!-- file PATH -->`` before a fenced block says that the reader saves the block under that name.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from fujin_cli.cli import run_command_line

ROOT = Path(__file__).resolve().parent.parent
BUG = 3  # the exit code of a fault of fujin itself
FAULTS = ("internal error in fujin", "这是 fujin 自身的错误")
_PARTS = re.compile(
    r"^<!-- start: (?P<start>init|city) -->$"
    r"|^<!-- edit (?P<edited>\S+): (?P<old>.+?) → (?P<new>.+?) -->$"
    r"|^<!-- file (?P<file>\S+) -->\n+```\w*\n(?P<text>.*?)^```$"
    r"|^```console\n(?P<console>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
# What differs at each run: how it may be written on a page, and how it may really look.
_VOLATILE = (
    (r"\b(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-HJKMNP-TV-Z]{8}\b", r"[0-9A-HJKMNP-TV-Z]{8}"),  # acceptance codes
    (r"\bvault:c-[0-9a-f]{16}\b", r"vault:c-[0-9a-f]{16}"),
    (r"\b[0-9a-f]{64}\b", r"[0-9a-f]{64}"),
    (r"\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{12}\b", r"[0-9a-f]{12}"),  # receipts
)
_WRITTEN = re.compile("|".join(f"({written})" for written, _ in _VOLATILE))
_SHELL = re.compile(r"[|&;<>$`(){}*]")  # outside quotes these need a real shell


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Command:
    """One command of a page, at a line of it, and the lines that it is said to show."""

    text: str
    shown: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Mismatch:
    """A command that did something else than the page says."""

    command: Command
    why: str


@dataclass
class Session:
    """One page's story: the folder, the environment, the last exit code, and what unforeseeable words stand for."""

    folder: Path
    language: str
    environment: dict[str, str] = field(default_factory=dict)
    code: int = 0
    bound: dict[str, str] = field(default_factory=dict)

    def actual(self, text: str) -> str:
        """``text`` with the words that really came."""
        return _WRITTEN.sub(lambda match: self.bound.get(match[0], match[0]), text)

    def execute(self, text: str) -> str:
        """Run one command; what it shows."""
        text = self.actual(text)
        words = shlex.split(text, comments=True)
        if text == "echo $?":
            code, self.code = self.code, 0
            return f"{code}\n"
        if words[0] == "cd" and len(words) == 2:
            self.folder = (self.folder / words[1]).resolve()
            return ""
        if words[0] == "export":
            self.environment |= dict(word.split("=", 1) for word in words[1:])
            return ""
        if words[0] == "fujin" and not _SHELL.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", text)):
            return self._inside(words[1:])
        return self._outside(text)

    def _variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FUJIN_", "LC_", "LANG"))}
        own = {
            "FUJIN_LANG": self.language,
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
            "FUJIN_PROGRESS": "no",
        }
        return {**kept, **own, **self.environment}

    def _inside(self, arguments: list[str]) -> str:
        out = _Terminal()
        with _surroundings(self.folder, self._variables()), redirect_stdout(out), redirect_stderr(out):
            self.code = run_command_line(arguments)
        return out.getvalue()

    def _outside(self, text: str) -> str:
        program = f'fujin() {{ {shlex.quote(sys.executable)} -m fujin_cli "$@"; }}\n'
        variables = self._variables() | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            ["bash", "-c", program + text],
            cwd=self.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.code = done.returncode
        return done.stdout

    def compare(self, shown: tuple[str, ...], output: str) -> bool:
        """Whether ``output`` is what the page shows; binds the words that the page shows for the first time."""
        names: dict[str, str] = {}
        pattern = "".join(self._line(line, names) for line in shown)
        match = re.fullmatch(pattern, _trimmed(output))
        if match:
            self.bound |= {written: match[name] for written, name in names.items()}
        return match is not None

    def _line(self, line: str, names: dict[str, str]) -> str:
        if line.strip() == "…":
            return r"(?:.*\n)*?"
        parts, end = [], 0
        for match in _WRITTEN.finditer(line):
            parts.append(_literal(line[end : match.start()]))
            parts.append(self._word(match, names))
            end = match.end()
        return "".join(parts) + _literal(line[end:]) + r"\n"

    def _word(self, match: re.Match[str], names: dict[str, str]) -> str:
        written = match[0]
        if written in self.bound:
            return re.escape(self.bound[written])
        if written in names:
            return f"(?P={names[written]})"
        names[written] = f"word{len(names)}"
        really = next(really for (_, really), group in zip(_VOLATILE, match.groups(), strict=True) if group)
        return f"(?P<{names[written]}>{really})"


def _literal(text: str) -> str:
    return ".*?".join(re.escape(part) for part in text.split("…"))


def _trimmed(output: str) -> str:
    """The output as a page shows it: no blanks at the ends of lines, no empty lines at the end."""
    lines = [line.rstrip() for line in output.rstrip().splitlines()]
    return "".join(f"{line}\n" for line in lines)


@contextmanager
def _surroundings(folder: Path, variables: dict[str, str]) -> Iterator[None]:
    before, kept, stdin = Path.cwd(), dict(os.environ), sys.stdin
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.stdin = io.TextIOWrapper(io.BytesIO(b""), "utf-8")
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(kept)
        sys.stdin = stdin


def commands_of(block: str, first_line: int = 1) -> list[Command]:
    """The commands of a console block, with what each is said to show."""
    found: list[tuple[list[str], list[str], int]] = []
    for number, line in enumerate(block.splitlines(), first_line):
        if line.startswith("$ "):
            found.append(([line[2:]], [], number))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line[2:])
        else:
            found[-1][1].append(line)
    return [Command("\n".join(text).replace("\\\n", ""), tuple(_shown(shown)), line) for text, shown, line in found]


def _shown(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    return [line.rstrip() for line in lines]


def check(page: Path) -> list[Mismatch]:
    """Every command of the page that does something else than the page says."""
    return _tell(page)[0]


def rewritten(page: Path) -> str:
    """The page with what really happens in place of what does not fit."""
    return _tell(page)[1]


def _tell(page: Path) -> tuple[list[Mismatch], str]:
    text = page.read_text("utf-8")
    mismatches: list[Mismatch] = []
    pieces, end = [], 0
    with tempfile.TemporaryDirectory(prefix="fujin-docs-") as temporary:
        session = Session(Path(temporary), "zh" if page.name.endswith(".zh-CN.md") else "en")
        for match in _PARTS.finditer(text):
            if match["console"] is None:
                _prepare(session, match)
                continue
            line = text.count("\n", 0, match.start("console")) + 1
            pieces += [text[end : match.start("console")], _block(session, match["console"], line, mismatches)]
            end = match.end("console")
    return mismatches, "".join(pieces) + text[end:]


def _prepare(session: Session, match: re.Match[str]) -> None:
    if match["start"] == "init":
        session.execute("fujin init my-city")
        session.execute("cd my-city")
    elif match["start"] == "city":
        shutil.copytree(ROOT / "workflows", session.folder / "workflows")
    if match["start"]:
        edit(session.folder / "workflows" / "workspace.yaml", "rehearsal: no ", "rehearsal: yes")
    if match["edited"]:
        edit(session.folder / match["edited"], match["old"], match["new"])
    if match["file"]:
        target = session.folder / match["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(match["text"], "utf-8")


def edit(path: Path, old: str, new: str) -> None:
    """Replace ``old``, which stands there once. Raises ValueError where it does not."""
    text = path.read_text("utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{path}: {old!r} stands there {text.count(old)} times, not once")
    path.write_text(text.replace(old, new), "utf-8")


class FaultShown(Exception):
    """A command ended in a fault of fujin itself, or was killed. That is nothing that a page could show."""


def refuse_a_fault(command: str, code: int, output: str) -> None:
    """Raise FaultShown for what must never be written down as what a command shows.

    The words are looked for too: behind a pipe in a shell the exit code is another program's.
    """
    if code in (BUG, 126, 127) or code < 0 or code > 130 or "Traceback (most recent call last)" in output:
        raise FaultShown(f"{command}\nended with {code}; mend that first, nothing was written:\n{output}")
    if any(words in output for words in FAULTS):
        raise FaultShown(f"{command}\nshows a fault of fujin; mend that first, nothing was written:\n{output}")


def _block(session: Session, block: str, line: int, mismatches: list[Mismatch]) -> str:
    """Run a block; the block as it should be."""
    out: list[str] = []
    commands = commands_of(block, line)
    lines = block.splitlines()
    for index, command in enumerate(commands):
        begin = command.line - line
        stop = commands[index + 1].line - line if index + 1 < len(commands) else len(lines)
        output = session.execute(command.text)
        refuse_a_fault(f"line {command.line}: {command.text}", session.code, output)
        explained = index + 1 < len(commands) and commands[index + 1].text == "echo $?"
        if session.code and not explained:
            mismatches.append(Mismatch(command, f"exit code {session.code}, which no `echo $?` tells\n{output}"))
        if session.compare(command.shown, output):
            out += lines[begin:stop]
            continue
        mismatches.append(Mismatch(command, _trimmed(output)))
        typed = [text for text in lines[begin:stop] if text.startswith("$ ")]
        typed += [text for text in lines[begin + 1 : stop] if text.startswith("> ")]
        out += [*typed, *_as_written(session, command, _trimmed(output)).splitlines()]
        out += [""] if lines[stop - 1 : stop] == [""] else []
    return "".join(f"{text}\n" for text in out)


def _as_written(session: Session, command: Command, output: str) -> str:
    """The output with the page's own words for what differs at each run, as far as their order tells which."""
    old = [match[0] for match in _WRITTEN.finditer("\n".join(command.shown))]
    known = {really: written for written, really in session.bound.items()}
    new = [match[0] for match in _WRITTEN.finditer(output) if match[0] not in known]
    fresh = [word for word in old if word not in session.bound]
    for written, really in zip(fresh, new, strict=False):
        session.bound[written] = really
        known[really] = written
    return _WRITTEN.sub(lambda match: known.get(match[0], match[0]), output)
