"""Comments that ignore a finding: where they stand, what they hide, and what is said of those that hide nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.text.localized import say
from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.use_cases.suppressions import ignores_in, without_ignored
from fujin_cli.use_cases.validate import EVERY_FAMILY, validate
from tests.support.golden_workspaces import TODAY, copy_base, findings_of, said
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


EMPTY_IGNORES = "a: b  # fujin: ignore[FJ127, FJ210, FJ301, FJ401, FJ503] why\n"
CIRCLE = say("these procedures open each other in a cycle: {names}", names=["x", "y", "x"])


def reported_as_empty(*findings: Finding, families: tuple[int, ...] = EVERY_FAMILY) -> str:
    """Which codes of the comment in ``a.yaml`` are reported to ignore nothing, beside these findings."""
    source = read_yaml(EMPTY_IGNORES.encode(), "a.yaml")
    remaining = without_ignored(findings, {"a.yaml": source}, families)
    messages = " ".join(str(finding.message) for finding in remaining if finding.code == "FJ022")
    return " ".join(code for code in ("FJ127", "FJ210", "FJ301", "FJ401", "FJ503") if code in messages)


@pytest.mark.parametrize(
    ("code", "severity", "path", "expected"),
    [
        ("FJ301", "error", "b.yaml", "FJ127 FJ210 FJ301 FJ401 FJ503"),  # hides nothing from the other rules
        ("FJ004", "error", "a.yaml", ""),  # only parts of the file were judged
        ("FJ004", "error", "b.yaml", "FJ127"),
        ("FJ102", "error", "a.yaml", "FJ127"),
        ("FJ109", "error", "b.yaml", "FJ127"),  # the name that a file misspells may hide what it should find
        ("FJ127", "warning", "b.yaml", "FJ127 FJ210 FJ301 FJ401 FJ503"),
        ("FJ313", "warning", "a.yaml", "FJ127 FJ210 FJ503"),  # too large to be explored
        ("FJ313", "error", "b.yaml", "FJ127 FJ210 FJ301 FJ401 FJ503"),
        ("FJ409", "error", "a.yaml", "FJ127 FJ210 FJ301 FJ503"),
        ("FJ409", "warning", "b.yaml", "FJ127 FJ210 FJ301 FJ401 FJ503"),
    ],
)
def test_only_a_judged_code_ignores_nothing(code: str, severity: str, path: str, expected: str) -> None:
    assert reported_as_empty(Finding(code, severity, say("x"), Place(path))) == expected  # type: ignore[arg-type]


def test_a_circle_hides_what_its_procedures_do() -> None:
    assert reported_as_empty(Finding("FJ313", "error", CIRCLE, Place("b.yaml"))) == "FJ127 FJ210 FJ503"


def test_a_family_that_was_not_run_was_not_judged() -> None:
    assert reported_as_empty(families=(1, 2)) == "FJ127 FJ210"


def test_a_procedure_that_cannot_be_explored_keeps_its_ignores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fujin_cli.core.explore.reachability.MOST_STATES", 1)
    path = copy_base(tmp_path) / "workflows" / "procedures" / "errand.yaml"
    comment = "title: Errand  # fujin: ignore[FJ301, FJ401] for later\n"
    path.write_text(path.read_text("utf-8").replace("title: Errand\n", comment, 1), "utf-8")
    codes = [finding.code for finding in findings_of(tmp_path)]
    assert "FJ313" in codes
    assert "FJ022" not in codes


def test_files_on_the_command_line_and_the_cache_change_nothing(tmp_path: Path) -> None:
    """A comment is judged by the whole workspace, whichever files are shown and whatever is read from the cache."""
    root = copy_base(tmp_path)
    errand, order = (root / "workflows" / "procedures" / f"{name}.yaml" for name in ("errand", "order"))
    comment = "title: Errand  # fujin: ignore[FJ301] for later\n"
    errand.write_text(errand.read_text("utf-8").replace("title: Errand\n", comment, 1), "utf-8")
    selected = ["workflows/procedures/errand.yaml"]
    for text, expected in ((order.read_text("utf-8"), ["FJ022"]), (order.read_text("utf-8") + "odd: key\n", [])):
        order.write_text(text, "utf-8")
        for keep in (True, True, False):
            assert [finding.code for finding in validate(root, TODAY, selected, keep=keep).findings] == expected
