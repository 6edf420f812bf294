"""A ledger, a case or a procedure's text of a newer fujin, as the commands meet it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fujin_cli.use_cases.session import Session
from fujin_cli.use_cases.verify_ledger import LedgerCheck
from tests.commands.bad_items import craft
from tests.support.command_line import MONDAY, City
from tests.support.ledger_samples import files

CASE = "XF01-202606a-0001"
NEWER_TEXT = '{"procedure":"request","format":2,"steps":[]}'


@pytest.fixture(scope="module")
def newer(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city with one case and warm caches, whose ledger a newer fujin has taken over."""
    folder = tmp_path_factory.mktemp("newer") / "city"
    shutil.copytree(shipped, folder)
    city = City(folder)
    assert city.open()["case"] == CASE
    for arguments in (("case", "list"), ("validate",)):
        city.run(*arguments, now=MONDAY)
    (folder / "data" / "ledger" / "format.txt").write_text("fujin ledger 2\n")
    return city


@pytest.mark.parametrize(
    "arguments",
    [
        ("case", "list"),
        ("case", "list", "--all"),
        ("case", "show", CASE),
        ("case", "advance", CASE, "accept", "--as", "p-0001"),
        ("case", "advance", CASE, "note", "--note", "x", "--as", "p-0001", "--dry-run"),
        (
            "case",
            "open",
            "resident-request",
            "--community",
            "XF01",
            "--set",
            "summary=x",
            "--set",
            "topic=sanitation",
            "--set",
            "scope=building",
            "--as",
            "p-0105",
        ),
        ("case", "migrate", "--all", "--as", "p-0101"),
        ("status",),
        ("tick",),
        ("outbox", "list"),
        ("outbox", "done", CASE, "--as", "p-0001"),
        ("ledger", "verify"),
        ("doctor",),
        ("validate",),
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)
def test_no_command_reads_or_changes_a_ledger_of_a_newer_format(newer: City, arguments: tuple[str, ...]) -> None:
    ledger = newer.folder / "data" / "ledger"
    before = files(ledger)
    ran = newer.run(*arguments, now=MONDAY)
    assert ran.code == 1 and "format 2" in ran.out + ran.err, ran
    assert "Traceback" not in ran.err
    assert files(ledger) == before


def test_scripts_get_the_code_of_a_newer_ledger(newer: City) -> None:
    findings = json.loads(newer.run("ledger", "verify", "--json").out)["findings"]
    assert [finding["code"] for finding in findings] == ["FJ711"]


@pytest.fixture
def mixed(city: City) -> tuple[City, str, str, str]:
    """A sound case, one with an event of a newer format, and one that follows a text of a newer format."""
    sound = city.open()["case"]
    event = craft(city, "XF05", format=2)
    return city, sound, event, craft(city, "XF06", text=NEWER_TEXT, waiting=False)


def test_a_newer_event_or_text_ends_nothing_else(mixed: tuple[City, str, str, str]) -> None:
    city, sound, event, text = mixed
    before = city.tree("data/cache", "data/ledger/sweeps.json", "data/ledger/.sweeps.lock")
    for arguments in (("case", "list"), ("case", "list", "--all"), ("status",), ("tick",)):
        ran = city.run(*arguments, now=MONDAY)
        assert ran.code == 1
        assert all(f"{case} was left out" in ran.err for case in (event, text)), ran
    assert sound in city.run("case", "list", now=MONDAY).out
    for case in (event, text):
        assert city.refusal("case", "advance", case, "accept", "--as", "p-0001", now=MONDAY)["code"] == "FJ711"
        assert city.run("case", "show", case, now=MONDAY).code == 1
    assert city.tree("data/cache", "data/ledger/sweeps.json", "data/ledger/.sweeps.lock") == before


def test_verify_names_a_newer_event_and_text_once_each(mixed: tuple[City, str, str, str]) -> None:
    city, _, event, _ = mixed
    findings = [finding for finding in LedgerCheck(Session(city.folder), False).run() if finding.severity == "error"]
    assert [finding.code for finding in findings] == ["FJ711", "FJ711"]
    assert findings[0].place.path == event and "laws/" in findings[1].place.path


@pytest.mark.usefixtures("finished")
def test_verify_knows_every_key_that_commands_write(city: City) -> None:
    assert list(LedgerCheck(Session(city.folder), False).run()) == []
