"""``fujin case contact``: whoever has a role in the case sees the complainant, and that is recorded."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import (
    COLLECTOR,
    COORDINATOR,
    INSPECTOR,
    LEAD,
    MONDAY,
    PRIVATE,
    SECOND,
    City,
)
from tests.support.terminal import on_terminal

LATER = "2026-06-01T09:10"
OTHER = "name: 样例·吴某\nphone: ０００－００００－００４３\n"


@pytest.fixture(scope="module")
def _town(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A case that two partners are handling, and one of their orders."""
    folder = tmp_path_factory.mktemp("contacts") / "city"
    shutil.copytree(shipped, folder)
    case, _code, orders = City(folder).dispatched()
    return folder, case, orders[0]


@pytest.fixture
def town(_town: tuple[Path, str, str], tmp_path: Path) -> tuple[City, str, str]:
    """A copy for one test: the city, the case and an order."""
    folder, case, order = _town
    shutil.copytree(folder, tmp_path / "city")
    return City(tmp_path / "city"), case, order


def typed(case: str, actor: str, *more: str) -> tuple[str, ...]:
    return ("case", "contact", case, "--why", "回访", "--as", actor, *more)


def records(city: City) -> list[dict[str, Any]]:
    """What the log says, without time and hashes."""
    path = city.folder / "data" / "contacts" / "access.log"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [
        {key: value for key, value in json.loads(line).items() if key not in ("at", "hash", "previous")}
        for line in lines
    ]


def contact_file(city: City) -> Path:
    return next((city.folder / "data" / "contacts").glob("*/*.json"))


@pytest.mark.parametrize(
    ("actor", "role"),
    [
        (COORDINATOR, "coordinator"),
        (INSPECTOR, "inspector"),
        (COLLECTOR, "collector"),
        (LEAD, "lead"),
        (SECOND, "partners"),
    ],
)
def test_whoever_has_a_role_sees_the_contact(town: tuple[City, str, str], actor: str, role: str) -> None:
    city, case, _order = town
    answer = city.ask(*typed(case, actor), now=MONDAY)
    (contact,) = answer["contacts"]
    assert (contact["field"], contact["name"], contact["phone"], contact["address"]) == ("reporter", *PRIVATE)
    assert (contact["note"], contact["problem"]) == (None, None)
    (record,) = records(city)
    assert record == {
        "n": 1,
        "act": "shown",
        "by": actor,
        "login": "nobody-known",
        "roles": [role],
        "cases": [case],
        "contacts": [contact["reference"]],
        "why": "回访",
    }
    assert city.ask("ledger", "verify", now=MONDAY)["findings"] == []


@pytest.mark.parametrize("actor", ["p-0002", "civil-affairs", "reporter", "resident", "partner", "member"])
def test_others_are_refused_and_told_who_could(town: tuple[City, str, str], actor: str) -> None:
    city, case, _order = town
    ran = city.run(*typed(case, actor, "--json"), now=MONDAY)
    assert ran.code == 1
    assert ran.json["refused"]["code"] == "FJ803"
    assert case in ran.json["refused"]["message"] and COORDINATOR in ran.json["refused"]["who"]
    assert not any(word in ran.out + ran.err for word in PRIVATE)
    assert records(city) == []


