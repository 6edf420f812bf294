"""Define the shape of ``guarantees``: properties of runs, as DECLARE templates (docs/explanation/verification.md)."""

from keyword import iskeyword
from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from fujin_cli.core.model.guarantee_templates import KEYS, keys_in_order
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import choices, judging
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, Later, Shape, either, key, one_or_list
from fujin_cli.store.schema.shapes.guards import Atom
from fujin_cli.store.schema.shapes.references import ActionName, ActionOrReopening, FieldName, PeopleName
from fujin_cli.store.schema.shapes.scalars import Count, CountOrSetting, Duration, OneOrMore, Title

Counted = Annotated[
    Annotated[Atom, Tag("|atom")] | Annotated[dict[ActionName, Count], Tag("|counted")], Discriminator(choices.counted)
]
Atoms = Annotated[
    Annotated[ActionName, TEXT] | Annotated[list[Atom], LIST], one_or_list(say("an event or a list of events"))
]


Enough = Annotated[
    Annotated[CountOrSetting, Tag("|count")]
    | Annotated[Annotated[Any, Later(say("a quorum of sheets"))], Tag("|sheets")],
    Discriminator(choices.enough),
]
Quorum = Annotated[
    Annotated[dict[FieldName, Enough], Field(min_length=1), MAPPING],
    either(say("fields and how many must stand in them, such as {example}", example="{present: 3}")),
]


Performers = Annotated[
    Annotated[dict[ActionOrReopening, OneOrMore[PeopleName]], Field(min_length=1), MAPPING],
    either(say("actions and who alone may do them, such as {example}", example="{approve: reporter}")),
]


_TYPES: dict[str, Any] = {
    "atom": Atom | None,
    "counted": Counted | None,
    "atoms": Atoms | None,
    "quorum": Quorum | None,
    "names": Performers | None,
}


class GuaranteeShape(Shape):
    """One guarantee."""

    key_order: ClassVar[str | None] = " ".join(("title", *keys_in_order(), "quorum times since within except"))

    judge = staticmethod(judging.one_template)

    expects: ClassVar[LocalizedText] = say(
        "a guarantee such as {example}", example="{before: {enter: closed}, require: approve}"
    )
    title: Title | None = key("Its title in reports.")
    # Declare a key for each row of the table of templates; ``if`` is a keyword of Python and becomes ``if_``.
    for _name, _key in KEYS.items():
        _attribute = f"{_name}_" if iskeyword(_name) else _name
        __annotations__[_attribute] = _TYPES[_key.kind]
        vars()[_attribute] = key(_key.description)
    del _name, _key, _attribute
    except_: Atom | None = key("Runs where this happens are left out.")
    times: Count | None = key("The required event happens this many times.")
    since: Atom | None = key("Only what happened since this counts.")
    within: Duration | None = key("It takes no longer than this.")
    quorum: Quorum | None = key("… these fields contain at least this many.")
