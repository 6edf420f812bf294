"""What was kept of a validation never changes what is found: the same findings, spans and runs, whatever happened."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import fujin_cli
from fujin_cli import language
from fujin_cli.core.explore import explorer
from fujin_cli.core.findings.finding import Finding
from fujin_cli.render.findings.text import findings_text
from fujin_cli.rules import registry
from fujin_cli.store.workspace import read_files
from fujin_cli.use_cases.validate import ValidationResult, validate
from tests.support.golden_workspaces import MALFORMED, TODAY, copy_base, lay
from tests.support.paths import TESTS

CITY = TESTS.parent / "workflows"
CACHE = Path("data") / "cache"


def fresh(root: Path, today: date = TODAY) -> ValidationResult:
    return validate(root, today)


def kept(root: Path, today: date = TODAY) -> ValidationResult:
    return validate(root, today, keep=True)


def unasked(*arguments: object) -> Sequence[Finding]:
    raise AssertionError("nothing had to be judged")


def unchanged(root: Path, today: date = TODAY, only: Sequence[str] = ()) -> ValidationResult:
    """The same again, which must come from what was kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "check_all", unasked)
        return validate(root, today, only, keep=True)


def same(one: ValidationResult, other: ValidationResult) -> bool:
    """All that is said and shown of the findings."""
    assert list(one.findings) == list(other.findings)
    assert one.files == other.files and dict(one.sources) == dict(other.sources)
    return findings_text(one.findings, one.sources, False) == findings_text(other.findings, other.sources, False)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    shutil.copytree(CITY, tmp_path / "workflows")
    return tmp_path


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / "workflows" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.slow
def test_from_one_malformed_workspace_to_the_next(tmp_path: Path) -> None:
    """One cache, edited on and on: after every step it says what judging everything anew says."""
    for folder in random.Random(7).sample(MALFORMED, len(MALFORMED)):
        lay(folder, tmp_path)
        expected = fresh(tmp_path)
        assert same(kept(tmp_path), expected), folder.name
        assert same(unchanged(tmp_path), expected), folder.name


def test_only_asked_files_come_from_what_was_kept(tmp_path: Path) -> None:
    root = lay(MALFORMED[0], tmp_path)
    only = [kept(root).findings[0].place.path]
    assert same(unchanged(root, TODAY, only), validate(root, TODAY, only))


def test_runs_of_counter_examples_are_kept_whole(tmp_path: Path) -> None:
    root = lay(next(folder for folder in MALFORMED if folder.name.startswith("101")), tmp_path)
    found = kept(root)
    assert any(finding.trace for finding in found.findings)
    assert same(unchanged(root), found) and same(found, fresh(root))


@pytest.mark.slow
def test_the_day_is_a_part_of_the_key(city: Path) -> None:
    roster = "rosters/XF01-environment.yaml"
    later = date(2099, 1, 1)
    assert not [finding for finding in kept(city).findings if finding.code == "FJ204"]
    found = kept(city, later)
    assert [finding for finding in found.findings if finding.code == "FJ204" and roster in finding.place.path]
    assert same(found, fresh(city, later)) and same(unchanged(city, later), found)
    assert same(kept(city), fresh(city))


def test_another_version_judges_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy_base(tmp_path)
    kept(root)
    monkeypatch.setattr(fujin_cli, "__version__", "99.0.0")
    with pytest.raises(AssertionError):
        unchanged(root)
    assert "found" in (root / CACHE / "parts.json").read_text("utf-8")
    assert parsed(root, monkeypatch) == len(list((root / "workflows").rglob("*.yaml")))


def test_edited_code_judges_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy_base(tmp_path / "town")
    shutil.copytree(Path(fujin_cli.__file__).parent / "rules", tmp_path / "code")
    monkeypatch.setattr("fujin_cli.store.cache.program_stamp.PACKAGE", tmp_path / "code")
    kept(root)
    unchanged(root)
    rule = next((tmp_path / "code").rglob("fj101_*.py"))
    rule.write_text(rule.read_text("utf-8") + "\n# edited\n", "utf-8")
    with pytest.raises(AssertionError):
        unchanged(root)


def test_another_language_says_the_same(tmp_path: Path) -> None:
    root = lay(MALFORMED[0], tmp_path)
    spoken = {}
    for word in ("zh", "en"):
        language.set_language(word)
        try:
            shown = kept(root)
            spoken[word] = findings_text(shown.findings, shown.sources, False)
            assert same(unchanged(root), fresh(root))
        finally:
            language.set_language("en")
    assert spoken["zh"] != spoken["en"]


