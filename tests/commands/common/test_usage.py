"""Wrong usage: exit code 2, a sentence on stderr (with --json one JSON object), never a traceback, never a guess."""

from __future__ import annotations

import pytest

from tests.support.command_line import COORDINATOR, City

ADVANCE = ("case", "advance", "XF01-202606a-0001", "accept")

# what is typed → what the sentence says, what the help says
WRONG = {
    "cas list": ("unknown command cas", "did you mean case?"),
    "case lst": ("unknown command lst", "did you mean list?"),
    "frobnicate": ("unknown command frobnicate", "choose one of: case, status"),
    "case list --comunity XF01": ("unknown option --comunity", "did you mean --community?"),
    "case list --over": ("unknown option --over", "did you mean --overdue?"),  # never taken for it
    "tick --dryrun": ("unknown option --dryrun", "did you mean --dry-run?"),
    "case list -x": ("unknown option -x", "`fujin case list --help`"),
    "case list --community": ("--community needs a value", "--help`"),
    "case list extra": ("unexpected argument extra", "`fujin case list --help`"),
    "case list --format xml": ("--format takes one of text, json, tsv", ""),
    "case list --now yesterday": ("--now takes a date and time such as", ""),
    "case show": ("CASE is missing", "`fujin case show --help`"),
    "case open": ("PROCEDURE is missing", "`fujin case open --help`"),
    "case open resident-request": ("--community is missing", "`fujin case open --help`"),
    "status --every soon": ("--every takes a whole number from 1 to 3600", ""),
    "status --watch": ("--watch needs a terminal", ""),
    "case pause XF01-202606a-0001": ("--until is missing", ""),
    "community show XF1": ("there is no community XF1", "did you mean XF"),
    "committee show environment": ("there is no committee environment", "did you mean XF01-environment?"),
    "partner show nobody-at-all": ("there is no partner nobody-at-all", "`fujin partner list` shows them"),
    "roster show XF99": ("there is no roster XF99", "did you mean XF"),
    "partner show city-managment": ("there is no partner city-managment", "did you mean city-management?"),
    "procedure show request": ("there is no procedure request", "resident-request"),
    "explain FJ999": ("there is no code FJ999", "FJ102"),
    "completion tcsh": ("no completion for tcsh", ""),
    "case list --community XF99": ("there is no community XF99", "did you mean XF"),
    "case list --all --community XF99": ("there is no community XF99", "did you mean XF"),
    "status --community XF99": ("there is no community XF99", "did you mean XF"),
    "tick --community XF99": ("there is no community XF99", "did you mean XF"),
    "outbox list --community XF99": ("there is no community XF99", "did you mean XF"),
    "case list --community ../..": ("there is no community ../..", ""),
    "committee list --community XF99": ("there is no community XF99", "did you mean XF"),
    "partner list --community XF99": ("there is no community XF99", "did you mean XF"),
}


@pytest.mark.parametrize("typed", WRONG)
def test_wrong_usage_is_a_sentence_on_stderr(city: City, typed: str) -> None:
    message, help = WRONG[typed]
    ran = city.run(*typed.split())
    assert (ran.code, ran.out) == (2, "")
    said, _, helped = ran.err.partition("\nhelp: ")
    assert said.startswith(f"error: {message}")
    assert help in helped
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("typed", WRONG)
def test_with_json_it_is_one_object_on_stderr(city: City, typed: str) -> None:
    message, help = WRONG[typed]
    ran = city.run(*typed.split(), "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert ran.error["kind"] == "usage"
    if not typed.endswith("--community"):  # which takes --json for its value
        assert message in ran.error["message"]
        assert help in (ran.error["help"] or "")


def test_a_command_that_is_missing_shows_the_page_of_commands(city: City) -> None:
    for typed in ((), ("case",), ("community",), ("ledger",)):
        ran = city.run(*typed)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("Usage: " + " ".join(("fujin", *typed)))
        assert "error:" not in ran.err
        assert "Commands:" in ran.err


def test_the_version_whatever_stands_beside_it(city: City) -> None:
    plain = city.spawn("--version")
    assert (plain.code, plain.err) == (0, "")
    assert plain.out.startswith("fujin ")
    assert city.spawn("-V") == plain
    assert city.run("--version", "--json").out == plain.out


@pytest.mark.slow
def test_json_and_format_json_are_the_same(city: City) -> None:
    plain = city.run("community", "list", "--json")
    assert city.run("community", "list", "--format", "json") == plain
    assert city.run("community", "list", "--format=json") == plain
    assert city.run("community", "show", "nope", "--format=json").error["kind"] == "usage"


def test_nobody_acts_unless_somebody_is_named(city: City) -> None:
    case = city.open()["case"]
    nobody = city.run("case", "advance", case, "accept", now="2026-06-01T09:05")
    assert nobody.code == 2
    assert "no actor given: use --as ID" in nobody.err
    assert city.run("case", "advance", case, "accept", "--as", "system", now="2026-06-01T09:05").code == 2
    assert city.run("case", "advance", case, "accept", now="2026-06-01T09:05", env={"FUJIN_AS": COORDINATOR}).code == 0


@pytest.mark.slow
def test_the_login_may_stand_for_a_person(city: City) -> None:
    head = city.folder / "workflows" / "workspace.yaml"
    head.write_text(head.read_text("utf-8") + f"\nactors: {{clerk: {COORDINATOR}}}\n", "utf-8")
    case = city.open()["case"]
    assert city.run("case", "advance", case, "accept", now="2026-06-01T09:05", env={"LOGNAME": "clerk"}).code == 0
    shown = city.ask("config", "--origin")["settings"]
    assert {"setting": "actor", "value": "", "origin": ""} in shown


@pytest.mark.slow
def test_the_clock_is_set_in_a_rehearsal_alone(city: City) -> None:
    case = city.open()["case"]
    head = city.folder / "workflows" / "workspace.yaml"
    head.write_text(head.read_text("utf-8").replace("rehearsal: yes", "rehearsal: no"), "utf-8")
    before = city.tree("data/cache")
    for typed in (
        ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105", "--set", "summary=a"),
        ("case", "advance", case, "accept", "--as", COORDINATOR),
        ("case", "note", case, "x", "--as", COORDINATOR),
        ("case", "resume", case, "--as", COORDINATOR),
        ("case", "reissue-code", case, "--as", "p-0103"),
        ("outbox", "done", f"{case}.1.1", "--as", COORDINATOR),
        ("tick",),
        ("tick", "--dry-run"),
    ):
        ran = city.run(*typed, now="2026-06-01T09:05")
        assert ran.code == 2, typed
        assert ran.err.startswith("error: a command that changes something takes --now only in a rehearsal workspace")
    for typed in (("case", "list"), ("case", "show", case), ("status",), ("validate",)):
        assert city.run(*typed, now="2026-06-01T09:05").code == 0
    assert city.tree("data/cache") == before
