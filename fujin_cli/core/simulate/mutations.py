"""List all single edits of a procedure's plain tree for mutation testing (docs/explanation/mutation.md).

Each breaks the procedure in one place, to see whether rules, guarantees or scenarios notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from fujin_cli.core.calendar.duration import MINUTES_OF
from fujin_cli.core.findings.finding import Route
from fujin_cli.core.model.rung_types import WITH_DURATION

Tree = Mapping[str, Any]
DROPPED = (
    "by",
    "needs",
    "may",
    "limit",
    "tell",
    "when",
    "spaced",
    "opens",
    "does",
    "publish",
    "sets",
    "adds",
    "amends",
)
OF_STEPS = ("within", "owner")
_DURATION = re.compile(rf"(\d+) ({'|'.join(unit[:-1] for unit in MINUTES_OF)})s?")


@dataclass(frozen=True, slots=True)
class Mutation:
    """Hold one edit, of the kind ``drop``, ``retarget``, ``bound``, ``drop-condition``, ``add`` or ``replace``.

    ``value`` replaces what is at ``route``; None where that is dropped. The last two kinds give a whole list of names:
    ``add by → [reporter, street]``.
    """

    kind: str
    route: Route
    value: str | tuple[Any, ...] | None = None

    def describe(self) -> str:
        """Describe the edit in one line, the same in every language."""
        place = "/".join(str(part) for part in self.route)
        return f"{self.kind} {place}" if self.value is None else f"{self.kind} {place} → {self.describe_value()}"

    def describe_value(self) -> str | None:
        """Write the new value as it could stand in the file; None where something is dropped."""
        if isinstance(self.value, tuple):
            return f"[{', '.join(map(_write_name, self.value))}]"
        return self.value


def list_mutations(tree: Tree) -> Iterator[Mutation]:
    """List every edit, in the order of the file."""
    steps = tree.get("steps") or {}
    yield from _actor_mutations(tree)
    for name in tree.get("people") or {}:
        yield from _person_mutations(tree["people"][name], ("people", name))
    for name, step in steps.items():
        yield from _step_mutations(step or {}, ("steps", name), steps)
    for name, action in (tree.get("anytime") or {}).items():
        yield from _drop_mutations(("anytime",), {name: action})
        yield from _move_mutations(action, ("anytime", name), steps)
    for name, setting in (tree.get("settings") or {}).items():
        yield from _bound_mutations(setting.get("default"), ("settings", name, "default"))


def apply_mutation(tree: Tree, mutation: Mutation) -> dict[str, Any]:
    """Apply the edit to a copy of the tree."""
    copy: dict[str, Any] = deepcopy(dict(tree))
    *parents, last = mutation.route
    place: Any = copy
    for part in parents:
        place = place[part]
    if mutation.value is not None:
        place[last] = list(mutation.value) if isinstance(mutation.value, tuple) else mutation.value
    else:
        del place[last]
        if not place and len(mutation.route) > 1:  # an empty list or mapping is dropped too
            return apply_mutation(tree, Mutation(mutation.kind, mutation.route[:-1]))
    return copy


# edits of who may act


def _actor_mutations(tree: Tree) -> Iterator[Mutation]:
    """Add a name to each ``by``, ``through`` and ``not``, and replace each name in them, by every other name.

    Somebody outside the rosters (a contact, a partner) may get helpers that the file does not name: that lets the
    one who handles a case enter the verdict on it.
    """
    people = tree.get("people") or {}
    members = [name for name, person in people.items() if not _is_outside_rosters(person)]
    acting = {name for _, move in _acts(tree) for name in _names_of(move["by"])}
    for name, person in people.items():
        route: Route = ("people", name)
        others = [other for other in people if other != name]
        if "through" in person or (name in acting and _is_outside_rosters(person)):
            yield from _name_list_mutations(person.get("through"), (*route, "through"), members)
        if "not" in person:
            yield from _name_list_mutations(person["not"], (*route, "not"), others)
    for route, move in _acts(tree):
        yield from _name_list_mutations(move["by"], (*route, "by"), list(people))


def _acts(tree: Tree) -> Iterator[tuple[Route, Tree]]:
    """List the opening, the actions and the reopenings that somebody may do, in the order of the file."""
    acts: list[tuple[Route, Any]] = [(("opened",), tree.get("opened"))]
    for name, step in (tree.get("steps") or {}).items():
        acts.append((("steps", name, "reopen"), (step or {}).get("reopen")))
        for action, move in ((step or {}).get("actions") or {}).items():
            acts.append((("steps", name, "actions", action), move))
    acts += [(("anytime", action), move) for action, move in (tree.get("anytime") or {}).items()]
    return ((route, move) for route, move in acts if isinstance(move, Mapping) and "by" in move)


def _name_list_mutations(names: Any, route: Route, candidates: list[str]) -> Iterator[Mutation]:
    """Add each candidate to a list of names, and put each in the place of each name."""
    listed = _names_of(names)
    additions = [name for name in candidates if name not in listed]
    yield from (Mutation("add", route, (*listed, name)) for name in additions)
    for place, old in enumerate(listed):
        if isinstance(old, str):
            for name in additions:
                yield Mutation("replace", route, (*listed[:place], name, *listed[place + 1 :]))


def _names_of(names: Any) -> tuple[Any, ...]:
    """Read a list of names, one name, or none."""
    return tuple(names) if isinstance(names, list) else () if names is None else (names,)


def _is_outside_rosters(person: Tree) -> bool:
    return "contact" in person or "partner" in person


def _write_name(name: Any) -> str:
    """Write one entry of a list of names; ``not`` may hold mappings such as ``{whoever: …}``."""
    return name if isinstance(name, str) else json.dumps(name, ensure_ascii=False)


# edits of each kind of part


def _person_mutations(person: Tree, route: Route) -> Iterator[Mutation]:
    for key in ("proof", "not", "through"):
        if key in person:
            yield Mutation("drop", (*route, key))


def _step_mutations(step: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    if "end" in step:
        if "counts_as" in step:
            yield Mutation("drop", (*route, "counts_as"))
        if "reopen" in step:
            yield Mutation("drop", (*route, "reopen"))
            yield from _move_mutations(step["reopen"], (*route, "reopen"), steps)
            yield from _bound_mutations(step["reopen"].get("within"), (*route, "reopen", "within"))
        return
    for key in OF_STEPS:
        if key in step:
            yield Mutation("drop", (*route, key))
    yield from _bound_mutations(step.get("within"), (*route, "within"))
    for index, rung in enumerate(step.get("ladder") or ()):
        yield Mutation("drop", (*route, "ladder", index))
        yield from _rung_mutations(rung, (*route, "ladder", index), steps)
    if "on_enter" in step:
        yield from _move_mutations(step["on_enter"], (*route, "on_enter"), steps)
    for name, action in (step.get("actions") or {}).items():
        yield from _drop_mutations((*route, "actions"), {name: action})
        yield from _move_mutations(action, (*route, "actions", name), steps)
    for index, move in enumerate(step.get("then") or ()):
        yield Mutation("drop", (*route, "then", index))
        yield from _move_mutations(move, (*route, "then", index), steps)


def _drop_mutations(route: Route, named: Tree) -> Iterator[Mutation]:
    for name in named:
        yield Mutation("drop", (*route, name))


def _rung_mutations(rung: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    for key in ("raise", "limit"):
        if key in rung and len(rung) > 2:  # a rung that does nothing is another edit: it is dropped
            yield Mutation("drop", (*route, key))
    yield from _tell_mutations(rung, route)
    for key in WITH_DURATION:
        yield from _bound_mutations(rung.get(key), (*route, key))
    yield from _target_mutations(rung, route, steps)


def _move_mutations(move: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    for key in DROPPED:
        if key in move and key not in ("needs", "may", "amends", "tell", "opens"):
            yield Mutation("drop", (*route, key))
    yield from _input_mutations(move, route)
    yield from _tell_mutations(move, route)
    yield from _drop_mutations((*route, "opens"), move.get("opens") or {})
    for group, opens in (move.get("opens") or {}).items():
        for key in ("committee", "instead_of", "bring"):
            if key in opens:
                yield Mutation("drop", (*route, "opens", group, key))
    yield from _bound_mutations(move.get("limit"), (*route, "limit"))
    yield from _guard_mutations(move.get("when"), (*route, "when"))
    yield from _target_mutations(move, route, steps)
    then = move.get("then")
    if isinstance(then, Mapping):
        yield Mutation("drop", (*route, "then"))
        yield from _tell_mutations(then, (*route, "then"))
        yield from _target_mutations(then, (*route, "then"), steps)
    elif isinstance(then, str):
        yield Mutation("drop", (*route, "then"))
        yield from (Mutation("retarget", (*route, "then"), step) for step in steps if step != then)


def _input_mutations(move: Tree, route: Route) -> Iterator[Mutation]:
    """Drop each input, and each condition on one."""
    for key in ("needs", "may", "amends"):
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
                yield from _bound_mutations(condition[verb], (*route, key, name, verb))


def _tell_mutations(move: Tree, route: Route) -> Iterator[Mutation]:
    """Drop each recipient."""
    recipients = move.get("tell")
    if isinstance(recipients, str):
        yield Mutation("drop", (*route, "tell"))
    elif isinstance(recipients, list):
        yield from (Mutation("drop", (*route, "tell", index)) for index in range(len(recipients)))
    elif isinstance(recipients, Mapping):
        yield from (Mutation("drop", (*route, "tell", name)) for name in recipients)


def _target_mutations(move: Tree, route: Route, steps: Tree) -> Iterator[Mutation]:
    """Replace ``to`` by every other step."""
    if isinstance(move.get("to"), str):
        yield from (Mutation("retarget", (*route, "to"), step) for step in steps if step != move["to"])


def _guard_mutations(when: Any, route: Route) -> Iterator[Mutation]:
    """Change the numbers in conditions."""
    conditions = when.items() if isinstance(when, Mapping) else enumerate(when) if isinstance(when, list) else ()
    for key, value in conditions:
        if isinstance(value, str):
            yield from _bound_mutations(value, (*route, key))
        else:
            yield from _guard_mutations(value, (*route, key))


def _bound_mutations(text: Any, route: Route) -> Iterator[Mutation]:
    """Make a count or a duration one more and one less."""
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
