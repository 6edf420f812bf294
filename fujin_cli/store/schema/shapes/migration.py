"""Define the shape of ``migrations/*.yaml``: the new steps of cases that a new version cannot replay."""

from typing import Annotated, ClassVar

from fujin_cli.core.text.localized import say
from fujin_cli.store.schema.shapes.base import Shape, key, must
from fujin_cli.store.schema.shapes.forms import like, one_of
from fujin_cli.store.schema.shapes.references import PersonId, ProcedureId, StepName
from fujin_cli.store.schema.shapes.scalars import Name, Remark, Text

Digest = Annotated[str, like(r"[0-9a-f]{8,64}", say("the first 8 or more digits of a version's digest"))]


class MigrationShape(Shape):
    """A migration, checked against every open case of the old version."""

    needs: ClassVar[tuple[str, ...]] = ("procedure", "from", "map", "reason", "approver")
    migration: Name = must("The migration's id.")
    procedure: ProcedureId | None = key("The procedure whose cases move.")
    from_: Digest | None = key("The version that they come from; `fujin procedure versions` shows it.")
    to: Digest | None = key("The version that they go to; without it, the one in this workspace.")
    map: dict[Name, StepName] | None = key("Old step, and the new step where its cases go.")
    deadlines: Annotated[str, one_of("keep-remaining", "restart")] | None = key(
        "keep-remaining: the deadline stays as it is; restart: the time of the new step starts again."
    )
    reason: Text | None = key("Why; kept with every case that moves.")
    approver: PersonId | None = key("The id of whoever approved it.")
    note: Remark | None = key("A remark for readers of this file.")
