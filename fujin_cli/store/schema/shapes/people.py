"""Define the shapes of ``people``: one key defines who it is; ``title``, ``not`` and ``through`` fit each."""

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from fujin_cli.core.model.compile_conditions import PERSON_KINDS
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import choices, judging
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Later, Shape, either, key, must
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.references import FieldName, GroupName, NamedValue, PeopleName, RoleId
from fujin_cli.store.schema.shapes.scalars import Level, Name, OneOrMore, Title


class Who(Shape):
    """What goes with every way of saying who somebody is."""

    key_order: ClassVar[str | None] = (
        "title was role seat members partner person contact whoever anyone those_who groups of proof with not through"
    )

    expects: ClassVar[LocalizedText] = say("a mapping that says who this is: one of {kinds}", kinds=PERSON_KINDS)
    title: Title | None = key("Their title on screens.")
    was: Name | None = key("Its id in the previous version, which `fujin diff` uses to recognise it.")
    not_: "Excluded | None" = key("People who are excluded: names, or definitions in place.")
    through: OneOrMore[PeopleName] | None = key("Who may enter what they say for them.")


class RoleWho(Who):
    """Those who hold a role on a roster."""

    needs: ClassVar[tuple[str, ...]] = ("of",)
    role: RoleId = must("The role.")
    of: Level | None = key("On whose roster.")


class SeatWho(Who):
    """Those in a seat of the case's committee."""

    needs: ClassVar[tuple[str, ...]] = ("of",)
    seat: Annotated[str, one_of("head", "member")] = must("The seat.")
    of: Annotated[str, one_of("committee")] | None = key("The case's committee.")


class MembersWho(Who):
    """The members of the case's committee, or the persons in a field."""

    members: FieldName = must("committee, or a field that is a list of persons.")


class PartnerWho(Who):
    """The partner or partners in a field."""

    partner: FieldName = must("A field that is a partner or a list of partners.")


class PersonWho(Who):
    """The person or persons in a field."""

    person: FieldName = must("A field that is a person or a list of persons.")


class ContactWho(Who):
    """A contact kept in the vault."""

    contact: FieldName = must("A field that is a contact.")
    proof: Annotated[str, one_of("acceptance-code", "receipt")] | None = key("What proves that it is them.")
    with_: FieldName | None = key("A field with further contacts, who are told too.")


class InCase(Shape):
    """Everybody who acted in another case."""

    key_order: ClassVar[str | None] = None  # as written

    expects: ClassVar[LocalizedText] = say("opened, or a case such as {example}", example="{in: against}")
    in_: FieldName = must("A field that is a case.")


class WhoeverWho(Who):
    """Whoever did something."""

    whoever: Annotated[
        Annotated[Annotated[str, one_of("opened")], TEXT] | Annotated[InCase, MAPPING], either(InCase.expects)
    ] = must("opened, or everybody who acted in a case.")


class AnyoneWho(Who):
    """Everybody of one kind."""

    anyone: Annotated[str, one_of("resident", "member", "partner")] = must("The sort.")


Outcome = Annotated[
    Annotated[NamedValue, Tag("|text")]
    | Annotated[Annotated[Any, Later(say("people selected by their sheets"))], Tag("|later")],
    Discriminator(choices.outcome),
]


class ThoseWho(Who):
    """The people of child cases that ended in some way."""

    those_who: Annotated[dict[GroupName, Outcome], Field(min_length=1)] = must(
        "The group, and the outcome of its cases."
    )


class GroupsWho(Who):
    """Several groups of people."""

    groups: dict[Name, "AnyWho"] = must("The groups by name.")


class NobodyWho(Who):
    """No key says who it is."""

    judge = staticmethod(judging.somebody)

    elsewhere: ClassVar[frozenset[str]] = frozenset(PERSON_KINDS)
    of: Any = key("")
    proof: Any = key("")
    with_: Any = key("")


class SeveralWho(Who):
    """More than one key says who it is."""

    judge = staticmethod(judging.nobody_twice)

    model_config = ConfigDict(extra="allow")


_Who = Annotated[
    Annotated[RoleWho, Tag("|role")]
    | Annotated[SeatWho, Tag("|seat")]
    | Annotated[MembersWho, Tag("|members")]
    | Annotated[PartnerWho, Tag("|partner")]
    | Annotated[PersonWho, Tag("|person")]
    | Annotated[ContactWho, Tag("|contact")]
    | Annotated[WhoeverWho, Tag("|whoever")]
    | Annotated[AnyoneWho, Tag("|anyone")]
    | Annotated[ThoseWho, Tag("|those_who")]
    | Annotated[GroupsWho, Tag("|groups")]
    | Annotated[SeveralWho, Tag("|several")]
    | Annotated[NobodyWho, Tag("|nobody")],
    Discriminator(choices.person),
]
# As a named alias it is built once. Written inline, each member would nest in the one before, and building them would
# overflow Python's stack.
AnyWho = TypeAliasType("AnyWho", _Who)
_Excepted = Annotated[
    Annotated[PeopleName, TEXT] | Annotated[AnyWho, MAPPING], either(say("a name, or a mapping that says who"))
]
Excluded = Annotated[
    Annotated[PeopleName, TEXT] | Annotated[list[_Excepted], LIST], either(say("a name or a list of names"))
]
