"""Contacts: how they are read from what people type, and kept where only this account can look."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fujin_cli.core.model.values import Unfit
from fujin_cli.store.vault.contacts import LARGEST, Vault, read_contact_text
from tests.support.kept_files import keep_contact

CONTACT = {"name": "样例·周某", "phone": "000-0000-0042"}


@pytest.mark.parametrize(
    "text",
    [
        "name: 样例·周某\nphone: 000-0000-0042\n",
        "\n  name：样例·周某\n\nPhone ：000-0000-0042",
        "样例·周某\nphone: 000-0000-0042",
        '{"name": "样例·周某", "phone": "000-0000-0042", "address": null, "note": ""}',
        "姓名：样例·周某\n电话：０００－００００－００４２",
        "姓　名:样例·周某\n手机号码 ： 000-0000-0042\n",
        "样例·周某\n联系电话：000—0000—0042",
        '{"姓名": "样例·周某", "手机": "０００-００００-００４２"}',
    ],
)
def test_ways_to_write_a_contact(text: str) -> None:
    assert read_contact_text(text) == CONTACT


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "needs a name or a phone number"),
        ("address: here", "needs a name or a phone number"),
        ("name: a\nshoe size: 43", "unknown keys shoe size"),
        ('{"name": "a"', "not valid JSON"),
        ('{"name": ' + "[" * 3000, "not valid JSON"),  # nested so deeply that reading it would not end well
        ("name: " + "a" * LARGEST, "is longer than"),
    ],
)
def test_what_is_no_contact(text: str, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        read_contact_text(text)


def test_a_contact_is_kept_for_this_account_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "data" / "contacts")
    reference = keep_contact(vault.root, CONTACT, "first/reporter")
    assert vault.read(reference) == CONTACT
    assert keep_contact(vault.root, CONTACT, "first/reporter") == reference
    others = [keep_contact(vault.root, CONTACT, seed) for seed in ("first/second", None, None)]
    assert len({reference, *others}) == 4
    for path in vault.root.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if path.is_file() else 0o700)


def test_nobody_reads_a_contact_before_it_is_published_or_after_it_is_withdrawn(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "data" / "contacts")
    reference, file = vault.stage(CONTACT, None)
    assert vault.read(reference) is None
    file.withdraw()  # nothing was published
    file.publish()
    assert vault.read(reference) == CONTACT
    file.withdraw()
    assert vault.read(reference) is None
    _, file = vault.stage(CONTACT, None)
    file.discard()
    assert [path for path in vault.root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("data", ["", "{", "[" * 200_000])
def test_a_contact_that_is_gone_or_damaged_is_none(tmp_path: Path, data: str) -> None:
    vault = Vault(tmp_path / "data" / "contacts")
    reference = keep_contact(vault.root, CONTACT)
    [path] = vault.root.rglob("*.json")
    path.write_text(data)
    assert vault.read(reference) is None
    path.unlink()
    assert vault.read(reference) is None
    assert vault.read("vault:../../etc/passwd") is None
