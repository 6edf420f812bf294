"""Compile the people of a procedure: who each name is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fujin_cli.core.model.compile_conditions import read_names
from fujin_cli.core.model.procedure import Person

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Route

PERSON_KINDS = ("role", "seat", "members", "partner", "person", "contact", "whoever", "anyone", "those_who", "groups")


def compile_person(name: str, spec: Mapping[str, Any], route: Route) -> Person:
    """Compile who a name is; the names and groups in it are compiled as persons too."""
    kind = next((key for key in PERSON_KINDS if key in spec), "")
    value = spec.get(kind)
    of = spec.get("of")
    if isinstance(value, Mapping) and kind != "groups":
        of, value = next(iter(value.items()))[::-1] if kind == "those_who" else (value.get("in"), "in")
    return Person(
        name=name,
        kind=kind,
        value=value if isinstance(value, str) else "",
        of=of if isinstance(of, str) else None,
        proof=spec.get("proof"),
        also=spec.get("with"),
        excluded=tuple(
            _compile_excluded(named, (*route, "not", index)) for index, named in enumerate(_as_list(spec.get("not")))
        ),
        through=read_names(spec.get("through")),
        groups=tuple(compile_person(group, member, (*route, "groups", group)) for group, member in value.items())
        if kind == "groups" and isinstance(value, Mapping)
        else (),
        title=spec.get("title"),
        was=spec.get("was"),
        route=route,
    )


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _compile_excluded(named: Any, route: Route) -> Person:
    if isinstance(named, Mapping):
        return compile_person("", named, route)
    return Person(name=named, kind="name", value=named, route=route)
