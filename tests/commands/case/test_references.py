"""Short references to cases: the end of an id, ids from stdin, and on a terminal the last case and rows of a list."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, INSPECTOR, City, Finished
from tests.support.terminal import on_terminal, script_on_terminal

TUESDAY = "2026-06-02T10:30"
AS = ("--as", COORDINATOR)
ONE, TWO, OTHER = "XF01-202606a-0001", "XF01-202606a-0002", "XF02-202606a-0001"


@pytest.fixture(scope="module")
def three(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Three open cases, for tests that only read: two of one community, one of another."""
    folder = tmp_path_factory.mktemp("three") / "city"
    shutil.copytree(shipped, folder)
    city = City(folder)
    assert [city.open(summary=summary)["case"] for summary in ("路灯不亮", "水管漏水")] == [ONE, TWO]
    assert city.open(community="XF02", summary="电梯停运")["case"] == OTHER
    return city


@pytest.mark.parametrize(
    ("reference", "case"),
    [("0002", TWO), ("xf01-202606a-0002", TWO), ("02-202606A-0001", OTHER), ("0002", TWO), (ONE, ONE)],
)
def test_an_unambiguous_end_of_an_id_names_its_case(three: City, reference: str, case: str) -> None:
    assert three.ask("case", "show", reference)["case"] == case
    shown = three.run("case", "actions", reference)
    assert shown.err.startswith("" if reference == case else f"{reference} is {case}\n")


def test_every_command_that_takes_a_case_takes_its_end(three: City) -> None:
    dry = ("--dry-run", *AS)
    for typed in (
        ("note", "0002", "x", *dry),
        ("advance", "0002", "accept", *dry),
        ("merge", "0002", ONE, *dry),
    ):
        ran = three.run("case", *typed)
        assert (ran.code, ran.err.splitlines()[0]) == (0, f"0002 is {TWO}"), ran
    merged = three.run("case", "merge", "a-0002", "f01-202606a-0001", *dry)
    assert merged.err.splitlines()[:2] == [f"a-0002 is {TWO}", f"f01-202606a-0001 is {ONE}"]
    done = three.run("outbox", "done", "0002.1.1", *dry)
    assert TWO in done.err


def test_an_ambiguous_end_lists_what_it_may_be(three: City) -> None:
    ran = three.run("case", "show", "0001")
    assert (ran.code, ran.out) == (2, "")
    assert f"{ONE} (路灯不亮)" in ran.err and f"{OTHER} (电梯停运)" in ran.err


def test_at_most_five_candidates_are_listed(three: City) -> None:
    # given an end that fits every case
    ran = three.run("case", "show", "1")
    assert ran.code == 2 and ran.err.count("202606a") == 2
    assert "…" not in ran.err


def test_what_fits_no_case_is_an_unknown_case(three: City) -> None:
    assert three.refusal("case", "show", "9999")["code"] == three.refusal("case", "show", f"{ONE}9")["code"]


@pytest.mark.parametrize("text", [".", "../x", "../0001", "a b", "-x", "0001/", "０００１。x", "*", "a"])
def test_what_is_no_end_of_an_id_names_no_case(city: City, text: str) -> None:
    # given a ledger with one case, which any end that is too short would fit
    city.open()
    ran = city.run("case", "show", "--", text)
    assert ran.code == 2 and "FJ814" in ran.out, ran


def test_open_cases_come_before_ended_ones(city: City, finished: Finished) -> None:
    # given an ended case whose number an open case of another community has, too
    done = city.run(
        "case", "advance", finished.case, "approve", "--as", INSPECTOR, "--code", finished.code, "--now", TUESDAY
    )
    assert done.code == 0
    open_case = city.open(community="XF02")["case"]
    # then the number alone is the open case, and more of the id finds the ended one
    assert city.ask("case", "show", "0001")["case"] == open_case
    assert city.ask("case", "show", finished.case.lower())["case"] == finished.case


def test_ids_from_stdin(three: City) -> None:
    assert three.run("case", "show", "-", "--json", stdin="0002\n").json["case"] == TWO
    listed = three.run("case", "list").out
    rows = three.run("case", "migrate", "-", "--json", stdin=listed).json
    assert [row["case"] for row in rows["cases"]] == [ONE, TWO, OTHER]
    for typed, stdin in ((("show", "-"), listed), (("show", "-"), ""), (("note", "-", "-", *AS), f"{ONE}\n")):
        assert three.run("case", *typed, stdin=stdin).code == 2


@pytest.mark.parametrize("reference", ["@", "@3", "@x"])
def test_off_a_terminal_short_marks_are_wrong_usage(three: City, reference: str) -> None:
    ran = three.run("case", "show", reference)
    assert (ran.code, ran.out) == (2, "") and "help: write" in ran.err


@pytest.mark.slow
def test_the_last_case_and_the_last_list_of_a_terminal(three: City) -> None:
    # given a list of two rows, and a case that somebody showed, and one that a person changed
    screen = script_on_terminal(
        three,
        "fujin case list --community XF01",
        "echo shown: $(fujin case show @2 --json)",
        "fujin case advance @ accept --dry-run --as p-0001",
        "fujin case note @1 checked --dry-run --as p-0001",
        "FUJIN_AS=p-0103 fujin case note @ again --dry-run",
        "fujin case show @7",
        "for file in data/cache/terminal-*; do stat -c 'mode %a' $file; echo broken >$file; done",
        "fujin case show @",
        "fujin case show @2 | cat",
    )
    lines = " ".join(screen.split())
    # then the rows are numbered, and each mark stands for what was seen last by this person
    assert f"@1 {ONE}" in lines and f"@2 {TWO}" in lines
    assert f"shown: @2 is {TWO}" in lines or f'"case": "{TWO}"' in lines
    assert f"@ is {TWO}" in lines and f"@1 is {ONE}" in lines
    assert "mode 600" in lines
    assert "the last list has no row 7; it has 2" in lines
    # and a damaged file is no memory
    assert "shown or changed none" in lines and "there is no last list" in lines


@pytest.mark.slow
def test_a_row_of_the_outbox_is_a_message_or_its_case(city: City) -> None:
    # given a message in the outbox
    case = city.open()["case"]
    city.do(case, "accept")
    screen = script_on_terminal(
        city,
        "fujin outbox list",
        "fujin outbox done @1 --dry-run --as p-0001",
        "fujin case show @1",
        "fujin outbox list --to p-0103",
        "fujin case show @1",
    )
    # then its row names the message, or the case of it, and a list without rows has none
    assert f"@1  {case}.2.1" in screen and f"@1 is {case}.2.1\n" in screen and f"@1 is {case}\n" in screen
    assert "the last list has no row 1; it has 0" in screen


@pytest.mark.slow
def test_marks_of_a_terminal_without_a_past(three: City) -> None:
    for typed, sentence in (("@", "shown or changed none"), ("@2", "no last list"), ("@0", "no last list")):
        code, screen = on_terminal(three, ("case", "show", typed))
        assert code == 2 and sentence in " ".join(screen.split())
