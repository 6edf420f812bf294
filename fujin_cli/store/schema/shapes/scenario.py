"""Define the shape of ``scenarios/*.yaml``: a run of a procedure, line by line, and what must hold at its end."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import judging
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Shape, either, key, must, one_or_list, or_them
from fujin_cli.store.schema.shapes.forms import like, one_of
from fujin_cli.store.schema.shapes.guards import AnyWhen
from fujin_cli.store.schema.shapes.problems import make_error
from fujin_cli.store.schema.shapes.references import (
    ActionName,
    Actor,
    Channel,
    CommitteeId,
    CommunityId,
    Event,
    FieldName,
    GroupName,
    GuaranteeName,
    MessageKind,
    Notice,
    Office,
    OutcomeText,
    PeopleName,
    ProcedureId,
    SettingName,
    StepName,
    Value,
    Values,
)
from fujin_cli.store.schema.shapes.scalars import Moment, Name, OneOrMore, Remark, Text, Title, YesNo

Refused = Annotated[str, like(r"any|FJ8\d{2}", say("a refusal's code such as {example}, or any", example="FJ803"))]


class Given(Shape):
    """How the case begins."""

    expects: ClassVar[LocalizedText] = say(
        "how the case begins, such as {example}", example="{as: collector, set: {…}}"
    )
    as_: Actor | None = key("Who opens it: a name of the procedure's people, or somebody's id.")
    channel: Channel | None = key("How it came in.")
    settings: dict[SettingName, Text] | None = key("Values of the procedure's settings, inside their ranges.")
    set: dict[FieldName, Values] | None = key("What is entered; missing required fields get a sample value.")


class Doing(Shape):
    """How a line is executed."""

    judge = staticmethod(judging.action_or_end)

    expects: ClassVar[LocalizedText] = say("how it is done, such as {example}", example="{as: inspector, set: {…}}")
    as_: Actor | None = key("Who does it; without it, the first one entitled.")
    set: dict[FieldName, Values] | None = key("What is entered; missing inputs get a sample value.")
    without: OneOrMore[FieldName] | None = key("Required fields that are left out, to test the refusal.")
    code: Annotated[str, one_of("right", "wrong", "none", "earlier")] | None = key(
        "Which acceptance code is given where one is asked for; earlier is that of the round before."
    )
    note: Remark | None = key("A remark.")
    ends: Value | None = key("The outcome with which a case of the group, or the one joined to, ends.")


LINE = say("an action or one event, such as {example}", example="{orders: verified}")
Happens = Annotated[Annotated[Value, TEXT] | Annotated[Doing, MAPPING], either(Doing.expects)]


def check_one_event(value: dict[str, Any]) -> dict[str, Any]:
    """Check that a line is one event. Raises FJ004."""
    if len(value) != 1:
        raise make_error("FJ004", say("a line is one event; this one has {count}", count=len(value)), LINE)
    return value


RunLine = Annotated[
    Annotated[ActionName, TEXT] | Annotated[dict[Event, Happens], BeforeValidator(check_one_event), MAPPING],
    either(LINE),
]
COUNTED = one_of("answered", "resolved", "satisfied")
Counted = Annotated[str, COUNTED]
CountedList = Annotated[
    Annotated[Counted, TEXT] | Annotated[list[Counted], LIST], one_or_list(or_them(COUNTED.description))
]
RunLines = Annotated[
    Annotated[ActionName, TEXT] | Annotated[list[RunLine], LIST], one_or_list(say("an action or a list of lines"))
]


Told = Annotated[
    Annotated[PeopleName, TEXT]
    | Annotated[list[PeopleName], LIST]
    | Annotated[dict[PeopleName, OneOrMore[MessageKind]], MAPPING],
    either(say("names, or names and what they are told, such as {example}", example="{reporters: answer}")),
]


class ThenShape(Shape):
    """What must hold at the end of the run."""

    judge = staticmethod(judging.something_expected)

    expects: ClassVar[LocalizedText] = say("what must hold then, such as {example}", example="{step: closed}")
    step: StepName | None = key("Where the case stands.")
    not_at: StepName | None = key("Where the case does not stand.")
    outcome: OutcomeText | None = key("How the case ended.")
    counts_as: CountedList | None = key("Which of the three rates it counts for; an empty list for none.")
    refused: Refused | None = key("The run is refused with this code: at `action`, else at one of the lines of `when`.")
    action: RunLine | None = key("An action that is tried after the run and must be refused.")
    where: AnyWhen | None = key("Conditions on fields and groups, as in a procedure's `when`.")
    told: Told | None = key("Who was told (what) at some time in the run.")
    just_told: Told | None = key("Who was told (what) by what the last line brought.")
    not_told: Told | None = key("Who was never told (that).")
    published: OneOrMore[Notice] | None = key("Notices that went on the board.")
    committees: dict[GroupName, Office] | None = key(
        "By group: which committee, or which community's office, has its cases."
    )
    open: OneOrMore[ActionName] | None = key("Actions that can be done now.")
    closed: OneOrMore[ActionName] | None = key("Actions that cannot be done now.")
    due: Moment | None = key("When the step must end.")
    overdue: YesNo | None = key("Whether the step's time has passed.")
    stuck: YesNo | None = key("Whether nothing can take the case further.")
    keeps: OneOrMore[GuaranteeName] | None = key(
        "Guarantees that the run does not violate; alone, a run that is refused is fine, too."
    )
    fulfils: OneOrMore[GuaranteeName] | None = key(
        "The same, and nothing that they ask for is pending at the end of the run."
    )


class ScenarioShape(Shape):
    """A policy test: a run of a procedure, and what must hold at its end."""

    needs: ClassVar[tuple[str, ...]] = ("title", "procedure", "then")
    scenario: Name = must("The scenario's id.")
    title: Title | None = key("What it shows.")
    procedure: ProcedureId | None = key("The procedure that it is about.")
    community: CommunityId | None = key(
        "Where the case is opened; without it, where the first committee works by the procedure."
    )
    committee: CommitteeId | None = key("Which committee takes it.")
    at: Moment | None = key("When it begins; without it, on a fixed Monday morning.")
    given: Given | None = key("How the case begins.")
    when: RunLines | None = key("What happens, line by line.")
    then: ThenShape | None = key("What must hold at the end.")
    note: Remark | None = key("A remark for readers of this file.")
