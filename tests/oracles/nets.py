"""Random procedures without limits and data, and the workflow nets that they are, written as PNML.

A place for each step; a transition for each action, move and rung that leads somewhere; the child case, of which there
is at most one, as a part of the same net beside its parent. The nets come from the YAML trees, not from the explorer.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.support.small_town import procedure

Tree = dict[str, Any]
LADDER: list[Tree] = [{"at": "deadline", "tell": ["clerk"]}, {"after": "1 hour", "raise": "street"}]


def random_pair(seed: int) -> list[Tree]:
    """A procedure ``loop`` and, for two seeds of three, the ``order`` that one of its actions opens."""
    draw = random.Random(seed)
    if seed % 3 == 0:
        return [_procedure(draw, "loop", forward=False)]
    order = _procedure(draw, "order", forward=False)
    loop = _procedure(draw, "loop", forward=True)
    _open(draw, loop, [name for name, step in order["steps"].items() if "end" in step])
    return [loop, order]


def _procedure(draw: random.Random, name: str, forward: bool) -> Tree:
    """``forward``: steps lead only to later ones, so that nothing happens twice."""
    working = [f"s{number}" for number in range(draw.randint(2, 5))]
    ends = [f"e{number}" for number in range(draw.randint(1, 2))]

    def target(index: int) -> str:
        return draw.choice([*(working[index + 1 :] if forward else working), *ends])

    steps: Tree = {}
    for index, step in enumerate(working):
        if index and draw.random() < 0.15:
            steps[step] = {"then": [{"to": draw.choice([*working[index + 1 :], *ends])}]}
            continue
        actions = {f"a{number}": {"by": "clerk", "to": target(index)} for number in range(draw.randint(1, 2))}
        if draw.random() < 0.85:  # else most nets would have a step that nothing leads to
            first = working[index + 1 : index + 2] or ends
            actions |= {f"a{number}": {"by": "clerk", "to": step} for number, step in enumerate(first)}
        ladder = [*LADDER, *([{"after": "5 hours", "to": target(index)}] if draw.random() < 0.25 else [])]
        steps[step] = {"owner": "clerk", "within": "1 hour", "ladder": ladder, "actions": actions}
    steps |= {end: {"end": f"outcome-{end}"} for end in ends}
    return {**procedure("{}", name), "steps": steps}


def _open(draw: random.Random, tree: Tree, ends: list[str]) -> None:
    """Let one action open the child, and guards or a waiting step ask how it ended."""
    names = list(tree["steps"])
    worked = [step for step in tree["steps"].values() if "actions" in step]
    places = [(name, action) for name in names[: names.index("e0") - 1] for action in _actions(tree, name)]
    step, opening = draw.choice(places)
    opening["opens"] = {"g": {"procedure": "order"}}
    if "end" in tree["steps"][opening["to"]]:
        opening["to"] = names[names.index(step) + 1]
    guards = [{"g": {"all": "ended"}}, {"g": {"none": "open"}}, *({"g": {"all": f"outcome-{end}"}} for end in ends)]
    for step in worked:
        for action in step["actions"].values():
            if action is not opening and draw.random() < 0.25:
                action["when"] = draw.choice(guards)
    waiting = worked[-1]
    if len(worked) > 1 and draw.random() < 0.5 and opening not in waiting["actions"].values() and len(ends) > 1:
        targets = [action["to"] for action in waiting.pop("actions").values()]
        waiting["ladder"] = LADDER
        waiting["then"] = [{"to": draw.choice(targets), "when": guard} for guard in guards[2:]]


def _actions(tree: Tree, step: str) -> list[Tree]:
    return list(tree["steps"][step].get("actions", {}).values())


@dataclass
class Net:
    """Transitions by name, each with the places that it takes from and puts into."""

    transitions: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)

    @property
    def places(self) -> list[str]:
        """Every place that a transition names, each once."""
        return list(dict.fromkeys(place for ends in self.transitions.values() for side in ends for place in side))

    def add(self, name: str, takes: Iterable[str], puts: Iterable[str]) -> None:
        """Add a transition."""
        self.transitions[name] = (list(takes), list(puts))


def net_of(trees: list[Tree]) -> Net:
    """The workflow net of a procedure and its child."""
    net = Net()
    loop = trees[0]
    status = ["unopened", "free"] if len(trees) > 1 else []
    net.add("open", ["source"], [f"loop.{next(iter(loop['steps']))}", *status])
    for rule, step, move in _moves(loop):
        child = f"order.{next(iter(trees[1]['steps']))}" if "opens" in move else None
        asked = _asked(move.get("when"), child is None and bool(status) and "end" in loop["steps"][move["to"]])
        if child:
            net.add(rule, [step, "unopened", "free"], [f"loop.{move['to']}", child])
        else:
            net.add(rule, [step, *asked], [f"loop.{move['to']}", *asked])
    for tree in trees[1:]:
        for rule, step, move in _moves(tree):
            end = tree["steps"][move["to"]].get("end")
            net.add(rule, [step], ["free", "ended", f"ended {end}"] if end else [f"order.{move['to']}"])
        led_to = {move["to"] for _, _, move in _moves(tree)}
        for end in (name for name, step in tree["steps"].items() if "end" in step and name not in led_to):
            net.add(f"never {end}", [f"order.{end}"], ["sink"])
    for end in (name for name, step in loop["steps"].items() if "end" in step):
        left: list[list[str]] = [["unopened", "free"]] if status else [[]]
        left += [
            ["free", "ended", f"ended {step['end']}"]
            for t in trees[1:]
            for step in t["steps"].values()
            if "end" in step
        ]
        for number, tokens in enumerate(left):
            net.add(f"finish {end} {number}", [f"loop.{end}", *tokens], ["sink"])
    return _without_idle_finishes(net)


def _moves(tree: Tree) -> Iterator[tuple[str, str, Tree]]:
    """Every move that leads somewhere: its rule, the place it leaves, and what the YAML says of it."""
    name = tree["procedure"]
    for step, spec in tree["steps"].items():
        listed = [(action, move) for action, move in spec.get("actions", {}).items()]
        listed += [(f"then.{number}", move) for number, move in enumerate(spec.get("then", ()), 1)]
        listed += [(f"ladder.{number}", rung) for number, rung in enumerate(spec.get("ladder", ()), 1) if "to" in rung]
        for rule, move in listed:
            yield f"{name}.{step}.{rule}", f"{name}.{step}", move


def _asked(when: Tree | None, ends: bool) -> list[str]:
    """The places that a guard looks at; a case ends only while no child is open."""
    asked = ["free"] if ends else []
    if when:
        ((verb, value),) = when["g"].items()
        asked.append("free" if verb == "none" else "ended" if value == "ended" else f"ended {value}")
    return list(dict.fromkeys(asked))


def _without_idle_finishes(net: Net) -> Net:
    """The net without ways to tidy up that are never needed: they are no part of the procedure."""
    start = ("source",)
    seen, todo, used = {start}, [start], set()
    while todo:
        marking = todo.pop()
        for name, (takes, puts) in net.transitions.items():
            if all(place in marking for place in takes):
                used.add(name)
                after = tuple(sorted([*(place for place in marking if place not in takes), *puts]))
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
    finished = {name.split()[1] for name in used if name.startswith("finish ")}
    kept = {}
    for name, ends in net.transitions.items():
        needed = not name.startswith("finish ") or (name.endswith(" 0") and name.split()[1] not in finished)
        if name in used or needed:  # an end that is never reached keeps one, which is dead
            kept[name] = ends
    return Net(kept)


def write(net: Net, path: Path) -> None:
    """Write the net as PNML (ISO/IEC 15909-2), one token in ``source``."""
    root = ElementTree.Element("pnml")
    parts = ElementTree.SubElement(root, "net", id="net", type="http://www.pnml.org/version-2009/grammar/pnmlcoremodel")
    page = ElementTree.SubElement(parts, "page", id="page")
    for place in [*net.places, *({"sink"} - set(net.places))]:
        node = ElementTree.SubElement(page, "place", id=place)
        ElementTree.SubElement(ElementTree.SubElement(node, "name"), "text").text = place
        if place == "source":
            ElementTree.SubElement(ElementTree.SubElement(node, "initialMarking"), "text").text = "1"
    for number, (name, (takes, puts)) in enumerate(net.transitions.items()):
        node = ElementTree.SubElement(page, "transition", id=f"t{number}")
        ElementTree.SubElement(ElementTree.SubElement(node, "name"), "text").text = name
        arcs = [(place, f"t{number}") for place in takes] + [(f"t{number}", place) for place in puts]
        for index, (source, target) in enumerate(arcs):
            ElementTree.SubElement(page, "arc", id=f"t{number}-{index}", source=source, target=target)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
