"""Commands about several cases where the disk fails at one of them: the others are done, and the answer says so."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, MONDAY, City

LATE = "2026-06-20T09:00"


def fail(patch: pytest.MonkeyPatch, call: str, suffix: str, error: int) -> None:
    """Let a system call fail where its file or folder has a name that ends in ``suffix`` (or has it in the middle)."""
    real = getattr(os, call)

    def failing(descriptor: int, *more: object) -> object:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if path.endswith(suffix) or (suffix.endswith("/") and suffix in path):
            raise OSError(error, os.strerror(error), path)
        return real(descriptor, *more)

    patch.setattr(os, call, failing)


@pytest.fixture
def cases(city: City) -> list[str]:
    """A case in each of two communities, both with messages and timers that are late."""
    return [city.open(community=community, topic="lighting")["case"] for community in ("XF01", "XF03")]


@pytest.mark.parametrize(
    ("call", "suffix", "error", "code", "kind"),
    [
        ("fsync", "ledger/XF01", errno.EIO, 75, "unknown"),  # after the volume has got its name
        ("write", "ledger/XF01/", errno.EIO, 1, "disk"),
        ("write", "ledger/XF03/", errno.ENOSPC, 1, "disk"),
    ],
)
def test_a_sweep_says_what_it_did_and_where_the_disk_failed(
    city: City,
    cases: list[str],
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    suffix: str,
    error: int,
    code: int,
    kind: str,
) -> None:
    fail(monkeypatch, call, suffix, error)
    ran = city.run("tick", "--json", now=LATE)
    failed = next(case for case in cases if case[:4] in suffix)
    assert ran.code == code, ran
    assert {firing["case"] for firing in ran.json["fired"]} == set(cases) - {failed}
    assert failed in ran.err and "Traceback" not in ran.err
    sweeps = json.loads((city.folder / "data" / "ledger" / "sweeps.json").read_text())["sweeps"]
    assert [failure["code"] for failure in sweeps[-1]["failures"]] == [kind]
    monkeypatch.undo()
    city.ask("tick", now=LATE)
    assert city.run("ledger", "verify").code == 0


def test_a_full_disk_ends_the_sweep_and_says_so(city: City, cases: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "write", "ledger/XF01/", errno.ENOSPC)
    ran = city.run("tick", now=LATE)
    assert ran.code == 1 and "the disk is full" in ran.err and cases[0] in ran.err


@pytest.mark.parametrize(
    ("call", "suffix", "error", "code"),
    [("fsync", "ledger/XF01", errno.EIO, 75), ("write", "ledger/XF01/", errno.ENOSPC, 1)],
)
def test_deliveries_are_recorded_although_the_disk_fails_at_one_case(
    city: City, cases: list[str], monkeypatch: pytest.MonkeyPatch, call: str, suffix: str, error: int, code: int
) -> None:
    city.ask("tick", now=LATE)
    fail(monkeypatch, call, suffix, error)
    ran = city.run("outbox", "done", *cases, "--as", COORDINATOR, "--json", now=LATE)
    assert ran.code == code, ran
    assert [delivery["case"] for delivery in ran.json["done"]] == cases[1:]
    assert [failure["case"] for failure in ran.json["failed"]] == cases[:1] and cases[0] in ran.err


def test_deliveries_of_an_unknown_case_do_not_stop_the_others(city: City, cases: list[str]) -> None:
    city.ask("tick", now=LATE)
    ran = city.run("outbox", "done", "XF01-202606a-0099", *cases, "--as", COORDINATOR, now=LATE)
    assert ran.code == 1 and "XF01-202606a-0099" in ran.err and "recorded" in ran.out, ran


@pytest.mark.parametrize(
    ("call", "suffix", "error", "code", "kind"),
    [("fsync", "ledger/XF01", errno.EIO, 75, "unknown"), ("write", "ledger/XF01/", errno.ENOSPC, 1, "disk")],
)
def test_other_cases_migrate_where_the_disk_fails_at_one(
    city: City,
    cases: list[str],
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    suffix: str,
    error: int,
    code: int,
    kind: str,
) -> None:
    procedure = city.folder / "workflows" / "procedures" / "resident-request.yaml"
    procedure.write_text(procedure.read_text().replace("title: {", "title: {de: Anliegen, ", 1))
    fail(monkeypatch, call, suffix, error)
    ran = city.run("case", "migrate", "--all", "--apply", "--as", COORDINATOR, "--json", now=MONDAY)
    assert ran.code == code, ran
    rows = {row["case"]: row for row in ran.json["cases"]}
    assert rows[cases[0]]["failed"]["kind"] == kind and rows[cases[0]]["event"] is None
    assert rows[cases[1]]["event"] == 2 and rows[cases[1]]["failed"] is None
