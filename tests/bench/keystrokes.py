"""Type a coordinator's day of requests on a terminal, and count the keystrokes that each request takes.

Before: every command line in full, as it had to be typed before short references and forms. After: what is typed on a
terminal of 80 × 24 now. The acceptance code, the complainant's data and all results are typed in both.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import tempfile
import termios
from pathlib import Path
from statistics import median

from tests.support.command_line import FUJIN, City, lay_city
from tests.support.terminal import take_terminal

PROMPT = "READY> "
WAITING = re.compile(r"\n?(READY> |> |[:：] )$")  # the end of the screen while the shell or a form waits
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
ID = re.compile(r"XF01-\d{6}[a-z]-\d{4}")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{8}\b")  # a whole word: a receipt may end in eight digits
SUMMARIES = ("路灯不亮", "垃圾桶满了", "下水道堵塞", "楼道堆放杂物", "小广告贴满单元门")
COORDINATOR, INSPECTOR, LEAD = "p-0001", "p-0103", "city-management"
CONTACT = "name: 样例·周某\nphone: 000-0000-0042\n"


class Desk:
    """A shell on a terminal of its own, and how many keys were pressed in it."""

    def __init__(self, city: City) -> None:
        self.keys = 0
        self._keyboard, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"],
            cwd=city.folder,
            env=city.environment(
                {"TERM": "xterm", "PS1": PROMPT, "FUJIN_AS": COORDINATOR, "FUJIN_PROGRESS": "no", "LC_ALL": "C.UTF-8"}
            ),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=take_terminal,  # noqa: PLW1509 - one thread
        )
        os.close(terminal)
        self._read()

    def type(self, *lines: str) -> str:
        """Type a command and the answers to its form; return what stood on the screen."""
        self.keys += sum(len(line) + 1 for line in lines)
        screen = ""
        for line in lines:
            os.write(self._keyboard, f"{line}\r".encode())
            screen += self._read()
        return screen

    def close(self) -> None:
        """End the shell."""
        os.write(self._keyboard, b"exit\r")
        self._shell.wait(timeout=10)
        os.close(self._keyboard)

    def _read(self) -> str:
        """Read the screen until the shell, or a form, waits for the next line."""
        seen = b""
        while not WAITING.search(ESCAPES.sub("", seen.decode("utf-8", "ignore"))):
            ready, _, _ = select.select([self._keyboard], [], [], 30)
            if not ready:
                raise TimeoutError(seen.decode("utf-8", "replace")[-500:])
            seen += os.read(self._keyboard, 65536)
        return seen.decode("utf-8", "replace")


def count_before(summary: str, case: str, order: str, code: str) -> int:
    """Count the keys of one request with every word in full."""
    advance = "fujin case advance"
    lines = [
        *CONTACT.splitlines(),
        f"fujin case open resident-request --community XF01 --set summary={summary} --set topic=sanitation "
        "--set scope=building --set reporter=@c.txt",
        f"{advance} {case} accept",
        f"{advance} {case} dispatch --set lead={LEAD}",
        f"{advance} {order} acknowledge --as {LEAD}",
        f"{advance} {order} report-done --set result=已办好 --as {LEAD}",
        f"{advance} {order} verify --as {INSPECTOR}",
        f"{advance} {case} finish --set result=已办好",
        f"{advance} {case} approve --as {INSPECTOR} --code {code}",
    ]
    return sum(len(line) + 1 for line in lines)


def type_request(desk: Desk, summary: str) -> tuple[int, int]:
    """Type one request from opening to acceptance; return the keys now, and those of before."""
    begin = desk.keys
    contact = ("样例·周某", "000-0000-0042")
    screen = desk.type("fujin case open", "3", "", summary, *contact, "1", "", "", "2", "")
    case, code = ID.findall(screen)[-1], CODE.findall(screen)[-1]
    desk.type("fujin case advance @", "1", "")  # accept
    screen = desk.type("fujin case advance @", "1", "1", "", "")  # dispatch to the first partner that suits
    order = next(id for id in reversed(ID.findall(screen)) if id != case)
    number = order[-4:]
    desk.type(f"fujin case advance {number} acknowledge --as {LEAD}")
    desk.type(f"fujin case advance @ report-done --as {LEAD} --set result=已办好")
    desk.type(f"fujin case advance {number} verify --as {INSPECTOR}")
    desk.type(f"fujin case advance {case[-4:]}", "1", "已办好", "", "", "")  # finish
    desk.type(f"fujin case advance {case[-4:]} approve --as {INSPECTOR} --code {code}")
    return desk.keys - begin, count_before(summary, case, order, code)


def type_day(language: str, requests: int = 40) -> tuple[float, float, int]:
    """Type a day; return the median keys of a request now and before, and how many requests were satisfied."""
    with tempfile.TemporaryDirectory() as folder:
        bin = Path(folder) / "bin"
        bin.mkdir()
        (bin / "fujin").write_text(f'#!/bin/sh\nexec {" ".join(FUJIN)} "$@"\n', "utf-8")
        (bin / "fujin").chmod(0o755)
        city = City(lay_city(Path(folder) / "city"), language)
        city.env["PATH"] = f"{bin}:{os.environ['PATH']}"
        desk = Desk(city)
        keys = [type_request(desk, SUMMARIES[number % len(SUMMARIES)]) for number in range(requests)]
        desk.close()
        cases = city.ask("case", "list", "--all", "--procedure", "resident-request")["cases"]
        done = sum(case["outcome"] == "done" for case in cases)
        return median(now for now, _before in keys), median(before for _now, before in keys), done


if __name__ == "__main__":
    for tongue in ("zh", "en"):
        now, before, done = type_day(tongue)
        print(
            f"{tongue}: {before:.0f} keys a request before, {now:.0f} now ({1 - now / before:.0%} fewer); {done} done"
        )
