"""Store the procedures that cases were opened under, by SHA-256, so that editing YAML does not affect open cases."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.paths import Paths

DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_of(text: str) -> str:
    """Compute the SHA-256 of a procedure's canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def procedure_text_path(paths: Paths, digest: str) -> Path:
    """Name the file of a text: ``laws/<sha256>.json``, by its own SHA-256, so that ``sha256sum`` can check it."""
    return paths.root / "laws" / f"{digest}.json"


def store_procedure_text(paths: Paths, text: str) -> str:
    """Write the text unless its file exists and is unchanged; a changed file is replaced. Raises OSError."""
    digest = digest_of(text)
    path = procedure_text_path(paths, digest)
    content = text.encode()
    disk.make_folder_synced(path.parent, paths.workspace)
    if disk.read(path) == content:
        disk.sync_folder(path.parent)  # its writer may have died before the sync
    else:
        disk.replace_synced(path, content)
    return digest


def read_procedure_text(paths: Paths, digest: str) -> str | None:
    """Read a text; None if it is not stored. Raises Damaged (FJ703)."""
    if not DIGEST.fullmatch(digest):
        return None
    path = procedure_text_path(paths, digest)
    content = disk.read(path)
    if content is None:
        return None
    if hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(changed_text_finding(paths, digest))
    return content.decode()


def list_procedure_texts(paths: Paths) -> list[tuple[str, datetime]]:
    """List the digest of every stored text and when its file was written, oldest first."""
    folder = paths.root / "laws"
    texts = [
        (path.stem, datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for path in (folder.glob("*.json") if folder.is_dir() else ())
        if DIGEST.fullmatch(path.stem)
    ]
    return sorted(texts, key=lambda text: (text[1], text[0]))


def changed_text_finding(paths: Paths, digest: str) -> Finding:
    """Make FJ703 for a file whose text no longer has the digest in its name."""
    display_path = paths.display_path(procedure_text_path(paths, digest))
    return Finding(
        "FJ703",
        "error",
        say("{file} is not the procedure that cases were opened under: its digest differs", file=display_path),
        Place(display_path),
        help=say("Restore this file from a backup, or run `fujin ledger verify` to see whether a case needs it."),
    )