def test_a_role_ends_with_its_term(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    assert city.run(*typed(case, COORDINATOR), now="2036-06-01T09:00").code == 1
    assert records(city) == []


def test_the_reason_is_never_left_out(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    for why in ((), ("--why", ""), ("--why", "  ")):
        assert city.run("case", "contact", case, *why, "--as", COORDINATOR, now=MONDAY).code == 2
    assert records(city) == []


def test_the_screens_for_people_and_programs(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    page = city.run(*typed(case, COORDINATOR), now=MONDAY).out
    assert all(word in page for word in (case, *PRIVATE)) and "recorded" in page
    header, row = city.run(*typed(case, COORDINATOR, "--format", "tsv"), now=MONDAY).out.splitlines()
    assert header == "field\treference\tname\tphone\taddress\tnote"
    assert row.split("\t")[2:5] == [*PRIVATE]


def test_a_page_that_reads_says_how_to_see_the_contact(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    page = city.run("case", "show", case, now=MONDAY).out
    assert f"`fujin case contact {case} --why …`" in page
    assert not any(word in page for word in PRIVATE)
    assert records(city) == []


def test_a_case_without_a_contact_names_its_parent(town: tuple[City, str, str]) -> None:
    city, case, order = town
    refused = city.refusal(*typed(order, LEAD), now=MONDAY)
    assert refused["code"] == "FJ828" and order in refused["message"] and case in refused["help"]
    assert city.refusal(*typed("XF01-202606a-0099", LEAD), now=MONDAY)["code"] == "FJ814"


def test_an_erased_and_a_damaged_contact_each_have_their_sentence(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    sentences = []
    for content in ("{", "[]", '"x"', "{}", None):
        contact_file(city).write_text(content) if content else contact_file(city).unlink()
        refused = city.refusal(*typed(case, COORDINATOR), now=MONDAY)
        assert refused["code"] == "FJ828"
        sentences.append(refused["message"])
    assert ["damaged" in sentence for sentence in sentences] == [True, True, True, True, False]
    assert "erased" in sentences[-1]
    assert records(city) == []


def test_of_several_contacts_those_that_can_be_read_are_shown(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    second = city.open()["case"]
    city.ask("case", "merge", second, case, "--as", COORDINATOR, now=LATER)
    both = city.ask(*typed(case, COORDINATOR), now=MONDAY)["contacts"]
    assert [contact["field"] for contact in both] == ["reporter", "joined"]
    reference = both[0]["reference"].removeprefix("vault:")
    next((city.folder / "data" / "contacts").rglob(f"{reference}.json")).unlink()
    ran = city.run(*typed(case, COORDINATOR, "--json"), now=MONDAY)
    assert ran.code == 1
    assert [contact["name"] for contact in ran.json["contacts"]] == [None, PRIVATE[0]]
    assert "erased" in ran.json["contacts"][0]["problem"]
    assert records(city)[-1]["contacts"] == [both[1]["reference"]]


def test_nothing_is_shown_that_cannot_be_recorded(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    (city.folder / "data" / "contacts" / "access.log").mkdir()
    for command in (typed(case, COORDINATOR), ("outbox", "list", "--contacts", "--as", COORDINATOR)):
        ran = city.run(*command, now=MONDAY)
        assert ran.code == 1 and "access.log" in ran.err
        assert not any(word in ran.out + ran.err for word in PRIVATE)


def test_a_contact_is_corrected_and_the_record_holds_no_data(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    edit = typed(case, COORDINATOR, "--edit", "--set", "reporter=@-", "--request-id", "r-1")
    assert city.ask(*edit, "--dry-run", now=MONDAY, stdin=OTHER)["dry_run"] is True
    assert records(city) == []
    first = city.ask(*edit, now=MONDAY, stdin=OTHER)
    again = city.ask(*edit, now=MONDAY, stdin=OTHER)
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert [(record["act"], record["contacts"]) for record in records(city)] == [("corrected", [first["reference"]])]
    shown = city.ask(*typed(case, COORDINATOR), now=MONDAY)["contacts"]
    assert [(contact["name"], contact["phone"], contact["address"]) for contact in shown] == [
        ("样例·吴某", "000-0000-0043", None)
    ]
    assert not [path for path, data in city.tree().items() if any(word.encode() in data for word in PRIVATE)]
    assert [path for path, data in city.tree().items() if "样例·吴某".encode() in data] == [
        contact_file(city).relative_to(city.folder).as_posix()
    ]
    waiting = city.ask("outbox", "list", "--contacts", "--as", COORDINATOR, now=MONDAY)["messages"]
    assert {message["contact"] for message in waiting if "contact" in message} == {"样例·吴某 000-0000-0043"}
    assert city.ask("ledger", "verify", now=MONDAY)["findings"] == []


def test_a_late_repetition_does_not_undo_a_newer_correction(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    for number, request in ((43, "r-1"), (44, "r-2"), (43, "r-1")):
        edit = typed(case, COORDINATOR, "--edit", "--set", "reporter=@-", "--request-id", request)
        city.ask(*edit, now=MONDAY, stdin=f"phone: 000-0000-00{number}")
    assert city.ask(*typed(case, COORDINATOR), now=MONDAY)["contacts"][0]["phone"] == "000-0000-0044"


def test_a_request_id_of_another_correction_is_refused(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    other = city.open()["case"]
    more = ("--edit", "--set", "reporter=@-", "--request-id", "r-1")
    city.ask(*typed(case, COORDINATOR, *more), now=MONDAY, stdin=OTHER)
    assert city.refusal(*typed(other, COORDINATOR, *more), now=MONDAY, stdin=OTHER)["code"] == "FJ813"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--edit",), "the new contact is missing"),
        (("--edit", "--set", "reporter=样例·吴某"), "must not be given on the command line"),
        (("--edit", "--set", "summary=@-"), "summary is no contact of this case"),
        (("--edit", "--set", "reporter=@-", "--set", "reporter=@-"), "one contact at a time"),
        (("--edit", "--set", "reporter=@nowhere"), "there is no file nowhere"),
        (("--edit", "--set", "reporter=@-"), "needs a name or a phone number"),
        (("--set", "reporter=@-"), "need --edit"),
        (("--dry-run",), "need --edit"),
    ],
)
def test_what_is_typed_wrong_changes_nothing(town: tuple[City, str, str], more: tuple[str, ...], why: str) -> None:
    city, case, _order = town
    ran = city.run(*typed(case, COORDINATOR, *more), now=MONDAY)
    assert ran.code == 2 and why in ran.err
    assert records(city) == []


def test_a_list_with_contacts_is_recorded_once_with_its_cases(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    city.ask("outbox", "list", now=MONDAY)
    assert records(city) == []
    city.ask("outbox", "list", "--contacts", now=MONDAY)
    city.ask("outbox", "list", "--contacts", "--as", INSPECTOR, "--why", "电话通知", now=MONDAY)
    assert [(record.get("by"), record.get("why"), record["cases"]) for record in records(city)] == [
        (None, None, [case]),
        (INSPECTOR, "电话通知", [case]),
    ]


def test_a_changed_log_is_found_by_verification(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    city.ask(*typed(case, COORDINATOR), now=MONDAY)
    log = city.folder / "data" / "contacts" / "access.log"
    log.write_text(log.read_text("utf-8").replace("回访", "好奇"), "utf-8")
    ran = city.run("ledger", "verify", "--json", now=MONDAY)
    (finding,) = ran.json["findings"]
    assert ran.code == 1
    assert (finding["code"], finding["path"], finding["line"]) == ("FJ713", "data/contacts/access.log", 1)


@pytest.mark.slow
def test_a_terminal_is_asked_part_by_part(town: tuple[City, str, str]) -> None:
    city, case, _order = town
    answers = "\n000-0000-0044\n\n\n"
    code, screen = on_terminal(city, [*typed(case, COORDINATOR, "--edit"), "--now", MONDAY], answers)
    assert code == 0 and "corrected" in screen
    assert [record["act"] for record in records(city)] == ["shown", "corrected"]
    contact = city.ask(*typed(case, COORDINATOR), now=MONDAY)["contacts"][0]
    assert (contact["name"], contact["phone"]) == (PRIVATE[0], "000-0000-0044")
    assert on_terminal(city, [*typed(case, COORDINATOR, "--edit"), "--now", MONDAY], end=signal.SIGINT)[0] == 130
