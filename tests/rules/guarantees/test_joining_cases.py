"""Other cases join and part at any time: what that changes or tells is never taken for impossible."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay

FIELDS = """
fields: {others: {type: list, of: contact, computed: yes}}
people: {askers: {title: askers, contact: asker, with: others}}
"""


@pytest.mark.parametrize(
    ("guarantee", "kept"),
    [
        ("never: {enter: declined, where: {others: given}}", False),
        pytest.param("never: {enter: declined, where: {others: {at_least: 2}}}", False, marks=pytest.mark.slow),
        pytest.param(
            "never: {enter: declined, where: {scope: given, others: given, result: given}}",
            False,
            marks=pytest.mark.slow,
        ),
        ("before: {enter: done}, require: {tells: asker}", True),
    ],
)
def test_a_guarantee_that_joining_breaks_is_not_called_kept(tmp_path: Path, guarantee: str, kept: bool) -> None:
    text = f"{FIELDS}guarantees: {{alone: {{{guarantee}}}}}\n"
    lay(Example(True, "procedures/errand.yaml", text), copy_base(tmp_path))
    codes = {finding.code for finding in findings_of(tmp_path) if finding.severity == "error"}
    assert (codes == set()) == kept, codes
    assert kept or codes <= {"FJ401", "FJ409"}
