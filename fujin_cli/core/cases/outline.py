"""The outline of an open case: of its state what decides who can act, as plain JSON that a cache can keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.ids import NAME


def outline_of(case: Case) -> dict[str, Any]:
    """Write the outline of a case; of its values those that may be ids of partners, people or venues."""
    return {
        "case": case.id,
        "procedure": case.procedure,
        "version": case.version_digest,
        "community": case.community,
        "committee": case.committee,
        "step": case.step,
        "raised": list(case.raised),
        "values": {name: value for name, value in case.values.items() if _may_be_ids(value)},
    }


def _may_be_ids(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_may_be_ids, value))
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def case_from_outline(row: Mapping[str, Any]) -> Case:
    """Build the case that an outline stands for: without its history."""
    return Case(
        row["case"],
        procedure=row["procedure"],
        version_digest=row["version"],
        community=row["community"],
        committee=row["committee"],
        step=row["step"],
        raised=tuple(row["raised"]),
        values=row["values"],
    )
