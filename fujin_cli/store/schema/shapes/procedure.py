"""Define the shape of ``procedures/*.yaml``: one closed loop."""

from typing import Annotated, Any, ClassVar

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.actions import AnytimeAction
from fujin_cli.store.schema.shapes.base import LIST, TEXT, Later, Shape, either, key, must
from fujin_cli.store.schema.shapes.fields import AnyField, Form
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.guarantees import GuaranteeShape
from fujin_cli.store.schema.shapes.guards import Atom
from fujin_cli.store.schema.shapes.people import AnyWho
from fujin_cli.store.schema.shapes.references import (
    ActionName,
    Channel,
    ClockName,
    FieldName,
    FormName,
    GroupName,
    GuaranteeName,
    PeopleName,
    ProcedureId,
    SettingName,
    StepName,
)
from fujin_cli.store.schema.shapes.scalars import (
    DurationOrSetting,
    ListOf,
    Name,
    OneOrMore,
    Remark,
    Title,
    YesNo,
)
from fujin_cli.store.schema.shapes.settings import AnySetting
from fujin_cli.store.schema.shapes.steps import Step

Proof = Annotated[str, one_of("receipt", "acceptance-code")]
Proofs = Annotated[
    Annotated[Proof, TEXT] | Annotated[list[Proof], LIST], either(say("receipt, acceptance-code, or a list of both"))
]


class Opened(Shape):
    """Who may open a case, through which channels, and what they receive."""

    key_order: ClassVar[str | None] = "by from every one_each gives"

    expects: ClassVar[LocalizedText] = say(
        "who opens a case, such as {example}", example="{by: [resident, coordinator]}"
    )
    needs: ClassVar[tuple[str, ...]] = ("by",)
    by: OneOrMore[PeopleName] | None = key("People of this procedure, or resident, partner, member, procedure.")
    from_: ListOf[Channel] | None = key("The channels it comes through.")
    gives: dict[PeopleName, Proofs] | None = key("What each opener receives.")
    every: Annotated[Any, Later(say("cases that open by the calendar (opened.every)"))] = key("Opened by the calendar.")
    one_each: Annotated[Any, Later(say("cases that open by the calendar (opened.one_each)"))] = key(
        "One case for each, opened by the calendar."
    )


class ClockShape(Shape):
    """A time across steps; published and counted, and never moves a case."""

    key_order: ClassVar[str | None] = "title from until within promised"

    expects: ClassVar[LocalizedText] = say("a clock: from, until and within")
    from_: Atom = must("The event that starts it.")
    until: Atom = must("The event that stops it.")
    within: DurationOrSetting = must("The time that is guaranteed.")
    promised: YesNo | None = key("yes: it is published.")
    title: Title | None = key("Its title on screens.")


class GroupShape(Shape):
    """What a group of child cases is called."""

    key_order: ClassVar[str | None] = "title was"

    expects: ClassVar[LocalizedText] = say("a group such as {example}", example="{title: work orders, was: jobs}")
    title: Title | None = key("Its title on screens.")
    was: Name | None = key("Its id in the previous version, which `fujin diff` uses to recognise it.")


class ProcedureShape(Shape):
    """A procedure."""

    needs: ClassVar[tuple[str, ...]] = ("title", "case_of", "opened", "steps")
    procedure: ProcedureId = must("The procedure's id.")
    title: Title | None = key("Its title for people.")
    case_of: Annotated[str, one_of("community", "committee")] | None = key("Whose cases these are.")
    opened: Opened | None = key("Who may open a case.")
    settings: dict[SettingName, AnySetting] | None = key("What a community or committee may set.")
    people: dict[PeopleName, AnyWho] | None = key("The people whom this file names.")
    fields: dict[FieldName, AnyField] | None = key("What a case carries.")
    forms: dict[FormName, Form] | None = key("The rows of fields that are lists of them.")
    groups: dict[GroupName, GroupShape] | None = key("Titles and earlier names of groups of child cases.")
    clocks: dict[ClockName, ClockShape] | None = key("Times across steps.")
    steps: dict[StepName, Step] | None = key("Where a case stands; the first one is where it starts.")
    anytime: dict[ActionName, AnytimeAction] | None = key("What may be done at several steps.")
    guarantees: dict[GuaranteeName, GuaranteeShape] | None = key("Guarantees that hold on every run.")
    note: Remark | None = key("A remark for readers of this file.")
