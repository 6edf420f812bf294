"""``guarantees``: promises about every run, by the templates of DECLARE (docs/explanation/verification.md)."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.store.schema.shapes import choices, judging
from fujin_cli.store.schema.shapes.base import MAPPING, Later, Shape, either, key
from fujin_cli.store.schema.shapes.guards import Atom
from fujin_cli.store.schema.shapes.scalars import Count, CountOrSetting, Duration, Name, Title

Counted = Annotated[
    Annotated[Atom, Tag("|atom")] | Annotated[dict[Name, Count], Tag("|counted")], Discriminator(choices.counted)
]


Enough = Annotated[
    Annotated[CountOrSetting, Tag("|count")]
    | Annotated[Annotated[Any, Later(say("a quorum of sheets"))], Tag("|sheets")],
    Discriminator(choices.enough),
]
Quorum = Annotated[
    Annotated[dict[Name, Enough], Field(min_length=1), MAPPING],
    either(say("fields and how many must stand in them, such as {example}", example="{present: 3}")),
]


class Guarantee(Shape):
    """One promise."""

    judge = staticmethod(judging.one_template)

    expects: ClassVar[LocalizedText] = say(
        "a promise such as {example}", example="{before: {enter: closed}, require: approve}"
    )
    title: Title | None = key("What reports call it.")
    eventually: Atom | None = key("It happens; after `after`, it happens later.")
    at_least: Counted | None = key("It happens so many times or more.")
    never: Atom | None = key("It never happens; after `after`, never later.")
    at_most: Counted | None = key("It happens so many times or fewer.")
    exactly: Counted | None = key("It happens just so many times.")
    first: Atom | None = key("Every run begins with it.")
    last: Atom | None = key("Every run ends with it.")
    one_of: list[Atom] | None = key("At least one of them happens.")
    exactly_one_of: list[Atom] | None = key("One of them happens, and no other.")
    if_: Atom | None = key("If this happens anywhere …")
    also: Atom | None = key("… this happens too.")
    both_or_neither: list[Atom] | None = key("Both happen, or neither.")
    never_both: list[Atom] | None = key("Not both happen.")
    after: Atom | None = key("After this …")
    after_each: Atom | None = key("After each of these, and before the next one …")
    next: Atom | None = key("… this happens directly.")
    not_next: Atom | None = key("… this does not happen directly.")
    before: Atom | None = key("Before this …")
    before_each: Atom | None = key("Before each of these …")
    require: Atom | None = key("… this has happened.")
    previous: Atom | None = key("… this happened directly.")
    always_together: list[Atom] | None = key("Each is followed by the other, and none is without.")
    different_people: list[Atom] | None = key("Different people do them.")
    except_: Atom | None = key("Runs where this happens are left out.")
    times: Count | None = key("What is required happens so many times.")
    since: Atom | None = key("Only what happened since this counts.")
    within: Duration | None = key("It takes no longer than this.")
    quorum: Quorum | None = key("… at least so many stand in these fields.")
