"""``docs/reference/json.md`` names exactly the keys that the commands emit."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import console
import generate
import pytest

PAGE = generate.DOCS / "reference" / "json.md"
NOW = "--now 2026-06-01T09:00"
CASE = "C01-202606a-0001"
OPEN = f"case open resident-request --community C01 --as p-15 --set summary=x --set reporter=@contact.txt {NOW}"
STORY = (
    "committee new C01-safety --community C01 --kind safety --title Safety --dry-run",
    "community new C02 --title Second --dry-run",
    "partner new school --title School --sort resident-unit --can sanitation --dry-run",
    "procedure new noise --title Noise --dry-run",
    "roster add C01 p-16 --name Somebody --role collector --dry-run",
    "committee rename C01-environment C01-green --dry-run",
    "community rename C01 C02 --dry-run",
    "partner rename city-management streets --dry-run",
    "roster rename p-31 p-32 --dry-run",
    "procedure rename joint-conference/fields/decision verdict --dry-run",
    OPEN,
    OPEN,
    "case open resident-request --community C01",
    f"case merge C01-202606a-0002 {CASE} --as p-01 {NOW}",
    f"case advance {CASE} accept --as p-15 {NOW}",
    f"case advance {CASE} accept --as p-01 {NOW}",
    f"case advance {CASE} dispatch --as p-01 --set lead=city-management {NOW}",
    f"case actions {CASE} {NOW}",
    f"case note {CASE} hello --as p-01 {NOW}",
    f"case attach {CASE} photo.png --as p-01 {NOW}",
    f"case pause {CASE} --until 2026-06-03 --reason r --as p-01 {NOW}",
    f"case resume {CASE} --as p-01 {NOW}",
    f"case amend {CASE} --set place=here --as p-01 {NOW}",
    f"case undo {CASE} --as p-01 {NOW}",
    f"case reissue-code {CASE} --as p-13 {NOW}",
    f"case show {CASE} {NOW}",
    f"case list {NOW}",
    f"status {NOW}",
    "tick --now 2026-06-01T15:00",
    f"case contact {CASE} --why r --as p-01 {NOW}",
    f"case contact {CASE} --why r --as p-01 --edit --set reporter=@contact.txt {NOW}",
    f"outbox list --contacts {NOW}",
    f"outbox done {CASE} --as p-01 {NOW}",
    "procedure replay resident-request --actions accept,finish",
    "procedure replay resident-request --actions accept",
    "procedure list",
    "procedure show resident-request",
    "procedure show work-order --diagram",
    "community list",
    "community show C01",
    "committee list",
    "committee show C01-environment",
    "roster list",
    "roster show C01-environment",
    "partner list",
    "partner show city-management",
    f"case migrate {CASE} {NOW}",
    "procedure versions",
    f"diff . before --cases {NOW}",
    "validate --since before",
    "explain FJ803",
    "schema",
    "config",
    "doctor",
)


def documented() -> dict[str, dict[str, str]]:
    """Section → key → type; the section of several commands stands under each of them."""
    found: dict[str, dict[str, str]] = {}
    for section in re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        heading = section.splitlines()[0]
        rows = re.findall(r"^\| `([^`]+)` \| (\w+) \|", section, re.MULTILINE)
        for name in re.findall(r"`fujin ([^`]+)`", heading) or [heading]:
            assert name not in found
            found[name] = dict(rows)
    return found


def keys(value: Any, types: dict[str, str], path: str = "") -> Iterator[str]:
    """The keys in ``value``; what is documented as a map or a title has keys of somebody else's choosing."""
    if isinstance(value, list):
        for item in value:
            yield from keys(item, types, f"{path}[]")
    elif isinstance(value, dict) and types.get(path) not in ("map", "title"):
        for name, part in value.items():
            inner = f"{path}.{name}" if path else name
            nested = isinstance(part, dict) and inner not in types
            yield from keys(part, types, inner) if nested else (inner, *keys(part, types, inner))


