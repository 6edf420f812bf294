"""Define the shapes of ``fields`` and ``forms``; the allowed keys of a field depend on its type."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Tag

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import choices, judging
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Later, Shape, key, must, one_or_list
from fujin_cli.store.schema.shapes.references import CalledProcedure, FieldName, FormName, NamedValue
from fujin_cli.store.schema.shapes.scalars import (
    Count,
    Date,
    Duration,
    FieldType,
    HalfYear,
    Moment,
    Money,
    Name,
    Number,
    Public,
    Share,
    Text,
    Title,
    Year,
    YesNo,
)


class FieldShape(Shape):
    """What every field has."""

    key_order: ClassVar[str | None] = (
        "title was type of at_least at_most after default required optional computed lead public"
    )

    judge = staticmethod(judging.required_or_not)

    expects: ClassVar[LocalizedText] = say("a field such as {example}", example="{type: text, required: yes}")
    title: Title | None = key("Its title on screens.")
    was: Name | None = key("Its id in the previous version, which `fujin diff` uses to recognise it.")
    type: FieldType = must("What its values are.")
    required: YesNo | None = key("yes: a case cannot be opened without it.")
    optional: YesNo | None = key("yes: it may stay empty; the same as not saying required.")
    computed: YesNo | None = key("yes: fujin fills it in; it cannot be entered.")
    public: Public | None = key("yes: it is published in notices; preview: it is published after a review.")


class TextField(FieldShape):
    """A text."""

    default: Text | None = key("The value if none is entered.")


Choices = Annotated[
    Annotated[Text, TEXT] | Annotated[list[Text], LIST] | Annotated[dict[Name, Title], MAPPING],
    one_or_list(say("choices such as {example}", example="[yes, no] or {big: {zh: 大, en: big}}")),
]


class ChoiceField(FieldShape):
    """One of several choices."""

    needs: ClassVar[tuple[str, ...]] = ("of",)
    of: Choices | None = key("The choices, or each with its title.")
    default: Text | None = key("The choice if none is entered.")


class ListField(FieldShape):
    """Several values of one type, or rows of a form."""

    needs: ClassVar[tuple[str, ...]] = ("of",)
    of: FormName | None = key("The type of the items, or a form.")
    at_least: Count | None = key("At least this many items.")
    at_most: Count | None = key("At most this many items.")


class CaseField(FieldShape):
    """Another case."""

    of: CalledProcedure | None = key("The procedure of that case.")


class CountField(FieldShape):
    """A whole number."""

    default: Count | None = key("The value if none is entered.")
    at_least: Count | None = key("The smallest value.")
    at_most: Count | None = key("The largest value.")


class NumberField(FieldShape):
    """A number."""

    default: Number | None = key("The value if none is entered.")
    at_least: Number | None = key("The smallest value.")
    at_most: Number | None = key("The largest value.")


class MoneyField(FieldShape):
    """An amount of money."""

    default: Money | None = key("The value if none is entered.")
    at_least: Money | None = key("The smallest amount.")
    at_most: Money | None = key("The largest amount.")


class ShareField(FieldShape):
    """A share of a whole."""

    default: Share | None = key("The value if none is entered.")
    at_least: Share | None = key("The smallest share.")
    at_most: Share | None = key("The largest share.")


class DurationField(FieldShape):
    """A duration."""

    default: Duration | None = key("The value if none is entered.")
    at_least: Duration | None = key("The shortest duration.")
    at_most: Duration | None = key("The longest duration.")


class DateField(FieldShape):
    """A day."""

    default: Date | None = key("The value if none is entered.")
    after: FieldName | None = key("Another field that lies before it.")


class MomentField(FieldShape):
    """A day and a time."""

    default: Moment | None = key("The value if none is entered.")
    after: FieldName | None = key("Another field that lies before it.")


class YearField(FieldShape):
    """A year."""

    default: Year | None = key("The value if none is entered.")


class HalfYearField(FieldShape):
    """Half a year."""

    default: HalfYear | None = key("The value if none is entered.")


class YesNoField(FieldShape):
    """Yes or no."""

    lead: YesNo | None = key("yes: whoever opens the case fills in whether it is that of the lead.")
    default: YesNo | None = key("The value if none is entered.")


class NamedField(FieldShape):
    """Something of the workspace: a partner, a topic, a venue …"""

    default: NamedValue | None = key("The value if none is entered.")


class UndefaultedField(FieldShape):
    """A contact, a photo, a file …: a field without a default value."""


class UnknownField(FieldShape):
    """A field whose type is missing or unknown: any key may be meant for it."""

    of: Any = key("")
    default: Any = key("")
    at_least: Any = key("")
    at_most: Any = key("")
    after: Any = key("")


AnyField = Annotated[
    Annotated[TextField, Tag("|text")]
    | Annotated[ChoiceField, Tag("|choice")]
    | Annotated[ListField, Tag("|list")]
    | Annotated[CaseField, Tag("|case")]
    | Annotated[CountField, Tag("|count")]
    | Annotated[NumberField, Tag("|number")]
    | Annotated[MoneyField, Tag("|money")]
    | Annotated[ShareField, Tag("|share")]
    | Annotated[DurationField, Tag("|duration")]
    | Annotated[DateField, Tag("|date")]
    | Annotated[MomentField, Tag("|moment")]
    | Annotated[YearField, Tag("|year")]
    | Annotated[HalfYearField, Tag("|half-year")]
    | Annotated[YesNoField, Tag("|yes_no")]
    | Annotated[NamedField, Tag("|named")]
    | Annotated[UndefaultedField, Tag("|undefaulted")]
    | Annotated[UnknownField, Tag("|unknown")],
    Discriminator(choices.field),
]


Form = Annotated[
    Annotated[dict[Name, AnyField], Tag("|form")]
    | Annotated[Annotated[Any, Later(say("forms from a scorecard (scorecard)"))], Tag("|later")],
    Discriminator(choices.form),
]
