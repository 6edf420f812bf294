"""Read the argument ``PROCEDURE/PART/ID``, which names a part of a procedure."""

from __future__ import annotations

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.core.model.references import PROCEDURE_IDS, Reference
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.session import WrongUsage

# As the sections of the file are called, and in the singular.
_PARTS = {f"{type}s": type for type in PROCEDURE_IDS if type != "people"} | {type: type for type in PROCEDURE_IDS}
_PARTS |= {"ends": "outcome", "end": "outcome", "anytime": "action"}


def read_part(console: Console, text: str) -> Reference:
    """Read what to rename: a procedure, or a part of one that exists. Raises WrongUsage."""
    procedure, *part = text.split("/")
    procedures = console.session.workspace.procedures
    require_id(procedure, procedures, "procedure")
    if not part:
        return Reference("procedure", procedure)
    if len(part) != 2 or part[0] not in _PARTS:
        raise WrongUsage(
            say("{text} is not PROCEDURE/PART/ID", text=text),
            say("PART is one of {parts}", parts=sorted({*_PARTS} - {*PROCEDURE_IDS} | {"people"})),
        )
    type = _PARTS[part[0]]
    require_id(part[1], sorted(PROCEDURE_IDS[type](procedures[procedure])), "part")
    return Reference(type, part[1], procedure)
