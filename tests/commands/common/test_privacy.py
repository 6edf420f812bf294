"""Personal data: what residents say of themselves is in the vault, on ``outbox list --contacts``, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.command_line import CONTACT, COORDINATOR, INSPECTOR, MONDAY, PRIVATE, City, Finished

TUESDAY = "2026-06-02T10:30"
LOOKS = (
    "case list --all",
    "case show {case}",
    "case actions {case}",
    "status",
    "outbox list",
    "tick",
    "ledger verify",
    "config --origin",
    "doctor",
    "outbox done {case} --as p-0001",
)


@pytest.fixture(scope="module")
def _whole(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A case that was refused, worked again, approved, reopened; and one that joined it on the way."""
    folder = tmp_path_factory.mktemp("whole") / "city"
    shutil.copytree(shipped, folder)
    city = City(folder)
    case, code = city.finished()
    second = city.open(now=TUESDAY)["case"]
    city.ask("case", "merge", second, case, "--as", COORDINATOR, now=TUESDAY)
    refused = city.do(case, "refuse", "--set", "reason=没清完", "--code", code, now=TUESDAY, actor=INSPECTOR)
    (order,) = refused["opened"]
    city.do(order, "acknowledge", now="2026-06-02T10:40", actor="city-management")
    city.do(order, "report-done", "--set", "result=好了", now="2026-06-02T11:00", actor="city-management")
    city.do(order, "verify", now="2026-06-02T11:10", actor=INSPECTOR)
    city.do(case, "finish", "--set", "result=好了", now="2026-06-02T11:20")
    fresh = refused["acceptance_code"]
    city.do(case, "approve", "--code", fresh, now="2026-06-03T09:00", actor=INSPECTOR)
    return folder, case


@pytest.fixture
def whole(_whole: tuple[Path, str], tmp_path: Path) -> tuple[City, str]:
    """A copy of the city with that case."""
    folder, case = _whole
    shutil.copytree(folder, tmp_path / "city")
    return City(tmp_path / "city"), case


@pytest.mark.slow
def test_contact_data_is_in_the_vault_alone(whole: tuple[City, str]) -> None:
    city, _case = whole
    for path, data in city.tree().items():
        held = any(word.encode() in data for word in PRIVATE)
        assert held == path.startswith("data/contacts/"), path


@pytest.mark.parametrize("typed", LOOKS)
@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_contact_data_is_on_no_screen(whole: tuple[City, str], typed: str, format: str, language: str) -> None:
    city, case = whole
    speaking = City(city.folder, language)
    ran = speaking.run(*typed.format(case=case).split(), "--format", format, now="2026-06-03T09:30")
    assert ran.code == 0
    assert not any(word in ran.out + ran.err for word in PRIVATE)


def test_the_one_place_where_it_is_shown_is_asked_for_by_name(whole: tuple[City, str]) -> None:
    city, _case = whole
    shown = city.run("outbox", "list", "--contacts", now="2026-06-03T09:30").out
    assert PRIVATE[0] in shown and PRIVATE[1] in shown
    data = city.ask("outbox", "list", "--contacts", now="2026-06-03T09:30")["messages"]
    assert any(PRIVATE[1] in message.get("contact", "") for message in data)


def test_the_vault_is_for_its_owner_alone(whole: tuple[City, str]) -> None:
    city, _case = whole
    vault = city.folder / "data" / "contacts"
    modes = {path.stat().st_mode & 0o777 for path in vault.rglob("*") if path.is_file()}
    folders = {path.stat().st_mode & 0o777 for path in (vault, *vault.rglob("*")) if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


@pytest.mark.slow
def test_an_acceptance_code_is_shown_once_and_kept_nowhere(city: City, finished: Finished) -> None:
    case, code = finished
    assert not [path for path, data in city.tree().items() if code.encode() in data]
    for typed in ("case show {case}", "case actions {case}", "outbox list --contacts", "case list --all"):
        for format in ("text", "json"):
            assert code not in city.run(*typed.format(case=case).split(), "--format", format, now=TUESDAY).out


def test_a_message_that_is_refused_does_not_repeat_contact_data(city: City) -> None:
    given = ("--set", "summary=a", "--set", f"reporter={CONTACT}")
    typed = ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105", *given)
    for format in ("text", "json"):
        ran = city.run(*typed, "--format", format, now=MONDAY)
        assert ran.code == 2
        assert not any(word in ran.out + ran.err for word in PRIVATE)


@pytest.mark.slow
def test_what_is_written_down_cannot_drive_the_terminal(city: City) -> None:
    """Escape sequences in a resident's words are shown as what they are, never sent to the terminal."""
    evil = "甲\x1b[31m乙\x1b]0;title\x07丙\x9b2J\u202e丁\r戊"
    case = city.open(summary=evil)["case"]
    city.do(case, "accept", now="2026-06-01T09:05")
    city.ask("case", "note", case, evil, "--as", COORDINATOR, now="2026-06-01T09:05")
    for typed in (("case", "show", case), ("case", "list"), ("outbox", "list")):
        shown = city.run(*typed, now="2026-06-01T09:10").out
        for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\r"):
            assert bad not in shown, (typed, bad)
    refused = city.run("case", "show", evil)
    assert "\x1b" not in refused.out
    wrong = city.run("community", "show", evil)
    assert "\x1b" not in wrong.err and "\x07" not in wrong.err
