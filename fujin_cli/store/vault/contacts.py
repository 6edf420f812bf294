"""Store contacts (name, phone) apart from cases: one file each, readable by its owner only; a case holds a reference.

The files are not encrypted yet; ``fujin doctor`` and the README say so.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from fujin_cli.core.model.values import CONTACT, Unfit
from fujin_cli.core.text.half_width import to_half_width
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.files import disk
from fujin_cli.store.files.staged_file import StagedFile

KEYS = ("name", "phone", "address", "note")
# What people write instead of the keys, in lower case.
_KEYS_OF_WORDS = {
    "姓名": "name",
    "名字": "name",
    "称呼": "name",
    "联系人": "name",
    "电话": "phone",
    "手机": "phone",
    "手机号": "phone",
    "手机号码": "phone",
    "电话号码": "phone",
    "联系电话": "phone",
    "联系方式": "phone",
    "tel": "phone",
    "telephone": "phone",
    "mobile": "phone",
    "地址": "address",
    "住址": "address",
    "家庭住址": "address",
    "备注": "note",
    "说明": "note",
}
LARGEST = 16 * 1024  # bytes


def read_contact_text(text: str) -> dict[str, str]:
    """Parse contact data: JSON, or lines such as ``name: 样例`` or ``姓名：样例`` (a first line without key: the name).

    The number of a phone is stored in ASCII. Raises Unfit.
    """
    if len(text.encode()) > LARGEST:
        raise Unfit(say("contact data is longer than {count} bytes", count=LARGEST))
    text = text.strip()
    contact: dict[str, str] = {}
    if text.startswith("{"):
        try:
            tree = json.loads(text)
        except (ValueError, RecursionError):
            raise Unfit(say("contact data is not valid JSON")) from None
        contact = {_read_key(str(key)): str(value) for key, value in tree.items() if value not in (None, "")}
    else:
        for index, line in enumerate(line for line in text.splitlines() if line.strip()):
            key, separator, value = line.replace("：", ":").partition(":")
            if not separator and index == 0:
                key, value = "name", line
            contact[_read_key(key)] = value.strip()
    return check_contact(contact)


def check_contact(contact: dict[str, str]) -> dict[str, str]:
    """Return a contact without its empty parts, the phone in ASCII. Raises Unfit for unknown keys, no name or phone."""
    contact = {key: text for key, text in contact.items() if text}
    unknown = sorted(set(contact) - set(KEYS))
    if unknown:
        raise Unfit(
            say("contact data has unknown keys {keys}; the known keys are {known}", keys=unknown, known=list(KEYS))
        )
    if contact.get("phone"):
        contact["phone"] = to_half_width(contact["phone"])
    if not contact.get("name") and not contact.get("phone"):
        raise Unfit(say("contact data needs a name or a phone number"))
    return contact


def _read_key(word: str) -> str:
    word = word.strip().lower()
    return _KEYS_OF_WORDS.get("".join(word.split()), word)  # 姓　名：


class Vault:
    """Store contacts in the folder ``data/contacts`` (mode 0700), each in a file of mode 0600."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stage(self, contact: dict[str, Any], seed: str | None) -> tuple[str, StagedFile]:
        """Write a contact for an operation to publish, and return its reference: the same one for the same seed.

        Temporary files with contacts that killed processes have left are removed first.
        """
        for start in disk.names(self.root):
            disk.clear_leftovers(self.root / start)
        name = f"c-{hashlib.sha256(seed.encode() if seed else os.urandom(16)).hexdigest()[:16]}"
        reference = f"vault:{name}"
        return reference, self.stage_correction(reference, contact)

    def stage_correction(self, reference: str, contact: dict[str, Any]) -> StagedFile:
        """Write what is to replace the contact of a reference, to be published. Raises OSError."""
        content = json.dumps(contact, ensure_ascii=False).encode()
        return StagedFile(self.path_of(reference), content, self.root.parent.parent)

    def read(self, reference: str) -> dict[str, str] | None:
        """Read the contact of a reference; None where it was deleted or cannot be read. Raises LinkedOutside."""
        if not CONTACT.fullmatch(reference):
            return None
        disk.check_inside(self.root, self.root.parent.parent)
        try:
            contact = json.loads(self.path_of(reference).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(contact, dict):
            return None
        return {key: str(contact[key]) for key in KEYS if contact.get(key)} or None

    def find_problem(self, reference: str) -> LocalizedText | None:
        """Say why the contact of a reference cannot be read; None where it can. Raises LinkedOutside."""
        if self.read(reference) is not None:
            return None
        if disk.exists(self.path_of(reference)):
            return say("its file in the vault is damaged or cannot be read")
        return say("it was erased, or its file in the vault is lost")

    def list_references(self) -> list[str]:
        """List the references of all stored contacts."""
        names = [name for start in disk.names(self.root) for name in disk.names(self.root / start)]
        return [f"vault:{name.removesuffix('.json')}" for name in names if not name.startswith(".")]

    def path_of(self, reference: str) -> Path:
        """Give the path of the file that a reference stands for."""
        name = reference.removeprefix("vault:")
        return self.root / name[2:4] / f"{name}.json"
