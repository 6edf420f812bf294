"""Compile a procedure from its plain tree (of valid shape). Every short form is written out; rules judge the result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fujin_cli.core.model.compile_conditions import Conditions, compile_person, read_names
from fujin_cli.core.model.effects import ChildGroup, Does, Effects, Opens, Tell, Then
from fujin_cli.core.model.ids import RuleName, procedure_digest
from fujin_cli.core.model.procedure import Action, Clock, Field, Input, Lasts, Procedure, Setting, Step
from fujin_cli.core.model.rung_types import AT_DEADLINE, RUNG_TYPES, WITH_DURATION, Rung

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Route

Tree = Mapping[str, Any]
AMENDED_UNITS = ("committee",)  # what `amends` may name beside fields
TEXT_FORMAT = 1  # of stored texts, whose key `format` is left out: their digests stay as they were


class NotCompilable(ValueError):
    """A stored text is not a procedure that this fujin can compile; a newer one may have written it.

    ``format`` is the number of the text's format where that is a newer one.
    """

    def __init__(self, text: str, format: object = None) -> None:
        super().__init__(text[:80])
        self.format = format


def compile_text(text: str) -> Procedure:
    """Compile a procedure from the text that the ledger stores. Raises NotCompilable."""
    try:
        tree = json.loads(text)
        if tree.get("format", TEXT_FORMAT) != TEXT_FORMAT:
            raise NotCompilable(text, tree["format"])
        return compile_procedure(tree)
    except NotCompilable:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as problem:
        raise NotCompilable(text) from problem


def compile_procedure(tree: Tree, path: str = "") -> Procedure:
    """Compile a procedure. Parts that are missing compile to nothing; rules report them."""
    fields = {name: _compile_field(name, spec, ("fields", name)) for name, spec in _specs_under(tree, "fields")}
    compiler = _Compiler({name: field.type for name, field in fields.items()}, set(_group_names(tree)))
    opened = tree.get("opened") or {}
    return Procedure(
        name=tree["procedure"],
        title=tree.get("title"),
        case_of=tree.get("case_of", "community"),
        opened_by=read_names(opened.get("by")),
        channels=read_names(opened.get("from")),
        gives={person: read_names(proofs) for person, proofs in (opened.get("gives") or {}).items()},
        settings={name: _compile_setting(name, spec) for name, spec in _specs_under(tree, "settings")},
        people={name: compile_person(name, spec, ("people", name)) for name, spec in _specs_under(tree, "people")},
        fields=fields,
        forms={
            form: {name: _compile_field(name, spec, ("forms", form, name)) for name, spec in rows.items()}
            for form, rows in _specs_under(tree, "forms")
        },
        clocks={name: compiler.compile_clock(name, spec) for name, spec in _specs_under(tree, "clocks")},
        steps={name: compiler.compile_step(name, spec or {}) for name, spec in _specs_under(tree, "steps")},
        anytime={
            name: compiler.compile_action(name, spec, ("anytime", name), RuleName.of_action("anytime", name))
            for name, spec in _specs_under(tree, "anytime")
        },
        guarantees={
            name: compiler.conditions.compile_guarantee(name, spec, ("guarantees", name))
            for name, spec in _specs_under(tree, "guarantees")
        },
        groups={
            name: ChildGroup(name, (spec or {}).get("title"), (spec or {}).get("was"), ("groups", name))
            for name, spec in _specs_under(tree, "groups")
        },
        digest=procedure_digest(tree),
        path=path,
    )


def _specs_under(tree: Tree, key: str) -> list[tuple[str, Any]]:
    return list((tree.get(key) or {}).items())


def _group_names(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if key == "opens" and isinstance(value, Mapping):
                yield from value
            else:
                yield from _group_names(value)
    elif isinstance(tree, list):
        for part in tree:
            yield from _group_names(part)


def _compile_setting(name: str, spec: Tree) -> Setting:
    low, high = spec.get("from"), spec.get("up_to")
    return Setting(name, spec["type"], spec.get("default", ""), low, high, ("settings", name), spec.get("was"))


def _compile_field(name: str, spec: Tree, route: Route) -> Field:
    return Field(
        name=name,
        type=spec["type"],
        of=read_names(spec.get("of")),
        choices=of if isinstance(of := spec.get("of"), Mapping) else {},
        required=_is_yes(spec.get("required")),
        computed=_is_yes(spec.get("computed")),
        lead=_is_yes(spec.get("lead")),
        default=spec.get("default"),
        public={"true": "yes", "false": "no"}.get(str(spec.get("public", "no")), str(spec.get("public", "no"))),
        at_least=spec.get("at_least"),
        at_most=spec.get("at_most"),
        after=spec.get("after"),
        title=spec.get("title"),
        was=spec.get("was"),
        route=route,
    )


def _is_yes(value: Any) -> bool:
    return str(value).lower() in ("yes", "true")


class _Compiler:
    """Compile steps and actions against the declared fields and groups."""

    def __init__(self, field_types: Mapping[str, str], groups: set[str]) -> None:
        self.conditions = Conditions(field_types, groups)

    def compile_step(self, name: str, spec: Tree) -> Step:
        route: Route = ("steps", name)
        return Step(
            name=name,
            title=spec.get("title"),
            owner=spec.get("owner"),
            within=spec.get("within"),
            lasts=_compile_period(spec.get("lasts")),
            ladder=tuple(self.compile_rung(name, index, rung) for index, rung in enumerate(spec.get("ladder") or ())),
            on_enter=self.compile_effects(spec.get("on_enter") or {}, (*route, "on_enter")),
            actions={
                action: self.compile_action(
                    action, tree or {}, (*route, "actions", action), RuleName.of_action(name, action)
                )
                for action, tree in _specs_under(spec, "actions")
            },
            then=tuple(
                self.compile_action(
                    f"then-{index}", tree, (*route, "then", index - 1), RuleName.of_automatic_move(name, index)
                )
                for index, tree in enumerate(spec.get("then") or (), 1)
            ),
            end=spec.get("end"),
            counts_as=read_names(spec.get("counts_as")),
            reopen=self.compile_reopening(name, spec.get("reopen"), (*route, "reopen")),
            was=read_names(spec.get("was")),
            route=route,
        )

    def list_units(self, amended: tuple[str, ...]) -> tuple[str, ...]:
        """List what stands for a unit of the case itself, and not for a field that happens to have its name."""
        return tuple(name for name in amended if name in AMENDED_UNITS and name not in self.conditions.field_types)

    def compile_action(self, name: str, spec: Tree, route: Route, rule: RuleName) -> Action:
        amended = read_names(spec.get("amends"))
        return Action(
            name=name,
            rule=rule,
            title=spec.get("title"),
            to=spec.get("to"),
            by=read_names(spec.get("by")),
            when=self.conditions.compile_condition(spec.get("when"), (*route, "when")),
            needs=_compile_inputs(spec.get("needs"), (*route, "needs")),
            may=_compile_inputs(spec.get("may"), (*route, "may")),
            effects=self.compile_effects(spec, route),
            limit=spec.get("limit"),
            then=self.compile_then(spec.get("then"), (*route, "then")),
            spaced=spec.get("spaced"),
            stops_clock_until=spec.get("stops_clock_until"),
            amends=tuple(
                Input(field, (), (*route, "amends", field))
                for field in amended
                if field not in self.list_units(amended)
            ),
            amends_units=self.list_units(amended),
            window=spec.get("within"),
            only_in=read_names(spec.get("in")),
            except_in=read_names(spec.get("except")),
            was=spec.get("was"),
            route=route,
        )

    def compile_reopening(self, step: str, spec: Tree | None, route: Route) -> Action | None:
        return self.compile_action("reopen", spec, route, RuleName.of_action(step, "reopen")) if spec else None

    def compile_rung(self, step: str, index: int, spec: Tree) -> Rung:
        route: Route = ("steps", step, "ladder", index)
        when = next((key for key in RUNG_TYPES if key in spec), AT_DEADLINE)
        return Rung(
            index=index,
            rule=RuleName.of_rung(step, index + 1),
            when=when,
            by=spec.get(when) if when in WITH_DURATION else None,
            raises=spec.get("raise"),
            to=spec.get("to"),
            effects=self.compile_effects(spec, route, otherwise=RUNG_TYPES[when].notification),
            limit=spec.get("limit"),
            then=self.compile_then(spec.get("then"), (*route, "then")),
            route=route,
        )

    def compile_then(self, spec: Any, route: Route) -> Then | None:
        if not spec:
            return None
        if isinstance(spec, str):
            return Then(spec, route=route)
        return Then(spec.get("to", ""), self.compile_effects(spec, route), route)

    def compile_effects(self, spec: Tree, route: Route, otherwise: str = "progress") -> Effects:
        """Compile the effects among ``spec``'s keys; ``otherwise`` is the kind of message where only a name stands."""
        return Effects(
            tells=_compile_tells(spec.get("tell"), (*route, "tell"), otherwise),
            publish=read_names(spec.get("publish")),
            opens=tuple(
                _compile_opens(group, tree, (*route, "opens", group)) for group, tree in _specs_under(spec, "opens")
            ),
            does=tuple(
                Does(name, verb, target, (*route, "does", name))
                for name, tree in _specs_under(spec, "does")
                for verb, target in list(tree.items())[:1]
                if isinstance(target, str)
            ),
            sets={name: value for name, value in _specs_under(spec, "sets") if isinstance(value, str)},
            adds={name: value for name, value in _specs_under(spec, "adds") if isinstance(value, str)},
        )

    def compile_clock(self, name: str, spec: Tree) -> Clock:
        route: Route = ("clocks", name)
        return Clock(
            name=name,
            start=self.conditions.compile_atom(spec["from"], (*route, "from")),
            until=self.conditions.compile_atom(spec["until"], (*route, "until")),
            within=spec["within"],
            promised=_is_yes(spec.get("promised")),
            title=spec.get("title"),
            route=route,
        )


