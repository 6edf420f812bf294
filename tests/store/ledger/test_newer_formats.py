"""Files of a newer fujin are refused and stay where they are, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support.ledger_samples import advance, codes, files, open_case, tiny


def _make_newer(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'{"fujin":1,', b'{"fujin":2,', 1))


@pytest.fixture
def case(tmp_path: Path) -> str:
    """A case whose volume a newer fujin has written since."""
    case = open_case(tiny(tmp_path))
    _make_newer(tmp_path / "data" / "ledger" / "XF01" / "2026-11.a.json")
    return case


USES: dict[str, Callable[[TinyLedger, str], Any]] = {
    "read": lambda ledger, case: ledger.read(case),
    "advance": advance,
    "open": lambda ledger, case: open_case(ledger),
}


@pytest.mark.parametrize("use", USES)
def test_a_volume_of_a_newer_format_is_refused_and_left(tmp_path: Path, case: str, use: str) -> None:
    before = files(tmp_path / "data")
    with pytest.raises(Damaged, match="format 2") as caught:
        USES[use](tiny(tmp_path), case)
    assert caught.value.finding.code == "FJ711"
    assert files(tmp_path / "data") == before


def test_other_volumes_go_on_and_verification_names_it(tmp_path: Path, case: str) -> None:
    other = open_case(tiny(tmp_path), community="XF02")
    ledger = tiny(tmp_path)
    assert [stored.case for stored in ledger.open_cases()] == [other]
    assert [finding.code for finding in ledger.problems()] == ["FJ711"]
    assert set(codes(tiny(tmp_path))) == {"FJ711"}


def test_a_request_entry_of_a_newer_format_is_refused_and_left(tmp_path: Path) -> None:
    open_case(tiny(tmp_path), request="r")
    name = hashlib.sha256(b"r").hexdigest()
    path = tmp_path / "data" / "ledger" / "requests" / name[:2] / f"{name}.json"
    _make_newer(path)
    before = path.read_bytes()
    with pytest.raises(Damaged, match="format 2"):
        open_case(tiny(tmp_path), request="r")
    assert path.read_bytes() == before and "FJ711" in codes(tiny(tmp_path))


def test_an_operation_of_a_newer_format_stops_writing_and_stays(tmp_path: Path) -> None:
    case = open_case(tiny(tmp_path))
    path = tmp_path / "data" / "ledger" / "intents" / "x.json"
    path.parent.mkdir()
    path.write_bytes(b'{"fujin":2,"generation":1}')
    with pytest.raises(Damaged, match="format 2"):
        advance(tiny(tmp_path), case)
    assert path.exists() and tiny(tmp_path).read(case) and "FJ711" in codes(tiny(tmp_path))
