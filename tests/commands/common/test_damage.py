"""Whatever is broken: a sentence, an exit code, the rest goes on; never a traceback, never a fault of ours."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.command_line import CONTACT, COORDINATOR, FUJIN, MONDAY, City, Handled

pytestmark = pytest.mark.slow

NOW = "2026-06-02T10:30"
OPEN = ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105", "--set", "summary=a")

# every command that reads something, and the ones that write
COMMANDS = (
    ("case", "list"),
    ("case", "list", "--all"),
    ("case", "show", "{case}"),
    ("case", "actions", "{case}"),
    ("case", "note", "{case}", "x", "--as", COORDINATOR),
    ("tick",),
    ("outbox", "list"),
    ("validate",),
    ("procedure", "list"),
    ("community", "show", "XF01"),
    ("committee", "list"),
    ("roster", "list"),
    ("doctor",),
    ("config", "--origin"),
    (*OPEN, "--set", "reporter=@-"),
)


def put(path: str, text: str | bytes) -> Callable[[Path], object]:
    """Replaces a file of the configuration."""
    data = text if isinstance(text, bytes) else text.encode()
    return lambda root: (root / "workflows" / path).write_bytes(data)


def without(path: str) -> Callable[[Path], object]:
    """Takes a file or a folder of the configuration away."""

    def take(root: Path) -> None:
        found = root / "workflows" / path
        shutil.rmtree(found) if found.is_dir() else found.unlink()

    return take


def a_folder_for(path: str) -> Callable[[Path], object]:
    """A folder stands where a file should."""

    def swap(root: Path) -> None:
        (root / "workflows" / path).unlink()
        (root / "workflows" / path).mkdir()

    return swap


def a_link(path: str, target: str) -> Callable[[Path], object]:
    """A link stands where a file should."""

    def swap(root: Path) -> None:
        (root / "workflows" / path).unlink(missing_ok=True)
        (root / "workflows" / path).symlink_to(target)

    return swap


def cut(path: str, share: float) -> Callable[[Path], object]:
    """A file ends too early."""

    def take(root: Path) -> None:
        text = (root / "workflows" / path).read_bytes()
        (root / "workflows" / path).write_bytes(text[: int(len(text) * share)])

    return take


def cache(text: str) -> Callable[[Path], object]:
    """What was kept is not what was written."""

    def spoil(root: Path) -> None:
        for path in (root / "data" / "cache").iterdir():
            path.write_text(text, "utf-8")

    return spoil


HEAD = "workspace: x\ntitle: x\nlanguages: [zh]\nrehearsal: yes\n"
BROKEN: dict[str, Callable[[Path], object]] = {
    "no procedures": without("procedures"),
    "no request procedure": without("procedures/resident-request.yaml"),
    "a request procedure that ends too early": cut("procedures/resident-request.yaml", 0.4),
    "an order procedure that ends too early": cut("procedures/work-order.yaml", 0.7),
    "no jurisdiction": without("jurisdiction.yaml"),
    "a jurisdiction that ends too early": cut("jurisdiction.yaml", 0.5),
    "no menu": without("menu.yaml"),
    "no partners": without("partners.yaml"),
    "no rosters": without("rosters"),
    "no committees": without("committees"),
    "an empty workspace file": put("workspace.yaml", ""),
    "a workspace file of bytes": put("workspace.yaml", bytes(range(256))),
    "a workspace file that is a list": put("workspace.yaml", "- a\n- b\n"),
    "a zone that is nowhere": put("workspace.yaml", HEAD + "zone: Nowhere/Town\n"),
    "a zone that is a path": put("workspace.yaml", HEAD + "zone: ../../../etc/passwd\n"),
    "a country without a calendar": put("workspace.yaml", HEAD + "zone: Asia/Shanghai\ncalendar: {country: XX}\n"),
    "years that are none": put("workspace.yaml", HEAD + "zone: UTC\ncalendar: {country: CN, years: {x: 1}}\n"),
    "office hours that are none": put("workspace.yaml", HEAD + "zone: Asia/Shanghai\noffice_hours: [noon]\n"),
    "thirty thousand brackets": put("menu.yaml", "menu: " + "[" * 30000),
    "a bomb of aliases": put(
        "menu.yaml",
        "a: &a [x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)),
    ),
    "tabs": put("menu.yaml", "menu:\n\tkinds: {}\n"),
    "a key twice": put("menu.yaml", "menu: a\nmenu: b\n"),
    "the wrong types everywhere": put("jurisdiction.yaml", "jurisdiction: [1]\ncommunities: 7\nroles: x\n"),
    "a menu that is a folder": a_folder_for("menu.yaml"),
    "a workspace file that is a folder": a_folder_for("workspace.yaml"),
    "a menu that links out of the workspace": a_link("menu.yaml", "/etc/hostname"),
    "a menu that links to nothing": a_link("menu.yaml", "nothing.yaml"),
    "a menu that links to itself": a_link("menu.yaml", "menu.yaml"),
    "a folder that links to itself": a_link("again", "."),
    "a pipe": lambda root: os.mkfifo(root / "workflows" / "pipe.yaml"),
    "a cache that is no JSON": cache("{"),
    "a cache that is a list": cache("[]"),
    "a cache that is another thing": cache('{"key": 1, "files": 2}'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workspace_is_a_sentence(city: City, handled: Handled, name: str) -> None:
    BROKEN[name](city.folder)
    for command in COMMANDS:
        words = [word.format(case=handled.case) for word in command]
        ran = city.run(*words, now=NOW if command != ("config", "--origin") else None, stdin=CONTACT)
        assert ran.code in (0, 1, 2), (words, ran)
        assert "Traceback" not in ran.err and "internal error" not in ran.err, (words, ran)
        assert ran.code == 0 or ran.out or ran.err, words
    assert city.run("case", "list", "-w", str(city.folder)).code == city.run("case", "list").code


def test_a_broken_workspace_still_moves_its_open_cases(city: City, handled: Handled) -> None:
    """A case keeps its law: what is wrong with today's text touches no case that is open."""
    cut("procedures/resident-request.yaml", 0.4)(city.folder)
    ran = city.run("case", "note", handled.case, "x", "--as", COORDINATOR, "--json", now=NOW)
    assert ran.code == 0
    assert "workflows/procedures/resident-request.yaml" in ran.err
    assert city.run("tick", now="2026-06-04T17:00").code == 0
    refused = city.run(*OPEN, "--set", "reporter=@-", "--json", now=NOW, stdin=CONTACT)
    assert (refused.code, refused.json["refused"]["code"]) == (1, "FJ827")
    assert "workflows/procedures/resident-request.yaml:" in refused.json["refused"]["message"]


