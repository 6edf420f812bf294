"""Comments that ignore a finding: where they stand, what they hide, and what is said of those that hide nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.use_cases.suppressions import ignores_in
from tests.support.golden_workspaces import copy_base, findings_of, said
from tests.support.paths import TESTS

SECOND = "committees/C1-other.yaml"


def two_committees(root: Path, comment: str, before: str = "") -> list[str]:
    """What is said of a second committee of one kind, with a comment on the line that is at fault or above it."""
    copy_base(root)
    shutil.copytree(
        TESTS / "golden" / "malformed" / "087-two-of-one-kind" / "workflows", root / "workflows", dirs_exist_ok=True
    )
    path = root / "workflows" / SECOND
    path.write_text(
        path.read_text("utf-8").replace("kind: environment", f"{before}kind: environment{comment}"), "utf-8"
    )
    return said(findings_of(root))


@pytest.mark.parametrize(
    ("comment", "before", "expected"),
    [
        ("", "", [f"FJ210 {SECOND}:2:7"]),
        ("  # fujin: ignore[FJ210] two until the elections", "", []),
        ("  #fujin:ignore[ FJ204 , FJ210 ]: 选举前", "", [f"FJ022 {SECOND}:2:20"]),
        ("", "# fujin: ignore[FJ210] two until the elections\n\n# more of it\n", []),
        ("  # fujin: ignore[FJ210]", "", [f"FJ021 {SECOND}:2:20"]),
        ("  # fujin: ignore[FJ210]: —", "", [f"FJ021 {SECOND}:2:20"]),
        ("  # fujin: ignore[FJ204] old", "", [f"FJ022 {SECOND}:2:20", f"FJ210 {SECOND}:2:7"]),
        ("  # fujin: ignore FJ210 old", "", [f"FJ022 {SECOND}:2:20", f"FJ210 {SECOND}:2:7"]),
        ("  # fujin: ignore[FJ022, FJ210] old", "", [f"FJ022 {SECOND}:2:20"]),
        ("  # fujin: two until the elections", "", [f"FJ210 {SECOND}:2:7"]),
    ],
)
def test_what_a_comment_hides(tmp_path: Path, comment: str, before: str, expected: list[str]) -> None:
    assert two_committees(tmp_path, comment, before) == expected


def test_what_makes_a_file_unfit_cannot_be_ignored(tmp_path: Path) -> None:
    path = copy_base(tmp_path) / "workflows" / "rosters" / "C2.yaml"
    text = path.read_text("utf-8").replace("[inspector]}", "[janitor]}  # fujin: ignore[FJ102] soon")
    path.write_text(text, "utf-8")
    findings = findings_of(tmp_path)
    assert [finding.code for finding in findings if finding.code in ("FJ102", "FJ022")] == ["FJ102", "FJ022"]
    assert "cannot be ignored" in str(next(finding for finding in findings if finding.code == "FJ022").message)


TRAPS = """\
# fujin: ignore[FJ001] first
a: | # fujin: ignore[FJ002] header
  text # fujin: ignore[FJ900] no

  # fujin: ignore[FJ901] no
 # fujin: ignore[FJ003] shallower
b: "x # fujin: ignore[FJ902] no" # fujin: ignore[FJ004] behind quotes
c: it's # fujin: ignore[FJ005] behind an apostrophe
d: 'x
  # fujin: ignore[FJ903] no
  ' # fujin: ignore[FJ006] two lines
e: a#fujin: ignore[FJ904] no
f: [x, # fujin: ignore[FJ007] inside
  'it''s # fujin: ignore[FJ905] no']
g: >-
  # fujin: ignore[FJ906] no
h: 样例 # fujin: ignore[FJ008] 中文
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_comments_are_comments(end: str) -> None:
    source = read_yaml(TRAPS.replace("\n", end).replace("e: a#fujin: ", "e: a#fujin:").encode(), "a.yaml")
    found = ignores_in(source)
    assert [code for ignore in found for code in ignore.codes] == [f"FJ00{number}" for number in range(1, 9)]
    assert [ignore.line for ignore in found] == [2, 2, 7, 7, 8, 11, 13, 17]
    assert found[-1].reason == "中文"
    assert found[-1].place.span is not None and found[-1].place.span.column == 7


def test_a_file_that_cannot_be_read_has_none() -> None:
    assert ignores_in(read_yaml(b"a: [ # fujin: ignore[FJ001] x\n", "a.yaml")) == []


def test_an_ignore_of_what_was_not_judged_is_kept(tmp_path: Path) -> None:
    """A typo elsewhere in the file must not make a justified comment look like one that ignores nothing."""
    root = copy_base(tmp_path)
    path = root / "workflows" / "procedures" / "errand.yaml"
    comment = "title: Errand  # fujin: ignore[FJ301] a step for later\n"
    text = path.read_text("utf-8").replace("title: Errand\n", comment, 1)
    path.write_text(text, "utf-8")
    assert [code for code in said(findings_of(root)) if code.startswith("FJ022")]  # judged: it ignores nothing
    path.write_text(text.replace("owner: clerk", "owner: clark", 1), "utf-8")
    assert not [code for code in said(findings_of(root)) if code.startswith("FJ022")]


def test_an_ignore_is_kept_while_another_file_is_unfit(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    errand, order = (root / "workflows" / "procedures" / f"{name}.yaml" for name in ("errand", "order"))
    comment = "title: Errand  # fujin: ignore[FJ305, FJ101] a loop for later\n"
    errand.write_text(errand.read_text("utf-8").replace("title: Errand\n", comment, 1), "utf-8")
    order.write_text(order.read_text("utf-8") + "\nunknown: key\n", "utf-8")
    (finding,) = [f for f in findings_of(root) if f.code == "FJ022"]
    assert "FJ101" in str(finding.message)  # its own references were judged, its behaviour was not
