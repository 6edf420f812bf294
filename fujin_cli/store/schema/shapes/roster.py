"""Define the shape of ``rosters/*.yaml``: the members of a committee, or the staff of an office, by id."""

from typing import Annotated, ClassVar

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.base import Shape, key, must
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.references import MemberGroup, PersonId, RoleId, Unit
from fujin_cli.store.schema.shapes.scalars import Date, ListOf, Remark, Text, TextList, Year


class Term(Shape):
    """From when until when."""

    expects: ClassVar[LocalizedText] = say("a term such as {example}", example="{from: 2026-03-01, until: 2029-02-28}")
    needs: ClassVar[tuple[str, ...]] = ("from", "until")
    from_: Date | None = key("The first day.")
    until: Date | None = key("The last day.")


class Staff(Shape):
    """Somebody who works in an office and has no seat."""

    key_order: ClassVar[str | None] = "person name seat roles group born education licences term"

    expects: ClassVar[LocalizedText] = say("a staff member: person, name and roles")
    needs: ClassVar[tuple[str, ...]] = ("name", "roles")
    person: PersonId = must("The person's id.")
    name: Text | None = key("The name that lists show.")
    roles: ListOf[RoleId] | None = key("What the person does.")
    born: Year | None = key("The year of birth.")
    education: Text | None = key("The highest education.")
    licences: TextList | None = key("Licences held.")
    term: Term | None = key("From when until when; without it, for good.")


class Member(Staff):
    """Somebody who has a seat on a committee."""

    expects: ClassVar[LocalizedText] = say("a member: person, name, seat, roles and term")
    needs: ClassVar[tuple[str, ...]] = ("name", "seat", "term")
    seat: Annotated[str, one_of("head", "member")] | None = key("The seat.")
    group: MemberGroup | None = key("The priority group the person was chosen from.")


class RosterShape(Shape):
    """A roster of a committee, a community, a street or the city."""

    roster: Unit = must("The id of the committee, community, street or city.")
    members: list[Member] | None = key("Who has a seat; on a committee's roster only.")
    staff: list[Staff] | None = key("The office's standing staff.")
    note: Remark | None = key("A remark for readers of this file.")
