"""Ledgers of any size, written by the store itself: real volumes that ``fujin ledger verify`` accepts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from fujin_cli.core.cases.event import Event
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Changes, View
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.bench.timing import FUJIN

ROOT = Path(__file__).resolve().parents[2]
_CONTACT = "name: 样例\nphone: 000-0000-0100\n"
_OPEN = (
    *("case", "open", "resident-request", "--as", "resident", "--set", "summary=楼道灯不亮，请安排维修。"),
    *("--set", "place=样例小区1号楼", "--set"),  # the reporter follows
)
BATCH = 100  # cases of one operation: a whole part
OPEN = 100


def workspace(folder: Path) -> Path:
    """A copy of the city's configuration, without any ledger."""
    shutil.copytree(ROOT / "workflows", folder / "workflows")
    return folder


def fujin(folder: Path, *arguments: str, stdin: str = "") -> dict[str, object]:
    """Run ``fujin --json`` there and read its answer."""
    done = subprocess.run(
        [*FUJIN, *arguments, "--json"], cwd=folder, input=stdin, capture_output=True, text=True, check=True
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def open_one(folder: Path, community: str = "XF01") -> str:
    """A real open request; returns its id."""
    answer = fujin(folder, *_OPEN, "reporter=@-", "--community", community, stdin=_CONTACT)
    return str(answer["case"])


def opening_command(folder: Path) -> tuple[str, ...]:
    """A command that opens a request, with its contact in a file that is written here."""
    path = folder / "contact.txt"
    path.write_text(_CONTACT, "utf-8")
    return (*FUJIN, *_OPEN, f"reporter=@{path}", "--community", "XF01")


def fill(folder: Path, cases: int) -> None:
    """Fill the ledger up to ``cases``: all ended but a hundred. Nothing is synced while it is filled."""
    ledger = TinyLedger(folder / "data" / "ledger")
    case = open_one(folder)
    opened = ledger.read(case)
    fujin(folder, "case", "advance", case, "decline", "--as", "p-0102", "--set", "reason=样例")
    ended = ledger.read(case)
    communities = re.findall(r"^  (XF\d\d):$", (folder / "workflows" / "jurisdiction.yaml").read_text("utf-8"), re.M)
    kept = disk.sync_file, disk.sync_folder
    disk.sync_file = disk.sync_folder = lambda _: None  # type: ignore[assignment]
    try:
        for index in range(0, cases - 1, BATCH):
            batch = index // BATCH
            month = f"{2016 + batch // 13 // 12 % 10}{batch // 13 % 12 + 1:02d}"
            number = min(BATCH, cases - 1 - index)
            template = opened if index < OPEN else ended
            _append(ledger, communities[batch % len(communities)], month, number, template)
    finally:
        disk.sync_file, disk.sync_folder = kept


def _append(ledger: TinyLedger, community: str, month: str, number: int, template: tuple[Event, ...]) -> None:
    def work(view: View) -> tuple[Changes, None]:
        changes = Changes()
        for _ in range(number):
            case = view.allocate(community, month)
            for event in template:
                data = {**event.data, "community": community} if event.kind == "opened" else event.data
                changes.appended.append((case, replace(event, data=data, tells=())))
            changes.open[case] = template[-1].data.get("outcome") is None
            changes.waiting[case] = False
        return changes, None

    ledger.transact(None, [], (community, month), work)
