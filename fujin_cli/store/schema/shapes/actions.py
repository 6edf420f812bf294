"""Define the shapes of moves and their effects: ``actions``, ``anytime``, ``reopen``, and ``then`` of a step."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Tag

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import choices, judging
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Later, Shape, either, key, must
from fujin_cli.store.schema.shapes.forms import like, one_of
from fujin_cli.store.schema.shapes.guards import AnyWhen
from fujin_cli.store.schema.shapes.scalars import (
    CountOrSetting,
    Duration,
    DurationOrSetting,
    Name,
    Names,
    Text,
    Title,
    YesNo,
)

Tell = Annotated[
    Annotated[Name, TEXT] | Annotated[list[Name], LIST] | Annotated[dict[Name, Name], MAPPING],
    either(say("names, or names and what they are told, such as {example}", example="{reporters: answer}")),
]
Given = Annotated[str, like(r"this case|[A-Za-z0-9][A-Za-z0-9_-]{0,63}", say("a field, actor, or this case"))]


class OpensShape(Shape):
    """Child cases that are opened."""

    expects: ClassVar[LocalizedText] = say(
        "child cases such as {example}", example="{procedure: work-order, one_each: [lead]}"
    )
    procedure: Name = must("Their procedure.")
    committee: Name | None = key("Their committee: a field of this case, or a committee.")
    one_each: Names | None = key("One case for each value of these fields.")
    to: Name | None = key("The field of a row that says whom the case is for.")
    give: dict[Name, Given] | None = key("The child's fields, and what they are filled with.")
    bring: Names | None = key("Fields that come back from the child when it ends.")
    instead_of: Names | None = key("Outcomes of earlier cases that these replace, or ended.")
    leaves: YesNo | None = key("yes: the child case continues without this case.")


class DoesShape(Shape):
    """An effect on another case."""

    judge = staticmethod(judging.one_effect)

    expects: ClassVar[LocalizedText] = say("an effect such as {example}", example="{join: duplicate_of}")
    join: Name | None = key("Join the case in this field.")
    part: Name | None = key("Part from the case in this field.")


AnyDoes = Annotated[
    Annotated[DoesShape, Tag("|does")]
    | Annotated[Annotated[Any, Later(say("effects other than join and part (does)"))], Tag("|later")],
    Discriminator(choices.effect),
]
Set = Annotated[
    Annotated[Text, TEXT] | Annotated[Annotated[Any, Later(say("computed values (sets)"))], MAPPING],
    either(say("a value")),
]


class EffectsShape(Shape):
    """The effects of a move."""

    key_order: ClassVar[str | None] = "sets does opens publish tell"

    expects: ClassVar[LocalizedText] = say("effects such as {example}", example="{tell: [coordinator]}")
    tell: Tell | None = key("Who is told, and what.")
    publish: Names | None = key("Notices that go on the board.")
    opens: dict[Name, OpensShape] | None = key("Child cases, by group.")
    does: dict[Name, AnyDoes] | None = key("Effects on other cases, by name.")
    sets: dict[Name, Set] | None = key("Fields that get a value.")


class ThenMove(Shape):
    """Where a move leads once its limit is used up, with its own effects."""

    expects: ClassVar[LocalizedText] = say(
        "a step, or a step and who is told, such as {example}", example="{to: ruling}"
    )
    needs: ClassVar[tuple[str, ...]] = ("to",)
    to: Name | None = key("The step.")
    tell: Tell | None = key("Who is told, and what.")
    publish: Names | None = key("Notices that go on the board.")


Then = Annotated[Annotated[Name, TEXT] | Annotated[ThenMove, MAPPING], either(ThenMove.expects)]


class InputCondition(Shape):
    """What an input must be."""

    key_order: ClassVar[str | None] = None  # as written

    expects: ClassVar[LocalizedText] = say(
        "given, open, ended, or a condition such as {example}", example="{at_least: 1}"
    )
    not_: Name | None = key("Not the value of this field.")
    within: DurationOrSetting | None = key("A day not later than this from now.")
    after: DurationOrSetting | None = key("A moment not earlier than this from now.")
    at_least: Text | None = key("This value or more; for a list, this many items or more.")
    at_most: Text | None = key("This value or less; for a list, this many items or fewer.")


AnyInput = Annotated[
    Annotated[Annotated[str, one_of("given", "open", "ended")], TEXT] | Annotated[InputCondition, MAPPING],
    either(InputCondition.expects),
]
Inputs = Annotated[
    Annotated[Name, TEXT] | Annotated[list[Name], LIST] | Annotated[dict[Name, AnyInput], MAPPING],
    either(say("fields, or fields and what they must be, such as {example}", example="{reason: given}")),
]


class MoveShape(EffectsShape):
    """An automatic move: the first one whose condition holds is taken."""

    key_order: ClassVar[str | None] = "title when to limit then sets does opens publish tell"

    expects: ClassVar[LocalizedText] = say("a move such as {example}", example="{when: {time: up}, to: closed}")
    needs: ClassVar[tuple[str, ...]] = ("to",)
    title: Title | None = key("Its title on screens.")
    when: AnyWhen | None = key("Only where this holds.")
    to: Name | None = key("The step that it leads to.")
    limit: CountOrSetting | None = key("At most this many times in a case.")
    then: Then | None = key("Where it leads every time after that.")


class ActionShape(MoveShape):
    """A move that people make."""

    key_order: ClassVar[str | None] = (
        "title was in except within to by when needs may amends adds sets stops_clock_until limit then spaced "
        "leaves does opens publish tell"
    )

    expects: ClassVar[LocalizedText] = say(
        "an action such as {example}", example="{title: …, to: handling, by: coordinator}"
    )
    needs: ClassVar[tuple[str, ...]] = ("title", "by")
    by: Names | None = key("Who may do it.")
    needs_: Inputs | None = key("What must be entered with it.")
    may: Inputs | None = key("What may be entered with it.")
    adds: dict[Name, Annotated[str, one_of("actor")]] | None = key("Lists that whoever does it is added to.")
    spaced: Duration | None = key("At least this long after the last time.")
    was: Name | None = key("Its id in the previous version, which `fujin diff` uses to recognise it.")
    leaves: Annotated[Any, Later(say("leaving a group of people (leaves)"))] = key("Leaving a group: later.")


class AnytimeAction(ActionShape):
    """An action that may be done at several steps."""

    judge = staticmethod(judging.in_or_except)

    in_: Names | None = key("Only at these steps.")
    except_: Names | None = key("At every step but these.")
    amends: Names | None = key("Fields that are entered anew, or the case's committee.")
    stops_clock_until: Name | None = key("The clock stands still until the day in this field.")


class Reopen(ActionShape):
    """How an ended case is reopened: within a time limit, and only so often."""

    expects: ClassVar[LocalizedText] = say("how a case is reopened: within, by, to and limit")
    needs: ClassVar[tuple[str, ...]] = ("within", "limit", "by", "to")
    within: DurationOrSetting | None = key("For this long after the end.")
