"""Read scenarios: runs of a procedure as YAML tells them, and what must hold at their ends.

See docs/decisions/notes/0008-scenarios.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Finding, Route
from fujin_cli.core.model.compile_conditions import Conditions, read_names
from fujin_cli.core.model.effects import Tell
from fujin_cli.core.model.procedure import Condition, Procedure
from fujin_cli.core.text.localized import Title

START = "2026-06-01T09:00"  # local: a Monday morning that every shipped roster and calendar covers
ANY = "…"  # in `set`: any value that fits; whoever runs the scenario chooses one
LATE_RUNG = "late_rung"
TIMES = (
    "rung",
    LATE_RUNG,
    "time",
    "wait",
)  # lines about time; an action of such a name is written as a text or a mapping
Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a run.

    ``kind`` is ``action``, ``ends`` (a case of the group, or the one joined to, ends with ``value``), ``rung`` (number
    ``value`` of the step's ladder), ``late_rung`` (a reminder that is noticed at its deadline), ``time`` (the step's
    period is up) or ``wait`` (a duration). ``code`` says which acceptance code is given where one is asked for: right,
    wrong, none, earlier (that of the round before). ``without`` are needed fields that are left out.
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
    """The expectations of a scenario; those that are None or empty are not checked."""

    tree: Tree = field(default_factory=dict)
    tried: Line | None = None
    told: tuple[Tell, ...] = ()
    just_told: tuple[Tell, ...] = ()
    not_told: tuple[Tell, ...] = ()

    def text_at(self, key: str) -> str | None:
        """Give the text at a key; None for anything else."""
        value = self.tree.get(key)
        return value if isinstance(value, str) else None

    def names_at(self, key: str) -> tuple[str, ...] | None:
        """Give the names at a key; None where the key is missing."""
        return read_names(self.tree[key]) if key in self.tree else None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario: one file of ``workflows/scenarios``."""

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
    """The result of running a scenario: findings where the run differs from what it says."""

    scenario: Scenario
    findings: tuple[Finding, ...] = ()


def compile_scenario(tree: Tree, path: str = "") -> Scenario:
    """Compile a scenario from its plain tree (of valid shape)."""
    start = tree.get("given") or {}
    then = tree.get("then") or {}
    return Scenario(
        name=tree["scenario"],
        procedure=tree.get("procedure", ""),
        title=tree.get("title"),
        community=tree.get("community"),
        committee=tree.get("committee"),
        at=tree.get("at"),
        actor=start.get("as"),
        channel=start.get("channel"),
        inputs=_read_inputs(start.get("set")),
        settings=dict(start.get("settings") or {}),
        lines=tuple(compile_line(spec, ("when", index)) for index, spec in enumerate(tree.get("when") or ())),
        then=Expected(
            then,
            compile_line(then["action"], ("then", "action")) if "action" in then else None,
            _read_expected_tells(then, "told"),
            _read_expected_tells(then, "just_told"),
            _read_expected_tells(then, "not_told"),
        ),
        path=path,
    )


def compile_line(spec: str | Tree, route: Route = ()) -> Line:
    """Read one line: ``accept``, ``{accept: {set: …}}``, ``{orders: verified}``, ``{rung: 2}``, ``{wait: 1 day}``."""
    if isinstance(spec, str):
        return Line("action", spec, route=route)
    name, value = next(iter(spec.items()))
    route = (*route, name)
    if isinstance(value, str):
        return Line(name, name, value, route=route) if name in TIMES else Line("ends", name, value, route=route)
    inputs = _read_inputs(value.get("set"))
    if "ends" in value:
        return Line("ends", name, value["ends"], inputs, route=route)
    return Line(
        "action",
        name,
        "",
        inputs,
        value.get("as"),
        read_names(value.get("without")),
        value.get("code", "right"),
        value.get("note"),
        route,
    )


def parse_lines(text: str) -> tuple[Line, ...]:
    """Read the lines of ``--actions``, with commas between them.

    ``accept``; ``orders=verified`` for ``{orders: verified}``; ``dispatch{lead=police;partners=school}`` for an action
    with values, of which a list has several.
    """
    return tuple(_parse_line(line.strip()) for line in _LINE.findall(text) if line.strip())


_LINE = re.compile(r"(?:[^,{]|\{[^}]*\}?)+")


def _parse_line(text: str) -> Line:
    name, opened, values = text.partition("{")
    if opened:
        inputs: dict[str, list[str]] = {}
        for assignment in values.rstrip("}").split(";"):
            field_name, _, value = assignment.partition("=")
            inputs.setdefault(field_name.strip(), []).append(value.strip())
        return compile_line({name.strip(): {"set": inputs}})
    name, separator, value = text.partition("=")
    return compile_line({name.strip(): value.strip()} if separator else name.strip())


def compile_where(scenario: Scenario, procedure: Procedure) -> Condition | None:
    """Compile ``then: where`` against the procedure's fields and groups."""
    types = {name: spec.type for name, spec in procedure.fields.items()}
    return Conditions(types, set(procedure.openings_by_group())).compile_condition(
        scenario.then.tree.get("where"), ("then", "where")
    )


def _read_inputs(tree: Tree | None) -> dict[str, list[object]]:
    return {name: value if isinstance(value, list) else [value] for name, value in (tree or {}).items()}


def _read_expected_tells(then: Tree, key: str) -> tuple[Tell, ...]:
    """Read names, or names and the kinds of message that they get."""
    recipients = then.get(key)
    route: Route = ("then", key)
    if isinstance(recipients, Mapping):
        return tuple(
            Tell(name, kind, (*route, name)) for name, kinds in recipients.items() for kind in read_names(kinds)
        )
    return tuple(Tell(name, "", (*route, name)) for name in read_names(recipients))
