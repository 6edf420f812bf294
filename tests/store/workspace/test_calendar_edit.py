"""Adding days to workspace.yaml: comments and all other lines stay, whatever the form of the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.store.workspace.calendar_edit import CannotEdit, add_calendar_days
from fujin_cli.store.yaml.read import read_yaml

YEARS = {2027: {"holidays": [date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 6)], "workdays": [date(2027, 2, 20)]}}
HEAD = "workspace: w # c0\ntitle: {zh: 甲,   en: b}   # t\n"
NEW = {"holidays": ["2027-01-01", "2027-02-05/2027-02-06"], "workdays": ["2027-02-20"]}


@pytest.mark.parametrize(
    ("block", "calendar"),
    [
        ("", {"years": {"2027": NEW}}),
        ("zone: X\n\n\n", {"years": {"2027": NEW}}),
        ("calendar: {country: CN}      # a year · 年\nzone: X\n", {"country": "CN", "years": {"2027": NEW}}),
        ("calendar: none # why\n", {"years": {"2027": NEW}}),
        ("calendar:\nzone: X\n", {"years": {"2027": NEW}}),
        (
            "calendar:\n  country: CN  # cc\n  years:   # yy\n    2026: {holidays: [2026-03-02]}  # zz\n"
            "    # end\n# top\n",
            {"country": "CN", "years": {"2026": {"holidays": ["2026-03-02"]}, "2027": NEW}},
        ),
        ("calendar:\n  country: CN\n  # only\n\n\nzone: X\n", {"country": "CN", "years": {"2027": NEW}}),
        (
            "calendar:\n    years:\n        '2027':\n            holidays:\n            - 2027-03-01 # spring\n"
            "            workdays: 2027-04-03\nzone: X\n",
            {
                "years": {
                    "2027": {
                        "holidays": ["2027-03-01", *NEW["holidays"]],
                        "workdays": ["2027-04-03", *NEW["workdays"]],
                    }
                }
            },
        ),
        (
            "calendar: {country: CN,\n   years: {2026: {holidays: [2026-03-01/2026-03-04]}}}\nzone: X\n",
            {"country": "CN", "years": {"2026": {"holidays": ["2026-03-01/2026-03-04"]}, "2027": NEW}},
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_days_are_added_and_the_rest_stays(block: str, calendar: object, newline: str) -> None:
    old = (HEAD + block).replace("\n", newline)
    new = add_calendar_days(old, "w.yaml", YEARS)
    assert new.startswith(HEAD.replace("\n", newline))
    assert new.count("\r\n") == (new.count("\n") if newline == "\r\n" else 0)
    source = read_yaml(new.encode(), "w.yaml")
    assert not source.findings
    assert source.tree["calendar"] == calendar
    for comment in ("# a year · 年", "# why", "# cc", "# yy", "# zz", "    # end\n", "# top", "  # only\n", "# spring"):
        assert (comment in old.replace("\r", "")) == (comment in new.replace("\r", ""))
    assert ("zone: X" in old) == ("zone: X" in new)


@pytest.mark.parametrize(
    "block", ["calendar: &a {country: CN}\nactors: {x: *a}\n", "calendar:\n- 1\n", "calendar: CN\n", "calendar: {\n"]
)
def test_a_block_that_cannot_be_changed_safely_is_refused(block: str) -> None:
    with pytest.raises(CannotEdit):
        add_calendar_days(HEAD + block, "w.yaml", YEARS)
