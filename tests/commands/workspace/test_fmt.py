"""``fujin fmt``: what it writes and what it only shows; what fujin ships is laid out by it."""

from __future__ import annotations

import os
import stat
from collections import Counter
from pathlib import Path

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.files.atomic_write import rewrite
from fujin_cli.store.workspace.load import Contents, contents_of
from fujin_cli.use_cases.format_files import FormattedFile, LayoutFault, format_file
from fujin_cli.use_cases.validate import validate
from tests.support.command_line import City
from tests.support.golden_workspaces import BASE, MALFORMED, MEMORY, TODAY, copy_base, lay
from tests.support.paths import ROOT

SHIPPED = [ROOT / "workflows", ROOT / "fujin_cli" / "templates", BASE]
ROSTER = "workflows/rosters/C2.yaml"
UNTIDY = "roster:   C2\nstaff:\n- {roles: [supervisor], person: p-21,   name: Geng}   # since 2020\n"
TIDY = "roster: C2\nstaff:\n  - {person: p-21, name: Geng, roles: [supervisor]}   # since 2020\n"


@pytest.fixture
def town(tmp_path: Path) -> City:
    copy_base(tmp_path)
    (tmp_path / ROSTER).write_text(UNTIDY, "utf-8")
    return City(tmp_path)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_shipped_files_are_laid_out(folder: Path) -> None:
    files = sorted(folder.rglob("*.yaml"))
    assert files
    assert [path.name for path in files if format_file(path.read_bytes(), path.name).changed] == []


@pytest.mark.slow
def test_it_writes_once(town: City) -> None:
    path = town.folder / ROSTER
    path.chmod(0o640)
    ran = town.run("fmt")
    assert (ran.code, ran.out) == (0, f"{ROSTER}\n1 of 12 files reformatted\n")
    assert path.read_text("utf-8") == TIDY
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert town.run("fmt").out == "0 of 12 files reformatted\n"
    assert not list(path.parent.glob(".*"))


def test_check_and_diff_write_nothing(town: City) -> None:
    checked, shown = town.run("fmt", "--check"), town.run("fmt", "--diff")
    assert (checked.code, checked.out.splitlines()[0]) == (1, ROSTER)
    assert (shown.code, shown.out.splitlines()[:2]) == (1, [f"--- {ROSTER}", f"+++ {ROSTER}"])
    assert "+  - {person: p-21, name: Geng, roles: [supervisor]}   # since 2020" in shown.out
    assert (town.folder / ROSTER).read_text("utf-8") == UNTIDY
    answer = town.run("fmt", "--check", "--json").json
    assert (answer["version"], answer["files"], answer["dry_run"]) == (1, 12, True)
    assert [entry["path"] for entry in answer["changed"]] == [ROSTER]
    assert answer["changed"][0]["diff"] == shown.out


def test_only_some_files(town: City) -> None:
    assert town.run("fmt", "--check", "workflows/procedures").code == 0
    assert town.run("fmt", "--check", ROSTER).code == 1
    assert town.run("fmt", "--check", "/").code == 2


def test_what_cannot_be_read_stays_and_the_others_go_on(town: City) -> None:
    broken = town.folder / "workflows" / "menu.yaml"
    broken.write_text("menu: [\n", "utf-8")
    anchored = town.folder / "workflows" / "rosters" / "north.yaml"
    anchored.write_text("roster:   north\nstaff: &all []\nmembers: *all\n", "utf-8")
    ran = town.run("fmt")
    assert ran.code == 1
    assert "workflows/menu.yaml was not formatted: it cannot be read" in ran.err
    assert "workflows/rosters/north.yaml was not formatted: it uses anchors" in ran.err
    assert (town.folder / ROSTER).read_text("utf-8") == TIDY
    assert broken.read_text("utf-8") == "menu: [\n"
    assert [entry["reason"] for entry in town.run("fmt", "--json").json["left"]] == ["unreadable", "anchors"]


def test_a_link_is_followed_inside_the_workspace(town: City) -> None:
    real = town.folder / "kept.yaml"
    (town.folder / ROSTER).rename(real)
    (town.folder / ROSTER).symlink_to(real)
    assert town.run("fmt").code == 0
    assert (town.folder / ROSTER).is_symlink()
    assert real.read_text("utf-8") == TIDY


