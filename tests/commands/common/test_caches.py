"""A bit that flips below ``data/cache`` changes no answer: each cache is checked by its checksum and computed again."""

from __future__ import annotations

import hashlib
import os
import time

import pytest

from tests.support.command_line import CONTACT, MONDAY, City, Handled

OPENING = (
    *("--community", "XF01", "--as", "p-0001", "--set", "summary=路灯不亮"),
    *("--set", "topic=sanitation", "--set", "scope=building", "--set", "reporter=@-"),
)
READERS = (("case", "list"), ("status",), ("procedure", "list"), ("validate",), ("committee", "list"))


@pytest.mark.slow
def test_no_answer_changes_when_a_bit_of_a_cache_flips(city: City, handled: Handled) -> None:
    for volume in (city.folder / "data" / "ledger").rglob("*.json"):
        os.utime(volume, (time.time() - 60,) * 2)  # else its summaries are too new to be cached
    for _ in range(2):
        answers = [city.run(*reader, "--json", now=MONDAY) for reader in READERS]
    caches = {path: path.read_bytes() for path in (city.folder / "data" / "cache").glob("*.json")}
    assert {path.name for path in caches} >= {"summaries.json", "findings.json", "parts.json"}
    for part in (1, 3, 5):
        for path, content in caches.items():
            changed = bytearray(content)
            changed[len(changed) * part // 6] ^= 1 << part
            path.write_bytes(changed)
        assert [city.run(*reader, "--json", now=MONDAY) for reader in READERS] == answers


@pytest.mark.slow
def test_a_forged_procedure_in_the_cache_pins_no_case(city: City) -> None:
    assert city.run("case", "list").code == 0
    path = city.folder / "data" / "cache" / "workspace.json"
    text = path.read_bytes().partition(b"\n")[2].replace(b"1 working hour", b"9 working hours")
    path.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
    refusal = city.refusal("case", "open", "resident-request", *OPENING, now=MONDAY, stdin=CONTACT)
    assert "workspace.json" in refusal["message"] and not path.exists()
    assert city.cases() == []
    case = city.ask("case", "open", "resident-request", *OPENING, now=MONDAY, stdin=CONTACT)["case"]
    assert city.ask("case", "show", case, now=MONDAY)["case"] == case
