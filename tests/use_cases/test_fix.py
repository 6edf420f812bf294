"""Fixes: what they change in the text, and that nothing else changes by one byte."""

from __future__ import annotations

from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Span
from fujin_cli.core.findings.fix import apply_edits
from fujin_cli.core.text.localized import say
from fujin_cli.store.yaml.edits import Fixer, apply_fixes, makes_worse
from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.use_cases.fix import FixResult, compute_fixes
from tests.support.golden_workspaces import MALFORMED, MEMORY, TODAY, copy_base, lay_anew

ERRAND = "workflows/procedures/errand.yaml"
ROSTER = "workflows/rosters/C2.yaml"


def changed(text: str, *edits: Edit) -> str | None:
    """``text`` with one fix; None where it cannot be made."""
    source = read_yaml(text.encode(), "a.yaml")
    fix = Fixer({"a.yaml": source}.__getitem__).locate_fix(Fix(say("x"), True, edits))
    return None if fix is None else apply_edits(text, fix.edits)


def at(*route: str | int, key: bool = False) -> Place:
    return Place("a.yaml", route, key)


@pytest.mark.parametrize(
    ("text", "edit", "after"),
    [
        ("a: b  # c\n", Edit("replace", at("a"), "d", "b"), "a: d  # c\n"),
        ("a: 'b'\n", Edit("replace", at("a"), "d", "b"), 'a: "d"\n'),
        ("a: b\n", Edit("replace", at("a"), "d: e", "b"), 'a: "d: e"\n'),
        ("a: [x, b]\n", Edit("replace", at("a", "b"), "d", "b"), "a: [x, d]\n"),
        ("a: {b: 1}\n", Edit("replace", at("a", "b", key=True), "d", "b"), "a: {d: 1}\n"),
        ("a: b\n", Edit("replace", at("a"), "d", "other"), None),
        ("a: {b: 1, d: 2}\n", Edit("replace", at("a", "b", key=True), "d", "b"), None),
        ("a: |\n  b\n", Edit("replace", at("a"), "d", "b\n"), None),
        ("a: {b: 1, c: 2, d: 3}\n", Edit("delete", at("a", "c")), "a: {b: 1, d: 3}\n"),
        ("a: {b: 1, c: 2}\n", Edit("delete", at("a", "c")), "a: {b: 1}\n"),
        ("a: {b: 1}\n", Edit("delete", at("a", "b")), "a: {}\n"),
        ("a: [b, c]\n", Edit("delete", at("a", 0)), "a: [c]\n"),
        ("a: 1\nb: 2  # of b\n# of c\nc: 3\n", Edit("delete", at("b")), "a: 1\n# of c\nc: 3\n"),
        ("a:\n  - b: 1\n    c: 2\n  # of d\n  - d\n", Edit("delete", at("a", 0)), "a:\n  # of d\n  - d\n"),
        ("a:\n  - b: 1\n    c: 2\n", Edit("delete", at("a", 0, "b")), "a:\n  - c: 2\n"),
        ("a:\n  b: 1\nc: 2", Edit("delete", at("c")), "a:\n  b: 1"),
        ("a:\n  b: 1\n", Edit("delete", at("a", "b")), None),
        ("a: 1\n# of b\n\n# too\nb: 2\n# of c\nc: 3\n", Edit("delete", at("b")), "a: 1\n# of c\nc: 3\n"),
        ("a: 1\n  # end of a\nb: 2\nc: 3\n", Edit("delete", at("b")), "a: 1\nc: 3\n"),
        ("a: {b: 1}\n", Edit("insert", at("a"), "limit: 1"), "a: {b: 1, limit: 1}\n"),
        ("a:\n  b: 1  # x\n\nc: 2\n", Edit("insert", at("a"), "limit: 1"), "a:\n  b: 1  # x\n  limit: 1\n\nc: 2\n"),
        ("a:\r\n  b: 1\r\nc: 2\r\n", Edit("insert", at("a"), "limit: 1"), "a:\r\n  b: 1\r\n  limit: 1\r\nc: 2\r\n"),
        ("a:\n  - b: 1\n", Edit("insert", at("a", 0), "limit: 1"), "a:\n  - b: 1\n    limit: 1\n"),
        ("a: {limit: 2}\n", Edit("insert", at("a"), "limit: 1"), None),
        ("a: &x b\nc: *x\n", Edit("replace", at("c"), "d", "b"), None),
        ("a: 1\n", Edit("replace", at("nothing"), "d"), None),
    ],
)
def test_one_edit(text: str, edit: Edit, after: str | None) -> None:
    assert changed(text, edit) == after


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a: 1\nb: 2\nc: 3\n", True),
        ("a: 1  # of a\nb: 2\n# of c\nc: 3\n", True),
        ("a: 1\nb: 2  # since the last meeting\nc: 3\n", False),
        ("a: 1\n# since the last meeting\nb: 2\nc: 3\n", False),
        ("a: 1\nb:\n  # why\n  d: e\nc: 3\n", False),
        ('a: 1\nb: "# no remark"\nc: 3\n', True),
        ("{a: 1,  # of a\n b: 2,\n c: 3}\n", True),
        ("{a: 1,\n b: 2,  # of b, or of a\n c: 3}\n", None),
        ("{a: 1,  # of a\n b: 2}\n", None),
    ],
)
def test_a_fix_that_takes_a_remark_along_is_not_safe(text: str, safe: bool | None) -> None:
    source = read_yaml(text.encode(), "a.yaml")
    fix = Fixer({"a.yaml": source}.__getitem__).locate_fix(Fix(say("x"), True, (Edit("delete", at("b")),)))
    assert (fix and fix.safe) is safe


