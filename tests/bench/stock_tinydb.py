"""The same update with stock TinyDB, one file for everything: ``python stock_tinydb.py make|advance FILE [CASES]``."""

from __future__ import annotations

import json
import sys

from tinydb import TinyDB

EVENT = {"n": 1, "at": "2026-06-01T09:00:00Z", "kind": "action", "by": "p-0001", "note": "样例" * 60, "hash": "0" * 64}


def make(path: str, cases: int) -> None:
    """A database of ``cases`` documents of about 1.4 KB each."""
    events = [{**EVENT, "n": n} for n in range(1, 4)]
    documents = {str(number): {"case": f"XF01-{number:06d}", "events": events} for number in range(1, cases + 1)}
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - the way a script would
        json.dump({"_default": documents}, file, ensure_ascii=False)


def advance(path: str, cases: int) -> None:
    """Append one event to the newest case."""
    database = TinyDB(path, encoding="utf-8", ensure_ascii=False)
    document = database.get(doc_id=cases)
    database.update({"events": [*document["events"], EVENT]}, doc_ids=[cases])  # type: ignore[index,call-overload]


if __name__ == "__main__":
    {"make": make, "advance": advance}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
