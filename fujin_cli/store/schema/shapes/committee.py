"""Define the shape of ``committees/*.yaml``: one committee; its members are in its roster."""

from typing import ClassVar

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.base import Shape, key, must
from fujin_cli.store.schema.shapes.jurisdiction import Settings
from fujin_cli.store.schema.shapes.references import CommitteeId, CommunityId, Kind, ProcedureId, VenueId
from fujin_cli.store.schema.shapes.scalars import Count, Date, ListOf, Remark, Text, TimeOfDay, Title


class Founded(Shape):
    """When and how it was founded."""

    expects: ClassVar[LocalizedText] = say("the day it was founded, such as {example}", example="{on: 2026-03-01}")
    needs: ClassVar[tuple[str, ...]] = ("on",)
    on: Date | None = key("The day.")
    by_case: Text | None = key("The case that decided it.")


class Seats(Shape):
    """How many sit on it."""

    expects: ClassVar[LocalizedText] = say("seats such as {example}", example="{head: 1, member: 8}")
    needs: ClassVar[tuple[str, ...]] = ("head", "member")
    head: Count | None = key("How many heads, normally one.")
    member: Count | None = key("How many other members.")


class Meets(Shape):
    """Where and when it meets."""

    expects: ClassVar[LocalizedText] = say("a meeting: where, every and at")
    where: VenueId | None = key("The venue.")
    every: Text | None = key("How often, such as first Tuesday.")
    at: TimeOfDay | None = key("The time of the day, in quotes.")


class CommitteeShape(Shape):
    """A committee of a community."""

    needs: ClassVar[tuple[str, ...]] = ("kind", "community", "title", "founded", "seats", "procedures")
    committee: CommitteeId = must("The committee's id.")
    kind: Kind | None = key("Its kind, from the menu.")
    community: CommunityId | None = key("The community it belongs to.")
    title: Title | None = key("Its title for people.")
    founded: Founded | None = key("When and how it was founded.")
    seats: Seats | None = key("How many sit on it.")
    meets: Meets | None = key("Where and when it meets.")
    procedures: ListOf[ProcedureId] | None = key("The procedures it works by.")
    settings: Settings | None = key("Its own values of procedures' settings.")
    note: Remark | None = key("A remark for readers of this file.")
