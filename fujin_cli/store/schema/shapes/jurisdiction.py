"""Define the shape of ``jurisdiction.yaml``: the city, its streets and communities, and what they share."""

from typing import ClassVar

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.base import Shape, key, must
from fujin_cli.store.schema.shapes.references import (
    BoardId,
    City,
    CommunityId,
    MemberGroup,
    PartnerId,
    ProcedureId,
    RoleId,
    SettingName,
    Street,
    Trait,
    VenueId,
)
from fujin_cli.store.schema.shapes.scalars import (
    Count,
    HoursList,
    LevelList,
    ListOf,
    Name,
    Names,
    Remark,
    Text,
    Title,
)

Settings = dict[ProcedureId, dict[SettingName, Text]]
"""Procedure → setting → value."""


class Titled(Shape):
    """A definition that has only a title."""

    expects: ClassVar[LocalizedText] = say("a mapping with a title")
    needs: ClassVar[tuple[str, ...]] = ("title",)
    title: Title | None = key("Its title for people.")


class Role(Titled):
    """What somebody does."""

    expects: ClassVar[LocalizedText] = say("a role: title and at")
    needs: ClassVar[tuple[str, ...]] = ("title", "at")
    at: LevelList | None = key("The levels on whose rosters it may be held.")


class Community(Titled):
    """An urban community."""

    expects: ClassVar[LocalizedText] = say("a community: title, street, households, floor_area and traits")
    needs: ClassVar[tuple[str, ...]] = ("title", "street")
    street: Street | None = key("The street it belongs to.")
    households: Count | None = key("How many households live there.")
    floor_area: Count | None = key("The floor area for activities, in m².")
    traits: ListOf[Trait] | None = key("Its traits, which determine the kinds of committee it needs.")


class Grid(Shape):
    """One cell of the grid, with each department's code for it."""

    expects: ClassVar[LocalizedText] = say("a grid: community and codes")
    needs: ClassVar[tuple[str, ...]] = ("community", "codes")
    community: CommunityId | None = key("The community it lies in.")
    codes: dict[PartnerId, Names] | None = key("Each department's code or codes for it.")


class Venue(Titled):
    """A place where people meet."""

    expects: ClassVar[LocalizedText] = say("a venue: title, community, area, shared_with and hours")
    needs: ClassVar[tuple[str, ...]] = ("title", "community")
    community: CommunityId | None = key("The community that keeps it.")
    area: Count | None = key("Its area in m².")
    shared_with: ListOf[CommunityId] | None = key("The other communities that use it.")
    hours: HoursList | None = key("When it is open.")


class Board(Titled):
    """A notice board."""

    expects: ClassVar[LocalizedText] = say("a notice board: title and community")
    needs: ClassVar[tuple[str, ...]] = ("title", "community")
    community: CommunityId | None = key("The community whose notices it carries.")


class JurisdictionShape(Shape):
    """The city."""

    needs: ClassVar[tuple[str, ...]] = ("title", "roles", "streets", "communities")
    jurisdiction: City = must("The city's id, which is also the unit of the city's office.")
    title: Title | None = key("Its title for people.")
    levels: LevelList | None = key("The ladder that raise climbs, lowest first.")
    roles: dict[RoleId, Role] | None = key("The roles that somebody can have on a roster.")
    traits: dict[Trait, Titled] | None = key(
        "Properties of communities that determine the kinds of committee they need."
    )
    groups: dict[MemberGroup, Titled] | None = key("Priority groups when members are chosen.")
    streets: dict[Street, Titled] | None = key("The streets.")
    communities: dict[CommunityId, Community] | None = key("The communities.")
    grids: dict[Name, Grid] | None = key("The one grid, with every department's codes.")
    venues: dict[VenueId, Venue] | None = key("The venues.")
    boards: dict[BoardId, Board] | None = key("The notice boards.")
    settings: dict[CommunityId, Settings] | None = key("Each community's own values of procedures' settings.")
    note: Remark | None = key("A remark for readers of this file.")
