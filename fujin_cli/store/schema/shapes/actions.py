"""Define the shapes of moves and their effects: ``actions``, ``anytime``, ``reopen``, and ``then`` of a step."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Tag

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import choices, judging
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Later, Shape, either, key, must
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.guards import AnyWhen
from fujin_cli.store.schema.shapes.references import (
    CalledField,
    CalledOutcome,
    CalledProcedure,
    CommitteeOrField,
    EffectName,
    FieldName,
    GivenField,
    GroupName,
    MessageKind,
    Notice,
    PeopleName,
    SharedField,
    StepName,
    Value,
    ValueOrSetting,
)
from fujin_cli.store.schema.shapes.scalars import (
    CountOrSetting,
    Duration,
    DurationOrSetting,
    Name,
    OneOrMore,
    Title,
    YesNo,
)

Tell = Annotated[
    Annotated[PeopleName, TEXT] | Annotated[list[PeopleName], LIST] | Annotated[dict[PeopleName, MessageKind], MAPPING],
    either(say("names, or names and what they are told, such as {example}", example="{reporters: answer}")),
]


class OpensShape(Shape):
    """Child cases that are opened."""

    expects: ClassVar[LocalizedText] = say(
        "child cases such as {example}", example="{procedure: work-order, one_each: [lead]}"
    )
    procedure: CalledProcedure = must("Their procedure.")
    committee: CommitteeOrField | None = key("Their committee: a field of this case, or a committee.")
    one_each: OneOrMore[FieldName] | None = key("One case for each value of these fields.")
    to: Name | None = key("The field of a row that says whom the case is for.")
    give: dict[CalledField, GivenField] | None = key("The child's fields, and what they are filled with.")
    bring: OneOrMore[SharedField] | None = key("Fields that come back from the child when it ends.")
    instead_of: OneOrMore[CalledOutcome] | None = key("Outcomes of earlier cases that these replace, or ended.")
    leaves: YesNo | None = key("yes: the child case continues without this case.")


class DoesShape(Shape):
    """An effect on another case."""

    judge = staticmethod(judging.one_effect)

    expects: ClassVar[LocalizedText] = say("an effect such as {example}", example="{join: duplicate_of}")
    join: FieldName | None = key("Join the case in this field.")
    part: FieldName | None = key("Part from the case in this field.")


AnyDoes = Annotated[
    Annotated[DoesShape, Tag("|does")]
    | Annotated[Annotated[Any, Later(say("effects other than join and part (does)"))], Tag("|later")],
    Discriminator(choices.effect),
]
Set = Annotated[
    Annotated[Value, TEXT] | Annotated[Annotated[Any, Later(say("computed values (sets)"))], MAPPING],
    either(say("a value")),
]


class EffectsShape(Shape):
    """The effects of a move."""

    key_order: ClassVar[str | None] = "sets does opens publish tell"

    expects: ClassVar[LocalizedText] = say("effects such as {example}", example="{tell: [coordinator]}")
    tell: Tell | None = key("Who is told, and what.")
    publish: OneOrMore[Notice] | None = key("Notices that go on the board.")
    opens: dict[GroupName, OpensShape] | None = key("Child cases, by group.")
    does: dict[EffectName, AnyDoes] | None = key("Effects on other cases, by name.")
    sets: dict[FieldName, Set] | None = key("Fields that get a value.")


class ThenMove(Shape):
    """Where a move leads once its limit is used up, with its own effects."""

    expects: ClassVar[LocalizedText] = say(
        "a step, or a step and who is told, such as {example}", example="{to: ruling}"
    )
    needs: ClassVar[tuple[str, ...]] = ("to",)
    to: StepName | None = key("The step.")
    tell: Tell | None = key("Who is told, and what.")
    publish: OneOrMore[Notice] | None = key("Notices that go on the board.")


Then = Annotated[Annotated[StepName, TEXT] | Annotated[ThenMove, MAPPING], either(ThenMove.expects)]


class InputCondition(Shape):
    """What an input must be."""

    key_order: ClassVar[str | None] = None  # as written

    expects: ClassVar[LocalizedText] = say(
        "given, open, ended, or a condition such as {example}", example="{at_least: 1}"
    )
    not_: FieldName | None = key("Not the value of this field.")
    within: DurationOrSetting | None = key("A day not later than this from now.")
    after: DurationOrSetting | None = key("A moment not earlier than this from now.")
    at_least: ValueOrSetting | None = key("This value or more; for a list, this many items or more.")
    at_most: ValueOrSetting | None = key("This value or less; for a list, this many items or fewer.")


AnyInput = Annotated[
    Annotated[Annotated[str, one_of("given", "open", "ended")], TEXT] | Annotated[InputCondition, MAPPING],
    either(InputCondition.expects),
]
Inputs = Annotated[
    Annotated[FieldName, TEXT] | Annotated[list[FieldName], LIST] | Annotated[dict[FieldName, AnyInput], MAPPING],
    either(say("fields, or fields and what they must be, such as {example}", example="{reason: given}")),
]


class MoveShape(EffectsShape):
    """An automatic move: the first one whose condition holds is taken."""

    key_order: ClassVar[str | None] = "title when to limit then sets does opens publish tell"

    expects: ClassVar[LocalizedText] = say("a move such as {example}", example="{when: {time: up}, to: closed}")
    needs: ClassVar[tuple[str, ...]] = ("to",)
    title: Title | None = key("Its title on screens.")
    when: AnyWhen | None = key("Only where this holds.")
    to: StepName | None = key("The step that it leads to.")
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
    by: OneOrMore[PeopleName] | None = key("Who may do it.")
    needs_: Inputs | None = key("What must be entered with it.")
    may: Inputs | None = key("What may be entered with it.")
    adds: dict[FieldName, Annotated[str, one_of("actor")]] | None = key("Lists that whoever does it is added to.")
    spaced: Duration | None = key("At least this long after the last time.")
    was: Name | None = key("Its id in the previous version, which `fujin diff` uses to recognise it.")
    leaves: Annotated[Any, Later(say("leaving a group of people (leaves)"))] = key("Leaving a group: later.")


class AnytimeAction(ActionShape):
    """An action that may be done at several steps."""

    judge = staticmethod(judging.in_or_except)

    in_: OneOrMore[StepName] | None = key("Only at these steps.")
    except_: OneOrMore[StepName] | None = key("At every step but these.")
    amends: OneOrMore[FieldName] | None = key("Fields that are entered anew, or the case's committee.")
    stops_clock_until: FieldName | None = key("The clock stands still until the day in this field.")


class Reopen(ActionShape):
    """How an ended case is reopened: within a time limit, and only so often."""

    expects: ClassVar[LocalizedText] = say("how a case is reopened: within, by, to and limit")
    needs: ClassVar[tuple[str, ...]] = ("within", "limit", "by", "to")
    within: DurationOrSetting | None = key("For this long after the end.")