# the ledger


@pytest.fixture
def two(city: City) -> tuple[City, str, str]:
    """A case in each of two communities."""
    bad, good = city.open()["case"], city.open(community="XF02", topic="water")["case"]
    city.do(bad, "accept", now="2026-06-01T09:05")  # its reporter has to be told
    return city, bad, good


def volume(city: City, case: str) -> Path:
    """The file of a case."""
    return city.folder / "data" / "ledger" / case[:4] / "2026-06.a.json"


DAMAGE = {
    "empty": "",
    "cut": "{",
    "a list": "[]",
    "zeros": "\0" * 100,
    "nothing": '{"_default": {}}',
    "a word": None,
}


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_volume_stops_nothing_but_its_own_cases(two: tuple[City, str, str], text: str | None) -> None:
    city, bad, good = two
    whole = volume(city, bad).read_text("utf-8")
    volume(city, bad).write_text(whole.replace("三号楼", "四号楼") if text is None else text, "utf-8")
    for typed in (("case", "list"), ("case", "list", "--all"), ("status",), ("outbox", "list")):
        ran = city.run(*typed, "--json", now=NOW)
        assert ran.code == 1, typed
        assert "XF01" in ran.err and ran.err.startswith("warning: ")
        assert ran.json["version"] == 1
    listed = city.run("case", "list", "--json", now=NOW).json["cases"]
    assert [entry["case"] for entry in listed] == [good]
    swept = city.run("tick", "--json", now="2026-06-03T09:00")
    assert swept.code == 1
    assert {entry["case"] for entry in swept.json["fired"]} == {good}
    for typed in (("case", "show", bad), ("case", "note", bad, "x", "--as", COORDINATOR)):
        ran = city.run(*typed, now=NOW)
        assert ran.code == 1
        assert "Traceback" not in ran.err and "internal error" not in ran.err
    assert city.run("case", "show", good, now=NOW).code == 0
    assert city.open(community="XF02", topic="water", now=NOW)["case"]
    verified = city.run("ledger", "verify", "--json")
    assert verified.code == 1
    assert any("XF01" in (finding["path"] or "") for finding in verified.json["findings"])


