"""Define the shape of ``partners.yaml``: departments, units and teams that a committee can involve."""

from typing import Annotated, ClassVar

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.base import LIST, TEXT, Shape, key, must, one_or_list
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.references import CommunityId, PartnerId, Topic
from fujin_cli.store.schema.shapes.scalars import Contact, ListOf, Remark, Title

Served = Annotated[
    Annotated[CommunityId, TEXT] | Annotated[list[CommunityId], LIST],
    one_or_list(say("all, or a list of communities"), or_all=True),
]


class Partner(Shape):
    """A department, a unit, an organisation or a team of volunteers."""

    expects: ClassVar[LocalizedText] = say("a partner: title, sort, serves, can and contact")
    needs: ClassVar[tuple[str, ...]] = ("title", "sort", "serves", "can")
    title: Title | None = key("Its title for people.")
    sort: Annotated[str, one_of("department", "resident-unit", "social-organisation", "volunteer-team")] | None = key(
        "What it is."
    )
    serves: Served | None = key("The communities it serves, or all.")
    can: ListOf[Topic] | None = key("The topics it can help with.")
    contact: Contact | None = key("The contact's reference in the vault.")


class PartnersShape(Shape):
    """Everybody who can be asked to act."""

    partners: dict[PartnerId, Partner] = must("The partners by id.")
    note: Remark | None = key("A remark for readers of this file.")
