"""Contacts (name, phone) apart from cases: one file each, for its owner's eyes only. A case holds a reference.

They are plain text for now; that is said wherever somebody might think otherwise (``fujin doctor``, the README).
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from fujin_cli.core.model.values import CONTACT, Unfit
from fujin_cli.core.text.message import say
from fujin_cli.store.files import disk

KEYS = ("name", "phone", "address", "note")
LARGEST = 16 * 1024  # bytes


def read_contact_text(text: str) -> dict[str, str]:
    """Contact data from JSON, or lines such as ``name: 样例`` (a bare first line is the name). Raises Unfit."""
    if len(text.encode()) > LARGEST:
        raise Unfit(say("contact data is longer than {count} bytes", count=LARGEST))
    text = text.strip()
    found: dict[str, str] = {}
    if text.startswith("{"):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise Unfit(say("contact data is not valid JSON")) from None
        found = {str(key): str(value) for key, value in data.items() if value not in (None, "")}
    else:
        for index, line in enumerate(line for line in text.splitlines() if line.strip()):
            key, separator, value = line.replace("：", ":").partition(":")
            if not separator and index == 0:
                key, value = "name", line
            found[key.strip().lower()] = value.strip()
    unknown = sorted(set(found) - set(KEYS))
    if unknown:
        raise Unfit(
            say("contact data has unknown keys {keys}; the known keys are {known}", keys=unknown, known=list(KEYS))
        )
    if not found.get("name") and not found.get("phone"):
        raise Unfit(say("contact data needs a name or a phone number"))
    return found


class Vault:
    """The folder ``data/contacts``: mode 0700, each contact a file of mode 0600."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, contact: dict[str, Any], operation: str | None, field: str) -> str:
        """Keep a contact; returns its reference, the same one for the same operation and field."""
        seed = f"{operation}/{field}".encode() if operation else os.urandom(16)
        name = f"c-{hashlib.sha256(seed).hexdigest()[:16]}"
        path = self._path(name)
        mask = os.umask(0o077)  # files 0600, folders 0700, from the first moment on
        try:
            disk.make_folder_synced(path.parent, self.root.parent.parent)
            disk.replace_synced(path, json.dumps(contact, ensure_ascii=False).encode(), shared=True)
        finally:
            os.umask(mask)
        return f"vault:{name}"

    def read(self, reference: str) -> dict[str, str] | None:
        """The contact that a reference names; None where it is gone."""
        if not CONTACT.fullmatch(reference):
            return None
        try:
            data: dict[str, str] = json.loads(self._path(reference.removeprefix("vault:")).read_text())
        except (OSError, ValueError, RecursionError):
            return None
        return data

    def _path(self, name: str) -> Path:
        return self.root / name[2:4] / f"{name}.json"