def test_a_volume_changed_by_hand_is_found_and_told_where(two: tuple[City, str, str]) -> None:
    city, bad, _good = two
    assert city.run("ledger", "verify").code == 0
    path = volume(city, bad)
    path.write_text(path.read_text("utf-8").replace("三号楼", "四号楼"), "utf-8")
    ran = city.run("ledger", "verify")
    assert ran.code == 1
    assert "data/ledger/XF01" in ran.out


def test_a_law_that_is_gone_is_a_sentence(city: City, handled: Handled) -> None:
    without("procedures/resident-request.yaml")(city.folder)
    shutil.rmtree(city.folder / "data" / "ledger" / "laws")
    for typed in (("case", "show", handled.case), ("case", "note", handled.case, "x", "--as", COORDINATOR)):
        ran = city.run(*typed, now=NOW)
        assert ran.code == 1, typed
        assert "internal error" not in ran.err
    for typed in (("case", "list"), ("status",), ("tick",), ("outbox", "list")):
        ran = city.run(*typed, now=NOW)
        assert ran.code in (0, 1)
        assert "internal error" not in ran.err, (typed, ran)
    assert city.run("ledger", "verify").code == 1


# permissions: what a process of another account may not do


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's rights, which no mode of a file holds back."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def closed(city: City, handled: Handled) -> Iterator[tuple[City, str]]:
    """A copy of the city in which nobody may write, in a place that everybody may enter."""
    city.run("case", "list", now=NOW)  # imports what the next ones need
    with tempfile.TemporaryDirectory(prefix="fujin-", dir="/tmp") as name:
        place = Path(name)
        shutil.copytree(city.folder, place / "city")
        place.chmod(0o755)
        for path in (place / "city").rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        (place / "city").chmod(0o555)
        yield City(place / "city"), handled.case
        for path in (place / "city", *(place / "city").rglob("*")):
            if path.is_dir():
                path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_a_workspace_that_may_only_be_read_is_shown(closed: tuple[City, str]) -> None:
    city, case = closed
    looks = (
        ("case", "list"),
        ("case", "show", case),
        ("case", "actions", case),
        ("status",),
        ("community", "list"),
        ("outbox", "list"),
        ("validate",),
        ("tick", "--dry-run"),
        ("ledger", "verify"),
    )
    for typed in looks:
        assert city.run(*typed, now=NOW).code == 0
    shutil.rmtree(city.folder.parent / "none", ignore_errors=True)
    with as_nobody():
        for typed in looks:
            ran = city.run(*typed, now=NOW)
            assert (ran.code, ran.err) == (0, ""), (typed, ran)
        checks = {
            entry["check"] for entry in city.run("doctor", "--json", now=NOW).json["checks"] if entry["state"] == "bad"
        }
        assert checks == {"private files"}, "everybody may read it"


@pytest.mark.parametrize(
    "typed",
    [
        (*OPEN, "--set", "reporter=@-"),
        ("case", "note", "{case}", "x", "--as", COORDINATOR),
        ("outbox", "done", "{case}", "--as", COORDINATOR),
        ("tick",),
        ("init", "new-city"),
    ],
    ids=lambda typed: " ".join(typed[:2]),
)
def test_a_workspace_that_may_only_be_read_is_not_changed(closed: tuple[City, str], typed: tuple[str, ...]) -> None:
    city, case = closed
    words = [word.format(case=case) for word in typed]
    before = city.tree()
    city.run(*words, "--dry-run", now=None if typed[0] == "init" else "2026-06-04T17:00", stdin=CONTACT)
    with as_nobody():
        ran = city.run(*words, now=None if typed[0] == "init" else "2026-06-04T17:00", stdin=CONTACT)
    assert ran.code == 1, ran
    assert "Permission denied" in ran.err
    assert "Traceback" not in ran.err and "internal error" not in ran.err
    assert city.tree() == before