@pytest.fixture
def emitted(tmp_path: Path) -> dict[str, set[str]]:
    """Section → every key that a story of all commands emitted."""
    types = documented()
    session = console.Session(tmp_path, "en")
    found: dict[str, set[str]] = defaultdict(set)

    def ask(line: str) -> None:
        answer = json.loads(session.execute(f"fujin {line} --json"))
        name = next(name for name in types if f"{line} ".startswith(f"{name} "))
        section = {"refused": "A refusal", "error": "An error"}.get(next(k for k in answer if k != "version"), name)
        found[section] |= set(keys(answer, types[section]))

    ask("init my-city")
    session.execute("cd my-city")
    console.edit(session.folder / "workflows" / "workspace.yaml", "rehearsal: no ", "rehearsal: yes")
    (session.folder / "contact.txt").write_text("name: 样例\nphone: 000-0000\n", "utf-8")
    _photo(session.folder / "photo.png")
    (session.folder / "days.txt").write_text("2035-01-01\n", "utf-8")
    ask("config --add-calendar days.txt")
    _earlier(session.folder)
    for line in STORY:
        ask(line)
    full_disk = session.execute(f"fujin case reissue-code {CASE} --as p-13 {NOW} --json > /dev/full")
    found["An error"] |= set(keys(json.loads(full_disk), types["An error"]))
    roster = session.folder / "workflows" / "rosters" / "C01-environment.yaml"
    console.edit(roster, "[coordinator]", "[]")
    ask(f"status {NOW}")
    console.edit(roster, "[]", "[cordinator]")
    ask("validate")
    order = session.folder / "workflows" / "procedures" / "work-order.yaml"
    console.edit(roster, "[cordinator]", "[coordinator]")
    ask("validate --mutate objection")
    used_up = "        limit: 2\n        then: {to: failed, tell: {partner: reason, coordinator: reason}}\n"
    console.edit(order, used_up, "")
    ask("validate")
    request = session.folder / "workflows" / "procedures" / "resident-request.yaml"
    console.edit(request, "then: {to: ruling, tell: {lead: reason,", "then: {to: handling, tell: {lead: reason,")
    ask("test")
    ask("validate --fix --unsafe --diff")
    console.edit(session.folder / "workflows" / "menu.yaml", "menu: ", "menu:    ")
    (session.folder / "workflows" / "broken.yaml").write_text("menu: [", "utf-8")
    ask("fmt --check")
    (session.folder / "workflows" / "broken.yaml").unlink()
    volume = session.folder / "data" / "ledger" / "C01" / "2026-06.a.json"
    volume.write_bytes(volume.read_bytes().replace(b"hello", b"hallo"))
    ask("ledger verify")
    return found


def _earlier(folder: Path) -> None:
    """An older version beside the workspace, so that there is something to compare."""
    shutil.copytree(folder / "workflows", folder / "before" / "workflows")
    path = folder / "before" / "workflows" / "procedures" / "resident-request.yaml"
    asking = "en: accept}\n        needs: [reason]\n"
    text = path.read_text("utf-8").replace("en: accept}\n", asking, 1)
    text = text.replace("to: declined\n        by: coordinator\n", "to: declined\n        by: collector\n", 1)
    path.write_text(re.sub(r"^(guarantees:.*\n(?:  #.*\n)*)  ", r"\1  another-", text, flags=re.MULTILINE), "utf-8")
    head = folder / "before" / "workflows" / "workspace.yaml"
    head.write_text(re.sub(r"-17:(\d\d)", r"-16:\1", head.read_text("utf-8")), "utf-8")
    scenarios = sorted((folder / "before" / "workflows" / "scenarios").rglob("*.yaml"))
    scenarios[0].write_text(scenarios[0].read_text("utf-8").replace("en: ", "en: Earlier ", 1), "utf-8")
    roster = folder / "before" / "workflows" / "rosters" / "C01-environment.yaml"
    roster.write_text(roster.read_text("utf-8").replace("coordinator", "collector"), "utf-8")


def _photo(path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (2, 2)).save(path)


@pytest.mark.slow
def test_documented_are_the_keys_that_are_emitted(emitted: dict[str, set[str]]) -> None:
    assert emitted == {section: set(types) for section, types in documented().items()}


def test_every_command_with_json_is_documented() -> None:
    known = {context.command_path for command, context in generate.commands() if not generate.is_group(command)}
    sections = {f"fujin {name.partition(' --')[0]}" for name in documented() if not name.startswith("A")}
    assert sections == known - {"fujin completion"}
