"""Wrong usage: exit code 2, a sentence on stderr (with --json one JSON object), never a traceback, never a guess."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.command_line import COORDINATOR, City
from tests.support.command_tree import VALUES, iterate_commands, type_command

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
    "status --every 1_0": ("--every takes a whole number from 1 to 3600", ""),
    "case list --now 2026-W23-1": ("--now takes a date and time such as", ""),
    "status --watch": ("--watch needs a terminal", ""),
    "case pause XF01-202606a-0001": ("--until is missing", ""),
    "community show XF1": ("there is no community XF1", "XF0"),
    "committee show environment": ("there is no committee environment", "XF01-environment"),
    "partner show nobody-at-all": ("there is no partner nobody-at-all", "`fujin partner list` shows them"),
    "roster show XF99": ("there is no roster XF99", "XF0"),
    "partner show city-managment": ("there is no partner city-managment", "city-management"),
    "procedure show request": ("there is no procedure request", "resident-request"),
    "procedure show resident-reqest": ("there is no procedure resident-reqest", "resident-request"),
    "procedure versions work-oder": ("there is no procedure work-oder", "did you mean work-order?"),
    "explain FJ112x": ("there is no code FJ112x", "did you mean FJ112?"),
    "explain FJ999": ("there is no code FJ999", "FJ102"),
    "completion tcsh": ("no completion for tcsh", ""),
    "case list --community XF99": ("there is no community XF99", "XF0"),
    "case list --all --community XF99": ("there is no community XF99", "XF0"),
    "status --community XF99": ("there is no community XF99", "XF0"),
    "tick --community XF99": ("there is no community XF99", "XF0"),
    "outbox list --community XF99": ("there is no community XF99", "XF0"),
    "case list --community ../..": ("there is no community ../..", ""),
    "committee list --community XF99": ("there is no community XF99", "XF0"),
    "partner list --community XF99": ("there is no community XF99", "XF0"),
    "partner list --can wtaer": ("there is no topic wtaer", "did you mean water?"),
    "partner list --sort departement": ("there is no sort of partners departement", "did you mean department?"),
    "case list --step nowhere": ("there is no step nowhere", "choose one of: "),
    "case list --step handlung": ("there is no step handlung", "did you mean handling?"),
    "case list --procedure work-order --step deliberating": ("there is no step deliberating", "choose one of: "),
    "case list --all --step Handlung": ("there is no step Handlung", "did you mean handling?"),
    "case list --procedure work-orders": ("there is no procedure work-orders", "did you mean work-order?"),
    "case list --committee XF01-enviroment": (
        "there is no committee XF01-enviroment",
        "XF01-environment",
    ),
    "case list --as p-00001": ("p-00001 is on no roster and no partner", "(p-"),
    "case list --mine --as ghost": ("ghost is on no roster and no partner", "`fujin roster show ID`"),
    "case list --mine --as city-managment": ("city-managment is on no", "city-management"),
    "outbox list --to city-managment": ("nobody with the id or name city-managment", "city-management"),
    "case open resident-request --community XF01 --as p-0105 --committee XF01-enviroment": (
        "there is no committee XF01-enviroment",
        "XF01-environment",
    ),
    "case open resident-reqest --community XF01 --as p-0105": (
        "there is no procedure resident-reqest",
        "resident-request",
    ),
    "case open resident-request --community XF01 --as p-0105 --channel wechatt": (
        "the procedure has no channel wechatt",
        "did you mean wechat?",
    ),
    "config --as reporte": ("reporte is on no roster and no partner", "reporter"),
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


ACTING = [(words, command) for words, command in iterate_commands() if any(p.name == "actor" for p in command.params)]


@pytest.mark.parametrize(("words", "command"), ACTING, ids=[" ".join(words) for words, _command in ACTING])
def test_a_person_who_is_not_there_acts_nowhere(city: City, words: tuple[str, ...], command: Any) -> None:
    """Whoever acts is checked before anything else is looked up, and nothing is written."""
    before = city.tree("data/cache")
    typed = [*words, *type_command(command, VALUES), "--as", "p-010"]
    ran = city.run(*typed)
    assert (ran.code, ran.out) == (2, "")
    assert "p-010 is on no roster and no partner\nhelp: did you mean " in ran.err and "(p-0101)" in ran.err
    if words == ("case", "open"):
        assert city.run(*typed[:-2], env={"FUJIN_AS": "p-010"}) == ran
    assert city.tree("data/cache") == before


def test_filters_by_what_exists_may_give_an_empty_list(city: City) -> None:
    for typed in ("--step handling", "--procedure work-order", "--committee XF01-environment", "--mine --as reporter"):
        assert city.ask("case", "list", *typed.split())["cases"] == []
    assert city.ask("outbox", "list", "--to", "reporter")["messages"] == []
    assert city.ask("outbox", "list", "--to", "vault:c-0123456789abcdef")["messages"] == []


def test_names_that_only_the_ledger_has_are_still_found(city: City) -> None:
    """A committee, a step or a procedure was removed: its cases are listed by it."""
    case = city.open()["case"]
    procedure = city.folder / "workflows" / "procedures" / "resident-request.yaml"
    head = city.folder / "workflows" / "committees" / "XF01-environment.yaml"
    procedure.unlink()
    head.unlink()
    for typed in ("--step reported", "--procedure resident-request", "--committee XF01-environment"):
        assert [row["case"] for row in city.run("case", "list", *typed.split(), "--json").json["cases"]] == [case]
    assert city.run("case", "list", "--step", "handling", "--json").json["cases"] == []
    assert city.run("case", "list", "--step", "handlin").code == 2


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