def test_a_ledger_that_may_not_be_read_is_not_an_empty_one(closed: tuple[City, str]) -> None:
    city, case = closed
    (city.folder / "data" / "ledger").chmod(0o000)
    with as_nobody():
        for typed in (("case", "list"), ("case", "show", case), ("status",), ("tick",), ("outbox", "list")):
            ran = city.run(*typed, now=NOW)
            assert ran.code == 1, (typed, ran)
            assert "internal error" not in ran.err
    (city.folder / "data" / "ledger").chmod(0o755)


def test_a_file_in_the_place_of_the_data_is_a_sentence(city: City) -> None:
    shutil.rmtree(city.folder / "data")
    (city.folder / "data").write_text("x", "utf-8")
    assert city.run("case", "list").code == 0
    ran = city.run(*OPEN, "--set", "reporter=@-", now=MONDAY, stdin=CONTACT)
    assert ran.code == 1
    assert str(city.folder / "data") in ran.err


# paths outside


def test_paths_outside_the_workspace(city: City) -> None:
    for path in ("/etc/hostname", "..", "../nothing.yaml", "nothing.yaml"):
        ran = city.run("validate", "workflows/menu.yaml", path)
        assert (ran.code, ran.out) == (2, "")
    assert city.run("validate", "/etc/hostname").code == 2
    assert city.run("validate", "data").code == 2
    assert city.run("validate", "workflows/menu.yaml").out == "no findings in 1 file\n"
    assert city.run("validate", "workflows/procedures").out == "no findings in 4 files\n"
    assert city.run("validate", str(city.folder)).code == 0
    assert City(city.folder.parent).run("validate", str(city.folder / "workflows" / "menu.yaml")).code == 0
    assert City(city.folder.parent).run("case", "list", "-w", "/").code == 2
    assert City(city.folder.parent).run("case", "list", "-w", "/nowhere/at/all").code == 2


def test_an_answer_that_nobody_could_take_is_no_reason_to_say_that_nothing_was_changed(city: City) -> None:
    """The case was opened and stdout is on a full disk: the help must not send anybody to open it a second time."""
    typed = ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105", "--set", "summary=a")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*FUJIN, *typed, "--set", "reporter=@-", "--now", MONDAY],
            cwd=city.folder,
            env=city.environment(),
            input=CONTACT,
            text=True,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 1
    assert "error: the answer could not be written: No space left on device" in done.stderr
    assert "the change took effect" in done.stderr
    assert "Exception" not in done.stderr and "Traceback" not in done.stderr
    assert len(city.cases()) == 1


@pytest.mark.parametrize("data", ["", "{", "[]", "null", '{"key": 1}', "[" * 200_000])
def test_a_cache_that_holds_anything_else_is_made_anew(city: City, data: str) -> None:
    city.open()
    listed = city.run("case", "list", now=NOW)
    for path in (city.folder / "data" / "cache").rglob("*.json"):
        path.write_text(data)
        again = city.run("case", "list", now=NOW)
        assert (again.code, again.out, again.err) == (0, listed.out, "")


ROWS = """procedure: outing
title: Outing
case_of: community
opened: {by: [resident]}
people: {clerk: {role: coordinator, of: community}}
forms: {guest: {name: {type: text, required: yes}}}
fields: {guests: {type: list, of: guest, optional: yes}}
steps:
  asked: {title: Asked, owner: clerk, within: 1 working day, actions: {end: {title: end, to: done, by: clerk}}}
  done: {title: Done, end: done}
"""


@pytest.mark.parametrize("rows", ["[" * 100_000, "[{]", "name: a"])
def test_rows_that_cannot_be_read_are_wrong_usage(city: City, rows: str) -> None:
    (city.folder / "workflows" / "procedures" / "outing.yaml").write_text(ROWS, "utf-8")
    typed = ("case", "open", "outing", "--community", "XF01", "--as", "resident", "--dry-run")
    good = city.run(*typed, "--set", 'guests=[{"name": "a"}]', now=NOW)
    assert good.code == 0, good
    (city.folder / "rows.txt").write_text(rows)
    ran = city.run(*typed, "--set", "guests=@rows.txt", now=NOW)
    assert (ran.code, ran.err) == (2, "error: guests takes rows as JSON: [{…}, …]\n")
