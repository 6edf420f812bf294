"""``A``, ``A..B`` and ``A...B`` as git has them; a path is no range."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.commands.common.revision_arguments import read_revisions
from fujin_cli.use_cases.revisions.read_versions import RevisionPair
from fujin_cli.use_cases.session import WrongUsage

PATHS = (".", "..", "...", "./a..b", "../a..b", "/a..b", "../..", "a/../b", "a/..")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HEAD", RevisionPair("HEAD", None)),
        ("v1.0", RevisionPair("v1.0", None)),
        ("a..b", RevisionPair("a", "b")),
        ("a..", RevisionPair("a", "HEAD")),
        ("..b", RevisionPair("HEAD", "b")),
        ("v1.0..v1.1", RevisionPair("v1.0", "v1.1")),
        ("origin/main..feature/x", RevisionPair("origin/main", "feature/x")),
        ("a...b", RevisionPair("a", "b", since_merge_base=True)),
        ("a...", RevisionPair("a", "HEAD", since_merge_base=True)),
        ("...b", RevisionPair("HEAD", "b", since_merge_base=True)),
        *((path, RevisionPair(path, None)) for path in PATHS),
    ],
)
def test_what_is_meant(typed: str, meant: RevisionPair) -> None:
    assert read_revisions(typed, None) == meant


def test_a_range_beside_another_version() -> None:
    with pytest.raises(WrongUsage):
        read_revisions("a..b", "c")


def test_a_folder_named_like_a_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a..b").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUsage, match="both a folder and a range"):
        read_revisions("a..b", None)
    assert read_revisions("./a..b", None) == RevisionPair("./a..b", None)
