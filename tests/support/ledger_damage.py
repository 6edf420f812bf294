"""A sound ledger to spoil, and ways to spoil its files. All matters in here are invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from fujin_cli.store.ledger.tinydb.volumes import Limits
from tests.support.ledger_samples import advance, open_case, rewrite, store_text, tiny

Tables = dict[str, Any]


class Sound:
    """A sound ledger: two parts of November, one of December, another community, one law; some cases ended."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "data" / "ledger"
        self.ledger = tiny(tmp_path, limits=Limits(cases=3))
        self.version = store_text(self.ledger, '{"procedure":"resident-request"}')
        self.cases = [
            open_case(self.ledger, waiting=True, data={"law": self.version}, request=f"r{i}") for i in range(4)
        ]
        for case in self.cases[:2]:
            advance(self.ledger, case)
        self.december = open_case(self.ledger, month="202612")
        self.other = open_case(self.ledger, community="XF02")
        advance(self.ledger, self.other, self.december, ends=True)
        assert list(self.ledger.verify()) == []

    def path(self, name: str = "2026-11.a.json", community: str = "XF01") -> Path:
        return self.root / community / name


def messages(ledger: TinyLedger, code: str) -> str:
    return "\n".join(str(finding.message) for finding in ledger.verify() if finding.code == code)


def flip_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def pretty(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"cases":', b'"cases": '))


def nested(path: Path) -> None:
    import hashlib

    body = b"[" * 100_000 + b"]" * 100_000
    checksum = hashlib.sha256(body).hexdigest().encode()
    path.write_bytes(b'{"fujin":1,"generation":1,"sha256":"' + checksum + b'","tables":' + body + b"}\n")


def set_tables(**tables: Any) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        rewrite(path, lambda found: found.update(tables))

    return damage


def lame_event(path: Path) -> None:
    rewrite(path, lambda tables: tables["cases"]["1"]["events"][0].pop("at"))


DAMAGES = [
    flip_byte,
    cut,
    empty,
    pretty,
    nested,
    set_tables(volume=None),
    set_tables(volume={}),
    set_tables(volume={"1": []}),
    set_tables(cases=[]),
    set_tables(cases={"x": {}}),
    set_tables(cases={"1": {"case": "XF01-202611a-0001"}}),
]
