"""The procedures that cases were opened under, kept by their SHA-256: editing YAML changes nothing for an open case."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.text.message import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.paths import Paths

DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_of(text: str) -> str:
    """The SHA-256 of a law's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def law_path(paths: Paths, digest: str) -> Path:
    """``laws/<sha256>.json``; the file's own SHA-256, so that ``sha256sum`` can check it."""
    return paths.root / "laws" / f"{digest}.json"


def store_procedure_text(paths: Paths, text: str) -> str:
    """Write the text down, unless it is there; also over a file that no longer says it. Raises OSError."""
    digest = digest_of(text)
    path = law_path(paths, digest)
    data = text.encode()
    disk.make_folder_synced(path.parent, paths.workspace)
    if disk.read(path) == data:
        disk.sync_folder(path.parent)  # whoever wrote it may have died before doing so
    else:
        disk.replace_synced(path, data, shared=True)
    return digest


def read_procedure_text(paths: Paths, digest: str) -> str | None:
    """The text; None where it is not kept. Raises Damaged (FJ703)."""
    if not DIGEST.fullmatch(digest):
        return None
    path = law_path(paths, digest)
    data = disk.read(path)
    if data is None:
        return None
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged(changed_law(paths, digest))
    return data.decode()


def list_procedure_texts(paths: Paths) -> list[tuple[str, datetime]]:
    """The digest of every law that is kept and when its file was written, oldest first."""
    folder = paths.root / "laws"
    found = [
        (path.stem, datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for path in (folder.glob("*.json") if folder.is_dir() else ())
        if DIGEST.fullmatch(path.stem)
    ]
    return sorted(found, key=lambda entry: (entry[1], entry[0]))


def changed_law(paths: Paths, digest: str) -> Finding:
    """FJ703: the text is not the one that was kept under this digest."""
    shown = paths.shown(law_path(paths, digest))
    return Finding(
        "FJ703",
        "error",
        say("{file} is not the procedure that cases were opened under: its digest differs", file=shown),
        Place(shown),
        help=say("Restore this file from a backup, or run `fujin ledger verify` to see whether a case needs it."),
    )
