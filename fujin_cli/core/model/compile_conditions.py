"""Compile people, conditions, atoms and guarantees from the YAML's plain tree (``people``, ``when``, ``where``, …)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fujin_cli.core.model.guarantee_templates import KEYS, PARTNERS, leading_key
from fujin_cli.core.model.operators import GROUP_OPERATORS
from fujin_cli.core.model.procedure import Atom, Condition, Guarantee, Person, Test

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Route


ATOM_KINDS = ("enter", "end", "overdue", "tells", "opens", "answered", "publish", "time_up", "amends")


def read_names(value: Any) -> tuple[str, ...]:
    """Read one name or a list of names."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(name for name in value if isinstance(name, str))


class Conditions:
    """Compile conditions against what a procedure declares: its fields (name → type) and groups."""

    def __init__(self, field_types: Mapping[str, str], groups: set[str]) -> None:
        self.field_types = field_types
        self.groups = groups

    def compile_condition(self, tree: Any, route: Route) -> Condition | None:
        """Compile ``when``: a mapping is "and", a list of mappings is "or"."""
        if not tree:
            return None
        if isinstance(tree, Mapping):
            return Condition((self._compile_alternative(tree, route),))
        return Condition(tuple(self._compile_alternative(tests, (*route, index)) for index, tests in enumerate(tree)))

    def _compile_alternative(self, tree: Mapping[str, Any], route: Route) -> tuple[Test, ...]:
        return tuple(test for name, value in tree.items() for test in self._compile_tests(name, value, (*route, name)))

    def _compile_tests(self, name: str, value: Any, route: Route) -> list[Test]:
        if name == "time":
            return [Test("time", "time", "is", read_names(value), route=route)]
        if name == "times" and isinstance(value, Mapping):
            return [
                test
                for action, spec in value.items()
                for test in self._compile_times_tests(action, spec, (*route, action))
            ]
        kind = "group" if name in self.groups and name not in self.field_types else "field"
        if not isinstance(value, Mapping):
            return [self._compile_plain_test(kind, name, value, route)]
        if kind == "field" and self.field_types.get(name) == "case" and set(value) & set(GROUP_OPERATORS):
            kind = "case"
        return [Test(kind, name, verb, read_names(bound), route=(*route, verb)) for verb, bound in value.items()]

    @staticmethod
    def _compile_plain_test(kind: str, name: str, value: Any, route: Route) -> Test:
        values = read_names(value)
        if values in (("given",), ("missing",)):
            return Test(kind, name, values[0], (), route=route)
        return Test(kind, name, "is", values, route=route)

    def _compile_times_tests(self, action: str, spec: Mapping[str, Any], route: Route) -> list[Test]:
        since = self.compile_atom(spec["since"], (*route, "since")) if "since" in spec else None
        return [
            Test("times", action, verb, read_names(value), since, (*route, verb))
            for verb, value in spec.items()
            if verb != "since"
        ]

    def compile_atom(self, tree: Any, route: Route) -> Atom:
        """Compile one atom; a bare name is an action, but for ``publish``, ``opened`` and ``end``."""
        if isinstance(tree, str):
            kind = tree if tree in ("publish", "opened", "end") else "action"
            return Atom(kind, "" if kind != "action" else tree, route=route)
        where = self.compile_condition(tree.get("where"), (*route, "where"))
        for kind in ATOM_KINDS:
            if kind in tree:
                value = tree[kind]
                if isinstance(value, Mapping):
                    name, detail = next(iter(value.items()))
                    return Atom(kind, name, detail, where, (*route, kind, name))
                return Atom(kind, value, None, where, (*route, kind))
        if "action" in tree:
            return Atom("action", tree["action"], None, where, (*route, "action"))
        return Atom("action", "", None, where, route)

    def _compile_atoms(self, tree: Any, route: Route) -> tuple[Atom, ...]:
        if isinstance(tree, Sequence) and not isinstance(tree, str):
            return tuple(self.compile_atom(spec, (*route, index)) for index, spec in enumerate(tree))
        return (self.compile_atom(tree, route),)

    def compile_guarantee(self, name: str, tree: Mapping[str, Any], route: Route) -> Guarantee:
        """Compile a guarantee by its leading key. ``at_least: {a: n}`` carries its count in ``times``."""
        template = leading_key(tree) or ""
        atoms: dict[str, tuple[Atom, ...]] = {}
        times = tree.get("times")
        for key in (template, *PARTNERS.get(template, ()), "since"):
            if key not in tree:
                continue
            value = tree[key]
            if key in KEYS and KEYS[key].kind == "names":
                continue
            if key == "quorum":
                atoms[key] = tuple(self._add_quorum(atom, value, (*route, key)) for atom in atoms[template])
            elif key in KEYS and KEYS[key].kind == "counted" and isinstance(value, Mapping) and _is_counted(value):
                action, times = next(iter(value.items()))
                atoms[key] = (Atom("action", action, route=(*route, key, action)),)
            else:
                atoms[key] = self._compile_atoms(value, (*route, key))
        excepted = self._compile_atoms(tree["except"], (*route, "except")) if "except" in tree else ()
        only = {action: read_names(people) for action, people in (tree.get("only") or {}).items()}
        return Guarantee(name, template, atoms, excepted, times, tree.get("within"), tree.get("title"), route, only)

    @staticmethod
    def _add_quorum(atom: Atom, tree: Mapping[str, Any], route: Route) -> Atom:
        """Restrict an atom to events where at least so many stand in the fields."""
        tests = tuple(
            Test("field", field, "at_least", read_names(least), route=(*route, field)) for field, least in tree.items()
        )
        alternatives = atom.where.alternatives if atom.where else ((),)
        return replace(atom, where=Condition(tuple((*alternative, *tests) for alternative in alternatives)))


def _is_counted(tree: Mapping[str, Any]) -> bool:
    return len(tree) == 1 and next(iter(tree)) not in ATOM_KINDS and str(next(iter(tree.values()))).isdigit()


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
