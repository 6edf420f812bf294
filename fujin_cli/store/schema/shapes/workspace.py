"""Define the shape of ``workspace.yaml``: languages, time zone, office hours and calendar."""

from typing import Annotated, ClassVar

from fujin_cli.core.listing.sorting import ORDERS
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Shape, either, key, must, one_or_list
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.references import (
    ActionName,
    ActorId,
    CommitteeId,
    CommunityId,
    Owner,
    PartnerId,
    ProcedureId,
    StepName,
    Topic,
    WorkspaceId,
)
from fujin_cli.store.schema.shapes.scalars import (
    DaysList,
    Duration,
    Hours,
    HoursList,
    LanguageList,
    ListOf,
    Name,
    Remark,
    Text,
    Title,
    WeekdayList,
    Year,
    YesNo,
    Zone,
)


class AddedYear(Shape):
    """The days of one year that differ from Monday to Friday."""

    expects: ClassVar[LocalizedText] = say("a year's days: holidays and workdays")
    holidays: DaysList | None = key("Days off: single days, or ranges (first/last).")
    workdays: DaysList | None = key("Days worked although they fall on a weekend (make-up days).")


class Calendar(Shape):
    """Which days are worked."""

    expects: ClassVar[LocalizedText] = say("a calendar: country and years, or none")
    country: Annotated[str, one_of("CN", "none")] | None = key(
        "CN takes the national notices; none, as no country at all, covers the years below alone."
    )
    years: dict[Year, AddedYear] | None = key(
        "Years that no national notice covers, or local days. A year that neither has gives no due date."
    )


class WeekdayHours(Shape):
    """The office hours of each weekday. Hours of a day outside the week count when it is worked as a make-up day."""

    expects: ClassVar[LocalizedText] = say("hours by weekday such as {example}", example='{monday: "09:00-17:00"}')
    monday: HoursList | None = key("Hours on Mondays.")
    tuesday: HoursList | None = key("Hours on Tuesdays.")
    wednesday: HoursList | None = key("Hours on Wednesdays.")
    thursday: HoursList | None = key("Hours on Thursdays.")
    friday: HoursList | None = key("Hours on Fridays.")
    saturday: HoursList | None = key("Hours on Saturdays.")
    sunday: HoursList | None = key("Hours on Sundays.")


AnyCalendar = Annotated[
    Annotated[Annotated[str, one_of("none")], TEXT] | Annotated[Calendar, MAPPING], either(Calendar.expects)
]
OfficeHours = Annotated[
    Annotated[Hours, TEXT] | Annotated[list[Hours], LIST] | Annotated[WeekdayHours, MAPPING],
    one_or_list(say("hours such as 08:30-11:30, a list of them, or hours by weekday")),
]


Order = Annotated[str, one_of(*ORDERS, *(f"-{order}" for order in ORDERS))]


class ViewShape(Shape):
    """A saved list of cases: filters, order and columns. A case passes all filters."""

    expects: ClassVar[LocalizedText] = say("a view such as {example}", example="{topic: lighting, sort: due}")
    title: Title | None = key("Its title for people.")
    community: ListOf[CommunityId] | None = key("Only cases of these communities.")
    committee: CommitteeId | None = key("Only cases of this committee.")
    procedure: ProcedureId | None = key("Only cases of this procedure.")
    step: StepName | None = key("Only cases at this step.")
    topic: Topic | None = key("Only cases of this topic.")
    partner: PartnerId | None = key("Only cases with this partner.")
    owner: Owner | None = key("Only cases that wait for this person, partner or role.")
    can: ActionName | None = key("Only cases on which this action can be taken now.")
    search: Text | None = key("Only cases with this text in summary, place or remarks.")
    today: YesNo | None = key("Only cases due by the end of today, overdue ones too.")
    overdue: YesNo | None = key("Only overdue cases.")
    mine: YesNo | None = key("Only cases at a step that the reader of the list owns.")
    unassigned: YesNo | None = key("Only cases that wait for a role that nobody fills.")
    waiting: YesNo | None = key("Only cases that are paused, have open orders, or wait for acceptance.")
    all: YesNo | None = key("Ended cases, too.")
    sort: Order | None = key("urgency, or the column to sort by; -due turns the order around.")
    columns: ListOf[Name] | None = key("The columns, in this order; fields of cases, too.")


class WorkspaceShape(Shape):
    """The head of a workspace."""

    needs: ClassVar[tuple[str, ...]] = ("title", "languages", "zone")
    workspace: WorkspaceId = must("The workspace's id.")
    title: Title | None = key("Its title for people.")
    languages: LanguageList | None = key("The languages in use; the first one is the language of the place.")
    zone: Zone | None = key("The time zone of every time that is shown or entered.")
    rehearsal: YesNo | None = key("yes allows --now on commands that change something.")
    undo_within: Duration | None = key("How long people may take back their own last action; 10 minutes.")
    week: WeekdayList | None = key("The weekdays that are worked; Monday to Friday where it is left out.")
    office_hours: OfficeHours | None = key("When the offices are open on a working day, or on each weekday.")
    calendar: AnyCalendar | None = key("Which days are worked: {country: CN}, none, or years by hand.")
    actors: dict[Text, ActorId] | None = key("Who is meant by a login name when --as is not given.")
    views: dict[Name, ViewShape] | None = key("Saved lists of cases: `fujin case list --view NAME`.")
    note: Remark | None = key("A remark for readers of this file.")
