"""Small pieces that the ledger's tests share. All people and matters in here are invented."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume
from fujin_cli.store.ledger.protocol import Changes, View
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from fujin_cli.store.ledger.tinydb.volume_file import render
from fujin_cli.store.ledger.tinydb.volumes import Limits

START = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
MONTH = "202611"


def event(n: int, note: str = "路灯不亮", **more: Any) -> Event:
    """The ``n``-th event of some case."""
    fields: dict[str, Any] = {"at": START + timedelta(minutes=n), "kind": "action", "by": "W01", "entered_by": "W01"}
    return Event(n=n, note=note, **{**fields, **more})


def open_case(
    ledger: Any,
    community: str = "XF01",
    month: str = MONTH,
    request: str | None = None,
    note: str = "路灯不亮",
    waiting: bool = False,
    **more: Any,
) -> str:
    """Open a case as a command does: a request that has been carried out is answered, not repeated."""

    def work(view: View) -> tuple[Changes, str]:
        done = ledger.find_operation(view.operation) if request else None
        if done:
            return Changes(), done
        case = view.allocate(community, month)
        return Changes([(case, event(1, note, kind="open", **more))], {case: True}, {case: waiting}), case

    return str(ledger.transact(request, [], (community, month), work)[1])


def advance(
    ledger: Any,
    *cases: str,
    ends: bool = False,
    request: str | None = None,
    note: str = "已派单",
    waiting: bool = False,
) -> str:
    """Append one event to each case; a case that this request has been at already is left alone."""

    def work(view: View) -> tuple[Changes, None]:
        changes = Changes()
        for case in cases:
            events = view.read(case)
            if any(event.op == view.operation for event in events):
                continue
            changes.appended.append((case, event(len(events) + 1, note)))
            changes.open[case] = not ends
            changes.waiting[case] = waiting
        return changes, None

    return str(ledger.transact(request, cases, None, work)[0])


def store_text(ledger: Any, text: str) -> str:
    """Store a procedure's text; returns its SHA-256."""
    ledger.transact(None, [], None, lambda _: (Changes(procedure_texts=[text]), None))
    return hashlib.sha256(text.encode()).hexdigest()


def tiny(tmp_path: Path, **more: Any) -> TinyLedger:
    """A ledger in a workspace of its own, impatient."""
    limits = more.pop("limits", Limits())
    return TinyLedger(tmp_path / "data" / "ledger", wait=more.pop("wait", 0.3), limits=limits)


def codes(ledger: Any) -> list[str]:
    """The codes of what verify finds, without what is for information only."""
    return sorted(finding.code for finding in ledger.verify() if finding.severity != "info")


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Edit a volume by hand, cunningly: the file's checksum is right again afterwards."""
    content = json.loads(path.read_text())
    change(content["tables"])
    path.write_bytes(render(content["generation"], content["tables"]))


def files(root: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def volume(part: str = "a", community: str = "XF01", month: str = MONTH) -> Volume:
    """A volume's name."""
    return Volume(community, month, part)
