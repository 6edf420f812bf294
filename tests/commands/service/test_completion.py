"""TAB in the shells themselves: words, titles beside them, and what stands behind `=`."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fujin_cli.commands.common.completion_values import CompletionValues
from fujin_cli.commands.common.tab_words import TABLE, find_position, read_table
from tests.support.command_line import COORDINATOR, FUJIN, City
from tests.support.terminal import on_terminal

TAB = {  # what is typed before TAB → the line after it
    "fujin sta": "fujin status ",
    "fujin case list --over": "fujin case list --overdue ",
    "fujin case show XF02": "fujin case show XF02-202606a-0001 ",
    "fujin case show XF01-202606a-0": "fujin case show XF01-202606a-0001 ",
    "fujin case advance 2606a": "fujin case advance 2606a",  # it fits two cases
    "fujin case show F02-2": "fujin case show XF02-202606a-0001 ",
    "fujin case show 水管": "fujin case show XF02-202606a-0001 ",
    "fujin case advance XF01-202606a-0001 disp": "fujin case advance XF01-202606a-0001 dispatch ",
    "fujin case advance f01-202606a-0001 dispatch --set lea": (
        "fujin case advance f01-202606a-0001 dispatch --set lead="
    ),
    "fujin case advance f01-202606a-0001 dispatch --set lead=poli": (
        "fujin case advance f01-202606a-0001 dispatch --set lead=police "
    ),
    "fujin case advance f01-202606a-0001 dispatch --set lead=公安": (
        "fujin case advance f01-202606a-0001 dispatch --set lead=police "
    ),
    "fujin case list --community=XF1": "fujin case list --community=XF1",
    "fujin case list --community=XF02": "fujin case list --community=XF02 ",
    "fujin case open resident-request --channel wech": "fujin case open resident-request --channel wechat ",
    "fujin case open resident-request --set scope=maj": "fujin case open resident-request --set scope=majority ",
    "fujin case note f01-202606a-0001 x --as p-010": "fujin case note f01-202606a-0001 x --as p-010",
    "fujin explain FJ10": "fujin explain FJ10",
    "fujin explain FJ102": "fujin explain FJ102 ",
    "fujin outbox done XF01-202606a-0001.2": "fujin outbox done XF01-202606a-0001.2.1 ",
    "fujin -w . community show XF03": "fujin -w . community show XF03 ",
    "fujin validate workf": "fujin validate workflows/",
}


@pytest.fixture(scope="module")
def street(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Two cases, of which one waits to be dispatched, and a program called fujin on the path."""
    folder = tmp_path_factory.mktemp("street") / "city"
    shutil.copytree(shipped, folder)
    city = City(folder)
    one = city.open(summary="路灯不亮")["case"]
    city.open(community="XF02", summary="水管漏水")
    city.do(one, "accept")
    for volume in (folder / "data" / "ledger").glob("XF*/*.json"):
        os.utime(volume, (1, 1))  # so that what cases are about is kept at once
    assert city.run("case", "list").code == 0
    programs = folder.parent / "bin"
    programs.mkdir()
    (programs / "fujin").write_text(f'#!/bin/sh\nexec {shlex.join(FUJIN)} "$@"\n', "utf-8")
    (programs / "fujin").chmod(0o755)
    return City(folder, env={"PATH": f"{programs}:{os.environ['PATH']}", "FUJIN_AS": COORDINATOR, "LC_ALL": "C.UTF-8"})


SHELLS = {  # how each shell starts without anybody's own settings, and what it must be told first
    "bash": (("--norc", "--noprofile", "-i"), 'eval "$(fujin completion bash)"'),
    "zsh": (("-f", "-i"), 'bindkey -e; eval "$(fujin completion zsh)"'),
}
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.mark.slow
def test_marks_of_the_terminal_are_known_at_tab(street: City) -> None:
    typed = 'eval "$(fujin completion bash)"; fujin case show XF01-202606a-0001 >/dev/null\r'
    typed += "fujin case advance @ disp\t\x01echo 'line:' \rexit\r"
    options = ["--norc", "--noprofile", "-i"]
    screen = on_terminal(street, options, typed, columns=100, program=["bash"], wait=60, controls=True)[1]
    assert "line: fujin case advance @ dispatch\n" in CONTROL.sub("", screen)


