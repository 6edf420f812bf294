"""Define the shape of ``menu.yaml``: the kinds of committee that a community can choose, and their topics."""

from typing import ClassVar

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.base import Shape, key, must
from fujin_cli.store.schema.shapes.jurisdiction import Titled
from fujin_cli.store.schema.shapes.references import Kind, Topic, Trait
from fujin_cli.store.schema.shapes.scalars import Count, ListOf, Name, Remark, Text, TextList, Title


class SeatRange(Shape):
    """How many seats a kind of committee has."""

    expects: ClassVar[LocalizedText] = say("a range of seats such as {example}", example="{from: 7, up_to: 15}")
    needs: ClassVar[tuple[str, ...]] = ("from", "up_to")
    from_: Count | None = key("At least this many.")
    up_to: Count | None = key("At most this many.")
    one_per: Text | None = key("The load that calls for one seat, such as 40 cases a month.")


class CommitteeKind(Shape):
    """A kind of committee."""

    expects: ClassVar[LocalizedText] = say("a kind of committee: title, seats, answers, called_for_by and needs_skills")
    needs: ClassVar[tuple[str, ...]] = ("title", "seats", "answers")
    title: Title | None = key("Its title for people.")
    seats: SeatRange | None = key("How many seats it has.")
    answers: ListOf[Topic] | None = key("The topics it answers.")
    called_for_by: ListOf[Trait] | None = key("The traits of a community that call for it.")
    needs_skills: TextList | None = key("What at least one of its members must be licensed for.")


class MenuShape(Shape):
    """The menu."""

    needs: ClassVar[tuple[str, ...]] = ("topics", "kinds")
    menu: Name = must("The menu's id.")
    topics: dict[Topic, Titled] | None = key("The topics that residents ask about and partners can work on.")
    kinds: dict[Kind, CommitteeKind] | None = key("The kinds of committee.")
    note: Remark | None = key("A remark for readers of this file.")
