"""Define the shapes of ``when``, ``where`` and event patterns: typed conditions, without an expression language."""

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import judging
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Later, Shape, either, key
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.references import (
    ActionName,
    FieldName,
    GroupName,
    MessageKind,
    Notice,
    OutcomeName,
    PeopleName,
    StepName,
    StepOrAnyEnd,
    Value,
    ValueOrSetting,
    Values,
)
from fujin_cli.store.schema.shapes.scalars import CountOrSetting

Told = Annotated[
    Annotated[PeopleName, TEXT] | Annotated[dict[PeopleName, MessageKind], Field(min_length=1), MAPPING],
    either(say("a name, or a name and what is told, such as {example}", example="{reporters: answer}")),
]


class AtomShape(Shape):
    """An event: an arrival, a message, a child case that came back …"""

    key_order: ClassVar[str | None] = (
        "action enter end overdue tells opens answered publish time_up amends collected does did where"
    )

    judge = staticmethod(judging.one_thing)

    expects: ClassVar[LocalizedText] = say("an action, or what happens, such as {example}", example="{enter: closed}")
    action: ActionName | None = key("An action is done.")
    enter: StepOrAnyEnd | None = key("The case arrives at a step, or at any end.")
    end: OutcomeName | None = key("The case ends with an outcome.")
    overdue: StepName | None = key("The deadline of a step passes.")
    tells: Told | None = key("Somebody is told (something).")
    opens: GroupName | None = key("Child cases are opened into a group.")
    answered: GroupName | None = key("Every child case of a group has ended.")
    publish: Notice | None = key("A notice is published.")
    time_up: StepName | None = key("The period of a step is over.")
    amends: FieldName | None = key("A field (or the committee) is entered anew.")
    where: "AnyWhen | None" = key("Only where this holds.")
    collected: Annotated[Any, Later(say("sheets that are collected (collected)"))] = key("Sheets came in.")
    does: Annotated[Any, Later(say("effects as events (does)"))] = key("An effect is begun.")
    did: Annotated[Any, Later(say("effects as events (did)"))] = key("An effect was carried out.")


Atom = Annotated[Annotated[ActionName, TEXT] | Annotated[AtomShape, MAPPING], either(AtomShape.expects)]


Ended = Annotated[
    Annotated[Value, TEXT]
    | Annotated[list[Value], LIST]
    | Annotated[Annotated[Any, Later(say("conditions on sheets"))], MAPPING],
    either(say("open, ended, or outcomes")),
]


class Compared(Shape):
    """A field compared with values, or the cases of a group with how they ended."""

    key_order: ClassVar[str | None] = None  # as written

    expects: ClassVar[LocalizedText] = say(
        "a value, values, or a comparison such as {example}", example="{at_least: 3}"
    )
    all: Ended | None = key("All cases: open, ended, or an outcome.")
    any: Ended | None = key("At least one case: open, ended, or an outcome.")
    none: Ended | None = key("No case: open, ended, or an outcome.")
    at_least: ValueOrSetting | None = key("This value or more; for a group, this many cases.")
    at_most: ValueOrSetting | None = key("This value or less.")
    over: ValueOrSetting | None = key("More than this value.")
    under: ValueOrSetting | None = key("Less than this value.")
    not_: Values | None = key("None of these values.")
    same: Annotated[Any, Later(say("conditions on sheets"))] = key("All sheets agree.")


Fact = Annotated[
    Annotated[Value, TEXT] | Annotated[list[Value], LIST] | Annotated[Compared, MAPPING], either(Compared.expects)
]


class Times(Shape):
    """How often an action was done."""

    key_order: ClassVar[str | None] = None  # as written

    expects: ClassVar[LocalizedText] = say("how often, such as {example}", example="{at_least: 3}")
    at_least: CountOrSetting | None = key("This many times or more.")
    under: CountOrSetting | None = key("Fewer times than that.")
    since: Atom | None = key("Counted from this event on.")


class When(Shape):
    """Conditions that must all hold: fields and groups by their names, ``time`` and ``times``."""

    key_order: ClassVar[str | None] = None  # as written

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Fact]
    other_keys: ClassVar[tuple[str, ...]] = ("field", "group")
    expects: ClassVar[LocalizedText] = say(
        "conditions such as {example}, or a list of them", example="{scope: majority}"
    )
    time: Annotated[str, one_of("up")] | None = key("The period of the step is over.")
    times: dict[ActionName, Times] | None = key("How often actions were done.")


AnyWhen = Annotated[Annotated[When, MAPPING] | Annotated[list[When], LIST], either(When.expects)]
