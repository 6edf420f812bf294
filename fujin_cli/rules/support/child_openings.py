"""Every `opens` of a procedure beside the procedure it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.rules.support.defined_names import DefinedNames
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources


@dataclass(frozen=True, slots=True)
class ChildOpening:
    """One `opens`: who opens, what is opened, and the names of the opened procedure's fields."""

    reading: ProcedureSource
    opens: Opens
    child: Procedure
    fields: DefinedNames

    def each(self) -> list[Field]:
        """The fields of `one_each` that exist."""
        fields = self.reading.procedure.fields
        return [fields[name] for name in self.opens.one_each if name in fields]

    def form(self) -> dict[str, Field]:
        """The fields of the form whose rows `one_each` goes through; none where it goes through simple values."""
        forms = self.reading.procedure.forms
        return {name: part for field in self.each() for name, part in forms.get(field.item_type, {}).items()}

    def target(self) -> Field | None:
        """The child's field that the value of `one_each` fills (docs/decisions/notes/0003-files-and-language.md)."""
        return next((field for field in self.child.fields.values() if field.type == "partner" and field.required), None)


def child_openings(workspace: Workspace) -> Iterator[ChildOpening]:
    """Every `opens` whose procedure can be read."""
    for reading in procedure_sources(workspace):
        for effects in reading.procedure.all_effects():
            for opens in effects.opens:
                child = workspace.procedures.get(opens.procedure)
                if child is not None:
                    yield ChildOpening(reading, opens, child, reading.files.section(child.path, "fields"))


def source_field(opening: ChildOpening, name: str) -> Field | None:
    """The field that a name at `give` stands for: one of the form's or of the procedure's own."""
    return opening.form().get(name) or opening.reading.procedure.fields.get(name)