def need(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_in_the_shell_itself(street: City, shell: str) -> None:
    """Each line is typed and followed by TAB; in place of running it, the shell shows what it has become."""
    need(shell)
    options, first = SHELLS[shell]
    typed = "".join(f"{line}\t\x01echo 'line:' \r" for line in TAB)
    screen = on_terminal(street, options, f"{first}\r{typed}exit\r", columns=200, program=[shell], wait=120)[1]
    lines = [CONTROL.sub("", line) for line in screen.splitlines()]
    shown = [line.removeprefix("line: ").rstrip("/") for line in lines if line.startswith("line: ")]
    assert shown == [line.rstrip(" /") for line in TAB.values()], screen


@pytest.mark.slow
def test_fish_completes_with_titles(street: City) -> None:
    """Fish itself finds the words that fit; it knows no beginnings of titles."""
    need("fish")
    asked = [line for line in TAB if "公安" not in line and "水管" not in line and "workf" not in line]
    script = ["fujin completion fish | source"]
    for line in asked:
        script += [f"echo 'line: {line}'", f"complete -C '{line}'"]
    done = subprocess.run(
        ["fish", "--no-config", "-c", "\n".join(script)],
        cwd=street.folder,
        env=street.environment(),
        text=True,
        capture_output=True,
        timeout=120,
    )
    offered = {part.split("\n")[0]: part.split("\n")[1:-1] for part in done.stdout.split("line: ")[1:]}
    for line in asked:
        words = [row.partition("\t")[0] for row in offered[line]]
        whole = TAB[line].split(" ")[-2 if TAB[line].endswith(" ") else -1]
        assert whole in words or (whole == line.split(" ")[-1] and len(words) != 1), (line, done)
    assert offered["fujin case show XF02"] == ["XF02-202606a-0001\t水管漏水"]


@pytest.mark.slow
def test_bash_lists_several_words_with_what_they_stand_for(street: City) -> None:
    # Ctrl-A and # make a remark of the line: Ctrl-U would kill it before bash reads it, while the first line runs.
    typed = 'eval "$(fujin completion bash)"\rfujin case show XF0\t\t\x01#\rexit\r'
    screen = on_terminal(street, ["--norc", "--noprofile", "-i"], typed, columns=100, program=["bash"], wait=60)[1]
    assert "XF01-202606a-0001  (路灯不亮)" in screen and "XF02-202606a-0001  (水管漏水)" in screen


def test_tab_imports_little_and_says_nothing_where_it_cannot_help(street: City, tmp_path: Path) -> None:
    """It reads a table in place of the commands, and no file is compiled."""
    spy = "import sys, atexit; atexit.register(lambda: print([*sys.modules])); "
    spy += "from fujin_cli.__main__ import main; main()"
    for folder in (street.folder, tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", spy],
            cwd=folder,
            env=street.environment({"_FUJIN_COMPLETE": "bash", "_FUJIN_LINE": "fujin case show "}),
            text=True,
            capture_output=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert ("XF01-202606a-0001" in done.stdout) == (folder == street.folder)
        modules = set(ast.literal_eval(done.stdout.splitlines()[-1]))
        assert not modules & {"typer", "rich", "pydantic", "ruamel", "tinydb", "fujin_cli.cli"}
        assert "fujin_cli.core.model.compile_procedure" not in modules


def test_every_kind_of_the_table_has_values(street: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that nothing lists would be a TAB that does nothing, silently."""
    monkeypatch.chdir(street.folder)
    kinds = set(re.findall(r'\[\s+"([a-z]+)",\s+(?:"|true|false)', TABLE.read_text("utf-8"))) - {"file", "folder"}
    before = {
        "channel": "case open resident-request",
        "field": "case open resident-request --set",
        "action": "case list --can",
    }
    assert {"case", "message", "order", "role", "channel"} <= kinds
    for kind in kinds:
        words = before.get(kind, "case show").split()
        position = find_position(read_table(), [*words, ""])
        position.kind = kind
        assert list(CompletionValues(read_table(), position).list_values()), kind
