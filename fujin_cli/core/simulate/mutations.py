"""A fixed, exhaustive list of single edits of a procedure's plain tree (docs/explanation/mutation.md).

Each breaks the procedure in one place, so that it can be seen whether rules, guarantees or scenarios notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.calendar.duration import MINUTES_OF
from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.rung_types import WITH_DURATION

Tree = Mapping[str, Any]
DROPPED = ("by", "needs", "may", "limit", "tell", "when", "spaced", "opens", "does", "publish", "sets", "adds")
OF_STEPS = ("within", "owner")
_DURATION = re.compile(rf"(\d+) ({'|'.join(unit[:-1] for unit in MINUTES_OF)})s?")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One edit: ``kind`` is ``drop``, ``retarget`` or ``bound``; ``route`` is where; ``value`` what stands there then.

    ``value`` is None where something is dropped.
    """

    kind: str
    route: Route
    value: str | None = None

    def name(self) -> str:
        """The edit in one line, the same whatever language is spoken."""
        place = "/".join(str(part) for part in self.route)
        return f"{self.kind} {place}" if self.value is None else f"{self.kind} {place} → {self.value}"


def mutations(tree: Tree) -> Iterator[Mutation]:
    """Every edit, in the order of the file."""
    steps = tree.get("steps") or {}
    for name in tree.get("people") or {}:
        yield from _of_person(tree["people"][name], ("people", name))
    for name, step in steps.items():
        yield from _of_step(step or {}, ("steps", name), steps)
    for name, action in (tree.get("anytime") or {}).items():
        yield from _dropped(("anytime",), {name: action})
        yield from _of_move(action, ("anytime", name), steps)
    for name, setting in (tree.get("settings") or {}).items():
        yield from _bounds(setting.get("default"), ("settings", name, "default"))


def mutated(tree: Tree, mutation: Mutation) -> dict[str, Any]:
    """The tree after the edit; ``tree`` itself is left as it is."""
    copy: dict[str, Any] = deepcopy(dict(tree))
    *way, last = mutation.route
    place: Any = copy
    for part in way:
        place = place[part]
    if mutation.value is not None:
        place[last] = mutation.value
    else:
        del place[last]
        if not place and len(mutation.route) > 1:  # an empty list or mapping is written as none at all
            return mutated(tree, Mutation(mutation.kind, mutation.route[:-1]))
    return copy


# where edits are made


def _of_person(person: Tree, route: Route) -> Iterator[Mutation]:
    for key in ("proof", "not", "through"):
        if key in person:
            yield Mutation("drop", (*route, key))


