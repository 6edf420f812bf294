"""The command line under test: in this process where that will do, as a process of its own where it must be one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from fujin_cli import language
from fujin_cli.cli import run_command_line as run_here
from fujin_cli.commands.workspace import validate
from fujin_cli.use_cases import session
from tests.support.paths import ROOT

FUJIN = [sys.executable, "-m", "fujin_cli"]

MONDAY = "2026-06-01T09:00"  # an ordinary working day
CONTACT = "name: 样例·周某\nphone: 000-0000-0042\naddress: 样例路 42 号\n"
PRIVATE = ("样例·周某", "000-0000-0042", "样例路 42 号")

# Staff of the shipped workspace: XF01 has an environment and an opinion committee, XF02 utilities, XF03 lighting.
COORDINATOR, INSPECTOR, COLLECTOR, SUPERVISOR = "p-0001", "p-0103", "p-0105", "p-0101"
LEAD, SECOND = "city-management", "police"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The one JSON object on stderr."""
        return json.loads(self.err)["error"]


class Handled(NamedTuple):
    """A case that two partners are handling, and the orders they have."""

    case: str
    code: str
    orders: list[str]


class Finished(NamedTuple):
    """A case that waits for acceptance."""

    case: str
    code: str


@dataclass
class City:
    """A workspace, and who types commands in it."""

    folder: Path
    language: str = "en"
    env: dict[str, str] = field(default_factory=dict)

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Nothing of the machine's own settings but where programs are."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        own = {"FUJIN_LANG": self.language, "USER": "nobody-known", "LOGNAME": "nobody-known", "PYTHONPATH": str(ROOT)}
        merged = {**kept, **own, **self.env, **(more or {})}
        return {name: value for name, value in merged.items() if value != ""}

    def run(
        self, *arguments: str, stdin: str = "", now: str | None = None, env: Mapping[str, str] | None = None
    ) -> Ran:
        """Run a command in this process; stdout and stderr are no terminals."""
        given = [*arguments, *(["--now", now] if now else [])]
        out, err = io.StringIO(), io.StringIO()
        here = _as_if(self.folder, self.environment(env), stdin)
        with here, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_here(given)
        return Ran(code, out.getvalue(), err.getvalue())

    def spawn(self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None, **more: Any) -> Ran:
        """Run a command as a process of its own, with pipes."""
        done = subprocess.run(
            [*FUJIN, *arguments],
            cwd=self.folder,
            env=self.environment(env),
            input=stdin,
            text=True,
            capture_output=True,
            timeout=60,
            **more,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, env: Mapping[str, str] | None = None, **more: Any) -> subprocess.Popen[str]:
        """Start a command and do not wait for it."""
        with children_heed_ctrl_c():
            return subprocess.Popen(
                [*FUJIN, *arguments],
                cwd=self.folder,
                env=self.environment(env),
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **more,
            )

    def ask(self, *arguments: str, now: str | None = None, stdin: str = "") -> Any:
        """The JSON answer of a command that works."""
        ran = self.run(*arguments, "--json", now=now, stdin=stdin)
        assert ran.code == 0, ran
        return ran.json

    def refusal(self, *arguments: str, now: str | None = None, stdin: str = "") -> Any:
        """The refusal with which a command answers: one JSON object on stdout, exit code 1 (2 for an unknown case)."""
        ran = self.run(*arguments, "--json", now=now, stdin=stdin)
        assert ran.code in (1, 2), ran
        assert (ran.code == 2) == (ran.json["refused"]["code"] == "FJ814"), ran
        assert set(ran.json) == {"version", "refused"} and ran.json["version"] == 1
        assert ran.json["refused"]["message"]
        assert ran.err == ""
        return ran.json["refused"]

    # the things that tests do again and again

    def open(self, *more: str, community: str = "XF01", now: str = MONDAY, **sets: str) -> Any:
        """Open a request; the JSON answer."""
        values = {"summary": "三号楼的垃圾桶满了", "topic": "sanitation", "scope": "building", **sets}
        given = [part for name, value in values.items() for part in ("--set", f"{name}={value}")]
        return self.ask(
            "case",
            "open",
            "resident-request",
            "--community",
            community,
            "--as",
            collector(community),
            *given,
            "--set",
            "reporter=@-",
            *more,
            now=now,
            stdin=CONTACT,
        )

    def do(self, case: str, action: str, *more: str, now: str = MONDAY, actor: str = COORDINATOR) -> Any:
        """Do an action; the JSON answer."""
        return self.ask("case", "advance", case, action, "--as", actor, *more, now=now)

    def dispatched(self, now: str = "2026-06-01T09:05") -> tuple[str, str, list[str]]:
        """A case that is being handled by two partners: its id, its acceptance code, its two orders."""
        opened = self.open()
        self.do(opened["case"], "accept", now=now)
        more = ("--set", f"lead={LEAD}", "--set", f"partners={SECOND}")
        orders = self.do(opened["case"], "dispatch", *more, now=now)["opened"]
        return opened["case"], opened["acceptance_code"], orders

    def finished(self) -> tuple[str, str]:
        """A case that waits for acceptance at 10:00 on the second: its id and its acceptance code."""
        case, code, orders = self.dispatched()
        for order, partner in zip(orders, (LEAD, SECOND), strict=True):
            self.do(order, "acknowledge", now="2026-06-01T09:30", actor=partner)
            self.do(order, "report-done", "--set", "result=清运完毕", now="2026-06-02T09:00", actor=partner)
            self.do(order, "verify", now="2026-06-02T09:30", actor=INSPECTOR)
        self.do(case, "finish", "--set", "result=已清运", now="2026-06-02T10:00")
        return case, code

    def history(self, case: str) -> list[Any]:
        """The events of a case."""
        shown: list[Any] = self.ask("case", "show", case, now=MONDAY)["events"]
        return shown

    def cases(self, *more: str) -> list[str]:
        """The ids of all cases, ended ones too."""
        return [entry["case"] for entry in self.ask("case", "list", "--all", *more, now=MONDAY)["cases"]]

    def tree(self, *without: str) -> dict[str, bytes]:
        """Every file of the workspace and what is in it."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.relative_to(self.folder).as_posix().startswith(without or ("\0",))
        }


@contextlib.contextmanager
def children_heed_ctrl_c() -> Iterator[None]:
    """Let SIGINT end child processes that are started here, also where the tests run under ``nohup`` or in background.

    There SIGINT is ignored, and children inherit that; a handler of the parent becomes the default in its children.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def collector(community: str) -> str:
    """Who takes in requests at a community's office."""
    return {"XF01": "p-0105"}.get(community, "resident")


