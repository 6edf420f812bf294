"""Define the shape of ``workspace.yaml``: languages, time zone, office hours and calendar."""

from typing import Annotated, ClassVar

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.base import Shape, key, must
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.scalars import (
    DaysList,
    HoursList,
    LanguageList,
    Name,
    Remark,
    Text,
    Title,
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

    expects: ClassVar[LocalizedText] = say("a calendar: country and years")
    country: Annotated[str, one_of("CN", "none")] | None = key(
        "CN takes the national notices; none is Monday to Friday."
    )
    years: dict[Year, AddedYear] | None = key("Years that the national calendar does not cover yet, or local days.")


class WorkspaceShape(Shape):
    """The head of a workspace."""

    needs: ClassVar[tuple[str, ...]] = ("title", "languages", "zone")
    workspace: Name = must("The workspace's id.")
    title: Title | None = key("Its title for people.")
    languages: LanguageList | None = key("The languages in use; the first one is the language of the place.")
    zone: Zone | None = key("The time zone of every time that is shown or entered.")
    rehearsal: YesNo | None = key("yes allows --now on commands that change something.")
    office_hours: HoursList | None = key("When the offices are open on a working day.")
    calendar: Calendar | None = key("Which days are worked.")
    actors: dict[Text, Name] | None = key("Who is meant by a login name when --as is not given.")
    note: Remark | None = key("A remark for readers of this file.")
