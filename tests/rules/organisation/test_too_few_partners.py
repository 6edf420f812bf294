"""FJ217: a community with fewer partners than a procedure must name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay

INVITED = "needs: {helpers: {at_least: NEEDED}}"
ACTION = "steps: {asked: {actions: {send: {title: send, to: running, by: clerk, NEEDS}}}}\n"
SETTINGS = "settings: {many: {type: count, default: 2, from: 1, up_to: 5}}\n"


def reported(root: Path, serves: str, needs: str) -> list[tuple[str, str]]:
    copy_base(root)
    lay(Example(True, "partners.yaml", f"partners: {{city-care: {{serves: {serves}}}}}\n"), root)
    lay(Example(True, "procedures/errand.yaml", SETTINGS + ACTION.replace("NEEDS", needs)), root)
    return sorted((f.severity, str(f.message)) for f in findings_of(root) if f.code == "FJ217")


@pytest.mark.parametrize(
    ("serves", "needs", "said"),
    [
        ("all", "needs: [helper]", []),
        ("[C1]", "needs: [helper]", ["in Second community, Errand needs 1 partner in helper, and 0 serve there"]),
        ("[C1]", "needs: [reason]", []),  # nobody needs to be named
        ("all", INVITED.replace("NEEDED", "1"), []),
        (
            "all",
            INVITED.replace("NEEDED", "2"),
            ["in Second community, Errand needs 2 partners in helpers, and 1 serve there"],
        ),
        (
            "all",
            INVITED.replace("NEEDED", "many"),
            ["in Second community, Errand needs 2 partners in helpers, and 1 serve there"],
        ),
        (
            "all",
            INVITED.replace("NEEDED", "3"),
            [
                "in First community, Errand needs 3 partners in helpers, and 2 serve there",
                "in Second community, Errand needs 3 partners in helpers, and 1 serve there",
            ],
        ),
    ],
)
def test_fewer_partners_than_must_be_named_are_a_warning(
    tmp_path: Path, serves: str, needs: str, said: list[str]
) -> None:
    assert reported(tmp_path, serves, needs) == [("warning", words) for words in said]