def parsed(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many files a run parses."""
    return counted(read_files, "read_yaml", lambda: kept(root), monkeypatch)


def counted(module: Any, name: str, work: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> int:
    real, calls = getattr(module, name), []
    with monkeypatch.context() as patch:
        patch.setattr(module, name, lambda *given: calls.append(given) or real(*given))
        work()
    return len(calls)


@pytest.mark.slow
def test_one_edited_file_is_parsed_alone(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed(city, monkeypatch) > 50
    edit(city, "rosters/XF01-environment.yaml", "roster:", "# a remark\nroster:")
    assert parsed(city, monkeypatch) == 1
    assert parsed(city, monkeypatch) == 0


def explored(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many procedures (under some choice of settings) a run follows."""
    return counted(explorer, "explore_model", lambda: kept(root), monkeypatch)


def remark(root: Path, path: str, where: str = "note: a remark\n") -> None:
    """Add a remark at the end of a file: as a key, which is a part of its law, or as a comment."""
    with (root / "workflows" / path).open("a", encoding="utf-8") as file:
        file.write(where)


@pytest.mark.slow
def test_only_what_an_edit_touches_is_followed_again(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = explored(city, monkeypatch)
    remark(city, "rosters/XF01-environment.yaml")
    assert explored(city, monkeypatch) == 0
    remark(city, "procedures/resident-request.yaml", "# no part of the law\n")
    assert explored(city, monkeypatch) == 0
    remark(city, "procedures/objection.yaml")
    assert 0 < explored(city, monkeypatch) < whole
    assert explored(city, monkeypatch) == 0


@pytest.mark.slow
def test_a_child_that_ends_as_before_leaves_its_parents(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the run between the two edits found everything unchanged."""
    whole = explored(city, monkeypatch)
    remark(city, "rosters/XF01-environment.yaml")
    assert explored(city, monkeypatch) == 0
    remark(city, "procedures/work-order.yaml")
    with_request = len(explorer.list_setting_choices(fresh(city).workspace.procedures["resident-request"]))
    assert 0 < explored(city, monkeypatch) <= whole - with_request


@pytest.mark.slow
def test_a_child_that_ends_otherwise_is_followed_with_its_parents(city: Path) -> None:
    """Parents wait for an outcome that no child comes to any more: findings in files that did not change."""
    assert not kept(city).findings
    edit(city, "procedures/work-order.yaml", "to: verified", "to: failed")
    found = kept(city)
    assert "FJ302" in {one.code for one in found.findings if one.place.path.endswith("resident-request.yaml")}
    assert same(found, fresh(city)) and same(unchanged(city), found)


def spoil(data: bytes, how: str) -> bytes:
    _said, _, text = data.partition(b"\n")
    if how == "flipped":
        return data.replace(b"FJ", b"FK")
    if how == "cut":
        return data[: len(data) // 2]
    if how == "other JSON":
        text = json.dumps([1, {"key": 2}]).encode()
    if how == "other shapes":
        loaded = json.loads(text)
        loaded = {
            name: value if name in ("key", "stamp") else {"x": [[["Finding", 1], 2]]} for name, value in loaded.items()
        }
        text = json.dumps(loaded).encode()
    if how == "list":
        loaded = json.loads(text)
        loaded = {
            name: value if name in ("key", "stamp") else [["Message", "x", 5], 7] for name, value in loaded.items()
        }
        text = json.dumps(loaded).encode()
    if how == "deep":
        text = b"[" * 100_000
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


@pytest.mark.parametrize("how", ["flipped", "cut", "other JSON", "other shapes", "list", "deep", "empty"])
@pytest.mark.parametrize("name", ["findings.json", "parts.json"])
def test_what_was_damaged_is_never_believed(tmp_path: Path, how: str, name: str) -> None:
    root = lay(next(path for path in MALFORMED if path.name.startswith("067")), tmp_path)
    expected = kept(root)
    assert expected.findings
    file = root / CACHE / name
    file.write_bytes(b"" if how == "empty" else spoil(file.read_bytes(), how))
    (root / "workflows" / "workspace.yaml").open("a").write("# so that both files are read\n")
    if name == "findings.json":
        kept(root)
        file.write_bytes(b"" if how == "empty" else spoil(file.read_bytes(), how))
    assert same(kept(root), fresh(root))
    assert same(unchanged(root), fresh(root))


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    root = copy_base(tmp_path / "town")
    (root / "data").mkdir()
    (root / CACHE).write_text("a file where the folder would be", "utf-8")
    assert same(kept(root), fresh(root))
    (root / CACHE).unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / CACHE).symlink_to(elsewhere, target_is_directory=True)
    assert same(kept(root), fresh(root))
    assert not list(elsewhere.iterdir())


@pytest.mark.slow
def test_only_the_cache_is_written_and_it_does_not_grow(city: Path) -> None:
    before = {path for path in city.rglob("*") if path.is_file()}
    kept(city)
    written = {path for path in city.rglob("*") if path.is_file()} - before
    assert {path.relative_to(city).as_posix() for path in written} == {
        "data/.gitignore",
        "data/cache/findings.json",
        "data/cache/parts.json",
    }
    size = sum(path.stat().st_size for path in written)
    for number in range(5):
        remark(city, "procedures/resident-request.yaml", f"# remark {number}\n")
        edit(city, "procedures/work-order.yaml", f"{number + 3} working days", f"{number + 4} working days")
        kept(city)
    written = {path for path in city.rglob("*") if path.is_file()} - before
    assert len(written) == 3 and sum(path.stat().st_size for path in written) < size * 1.1


def test_without_being_asked_nothing_is_kept(tmp_path: Path) -> None:
    fresh(copy_base(tmp_path))
    assert not (tmp_path / "data").exists()