def _of_step(step: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    if "end" in step:
        if "counts_as" in step:
            yield Mutation("drop", (*route, "counts_as"))
        if "reopen" in step:
            yield Mutation("drop", (*route, "reopen"))
            yield from _of_move(step["reopen"], (*route, "reopen"), steps)
            yield from _bounds(step["reopen"].get("within"), (*route, "reopen", "within"))
        return
    for key in OF_STEPS:
        if key in step:
            yield Mutation("drop", (*route, key))
    yield from _bounds(step.get("within"), (*route, "within"))
    for index, rung in enumerate(step.get("ladder") or ()):
        yield Mutation("drop", (*route, "ladder", index))
        yield from _of_rung(rung, (*route, "ladder", index), steps)
    if "on_enter" in step:
        yield from _of_move(step["on_enter"], (*route, "on_enter"), steps)
    for name, action in (step.get("actions") or {}).items():
        yield from _dropped((*route, "actions"), {name: action})
        yield from _of_move(action, (*route, "actions", name), steps)
    for index, move in enumerate(step.get("then") or ()):
        yield Mutation("drop", (*route, "then", index))
        yield from _of_move(move, (*route, "then", index), steps)


def _dropped(route: Route, named: Tree) -> Iterator[Mutation]:
    for name in named:
        yield Mutation("drop", (*route, name))


def _of_rung(rung: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    for key in ("raise", "limit"):
        if key in rung and len(rung) > 2:  # a rung that does nothing is another edit: it is dropped
            yield Mutation("drop", (*route, key))
    yield from _tells(rung, route)
    for key in WITH_DURATION:
        yield from _bounds(rung.get(key), (*route, key))
    yield from _targets(rung, route, steps)


def _of_move(move: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    for key in DROPPED:
        if key in move and key not in ("needs", "may", "tell", "opens"):
            yield Mutation("drop", (*route, key))
    yield from _inputs(move, route)
    yield from _tells(move, route)
    yield from _dropped((*route, "opens"), move.get("opens") or {})
    for group, opens in (move.get("opens") or {}).items():
        for key in ("instead_of", "bring"):
            if key in opens:
                yield Mutation("drop", (*route, "opens", group, key))
    yield from _bounds(move.get("limit"), (*route, "limit"))
    yield from _guards(move.get("when"), (*route, "when"))
    yield from _targets(move, route, steps)
    then = move.get("then")
    if isinstance(then, Mapping):
        yield Mutation("drop", (*route, "then"))
        yield from _tells(then, (*route, "then"))
        yield from _targets(then, (*route, "then"), steps)
    elif isinstance(then, str):
        yield Mutation("drop", (*route, "then"))
        yield from (Mutation("retarget", (*route, "then"), other) for other in steps if other != then)


def _inputs(move: Tree, route: Route) -> Iterator[Mutation]:
    """Each input, and each condition on one."""
    for key in ("needs", "may"):
        inputs = move.get(key)
        if isinstance(inputs, str):
            yield Mutation("drop", (*route, key))
        elif isinstance(inputs, list):
            yield from (Mutation("drop", (*route, key, index)) for index in range(len(inputs)))
        for name, condition in inputs.items() if isinstance(inputs, Mapping) else ():
            yield Mutation("drop", (*route, key, name))
            if condition != "given":
                yield Mutation("drop-condition", (*route, key, name), "given")
            for verb in condition if isinstance(condition, Mapping) else ():
                yield from _bounds(condition[verb], (*route, key, name, verb))


def _tells(move: Tree, route: Route) -> Iterator[Mutation]:
    """Each one who is told."""
    told = move.get("tell")
    if isinstance(told, str):
        yield Mutation("drop", (*route, "tell"))
    elif isinstance(told, list):
        yield from (Mutation("drop", (*route, "tell", index)) for index in range(len(told)))
    elif isinstance(told, Mapping):
        yield from (Mutation("drop", (*route, "tell", name)) for name in told)


def _targets(move: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    """``to`` every other step; without it, the case stays where it is."""
    if isinstance(move.get("to"), str):
        yield from (Mutation("retarget", (*route, "to"), other) for other in steps if other != move["to"])


def _guards(when: Any, route: Route) -> Iterator[Mutation]:
    """Numbers in conditions."""
    items = when.items() if isinstance(when, Mapping) else enumerate(when) if isinstance(when, list) else ()
    for key, value in items:
        if isinstance(value, str):
            yield from _bounds(value, (*route, key))
        else:
            yield from _guards(value, (*route, key))


def _bounds(text: Any, route: Route) -> Iterator[Mutation]:
    """A count or a duration, one more and one less."""
    if not isinstance(text, str):
        return
    duration = _DURATION.fullmatch(text)
    if text.isdigit():
        values = [str(int(text) + step) for step in (1, -1) if int(text) + step >= 0]
    elif duration:
        amount, unit = int(duration[1]), duration[2]
        values = [f"{amount + step} {unit}{'' if amount + step == 1 else 's'}" for step in (1, -1) if amount + step]
    else:
        return
    yield from (Mutation("bound", route, value) for value in values)


# measures, in the order in which they are shown; the first five are proof, for every case that can happen
GROUPS = ("references", "organisation", "behaviour", "guarantees", "privacy", "scenarios")


@dataclass(frozen=True, slots=True)
class MutationVerdict:
    """What became of an edit.

    ``noticed`` has, for each group that notices it, the codes of the findings or the names of the scenarios that say
    so. ``loads`` is False where the procedure cannot be loaded any more: that is noticed at once, and counted apart.
    """

    mutation: Mutation
    place: Place
    loads: bool
    noticed: Mapping[str, tuple[str, ...]]

    @property
    def by(self) -> str | None:
        """What notices it first, in the order of the groups; None for nothing."""
        return next((names[0] for group in GROUPS if (names := self.noticed.get(group))), None)

    @property
    def proved(self) -> bool:
        """Whether proof notices it, without any scenario."""
        return any(self.noticed.get(group) for group in GROUPS if group != "scenarios")

    @property
    def shown(self) -> bool:
        """Whether a scenario notices it."""
        return bool(self.noticed.get("scenarios"))
