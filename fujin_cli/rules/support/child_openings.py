"""List every `opens` of a procedure beside the procedure that it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.rules.support.defined_names import DefinedNames
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources


@dataclass(frozen=True, slots=True)
class ChildOpening:
    """Hold one `opens`: the procedure that opens, the procedure that is opened, and the fields of the latter."""

    organisation: Organisation
    opener: ProcedureSource
    opens: Opens
    child: Procedure
    fields: DefinedNames

    def each(self) -> list[Field]:
        """List the fields of `one_each` that exist."""
        fields = self.opener.procedure.fields
        return [fields[name] for name in self.opens.one_each if name in fields]

    def form(self) -> dict[str, Field]:
        """List the fields of the form whose rows `one_each` goes through; none where it goes through plain values."""
        forms = self.opener.procedure.forms
        return {name: part for field in self.each() for name, part in forms.get(field.item_type, {}).items()}

    def target(self) -> Field | None:
        """Find the child's field for the value of `one_each` (docs/decisions/notes/0003-files-and-language.md)."""
        return next((field for field in self.child.fields.values() if field.type == "partner" and field.required), None)


def child_openings(workspace: Workspace) -> Iterator[ChildOpening]:
    """List every `opens` whose procedure can be read."""
    for source in procedure_sources(workspace):
        for effects in source.procedure.all_effects():
            for opens in effects.opens:
                child = workspace.procedures.get(opens.procedure)
                if child is not None:
                    fields = source.files.section(child.path, "fields")
                    yield ChildOpening(workspace.organisation, source, opens, child, fields)


def source_field(opening: ChildOpening, name: str) -> Field | None:
    """Find the field that a name at `give` stands for: one of the form, or one of the opening procedure."""
    return opening.form().get(name) or opening.opener.procedure.fields.get(name)
