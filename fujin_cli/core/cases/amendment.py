"""Amend a case: enter fields, or its committee, anew. The event keeps the old values beside the new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.opening import check_committee_uses
from fujin_cli.core.cases.operation import Operation
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, Refusal
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.core.wording.labels import amended_title, make_label


def amend_case(
    operation: Operation, case: Case, action: Action, inputs: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide the inputs of an amending action into the values that it sets and what its event says of them.

    Raises Refusal where nothing is amended, or where the committee cannot handle the case.
    """
    version = operation.version_of(case)
    names = [name for name in action.amended_names if name in inputs]
    if not names:
        fields = _list_labels(version, action)
        raise Refusal(
            INPUT_MISSING,
            say("{action} needs at least one of: {fields}", action=action.title or action.name, fields=fields),
            help=say("give each with --set FIELD=VALUE"),
        )
    units = {unit: str(inputs[unit]) for unit in action.amends_units if unit in inputs}
    if "committee" in units:
        _check_committee(operation, case, version, units["committee"])
    amended = {name: {"old": read_present_value(case, action, name), "new": inputs[name]} for name in names}
    values = {name: value for name, value in inputs.items() if name not in units}
    return values, {"amended": amended, **({"units": units} if units else {})}


def read_present_value(case: Case, action: Action, name: str) -> Any:
    """Read what stands now in a field that an action amends; None where it is empty."""
    return case.committee if name in action.amends_units else case.values.get(name)


def _list_labels(version: Procedure, action: Action) -> list[object]:
    return [make_label(amended_title(version, name), name) for name in action.amended_names]


def _check_committee(operation: Operation, case: Case, version: Procedure, committee: str) -> None:
    """Raise Refusal where a committee is not of the case's community, or does not use its procedure."""
    organisation = operation.environment.organisation
    unit = organisation.committees[committee]
    if unit.parent != case.community:
        raise Refusal(
            INPUT_UNFIT,
            say("{committee} is a committee of {community}", committee=unit.title, community=unit.parent),
            who=tuple(other.id for other in organisation.committees_of(case.community, version.name)),
            help=say("choose a committee of {community}", community=case.community),
        )
    check_committee_uses(organisation, committee, version)
