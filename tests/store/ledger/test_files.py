"""What the files are, how often they are touched, and what becomes of those that nobody can finish or use."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tinydb import TinyDB

from fujin_cli.core.model.ids import volume_of
from fujin_cli.store.files import disk, mounts
from fujin_cli.store.files.mounts import network_file_system
from fujin_cli.store.ledger.protocol import Changes, Damaged, Refused
from fujin_cli.store.ledger.tinydb.volume_file import VolumeFile, parse
from fujin_cli.store.ledger.tinydb.volumes import Limits
from tests.support.ledger_samples import MONTH, advance, codes, event, files, open_case, store_text, tiny
from tests.support.power_cuts import Recorder


def test_a_volume_is_json_with_a_checksum_over_the_bytes_of_its_tables(tmp_path: Path) -> None:
    case = open_case(tiny(tmp_path), note="楼道堆物")
    data = (tmp_path / "data/ledger/XF01/2026-11.a.json").read_bytes()
    content = json.loads(data)
    assert (content["fujin"], content["generation"]) == (1, 1)
    tables = data[data.index(b'"tables":') + 9 : -2]
    assert hashlib.sha256(tables).hexdigest() == content["sha256"]
    assert data.endswith(b"}\n") and "楼道堆物".encode() in data
    document = content["tables"]["cases"]["1"]
    assert (document["case"], document["open"], document["waiting"], len(document["events"])) == (case, True, False, 1)
    facts = content["tables"]["volume"]["1"]
    assert facts["head"] == document["events"][0]["hash"] and facts["count"] == 1 and facts["follows"] is None
    advance(tiny(tmp_path), case)
    assert json.loads((tmp_path / "data/ledger/XF01/2026-11.a.json").read_bytes())["generation"] == 2


def test_the_storage_serves_tinydb_as_any_other(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    TinyDB(storage=lambda: VolumeFile(path, "x")).table("t").insert({"a": 1})
    TinyDB(storage=lambda: VolumeFile(path, "x")).table("t").insert({"a": 2})
    storage = VolumeFile(path, "x")
    assert TinyDB(storage=lambda: storage).table("t").all() == [{"a": 1}, {"a": 2}]
    assert (storage.generation, storage.size) == (2, path.stat().st_size)
    with storage.gather_writes():
        pass
    assert parse(path.read_bytes(), "x")[0] == 3
    with VolumeFile(tmp_path / "none", "none").gather_writes():
        pass
    assert not (tmp_path / "none").exists()
    assert VolumeFile(path / "inside", "x").read() is None


def test_files_lie_where_the_contract_says(tmp_path: Path) -> None:
    ledger = tiny(tmp_path)
    digest = store_text(ledger, "{}")
    open_case(ledger, waiting=True, request="r")
    name = hashlib.sha256(b"r").hexdigest()
    assert sorted(files(tmp_path / "data" / "ledger")) == sorted(
        [
            "XF01/2026-11.a.begun",
            "XF01/2026-11.a.json",
            "XF01/2026-11.begun",
            "XF01/2026-11.lock",
            "format.txt",
            "open/XF01/2026-11.a",
            "waiting/XF01/2026-11.a",
            f"laws/{digest}.json",
            f"requests/{name[:2]}/{name}.json",
        ]
    )


def counted(base: Path, patch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder(base)
    recorder.install(patch)
    return recorder


def test_each_operation_reads_and_writes_a_volume_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = tiny(tmp_path)
    one, two = open_case(ledger), open_case(ledger)
    read: list[Path] = []
    real = disk.read
    monkeypatch.setattr(disk, "read", lambda path: (read.append(path), real(path))[1])
    recorder = counted(tmp_path, monkeypatch)
    for work in (lambda: advance(ledger, one, two), lambda: open_case(ledger), lambda: ledger.read(one)):
        read.clear()
        work()
        assert [path.name for path in read] == ["2026-11.a.json"]
    names = [step[0] for step in recorder.log if step[0] != "open_lock"]
    assert names == ["create", "write", "sync_file", "rename", "sync_folder"] * 2


def test_reading_and_empty_changes_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = tiny(tmp_path)
    case = open_case(ledger, request="r")
    before = files(tmp_path)
    recorder = counted(tmp_path, monkeypatch)
    ledger.transact("r2", [case], None, lambda view: (Changes(), view.read(case)))
    ledger.transact(None, [], None, lambda view: (Changes(open={case: True}), None))
    assert {step[0] for step in recorder.log} == {"open_lock", "sync_folder"}
    recorder.log.clear()
    for _ in (*ledger.open_cases(), *ledger.all_cases(), *ledger.waiting_cases(), *ledger.verify()):
        pass
    ledger.look(None).allocate("XF05", MONTH)
    assert ledger.read(case) and ledger.procedure_text("0" * 64) is None
    assert recorder.log == []
    assert files(tmp_path) == before


def test_a_ledger_that_is_not_there_is_empty(tmp_path: Path) -> None:
    ledger = tiny(tmp_path)
    assert [*ledger.open_cases(), *ledger.all_cases(), *ledger.verify(), *ledger.problems()] == []
    assert ledger.read("XF01-202611a-0001") == () and ledger.find_operation("r") is None
    assert list(tmp_path.iterdir()) == []


def test_a_part_is_full_at_a_size_too(tmp_path: Path) -> None:
    ledger = tiny(tmp_path, limits=Limits(size=4096))
    parts = [volume_of(open_case(ledger, note="灯" * 300)).part for _ in range(8)]
    assert parts[0] == "a" and len(set(parts)) > 1 and parts == sorted(parts)
    assert codes(ledger) == []


def test_other_files_in_the_folders_do_no_harm(tmp_path: Path) -> None:
    ledger = tiny(tmp_path)
    case = open_case(ledger)
    root = tmp_path / "data" / "ledger"
    (root / "XF01" / "2026-11.a.json~").write_text("x")
    (root / "XF01" / ".2026-11.a.json.new").write_text("x")
    (root / "open" / "XF01" / "notes.txt").write_text("x")
    (root / "README").write_text("x")
    (root / ".trash").mkdir()
    assert [kept.case for kept in ledger.open_cases()] == [kept.case for kept in ledger.all_cases()] == [case]
    assert codes(ledger) == [] and ledger.problems() == ()


MOUNTS = """\
/dev/vda / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
server:/export /mnt/office nfs4 rw 0 0
//server/share /mnt/my\\040share cifs rw 0 0
/dev/sdb /mnt/office/local ext4 rw 0 0
broken line
user@host: /home/u/far fuse.sshfs rw 0 0
C: /mnt/c 9p rw 0 0
server:/a /both nfs rw 0 0
/dev/sdc /both xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/u/fujin", None),
        ("/mnt/office", "nfs4"),
        ("/mnt/office/fujin/data", "nfs4"),
        ("/mnt/office/local/fujin", None),
        ("/mnt/officer", None),
        ("/mnt/my share/x", "cifs"),
        ("/home/u/far/x", "fuse.sshfs"),
        ("/mnt/c/Users", "9p"),
        ("/both/x", None),
    ],
)
def test_network_file_systems_are_known(path: str, kind: str | None) -> None:
    assert network_file_system(MOUNTS, path) == kind


