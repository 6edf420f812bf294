"""The Chinese catalogue: complete, compiled, with the holes of the English sentences; no page stays English."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.paths import ROOT

CHINESE = {**os.environ, "FUJIN_LANG": "zh", "COLUMNS": "200"}
# Three English words in a row are a sentence that nobody translated; commands stand in backticks or under the examples.
SENTENCE = re.compile(r"\b[A-Za-z]+ [a-z]+ [a-z]+\b")
EVERY_PAGE = """
import contextlib, io, re
from fujin_cli.cli import run_command_line

def pages(path):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        run_command_line([*path, "--help"])
    text = out.getvalue()
    print(text)
    listed = text.partition("命令：")[2].partition("选项：")[0]
    for name in re.findall(r"^  ([a-z-]+) ", listed, re.MULTILINE):
        pages([*path, name])

pages([])
"""


def _tool() -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))  # the tool imports the one beside it
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "docs" / "catalogues.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_every_sentence_is_translated_with_its_holes_and_compiled() -> None:
    done = subprocess.run(
        [sys.executable, "docs/catalogues.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_no_translation_is_the_english_sentence() -> None:
    same = [
        message.id
        for message in _tool().merged()
        if message.id and message.id == message.string and re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", message.id))
    ]
    # A name that is the same everywhere, and words that people type.
    assert sorted(same) == ["fujin {version}"]


@pytest.mark.slow
def test_no_sentence_hides_from_the_collector_inside_an_f_string() -> None:
    hidden = []
    for path in (ROOT / "fujin_cli").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
                names = {call.func.id for call in calls if isinstance(call.func, ast.Name) and call.args}
                literal = any(isinstance(call.args[0], ast.Constant) for call in calls if call.args)
                if names & {"say", "say_count", "_", "translate"} and literal:
                    hidden.append(f"{path.name}:{node.lineno}")
    assert hidden == []


def parsed() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the program."""
    for path in sorted((ROOT / "fujin_cli").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def called(node: ast.AST) -> str:
    """The last word of what a call calls; nothing for what is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def without_a_literal(module: ast.Module) -> list[int]:
    """The lines on which a sentence that the collector cannot see is asked to be translated."""
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    asked = [call for call in calls if called(call) in ("say", "say_count", "_", "translate")]
    return [
        call.lineno
        for call in asked
        if not (call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    ]


# Calls that show something to people. Examples of commands are no sentences: they begin with the program's name.
SHOWING = {
    "print",
    "write",
    "warn",
    "echo",
    "answer",
    "Finding",
    "Refusal",
    "Related",
    "Step",
    "WrongUsage",
    "Trouble",
    "Fix",
    "error",
    "Column",
    "Table",
    "Item",
}
IGNORED = re.compile(r"^\s*fujin |No newline at end of file")


def english_shown(module: ast.Module) -> list[int]:
    """The lines with a sentence in English that is shown as it stands, whatever the language."""
    found = []
    for call in (node for node in ast.walk(module) if called(node) in SHOWING):
        assert isinstance(call, ast.Call)
        todo: list[ast.AST] = [*call.args, *(keyword.value for keyword in call.keywords)]
        while todo:
            node = todo.pop()
            if called(node) in ("say", "say_count", "_", "translate"):
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found += [node.lineno] if SENTENCE.search(node.value) and not IGNORED.search(node.value) else []
            todo += ast.iter_child_nodes(node)
    return found


@pytest.mark.slow
def test_what_is_translated_is_a_literal() -> None:
    """What stands in a table is collected by a `say` there, and put into words with `Message`."""
    hidden = {path: lines for path, module in parsed() if (lines := without_a_literal(module))}
    assert {path: lines for path, lines in hidden.items() if path != "fujin_cli/core/text/localized.py"} == {}


@pytest.mark.slow
def test_no_english_sentence_is_shown_as_it_stands() -> None:
    assert {path: lines for path, module in parsed() if (lines := english_shown(module))} == {}


def test_the_two_tests_above_can_fail() -> None:
    bad = (
        "say(text, a=b)\nsay(f'the case {x} is late')\n_('fine')\nprint(f'the case {x} is late today')\n"
        "raise Refusal('X', 'nobody may do this')\nwarn(say('{a}: {b}', a='this is not translated', b=1))\n"
        "context.warn('fujin case open errand')\n"
    )
    module = ast.parse(bad)
    assert without_a_literal(module) == [1, 2]
    assert english_shown(module) == [4, 5]


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["case", "--help"], ["case", "open", "--help"], ["validate", "--help"], ["tick", "--helq"]],
)
def test_pages_and_errors_speak_chinese(arguments: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "FUJIN_LANG": "zh"}
    done = subprocess.run(
        [sys.executable, "-m", "fujin_cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert re.search(r"[一-鿿]", said)
    for word in ("Usage", "Options", "Arguments", "Commands", "Examples", "error", "there is", "Show", "required"):
        assert word not in said


def _english(text: str) -> list[str]:
    """Lines in which a whole English sentence stands; commands, examples and durations as YAML has them are none."""
    said = re.sub(r"`[^`]*`|\d+ (working )?\w+|\w+ \(.*?\)", "", re.sub(r"例子：\n(?:  .*\n?)*", "", text))
    return [line for line in said.splitlines() if SENTENCE.search(line.partition("用法：")[0])]


@pytest.mark.slow
def test_every_help_page_is_chinese_throughout() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_PAGE], cwd=ROOT, env=CHINESE, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("用法：") > 30
    assert _english(done.stdout) == []


@pytest.mark.slow
def test_screens_and_refusals_are_chinese_throughout(tmp_path: Path) -> None:
    def fujin(*arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "fujin_cli", *arguments],
            cwd=tmp_path / "town",
            env=CHINESE,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    (tmp_path / "town").mkdir()
    assert "下一步" in fujin("init", ".")
    opened = fujin(
        "case",
        "open",
        "resident-request",
        "--community",
        "C01",
        "--as",
        "p-15",
        "--set",
        "summary=路灯不亮",
        "--set",
        "reporter=@-",
        stdin="name: 样例\nphone: 000\n",
    )
    case = re.findall(r"C01-\d{6}a-0001", opened)[0]
    screens = [
        ["case", "show", case],
        ["case", "actions", case],
        ["case", "list"],
        ["outbox", "list"],
        ["status"],
        ["validate"],
        ["doctor"],
        ["procedure", "list"],
        ["procedure", "show", "resident-request"],
        ["procedure", "show", "work-order"],
        ["procedure", "show", "joint-conference"],
        ["community", "show", "C01"],
        ["roster", "show", "C01"],
        ["ledger", "verify"],
        ["case", "advance", case, "accept", "--as", "p-15"],
        ["case", "advance", case, "finish", "--as", "p-01"],
        ["case", "show", "C01-202001a-0001"],
    ]
    for arguments in screens:
        # `--format text` shows tables as people see them: TSV has no words.
        said = fujin(*arguments, *([] if arguments == ["validate"] else ["--format", "text"]))
        assert re.search(r"[一-鿿]", said), arguments
        assert _english(said) == [], arguments