@pytest.mark.parametrize(
    ("remark", "safe"), [("", True), ("  # kept since 2020", False)], ids=["silent", "with a remark"]
)
def test_a_second_key_with_a_remark_is_left_to_people(remark: str, safe: bool, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    text = (root / ERRAND).read_text("utf-8")
    twice = text.replace("    owner: clerk\n", f"    owner: clerk\n    owner: clerk{remark}\n", 1)
    (root / ERRAND).write_text(twice, "utf-8")
    assert [finding.code for finding in mended(root).fixed] == (["FJ002"] if safe else [])
    assert (root / ERRAND).read_text("utf-8") == (text if safe else twice)
    assert bool(mended(root, unsafe=True).fixed) is not safe
    assert (root / ERRAND).read_text("utf-8") == text


@pytest.mark.parametrize(
    ("old", "new", "line", "worse"),
    [
        ("a: 1\n# of b\nb: 2\nc: 3\n", "a: 1\n# of b\nc: 3\n", 3, True),  # without b it would belong to c
        ("a: 1\n# of b\nb: 2\nc: 3\n", "a: 1\nb: 2\nc: 3\n", 2, False),
        ("a: 1\n# of b\nb: 2\nc: 3\n", "# of b\nb: 2\nc: 3\n", 1, False),
    ],
)
def test_a_fix_that_hands_a_comment_to_another_entry_makes_it_worse(old: str, new: str, line: int, worse: bool) -> None:
    edit = Edit("exact", Place("a.yaml", span=Span(line, 1, line + 1, 1)))
    finding = Finding("FJ001", "error", say("x"), at(), fix=Fix(say("x"), True, (edit,)))
    assert apply_edits(old, [edit]) == new
    assert makes_worse("a.yaml", old, new, [finding]) is worse


def test_of_two_fixes_that_touch_the_first_one_is_made() -> None:
    text = "a: {b: 1, c: 2}\n"
    fixer = Fixer(lambda path: read_yaml(text.encode(), path))
    findings = [
        Finding("FJ001", "error", say("x"), at(), fix=fixer.locate_fix(Fix(say("x"), True, (edit,))))
        for edit in (
            Edit("delete", at("a", "b")),
            Edit("replace", at("a", "b"), "3"),
            Edit("replace", at("a", "c"), "4"),
        )
    ]
    assert apply_fixes(text, findings)[0] == "a: {c: 4}\n"
    assert [finding.fix for finding in apply_fixes(text, findings[1:])[1]] == [finding.fix for finding in findings[1:]]
    assert apply_fixes(text, findings[1:])[0] == "a: {b: 3, c: 4}\n"


def mended(root: Path, *, unsafe: bool = False, today: date = TODAY) -> FixResult:
    found = compute_fixes(root, today, unsafe=unsafe, memory=MEMORY)
    for path, (_old, new) in found.changes.items():
        (root / path).write_bytes(new)
    return found


@pytest.mark.parametrize("folder", MALFORMED, ids=lambda folder: folder.name)
def test_malformed_workspaces_are_mended_once(folder: Path, tmp_path: Path) -> None:
    safe = check_mended_once(lay_anew(folder, tmp_path / "safe"), unsafe=False)
    if safe.fixed or any(finding.fix for finding in safe.remaining.findings):  # else both have nothing to fix
        check_mended_once(lay_anew(folder, tmp_path / "unsafe"), unsafe=True)


def check_mended_once(root: Path, unsafe: bool) -> FixResult:
    found = mended(root, unsafe=unsafe)
    assert all(finding.fix and (finding.fix.safe or unsafe) for finding in found.fixed)
    for old, new in found.changes.values():
        lines = list(unified_diff(old.decode().splitlines(), new.decode().splitlines(), n=0))[2:]
        assert len([line for line in lines if line[0] in "+-"]) <= 2 * len(found.fixed)
    again = mended(root, unsafe=unsafe) if found.changes else found  # the same files would give the same
    assert (again.fixed, dict(again.changes)) == ((), {})
    assert [finding.message for finding in again.remaining.findings] == [
        finding.message for finding in found.remaining.findings
    ]
    return found


MISTAKES = [
    ("FJ002", True, ERRAND, "    owner: clerk\n", "    owner: clerk\n    owner: clerk\n"),
    ("FJ003", False, ERRAND, "    owner: clerk\n", "    ownr: clerk\n"),
    ("FJ007", False, ERRAND, "    title: Asked\n", "    title: As\u202eked\n"),
    ("FJ009", True, "workflows/workspace.yaml", "zone:", "rehearsal: No\nzone:"),
    ("FJ009", False, ERRAND, "type: text, required", "type: txt, required"),
    ("FJ022", True, ERRAND, "    title: Asked\n", "    title: Asked  # fujin: ignore[FJ210] why\n"),
    ("FJ101", False, ERRAND, "    owner: clerk\n", "    owner: clark\n"),
]


@pytest.mark.parametrize(("code", "safe", "path", "right", "wrong"), MISTAKES)
def test_a_mistake_is_mended_back(code: str, safe: bool, path: str, right: str, wrong: str, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    before = (root / path).read_text("utf-8")
    assert right in before
    (root / path).write_text(before.replace(right, wrong, 1), "utf-8")
    assert mended(root).fixed if safe else not mended(root).fixed
    found = mended(root, unsafe=True)
    assert {finding.code for finding in found.fixed} <= {code}
    text = (root / path).read_text("utf-8")
    assert text == before or (text.replace("rehearsal: no\n", "") == before)
    assert not found.remaining.findings


@pytest.mark.slow
def test_the_same_line_twice_on_a_roster(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    before = (root / ROSTER).read_text("utf-8")
    line = next(line for line in before.splitlines(keepends=True) if "p-22" in line)
    (root / ROSTER).write_text(before + line, "utf-8")
    assert [finding.code for finding in mended(root).fixed] == ["FJ205"]
    assert (root / ROSTER).read_text("utf-8") == before


def test_a_comment_that_ignores_nothing_is_deleted_after_all_other_fixes(tmp_path: Path) -> None:
    """Another fix may bring back what it ignores."""
    root = copy_base(tmp_path)
    before = (root / ROSTER).read_text("utf-8")
    line = next(line for line in before.splitlines(keepends=True) if "p-22" in line)
    errand = (root / ERRAND).read_text("utf-8")
    (root / ROSTER).write_text(before + line, "utf-8")
    (root / ERRAND).write_text(
        errand.replace("owner: clerk\n", "owner: clerk  # fujin: ignore[FJ210] why\n", 1), "utf-8"
    )
    assert [finding.code for finding in mended(root).fixed] == ["FJ205", "FJ022"]
    assert ((root / ROSTER).read_text("utf-8"), (root / ERRAND).read_text("utf-8")) == (before, errand)


def test_a_file_with_a_mark_keeps_it_and_its_line_ends(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    text = (root / ERRAND).read_text("utf-8").replace("    owner: clerk\n", "    owner: clark\n", 1)
    (root / ERRAND).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    mended(root, unsafe=True)
    right = text.replace("clark", "clerk").replace("\n", "\r\n").encode()
    assert (root / ERRAND).read_bytes() == b"\xef\xbb\xbf" + right