def test_what_somebody_else_writes_meanwhile_is_kept(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    read = disk.read

    def changed(path: Path) -> bytes | None:
        path.write_text("roster: C2\nstaff: []\n", "utf-8")
        return read(path)

    monkeypatch.setattr(disk, "read", changed)
    ran = town.run("fmt")
    assert ran.code == 1
    assert "somebody else has changed it in the meantime" in ran.err
    assert (town.folder / ROSTER).read_text("utf-8") == "roster: C2\nstaff: []\n"


def test_a_read_only_file_stays_and_the_others_go_on(town: City) -> None:
    menu = town.folder / "workflows" / "menu.yaml"
    menu.write_text("menu:   committees\n", "utf-8")
    menu.chmod(0o444)
    ran = town.run("fmt")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 of 12 files reformatted")
    assert "workflows/menu.yaml was not changed: it is read-only" in ran.err
    assert (menu.read_text("utf-8"), (town.folder / ROSTER).read_text("utf-8")) == ("menu:   committees\n", TIDY)
    assert town.run("fmt", "--json").json["left"] == [{"path": "workflows/menu.yaml", "reason": "read-only"}]


def test_a_disk_that_refuses_is_said_of_its_file(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "rename", full)
    ran = town.run("fmt")
    assert (ran.code, ran.out) == (1, "0 of 12 files reformatted\n")
    assert f"{ROSTER} was not changed: No space left on device" in ran.err
    assert (town.folder / ROSTER).read_text("utf-8") == UNTIDY


@pytest.mark.parametrize("call", ["write", "sync_file", "rename"])
def test_an_interrupted_run_leaves_the_old_file_and_nothing_beside_it(
    call: str, town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, call, interrupted)
    with pytest.raises(KeyboardInterrupt):
        rewrite(town.folder.resolve(), ROSTER, UNTIDY.encode(), TIDY.encode())
    assert (town.folder / ROSTER).read_text("utf-8") == UNTIDY
    assert [path.name for path in (town.folder / ROSTER).parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_whose_a_file_is_stays(town: City) -> None:
    os.chown(town.folder / ROSTER, 65534, 65534)
    assert town.run("fmt").code == 0
    found = (town.folder / ROSTER).stat()
    assert (found.st_uid, found.st_gid) == (65534, 65534)


def test_through_stdin_for_editors(town: City) -> None:
    ran = town.run("fmt", "-", stdin=UNTIDY)
    assert (ran.code, ran.out, ran.err) == (0, TIDY, "")
    assert town.run("fmt", "-", stdin=TIDY).out == TIDY
    assert (town.folder / ROSTER).read_text("utf-8") == UNTIDY
    checked, shown = town.run("fmt", "-", "--check", stdin=UNTIDY), town.run("fmt", "-", "--diff", stdin=UNTIDY)
    assert (checked.code, checked.out) == (1, "")
    assert (shown.code, shown.out.splitlines()[:2]) == (1, ["--- -", "+++ -"])
    assert town.run("fmt", "-", "--check", stdin=TIDY).code == 0
    anchored = town.run("fmt", "-", stdin="menu:   &x m\n")
    assert (anchored.code, anchored.out) == (0, "menu:   &x m\n")
    assert "it uses anchors" in anchored.err


def test_what_cannot_be_read_is_not_passed_on(town: City) -> None:
    ran = town.run("fmt", "-", stdin="menu: [\n")
    assert (ran.code, ran.out) == (1, "")
    assert "FJ001" in ran.err
    assert town.run("fmt", "-", "--json", stdin=TIDY).code == 2


def test_a_fault_of_the_printer_loses_nothing(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(data: bytes, path: str) -> FormattedFile:
        if path == ROSTER:
            raise LayoutFault(path)
        return format_file(data, path)

    monkeypatch.setattr("fujin_cli.commands.workspace.fmt.format_file", faulty)
    ran = town.run("fmt")
    assert ran.code == 3
    assert f"{ROSTER} was not formatted: an internal error" in ran.err
    assert (town.folder / ROSTER).read_text("utf-8") == UNTIDY
    assert town.run("fmt", "--json").json["left"] == [{"path": ROSTER, "reason": "fault"}]


@pytest.mark.parametrize("folder", MALFORMED, ids=lambda folder: folder.name)
def test_what_is_found_stays_the_same(folder: Path, tmp_path: Path) -> None:
    """Also what comments ignore, which goes by lines: a malformed workspace is laid out, and judged as before."""
    root = lay(folder, tmp_path)
    before = contents_of(root)
    City(root).run("fmt", *(path for path in before if (folder / path).exists()))
    after = contents_of(root)
    if after != before:  # the same files would give the same
        assert codes_in(after) == codes_in(before)


def codes_in(contents: Contents) -> Counter[str]:
    return Counter(finding.code for finding in validate(BASE, TODAY, contents=contents, memory=MEMORY).findings)
