"""The upgrade guide names every finding code that is new, or worse, since the last version."""

from __future__ import annotations

import re

import generate
import pytest

from fujin_cli.rules.registry import codes, severity_of

CHANGELOG = (generate.DOCS / "changelog.md").read_text("utf-8")
RANKS = ("info", "warning", "error")
RELEASED = dict(re.findall(r"^(FJ\d{3}) (\w+)$", (generate.DOCS / "severities.txt").read_text("utf-8"), re.M))


def worse_codes() -> list[str]:
    """The codes that the last version did not have, or had as something milder."""
    return [
        code for code in codes() if code not in RELEASED or RANKS.index(severity_of(code)) > RANKS.index(RELEASED[code])
    ]


def last_version() -> str:
    return re.findall(r"^## (\d+\.\d+\.\d+)", CHANGELOG, re.MULTILINE)[0]


def test_the_list_of_severities_is_that_of_the_last_version() -> None:
    head = (generate.DOCS / "severities.txt").read_text("utf-8").splitlines()[0]
    assert f"version {last_version()} " in head, "write docs/severities.txt anew for the version that was released"


@pytest.mark.parametrize(("name", "heading"), [("upgrade", "## From "), ("upgrade.zh-CN", "## 从 ")])
def test_every_worse_code_is_in_the_guide(name: str, heading: str) -> None:
    text = (generate.DOCS / "how-to" / f"{name}.md").read_text("utf-8")
    section = text.partition(f"{heading}{last_version()}")[2]
    listed = set(re.findall(r"^\| (FJ\d{3}) \||[(（](FJ8\d{2})[)）]", section, re.MULTILINE))  # refusals are sentences
    listed = {code for row in listed for code in row if code}
    assert [code for code in worse_codes() if code not in listed] == []
    assert listed <= set(codes())


def test_a_new_error_says_what_to_write() -> None:
    """Each row about an error has a line to add, or says that there is none and what to do."""
    text = (generate.DOCS / "how-to" / "upgrade.md").read_text("utf-8")
    errors = text.partition("### Errors of `fujin validate`")[2].partition("###")[0]
    rows = re.findall(r"^\| (FJ\d{3}) \| (.+) \| (.+) \|$", errors, re.MULTILINE)
    new_errors = [code for code in worse_codes() if severity_of(code) == "error" and not code.startswith("FJ8")]
    assert {code for code, _, _ in rows} >= set(new_errors)
    assert all("`" in way or way.startswith("none: ") for _, _, way in rows)
