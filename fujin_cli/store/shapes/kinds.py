"""The kinds of file, each by the key it begins with."""

from fujin_cli.store.shapes.base import Shape
from fujin_cli.store.shapes.committee import CommitteeShape
from fujin_cli.store.shapes.jurisdiction import JurisdictionShape
from fujin_cli.store.shapes.menu import MenuShape
from fujin_cli.store.shapes.migration import MigrationShape
from fujin_cli.store.shapes.partners import PartnersShape
from fujin_cli.store.shapes.procedure import ProcedureShape
from fujin_cli.store.shapes.roster import RosterShape
from fujin_cli.store.shapes.scenario import ScenarioShape
from fujin_cli.store.shapes.workspace import WorkspaceShape

KINDS: dict[str, type[Shape]] = {
    "workspace": WorkspaceShape,
    "jurisdiction": JurisdictionShape,
    "menu": MenuShape,
    "partners": PartnersShape,
    "committee": CommitteeShape,
    "roster": RosterShape,
    "procedure": ProcedureShape,
    "scenario": ScenarioShape,
    "migration": MigrationShape,
}
LATER_KINDS = ("survey", "tasks", "routing", "scorecard")
"""Kinds of file that the designs name and that are not read yet."""
