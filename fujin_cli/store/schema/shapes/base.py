"""Define the base of every shape: closed, with YAML spelling of keys and a did-you-mean for unknown keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetJsonSchemaHandler, Tag, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from pydantic_core.core_schema import ValidationInfo

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import judging
from fujin_cli.store.schema.shapes.choices import kind_of, several, several_or_all
from fujin_cli.store.schema.shapes.forms import find_nearest
from fujin_cli.store.schema.shapes.problems import KIND, Notes, Report, make_error, make_type_error

TEXT, LIST, MAPPING = Tag("|text"), Tag("|list"), Tag("|mapping")


def yaml_key(name: str) -> str:
    """Convert the name of a field to its key: ``from_`` → ``from`` (a keyword of Python has an underscore)."""
    return name.removesuffix("_")


class Shape(BaseModel):
    """Validate a mapping with known keys. Declare a key without a default only if the rest is useless without it.

    ``needs`` are required keys whose absence leaves the rest usable. ``expects`` describes the mapping in messages.
    ``elsewhere`` are keys of sibling shapes that a misspelt key may mean. ``judge`` checks combinations of keys, with
    misspelt keys already corrected (``judging.py``). ``key_order`` is the order in which ``fmt`` writes the keys, if it
    differs from the order of the fields; None leaves them as written. ``other_keys`` are the types of ids that the keys
    beside the fields are (``references.py``).
    """

    model_config = ConfigDict(extra="forbid", alias_generator=yaml_key, defer_build=True)
    expects: ClassVar[LocalizedText] = say("a mapping")
    needs: ClassVar[tuple[str, ...]] = ()
    elsewhere: ClassVar[frozenset[str]] = frozenset()
    key_order: ClassVar[str | None] = ""
    other_keys: ClassVar[tuple[str, ...]] = ()
    judge = staticmethod(judging.nothing_more)

    @model_validator(mode="before")
    @classmethod
    def _judge(cls, value: Any, validation: ValidationInfo) -> Any:
        if not isinstance(value, dict):
            raise make_type_error(cls.expects, value)
        if not isinstance(validation.context, Report):
            return value
        notes = Notes(validation.context, id(value))
        unknown = cls._note_unknown_keys(value, notes)
        read_as = (
            {nearest_key or word: value[word] for word, nearest_key in unknown.items()} | value if unknown else value
        )
        for required_key in cls.needs:
            if required_key not in read_as:
                notes.missing(say("{key} is missing", key=required_key))
        cls.judge(read_as, notes)
        return {word: part for word, part in value.items() if word not in unknown} if unknown else value

    @classmethod
    def _note_unknown_keys(cls, value: dict[str, Any], notes: Notes) -> dict[str, str | None]:
        """Note the unknown keys, and map each to the known key that it probably means (or None)."""
        known_keys = keys_of(cls)
        if value.keys() <= known_keys or cls.model_config.get("extra") == "allow":
            return {}
        guesses = {}
        for word in value.keys() - known_keys:
            nearest_key = find_nearest(word, known_keys | cls.elsewhere) if notes.are_few() else None
            if nearest_key is None and word in ("zh", "en") and "title" in known_keys:
                nearest_key = "title"
                help = say("write titles as title: {example}", example="{zh: …, en: …}")
            elif nearest_key is None:
                help = say("the known keys are {keys}", keys=sorted(known_keys))
            else:
                help = say("did you mean {word}?", word=nearest_key)
            guesses[word] = nearest_key
            notes.unknown(word, nearest_key, help)
        return guesses

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Make the JSON Schema: ``needs`` are required too, and an optional key may not be empty."""
        json_schema = handler(schema)
        target = handler.resolve_ref_schema(json_schema)
        if cls.needs:
            target["required"] = [*target.get("required", ()), *cls.needs]
        for name, property_schema in target.get("properties", {}).items():
            kinds = [kind for kind in property_schema.pop("anyOf", ()) if kind != {"type": "null"}]
            property_schema.pop("default", None)
            property_schema.pop("title", None)
            target["properties"][name] = (
                kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}
            ) | property_schema
        return json_schema


# Shapes whose definition has the name without the suffix; in core that name belongs to the compiled value.
_SUFFIXED = frozenset(
    f"{name}Shape" for name in ("Action", "Clock", "Does", "Effects", "Guarantee", "Move", "Opens", "Rung", "Then")
)


def definition_name(shape_name: str) -> str:
    """Name the definition of a shape, as the JSON Schemas and the table have it: ``ActionShape`` → ``Action``."""
    return shape_name.removesuffix("Shape") if shape_name in _SUFFIXED else shape_name


@cache
def keys_of(shape: type[Shape]) -> frozenset[str]:
    """Collect the keys of a shape as spelled in YAML."""
    return frozenset(yaml_key(name) for name in shape.model_fields)


def key(description: str) -> Any:
    """Declare an optional key."""
    return Field(default=None, description=description)


def must(description: str) -> Any:
    """Declare a key without which its mapping is useless."""
    return Field(description=description)


class _Context(dict[str, Any]):
    """Hold the context of an error; hashable, because typing hashes it with its union."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def either(description: LocalizedText, choose: Callable[[Any], str | None] = kind_of) -> Discriminator:
    """Choose among members tagged TEXT, LIST and MAPPING by the type of the value, so that one mistake is one error."""
    context = _Context(code="FJ004", expected=description)
    return Discriminator(choose, custom_error_type=KIND, custom_error_message="fujin", custom_error_context=context)


def one_or_list(description: LocalizedText, *, or_all: bool = False) -> Discriminator:
    """Choose between TEXT and LIST; a text other than ``all`` is read as a list of one (``expand.py``)."""
    return either(description, several_or_all if or_all else several)


def or_them(description: LocalizedText) -> LocalizedText:
    """Describe a word of some form, or a list of such words."""
    return say("{each}, or a list of them", each=description)


class Later:
    """Mark the type of a planned feature, ``Annotated[Any, Later(…)]``: every value is refused with its name."""

    def __init__(self, feature: LocalizedText) -> None:
        self.feature = feature

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Refuse every value."""
        return core_schema.no_info_plain_validator_function(self.refuse)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> JsonSchemaValue:
        """Make the schema that no value fits."""
        return {"not": {}, "description": f"Not supported yet: {self.feature.text}."}

    def refuse(self, value: Any) -> Any:
        """Raise FJ020."""
        raise make_error("FJ020", say("not supported yet: {feature}", feature=self.feature))
