"""A validation with a memory finds what one without finds, and does less for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.core.explore import explorer
from fujin_cli.store.cache.validation_memory import ValidationMemory
from fujin_cli.store.workspace import read_files
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.use_cases.validate import validate
from tests.support.golden_workspaces import BASE, MALFORMED, TODAY, lay_anew

ERRAND = "workflows/procedures/errand.yaml"


def check_same_findings(folders: list[Path], root: Path) -> None:
    """Validate one workspace after the other with one memory; each twice, as the second time all parts come from it."""
    memory = ValidationMemory()
    for folder in folders:
        contents = contents_of(lay_anew(folder, root))
        fresh = validate(root, TODAY, contents=contents).findings
        for _ in range(2):
            assert validate(root, TODAY, contents=contents, memory=memory).findings == fresh, folder.name


def test_it_finds_the_same(tmp_path: Path) -> None:
    check_same_findings(MALFORMED[::40], tmp_path)


@pytest.mark.slow
def test_it_finds_the_same_in_every_malformed_workspace(tmp_path: Path) -> None:
    check_same_findings(MALFORMED, tmp_path)


def test_unchanged_files_are_neither_read_nor_explored_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read, explored = [], []
    real_read, real_explore = read_files.read_yaml, explorer.explore_model
    monkeypatch.setattr(read_files, "read_yaml", lambda data, path: read.append(path) or real_read(data, path))
    monkeypatch.setattr(explorer, "explore_model", lambda *model: explored.append(model) or real_explore(*model))
    memory, contents = ValidationMemory(), dict(contents_of(BASE))
    validate(BASE, TODAY, contents=contents, memory=memory)
    assert (sorted(read), bool(explored)) == (sorted(contents), True)
    read.clear()
    explored.clear()
    validate(BASE, TODAY, contents=contents, memory=memory)
    assert (read, explored) == ([], [])
    changed = contents | {ERRAND: (contents[ERRAND] or b"").replace(b"title: Asked", b"title: Waiting")}
    validate(BASE, TODAY, contents=changed, memory=memory)
    assert read == [ERRAND]