class Clock(datetime):
    """The clock of commands without ``--now``: terms and calendars of the shipped workspace end some day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime(2026, 11, 27, 2, 0, tzinfo=UTC).astimezone(tz)


@contextlib.contextmanager
def _as_if(folder: Path, environment: Mapping[str, str], stdin: str) -> Iterator[None]:
    """As a process of its own would find it: its folder, its environment, its stdin, its language."""
    before, speaks, environ, inlet = Path.cwd(), language.current_language(), dict(os.environ), sys.stdin
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    try:
        with mock.patch.object(session, "datetime", Clock), mock.patch.object(validate, "datetime", Clock):
            yield
    finally:
        sys.stdin = inlet
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(before)
        language.set_language(speaks)


def lay_city(folder: Path, rehearsal: bool = True, scenarios: bool = False) -> Path:
    """The shipped configuration at ``folder``, as a rehearsal unless said otherwise.

    Scenarios are three of four of its files, and every command reads them all: few tests need them.
    """
    without = None if scenarios else shutil.ignore_patterns("scenarios")
    shutil.copytree(ROOT / "workflows", folder / "workflows", ignore=without)
    if rehearsal:
        head = folder / "workflows" / "workspace.yaml"
        head.write_text(re.sub(r"^rehearsal: no\b", "rehearsal: yes", head.read_text("utf-8"), flags=re.M), "utf-8")
    return folder