def test_network_file_systems_are_refused_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = tmp_path / "mounts"
    listed.write_text(f"server:/x {tmp_path} nfs rw 0 0\n")
    ledger = tiny(tmp_path)
    monkeypatch.setattr(mounts, "_MOUNTS", listed)
    with pytest.raises(Refused, match="nfs") as caught:
        open_case(ledger)
    assert caught.value.finding.code == "FJ706" and "PostgreSQL" in str(caught.value.finding.help)
    with pytest.raises(Refused):
        store_text(ledger, "{}")
    assert list(ledger.open_cases()) == [], "reading is fine"
    assert not (tmp_path / "data").exists()
    monkeypatch.setattr(mounts, "_MOUNTS", tmp_path / "no such list")
    assert open_case(ledger)


def test_a_quarantine_that_fails_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = tiny(tmp_path)
    case = open_case(ledger)
    path = tmp_path / "data/ledger/XF01/2026-11.a.json"
    path.write_bytes(b"x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "rename", lambda source, target: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(Damaged):
            advance(ledger, case)
    assert path.read_bytes() == b"x"


def test_a_write_that_is_cut_short_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    assert open_case(tiny(tmp_path))
    assert codes(tiny(tmp_path)) == []


def test_nothing_heavy_is_imported() -> None:
    code = "import sys, fujin_cli.store.ledger.tinydb.ledger, fujin_cli.store.ledger.memory_ledger; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "tinydb" in loaded
    assert loaded.isdisjoint(
        {"pydantic", "ruamel.yaml", "rich", "typer", "filelock", "fujin_cli.store.ledger.tinydb.verify"}
    )


def test_events_read_back_equal_whichever_ledger_keeps_them(tmp_path: Path) -> None:
    from fujin_cli.store.ledger.memory_ledger import MemoryLedger

    kept = []
    for ledger in (tiny(tmp_path), MemoryLedger()):
        case = open_case(ledger, request="r", set={"scope": ["楼栋", {"a": 1.5}]})
        kept.append(ledger.read(case))
    assert kept[0] == kept[1]
    assert kept[0][0].n == event(1).n


def test_each_volume_is_read_once_though_it_has_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for community in ("XF01", "XF02"):
        open_case(tiny(tmp_path), community=community, waiting=True)
    read: list[str] = []
    real = disk.read
    monkeypatch.setattr(disk, "read", lambda path: (read.append(path.parent.name), real(path))[1])
    assert list(tiny(tmp_path).verify()) == []
    assert [name for name in read if name.startswith("XF")] == ["XF01", "XF02"]
