"""Files that are written together: a failure, or Ctrl-C, at any of them leaves every one as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.files.write_together import NotWritten, PlannedWrite, write_together

WRITES = [
    PlannedWrite("a.yaml", b"a", b"A", "a.yaml"),
    PlannedWrite("b.yaml", b"b", b"B", "moved/b.yaml"),
    PlannedWrite("c.yaml", None, b"C", "c.yaml"),
]


def lay(folder: Path) -> dict[str, bytes]:
    (folder / "a.yaml").write_bytes(b"a")
    (folder / "a.yaml").chmod(0o640)
    (folder / "b.yaml").write_bytes(b"b")
    return tree(folder)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_are_written_with_their_modes(tmp_path: Path) -> None:
    lay(tmp_path)
    write_together(tmp_path, WRITES, 0o644)
    assert tree(tmp_path) == {"a.yaml": b"A", "moved/b.yaml": b"B", "c.yaml": b"C"}
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("a.yaml", "c.yaml")] == [0o640, 0o644]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("last", [0, 1, 2])
def test_a_failure_at_any_file_undoes_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, last: int
) -> None:
    before = lay(tmp_path)
    names = iter(range(3))
    name_synced = disk.name_synced

    def fail(temporary: Path, path: Path) -> None:
        if next(names, -1) == last:
            raise failure
        name_synced(temporary, path)

    monkeypatch.setattr(disk, "name_synced", fail)
    with pytest.raises((NotWritten, KeyboardInterrupt)):
        write_together(tmp_path, WRITES, 0o644)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("path", "reason"),
    [("a.yaml", "changed"), ("c.yaml", "changed"), ("moved/b.yaml", "exists")],
)
def test_what_somebody_else_has_written_stays(tmp_path: Path, path: str, reason: str) -> None:
    lay(tmp_path)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_bytes(b"x")
    before = tree(tmp_path)
    with pytest.raises(NotWritten) as refusal:
        write_together(tmp_path, WRITES, 0o644)
    assert refusal.value.reason == reason and tree(tmp_path) == before
