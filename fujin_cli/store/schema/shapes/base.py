"""The base of every shape: closed, its keys spelled as in YAML, with did-you-mean for keys that nobody knows."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetJsonSchemaHandler, Tag, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from pydantic_core.core_schema import ValidationInfo

from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.store.schema.shapes import judging
from fujin_cli.store.schema.shapes.choices import kind_of
from fujin_cli.store.schema.shapes.forms import nearest
from fujin_cli.store.schema.shapes.problems import KIND, Notes, Report, expected, raised

TEXT, LIST, MAPPING = Tag("|text"), Tag("|list"), Tag("|mapping")


def yaml_key(name: str) -> str:
    """``from_`` is the key ``from``: Python's own words carry an underscore here."""
    return name.removesuffix("_")


class Shape(BaseModel):
    """A mapping with known keys. Declare a key without default only where nothing can be made of the rest without it.

    ``needs`` are keys that must stand there too, but whose absence leaves the rest usable; ``expects`` says in words
    what belongs here; ``elsewhere`` are keys of sibling shapes, which a misspelt key may have been meant for; ``judge``
    judges what its keys must be together, misspelt ones read as what was meant (``judging.py``). ``key_order`` is the
    order in which ``fmt`` writes the keys, where it is not the order of the fields; None leaves them as written.
    """

    model_config = ConfigDict(extra="forbid", alias_generator=yaml_key, defer_build=True)
    expects: ClassVar[LocalizedText] = say("a mapping")
    needs: ClassVar[tuple[str, ...]] = ()
    elsewhere: ClassVar[frozenset[str]] = frozenset()
    key_order: ClassVar[str | None] = ""
    judge = staticmethod(judging.nothing_more)

    @model_validator(mode="before")
    @classmethod
    def _judge(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, dict):
            raise expected(cls.expects, value)
        if not isinstance(info.context, Report):
            return value
        notes = Notes(info.context, id(value))
        unknown = cls._unknown(value, notes)
        read_as = {meant or word: value[word] for word, meant in unknown.items()} | value if unknown else value
        for needed in cls.needs:
            if needed not in read_as:
                notes.missing(say("{key} is missing", key=needed))
        cls.judge(read_as, notes)
        return {word: item for word, item in value.items() if word not in unknown} if unknown else value

    @classmethod
    def _unknown(cls, value: dict[str, Any], notes: Notes) -> dict[str, str | None]:
        """The keys that nobody knows, noted, each with the key that was probably meant."""
        known = keys_of(cls)
        if value.keys() <= known or cls.model_config.get("extra") == "allow":
            return {}
        guesses = {}
        for word in value.keys() - known:
            meant = nearest(word, known | cls.elsewhere) if notes.are_few() else None
            if meant is None and word in ("zh", "en") and "title" in known:
                meant = "title"
                help = say("write titles as title: {example}", example="{zh: …, en: …}")
            elif meant is None:
                help = say("the known keys are {keys}", keys=sorted(known))
            else:
                help = say("did you mean {word}?", word=meant)
            guesses[word] = meant
            notes.unknown(word, meant, help)
        return guesses

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The JSON Schema: ``needs`` are required too, and a key that may be left out may not be empty."""
        made = handler(schema)
        target = handler.resolve_ref_schema(made)
        if cls.needs:
            target["required"] = [*target.get("required", ()), *cls.needs]
        for name, described in target.get("properties", {}).items():
            kinds = [kind for kind in described.pop("anyOf", ()) if kind != {"type": "null"}]
            described.pop("default", None)
            described.pop("title", None)
            target["properties"][name] = (
                kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}
            ) | described
        return made


# Shapes that are called after what they describe, to which core gave the bare name.
_SUFFIXED = frozenset(
    f"{name}Shape" for name in ("Action", "Clock", "Does", "Effects", "Guarantee", "Move", "Opens", "Rung", "Then")
)


def definition_name(shape_name: str) -> str:
    """Name the definition of a shape, as the JSON Schemas and the table have it: ``ActionShape`` → ``Action``."""
    return shape_name.removesuffix("Shape") if shape_name in _SUFFIXED else shape_name


@cache
def keys_of(shape: type[Shape]) -> frozenset[str]:
    """The keys of a shape as they stand in YAML."""
    return frozenset(yaml_key(name) for name in shape.model_fields)


def key(description: str) -> Any:
    """A key that may be left out."""
    return Field(default=None, description=description)


def must(description: str) -> Any:
    """A key without which nothing can be made of the mapping it stands in."""
    return Field(description=description)


class _Context(dict[str, Any]):
    """The context of an error, which typing wants to hash together with the union it belongs to."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def either(what: LocalizedText) -> Discriminator:
    """Chooses among members tagged TEXT, LIST and MAPPING by what stands there, so that one mistake is one error."""
    context = _Context(code="FJ004", expected=what)
    return Discriminator(kind_of, custom_error_type=KIND, custom_error_message="fujin", custom_error_context=context)


class Later:
    """Marks the type of what is decided but not built yet, ``Annotated[Any, Later(…)]``: refused, by its name."""

    def __init__(self, feature: LocalizedText) -> None:
        self.feature = feature

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Refuses every value."""
        return core_schema.no_info_plain_validator_function(self.refuse)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> JsonSchemaValue:
        """Nothing is valid here."""
        return {"not": {}, "description": f"Not supported yet: {self.feature.text}."}

    def refuse(self, value: Any) -> Any:
        """Raises FJ020."""
        raise raised("FJ020", say("not supported yet: {feature}", feature=self.feature))
