"""Build the table of shapes for ``quick_accept`` from the models; ``make docs`` writes it, a test compares it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import MinLen
from pydantic import BeforeValidator, Discriminator, Tag
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from fujin_cli.store.schema.shapes.base import Later, Shape, definition_name, yaml_key
from fujin_cli.store.schema.shapes.choices import CHOICES, kind_of
from fujin_cli.store.schema.shapes.forms import Form
from fujin_cli.store.schema.shapes.judging import JUDGES
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.schema.shapes.scenario import check_one_event

Node = list[Any]


def table_text() -> str:
    """Build the text of the table's file."""
    return json.dumps(_Table().build(), ensure_ascii=False, indent=0, sort_keys=True) + "\n"


class _Table:
    """Collect shapes and type aliases, each once. Raises TypeError for a type that the table cannot express."""

    def __init__(self) -> None:
        self.shapes: dict[str, Any] = {}
        self.aliases: dict[str, Any] = {}
        self.shapes_by_name: dict[str, type[Shape]] = {}

    def build(self) -> dict[str, Any]:
        """Build the whole table."""
        kinds = {kind: self.node(KINDS[kind])[1] for kind in KINDS}
        return {"kinds": kinds, "shapes": self.shapes, "aliases": self.aliases}

    def node(self, kind: Any) -> Node:
        """Build the node of a type, which says what values it accepts."""
        if kind is Any:
            return ["any"]
        if isinstance(kind, TypeAliasType):
            return self._alias(kind)
        if isinstance(kind, type) and issubclass(kind, Shape):
            return self._shape(kind)
        origin, parts = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._annotated(parts[0], list(parts[1:]))
        if origin in (Union, UnionType):
            (only,) = [part for part in parts if part is not NoneType]
            return self.node(only)
        if origin is list:
            return ["list", self.node(parts[0])]
        if origin is dict:
            return ["dict", self.node(parts[0]), self.node(parts[1])]
        raise TypeError(kind)

    def _annotated(self, base: Any, marks: list[Any]) -> Node:
        if marks and isinstance(marks[-1], Discriminator) and len(marks) > 1:  # a choice of one
            *inner, discriminator = marks
            return self._choice([Annotated[base, *inner]], discriminator)
        marks = [mark for mark in marks if not isinstance(mark, Tag)]
        if not marks:
            return self.node(base)
        *inner, last = marks
        if isinstance(last, Form) and not inner:
            form_node = _form_node(last.table_node)
            return ["refers", form_node, *last.refers] if last.refers else form_node
        if isinstance(last, Later) and not inner:
            return ["never"]
        if isinstance(last, Discriminator) and not inner:
            return self._choice(get_args(base), last)
        if isinstance(last, BeforeValidator) and last.func is check_one_event:
            return ["sized", self._annotated(base, inner), 1, 1]
        if isinstance(last, FieldInfo) and [type(constraint) for constraint in last.metadata] == [MinLen]:
            return ["sized", self._annotated(base, inner), last.metadata[0].min_length, None]
        raise TypeError(last)

    def _choice(self, kinds: Iterable[Any], discriminator: Discriminator) -> Node:
        members = {}
        for member in kinds:
            (tag,) = [mark.tag for mark in get_args(member)[1:] if isinstance(mark, Tag)]
            members[tag] = self.node(member)
        (name,) = [name for name, choice in CHOICES.items() if choice is discriminator.discriminator]
        return ["either", members] if name == kind_of.__name__ else ["either", members, name]

    def _alias(self, kind: TypeAliasType) -> Node:
        if kind.__name__ not in self.aliases:
            self.aliases[kind.__name__] = None  # it may contain itself
            self.aliases[kind.__name__] = self.node(kind.__value__)
        return ["alias", kind.__name__]

    def _shape(self, shape: type[Shape]) -> Node:
        name = definition_name(shape.__name__)
        if self.shapes_by_name.setdefault(name, shape) is not shape:
            raise TypeError(f"two shapes are called {name}")
        if name not in self.shapes:
            self.shapes[name] = None  # it may contain itself
            hints = get_type_hints(shape, include_extras=True)
            fields = {field: hints[field] for field in shape.model_fields}
            required = [field for field, field_info in shape.model_fields.items() if field_info.is_required()]
            self.shapes[name] = {
                "keys": {yaml_key(field): self.node(hint) for field, hint in fields.items()},
                "required": sorted({*map(yaml_key, required), *shape.needs}),
                "others": self._extra_node(shape, hints),
                "other_keys": list(shape.other_keys),
                "order": self._order(shape),
                "judge": next(name for name, judge in JUDGES.items() if judge is shape.judge),
            }
        return ["shape", name]

    def _order(self, shape: type[Shape]) -> list[str] | None:
        """List the keys in the order that ``fmt`` writes; None if they stay as written. Raises TypeError."""
        keys = [yaml_key(field) for field in shape.model_fields]
        if shape.key_order is None:
            return None
        order = shape.key_order.split() or keys
        if not set(keys) <= set(order):
            raise TypeError(f"{shape.__name__}: keys without a place in its order: {set(keys) - set(order)}")
        return order

    def _extra_node(self, shape: type[Shape], hints: dict[str, Any]) -> Node | None:
        """Build the node for the values of extra keys; None if the shape allows none."""
        if shape.model_config.get("extra") != "allow":
            return None
        extra = shape.__annotations__.get("__pydantic_extra__")
        if extra is None:
            return ["any"]
        return self.node(get_args(hints["__pydantic_extra__"])[1])


def _form_node(form_node: tuple[Any, ...]) -> Node:
    return [_form_node(part) if isinstance(part, tuple) else part for part in form_node]