def _compile_period(spec: Any) -> Lasts | None:
    if not spec:
        return None
    return Lasts(duration=spec) if isinstance(spec, str) else Lasts(until=spec.get("until"), less=spec.get("less"))


def _compile_inputs(spec: Any, route: Route) -> tuple[Input, ...]:
    if not spec:
        return ()
    if isinstance(spec, Mapping):
        return tuple(Input(name, _compile_input_conditions(value), (*route, name)) for name, value in spec.items())
    return tuple(Input(name, (), (*route, name)) for name in read_names(spec))


def _compile_input_conditions(value: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(value, Mapping):
        return tuple((verb, bound) for verb, bound in value.items() if isinstance(bound, str))
    return () if value in (None, "given") else (("is", value),)


def _compile_tells(spec: Any, route: Route, otherwise: str) -> tuple[Tell, ...]:
    if not spec:
        return ()
    if isinstance(spec, Mapping):
        return tuple(Tell(name, kind, (*route, name)) for name, kind in spec.items())
    return tuple(Tell(name, otherwise, (*route, name)) for name in read_names(spec))


def _compile_opens(group: str, spec: Tree, route: Route) -> Opens:
    return Opens(
        group=group,
        procedure=spec["procedure"],
        one_each=read_names(spec.get("one_each")),
        to=spec.get("to"),
        give=dict(spec.get("give") or {}),
        bring=read_names(spec.get("bring")),
        instead_of=read_names(spec.get("instead_of")),
        leaves=_is_yes(spec.get("leaves")),
        committee=spec.get("committee"),
        route=route,
    )
