"""What the caller passes is checked once, before any command runs: exit 2, a sentence, and nothing has changed."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, FUJIN, City, Ran
from tests.support.command_tree import VALUES, iterate_commands, takes_value, type_command

NOT_UTF8 = os.fsdecode(b"caf\xe9")
GBK = os.fsdecode("福前".encode("gbk"))
COMMANDS = list(iterate_commands())
NAMES = [" ".join(words) for words, _command in COMMANDS]


def spawn(city: City, typed: str, folder: Path | None = None) -> Ran:
    """Run a line of the shell; ``$F`` is fujin."""
    done = subprocess.run(
        ["bash", "-c", f"F={shlex.quote(' '.join(FUJIN))}; {typed}"],
        cwd=folder or city.folder,
        env=city.environment(),
        capture_output=True,
        timeout=60,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def still(shipped: Path) -> Iterator[City]:
    """A workspace in which nothing changes."""
    city = City(shipped)
    before = city.tree()
    yield city
    assert city.tree() == before


def assert_wrong_usage(ran: Ran, message: str) -> None:
    assert (ran.code, ran.out) == (2, ""), ran
    assert ran.err.startswith("error: ") and message in ran.err, ran
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=NAMES)
def test_an_argument_that_is_empty_or_no_utf8_is_wrong_usage(
    still: City, words: tuple[str, ...], command: object
) -> None:
    """Every argument and every option of every command, typed both ways."""
    for parameter in command.params:
        if not takes_value(parameter):
            continue
        for value, message in (("", "empty"), (" \u3000", "empty"), (NOT_UTF8, r"caf\xe9"), (GBK, "not UTF-8")):
            typed = type_command(command, VALUES, {parameter.name: value})
            assert_wrong_usage(still.run(*words, *typed), message)
            if parameter.param_type_name == "option":
                option = max(parameter.opts, key=len)
                assert_wrong_usage(still.run(*words, *type_command(command, VALUES), f"{option}={value}"), message)


@pytest.mark.slow
def test_every_command_in_a_process_of_its_own(still: City, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for words, command in COMMANDS:
        typed = "$F " + shlex.join([*words, *type_command(command, VALUES)])
        assert_wrong_usage(spawn(still, f"{typed} >&-"), "stdout is closed")
        assert_wrong_usage(spawn(still, f"{typed} $'caf\\xe9'"), r"not UTF-8 text: caf\xe9")
        assert_wrong_usage(spawn(still, f"{typed} ''"), "is empty")
        gone.mkdir()
        assert_wrong_usage(spawn(still, f"rmdir {gone}; {typed}", gone), "the current folder cannot be used")


def test_other_ways_to_close_a_stream(still: City) -> None:
    assert_wrong_usage(spawn(still, "$F community list 1</dev/null"), "stdout is closed")
    ran = spawn(still, "$F community list --bogus <&- 2>&-")
    assert (ran.code, ran.out, ran.err) == (2, "", "")


def test_a_setting_that_is_no_utf8(still: City) -> None:
    ran = still.run("community", "list", env={"FUJIN_AS": NOT_UTF8})
    assert_wrong_usage(ran, "the variable FUJIN_AS is not UTF-8 text")


def test_with_json_the_entrance_answers_one_object(still: City) -> None:
    for typed in (("validate", ""), ("validate", NOT_UTF8), ("case", "list", "--community=")):
        ran = still.run(*typed, "--json")
        assert (ran.code, ran.out, ran.error["kind"]) == (2, "", "usage")


def test_the_version_without_stdout(still: City) -> None:
    assert_wrong_usage(spawn(still, "$F --version >&-"), "stdout is closed")


def test_closed_stdout_opens_no_case(city: City) -> None:
    before = city.tree("data/cache")
    typed = "$F case open resident-request --community XF01 --as p-0105 --set summary=x --set reporter=@-"
    assert_wrong_usage(spawn(city, f"echo 'name: 样例' | {typed} >&-"), "stdout is closed")
    assert city.tree("data/cache") == before


READERS = {
    "case note XF01-202606a-0001 - --as p-0001": "stdin is closed",
    "case advance XF01-202606a-0001 approve --as p-0103 --code -": "stdin is closed",
    "case open resident-request --community XF01 --as p-0105 --set summary=@-": "stdin is closed",
    "fmt -": "stdin is closed",
}


@pytest.mark.slow
@pytest.mark.parametrize("typed", READERS)
def test_closed_stdin_is_said_by_commands_that_read_it(still: City, typed: str) -> None:
    assert_wrong_usage(spawn(still, f"$F {typed} <&-"), READERS[typed])
    assert_wrong_usage(spawn(still, f"$F {typed} 0>/dev/null"), "stdin cannot be read")


def test_commands_that_read_no_stdin_do_without_it(still: City) -> None:
    assert spawn(still, "$F community list <&- 2>&- | wc -l").out.strip() == "14"


def test_stdin_that_is_no_text(still: City) -> None:
    typed = "$F case note XF01-202606a-0001 - --as p-0001"
    assert_wrong_usage(spawn(still, f"printf 'caf\\xff\\xff' | {typed}"), "neither UTF-8 nor GB18030")
    assert_wrong_usage(spawn(still, f"head -c 2000000 /dev/zero | {typed}"), "larger than 1024 KB")


TOO_LONG = "好" * 4001


@pytest.mark.parametrize(
    "typed",
    [
        ("case", "note", "XF01-202606a-0001", TOO_LONG),
        ("case", "advance", "XF01-202606a-0001", "accept", "--note", TOO_LONG),
        ("case", "pause", "XF01-202606a-0001", "--until", "2026-06-10", "--reason", TOO_LONG),
        ("case", "migrate", "--all", "--note", TOO_LONG),
        ("outbox", "done", "XF01-202606a-0001", "--undelivered", TOO_LONG),
    ],
    ids=lambda typed: " ".join(typed[:2]),
)
def test_a_remark_has_a_bound(still: City, typed: tuple[str, ...]) -> None:
    assert_wrong_usage(still.run(*typed, "--as", COORDINATOR), "a remark has at most 4000 characters")


def test_a_remark_from_stdin_has_the_same_bound(still: City) -> None:
    ran = still.run("case", "note", "XF01-202606a-0001", "-", "--as", COORDINATOR, stdin=TOO_LONG)
    assert_wrong_usage(ran, "a remark has at most 4000 characters")


def test_the_longest_remark_is_recorded(city: City) -> None:
    case = city.open()["case"]
    city.ask("case", "note", case, "好" * 4000, "--as", COORDINATOR, now="2026-06-01T09:05")
    assert city.history(case)[-1]["note"] == "好" * 4000


def test_a_request_id_has_a_bound(still: City) -> None:
    ran = still.run("case", "note", "XF01-202606a-0001", "x", "--as", COORDINATOR, "--request-id", "r" * 201)
    assert_wrong_usage(ran, "a request id has at most 200 characters")


@pytest.mark.parametrize(
    "typed",
    [
        ("validate",),
        ("validate", "--mutate"),
        ("test",),
        ("fmt", "--check"),
        ("schema",),
        ("init",),
        ("procedure", "replay", "--scenario"),
        ("community", "list", "--workspace"),
        ("diff",),
    ],
    ids=" ".join,
)
def test_paths_that_lead_in_a_circle_or_have_no_end(city: City, typed: tuple[str, ...]) -> None:
    (city.folder / "circle").symlink_to("circle")
    for path in ("circle", "x" * 5000):
        ran = city.run(*typed, path)
        assert (ran.code, ran.out) == (2, ""), ran
        assert "Traceback" not in ran.err


def test_a_scenario_without_end_is_too_large(still: City) -> None:
    ran = still.run("procedure", "replay", "--scenario", "/dev/zero")
    assert ran.code == 2 and "too large" in ran.err


@pytest.mark.slow
def test_a_file_whose_name_is_no_utf8_stops_nothing(city: City) -> None:
    (city.folder / "workflows" / NOT_UTF8).with_suffix(".yaml").write_text("menu: committees\n", "utf-8")
    ran = city.run("community", "list")
    assert (ran.code, ran.out.count("\n")) == (0, 14)
    assert "configuration has errors" in ran.err
    found = city.run("validate", "--json")
    assert found.code == 1
    assert any("caf" in str(finding) for finding in found.json["findings"])
    for format in ("sarif", "junit", "github", "text"):
        assert city.run("validate", "--format", format).code == 1
    assert city.run("fmt", "--check").code in (0, 1)
    assert city.run("doctor").code in (0, 1)
