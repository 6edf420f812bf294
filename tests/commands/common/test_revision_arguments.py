"""``A``, ``A..B`` and ``A...B`` as git has them; a path is no range."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.commands.common.revision_arguments import Asked, named
from fujin_cli.use_cases.session import WrongUsage

PATHS = (".", "..", "...", "./a..b", "../a..b", "/a..b", "../..", "a/../b", "a/..")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HEAD", Asked("HEAD", None)),
        ("v1.0", Asked("v1.0", None)),
        ("a..b", Asked("a", "b")),
        ("a..", Asked("a", "HEAD")),
        ("..b", Asked("HEAD", "b")),
        ("v1.0..v1.1", Asked("v1.0", "v1.1")),
        ("origin/main..feature/x", Asked("origin/main", "feature/x")),
        ("a...b", Asked("a", "b", since_parted=True)),
        ("a...", Asked("a", "HEAD", since_parted=True)),
        ("...b", Asked("HEAD", "b", since_parted=True)),
        *((path, Asked(path, None)) for path in PATHS),
    ],
)
def test_what_is_meant(typed: str, meant: Asked) -> None:
    assert named(typed, None) == meant


def test_a_range_beside_another_version() -> None:
    with pytest.raises(WrongUsage):
        named("a..b", "c")


def test_a_folder_named_like_a_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a..b").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUsage, match="both a folder and a range"):
        named("a..b", None)
    assert named("./a..b", None) == Asked("./a..b", None)
