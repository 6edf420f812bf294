"""Define the shapes of ``steps``: an end, a step at which its owner works, or a step passed through at once."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Tag

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import choices, judging
from fujin_cli.store.schema.shapes.actions import ActionShape, EffectsShape, MoveShape, Reopen, Then
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Later, Shape, either, key, one_or_list, or_them
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.references import ActionName, FieldName, OutcomeName, PeopleName, StepName
from fujin_cli.store.schema.shapes.scalars import CountOrSetting, Duration, DurationOrSetting, Level, Name, Names, Title

COUNTS_AS = one_of("answered", "resolved", "satisfied")
CountsAs = Annotated[str, COUNTS_AS]
CountsAsList = Annotated[
    Annotated[CountsAs, TEXT] | Annotated[list[CountsAs], LIST], one_or_list(or_them(COUNTS_AS.description))
]


class RungShape(EffectsShape):
    """One rung of a ladder: what happens before, at or after the deadline."""

    key_order: ClassVar[str | None] = "before at after raise to limit then sets does opens publish tell"

    judge = staticmethod(judging.one_time)

    expects: ClassVar[LocalizedText] = say("a rung such as {example}", example="{after: 2 working days, raise: street}")
    before: DurationOrSetting | None = key("This long before the deadline.")
    at: Annotated[str, one_of("deadline")] | None = key("At the deadline.")
    after: DurationOrSetting | None = key("This long after the deadline.")
    raise_: Level | None = key("The level that is told and may then act too.")
    to: StepName | None = key("The step that it leads to.")
    limit: CountOrSetting | None = key("At most this many times in a case.")
    then: Then | None = key("Where it leads every time after that.")


class LastsUntil(Shape):
    """A period that ends at the moment in a field."""

    expects: ClassVar[LocalizedText] = say(
        "a duration, a setting, or a moment such as {example}", example="{until: meets_at}"
    )
    needs: ClassVar[tuple[str, ...]] = ("until",)
    until: FieldName | None = key("The field with the moment.")
    less: Duration | None = key("This long before it.")


Lasts = Annotated[
    Annotated[DurationOrSetting, TEXT] | Annotated[LastsUntil, MAPPING],
    either(LastsUntil.expects),
]


class WorkedStep(Shape):
    """A step that somebody owns, or one with only ``then`` that is passed through at once."""

    key_order: ClassVar[str | None] = (
        "title was owner within lasts on_enter gathers collect ladder actions then end counts_as reopen"
    )

    judge = staticmethod(judging.worked_or_passed)

    expects: ClassVar[LocalizedText] = say("a step: title, owner, within or lasts, ladder, actions, then; or an end")
    elsewhere: ClassVar[frozenset[str]] = frozenset({"end", "counts_as", "reopen"})
    title: Title | None = key("Its title on screens.")
    was: Name | None = key("Its id in the previous version, which `fujin diff` uses to recognise it.")
    owner: PeopleName | None = key("Who answers for it.")
    within: DurationOrSetting | None = key("The time that must not pass.")
    lasts: Lasts | None = key("A period that ends by itself.")
    ladder: list[RungShape] | None = key("What happens before, at and after the deadline.")
    on_enter: EffectsShape | None = key("What happens on arrival.")
    actions: dict[ActionName, ActionShape] | None = key("What people may do here.")
    then: list[MoveShape] | None = key("Automatic moves, in order.")
    gathers: dict[Name, Annotated[Any, Later(say("cases that are gathered (gathers)"))]] | None = key(
        "Cases that it waits for."
    )
    collect: dict[Name, Annotated[Any, Later(say("sheets that are collected (collect)"))]] | None = key(
        "Sheets that it waits for."
    )


class EndStep(Shape):
    """Where a case has ended."""

    key_order: ClassVar[str | None] = (
        "title was owner within lasts on_enter gathers collect ladder actions then end counts_as reopen"
    )

    end: OutcomeName | None = key("The outcome.")
    title: Title | None = key("Its title on screens.")
    was: Names | None = key(
        "Its id or its outcome in the previous version (or both), by which `fujin diff` recognises it."
    )
    counts_as: CountsAsList | None = key("Which of the three rates it counts for.")
    reopen: Reopen | None = key("How the case is reopened.")


Step = Annotated[Annotated[WorkedStep, Tag("|worked")] | Annotated[EndStep, Tag("|end")], Discriminator(choices.step)]
