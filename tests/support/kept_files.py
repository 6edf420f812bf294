"""Contacts and attachments as an operation leaves them: staged, then published."""

from __future__ import annotations

from pathlib import Path

from fujin_cli.store.vault.attachments import Attachments
from fujin_cli.store.vault.contacts import Vault


def keep_contact(folder: Path, contact: dict[str, str], seed: str | None = None) -> str:
    """Keep a contact in a vault; returns its reference."""
    reference, file = Vault(folder).stage(contact, seed)
    file.publish()
    return reference


def keep_attachment(folder: Path, path: Path, *, photo: bool) -> str:
    """Keep a copy of a file among the attachments; returns its reference."""
    reference, file = Attachments(folder).stage(path, photo)
    file.publish()
    file.discard()
    return reference
