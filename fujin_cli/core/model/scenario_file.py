"""A scenario: a run of a procedure as YAML tells it, and what must hold at its end.

See docs/decisions/notes/0008-scenarios.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Finding, Route
from fujin_cli.core.model.compile_conditions import Conditions, names
from fujin_cli.core.model.effects import Tell
from fujin_cli.core.model.procedure import Condition, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import Title

START = "2026-06-01T09:00"  # local: a Monday morning that every shipped roster and calendar covers
ANY = "…"  # in `set`: any value that fits; whoever runs the scenario chooses one
TIMES = ("rung", "time", "wait")  # lines about time; an action of such a name is written as a text or a mapping
Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a run.

    ``kind`` is ``action``, ``ends`` (a case of the group, or the one joined to, ends with ``value``), ``rung`` (number
    ``value`` of the step's ladder), ``time`` (the step's period is up) or ``wait`` (a duration). ``code`` says which
    acceptance code is given where one is asked for: right, wrong, none, earlier (that of the round before). ``without``
    are needed fields that are left out.
    """

    kind: str
    name: str = ""
    value: str = ""
    inputs: Mapping[str, list[object]] = field(default_factory=dict)
    actor: str | None = None
    without: tuple[str, ...] = ()
    code: str = "right"
    note: str | None = None
    route: Route = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What must hold at the end; what is None (or empty, where a list says what is there) was not asked."""

    tree: Tree = field(default_factory=dict)
    tried: Line | None = None
    told: tuple[Tell, ...] = ()
    just_told: tuple[Tell, ...] = ()
    not_told: tuple[Tell, ...] = ()

    def text(self, key: str) -> str | None:
        """The text at a key."""
        value = self.tree.get(key)
        return value if isinstance(value, str) else None

    def names(self, key: str) -> tuple[str, ...] | None:
        """The names at a key; None where it does not stand."""
        return names(self.tree[key]) if key in self.tree else None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file of ``workflows/scenarios``."""

    name: str
    procedure: str
    title: Title | str | None = None
    community: str | None = None
    committee: str | None = None
    at: str | None = None
    actor: str | None = None
    channel: str | None = None
    inputs: Mapping[str, list[object]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    then: Expected = field(default_factory=Expected)
    path: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """A scenario that was run, and what did not go as it says."""

    scenario: Scenario
    findings: tuple[Finding, ...] = ()


def scenarios_of(workspace: Workspace) -> Iterator[Scenario]:
    """Every scenario of the workspace, by its file."""
    for file in workspace.files:
        if file.kind == "scenario" and file.tree is not None:
            yield compile_scenario(file.tree, file.path)


def compile_scenario(tree: Tree, path: str = "") -> Scenario:
    """The scenario that a plain tree (of valid shape) tells."""
    given = tree.get("given") or {}
    then = tree.get("then") or {}
    return Scenario(
        name=tree["scenario"],
        procedure=tree.get("procedure", ""),
        title=tree.get("title"),
        community=tree.get("community"),
        committee=tree.get("committee"),
        at=tree.get("at"),
        actor=given.get("as"),
        channel=given.get("channel"),
        inputs=_inputs(given.get("set")),
        settings=dict(given.get("settings") or {}),
        lines=tuple(line_of(item, ("when", index)) for index, item in enumerate(tree.get("when") or ())),
        then=Expected(
            then,
            line_of(then["action"], ("then", "action")) if "action" in then else None,
            _tells(then, "told"),
            _tells(then, "just_told"),
            _tells(then, "not_told"),
        ),
        path=path,
    )


def line_of(item: str | Tree, route: Route = ()) -> Line:
    """One line: ``accept``, ``{accept: {set: …}}``, ``{orders: verified}``, ``{rung: 2}``, ``{wait: 1 day}``."""
    if isinstance(item, str):
        return Line("action", item, route=route)
    name, said = next(iter(item.items()))
    route = (*route, name)
    if isinstance(said, str):
        return Line(name, name, said, route=route) if name in TIMES else Line("ends", name, said, route=route)
    inputs = _inputs(said.get("set"))
    if "ends" in said:
        return Line("ends", name, said["ends"], inputs, route=route)
    return Line(
        "action",
        name,
        "",
        inputs,
        said.get("as"),
        names(said.get("without")),
        said.get("code", "right"),
        said.get("note"),
        route,
    )


def parse_lines(text: str) -> tuple[Line, ...]:
    """The items of ``--actions``, with commas between them.

    ``accept``; ``orders=verified`` for ``{orders: verified}``; ``dispatch{lead=police;partners=school}`` for an action
    with values, of which a list has several.
    """
    return tuple(_parsed(item.strip()) for item in _ITEM.findall(text) if item.strip())


_ITEM = re.compile(r"(?:[^,{]|\{[^}]*\}?)+")


def _parsed(item: str) -> Line:
    name, opened, rest = item.partition("{")
    if opened:
        inputs: dict[str, list[str]] = {}
        for given in rest.rstrip("}").split(";"):
            field_name, _, value = given.partition("=")
            inputs.setdefault(field_name.strip(), []).append(value.strip())
        return line_of({name.strip(): {"set": inputs}})
    name, separator, value = item.partition("=")
    return line_of({name.strip(): value.strip()} if separator else name.strip())


def condition_of(scenario: Scenario, procedure: Procedure) -> Condition | None:
    """``then: where`` as the procedure's own conditions are read."""
    types = {name: spec.type for name, spec in procedure.fields.items()}
    return Conditions(types, set(procedure.groups())).condition(scenario.then.tree.get("where"), ("then", "where"))


def _inputs(tree: Tree | None) -> dict[str, list[object]]:
    return {name: value if isinstance(value, list) else [value] for name, value in (tree or {}).items()}


def _tells(then: Tree, key: str) -> tuple[Tell, ...]:
    """Names, or names and what they are told."""
    told = then.get(key)
    route: Route = ("then", key)
    if isinstance(told, Mapping):
        return tuple(Tell(name, kind, (*route, name)) for name, kinds in told.items() for kind in names(kinds))
    return tuple(Tell(name, "", (*route, name)) for name in names(told))
