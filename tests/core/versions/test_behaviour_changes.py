"""The runs of two versions side by side, against every short word that each of them reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from fujin_cli.core.explore.explorer import explore_all, list_opening_options
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.behaviour_changes import Behaviour, DistinguishingRun, compare_behaviour
from fujin_cli.core.versions.joint_abstraction import join_questions
from fujin_cli.core.versions.renames import Renames, find_renames
from fujin_cli.core.versions.trace_pairs import find_same_groups
from tests.support.generators.random_edits import Tree, versions

pytestmark = pytest.mark.slow

LONGEST = 3
MOST_WORDS = 4_000
MOST_STATES = 400
Procedures = Mapping[str, Procedure]
Where = dict[tuple[int, tuple[tuple[str, int], ...]], None]


class Reader:
    """Every word of one version up to a length, counted move by move; knows nothing of products and tags."""

    def __init__(self, found: Exploration, versions: Procedures, renames: Renames, alike: frozenset[str]) -> None:
        self.found, self.versions, self.renames, self.alike = found, versions, renames, alike
        version = found.model.version
        given = found.model.shape.settings
        self.limits = {a.rule: (int(given.get(a.limit, a.limit)), a.then) for _, a in version.all_actions() if a.limit}
        self.rungs: dict[str, tuple[str, bool]] = {}
        for step in version.steps.values():
            busy: dict[str, int] = {}  # reminders are told by nobody, and counted by nobody
            for rung in step.ladder:
                parts = [rung.effects, *([rung.then.effects] if rung.then else [])]
                lively = rung.to is not None or any(p.opens or p.sets or p.adds or p.does for p in parts)
                busy[rung.when] = busy.get(rung.when, 0) + lively
                self.rungs[rung.rule] = (f"{rung.when}-{busy[rung.when]}", lively)
                if rung.limit:
                    self.limits[rung.rule] = (int(given.get(rung.limit, rung.limit)), rung.then)

    def start(self) -> dict[Any, Where]:
        model = self.found.model
        numbers = {state: number for number, state in enumerate(self.found.states)}
        words: dict[Any, Where] = {}
        for _label, data, state, _marks in model.list_openings(list_opening_options(model, self.versions)):
            words.setdefault(("opened", self.data(data)), {})[(numbers[state], ())] = None
        return {symbol: self.closed(where) for symbol, where in words.items()}

    def after(self, where: Where) -> dict[Any, Where]:
        words: dict[Any, Where] = {}
        for number, counts in where:
            end = self.found.model.version.steps[self.found.step_of(number)].end
            if end:
                words.setdefault(("ended", end), {})
            for symbol, target in self.moves(number, counts):
                if symbol is not None:
                    words.setdefault(symbol, {})[target] = None
        return {symbol: self.closed(there) for symbol, there in words.items()}

    def closed(self, where: Where) -> Where:
        todo = list(where)
        while todo:
            number, counts = todo.pop()
            for symbol, target in self.moves(number, counts):
                if symbol is None and target not in where:
                    where[target] = None
                    todo.append(target)
        return where

    def moves(self, number: int, counts: tuple[tuple[str, int], ...]) -> Iterator[tuple[Any, Any]]:
        for edge in self.found.edges[number]:
            done = dict(counts)
            rule = edge.label.rule
            if rule in self.limits:
                most, _then = self.limits[rule]
                if edge.label.overflow != (done.get(rule, 0) >= most):
                    continue
                done[rule] = min(most, done.get(rule, 0) + 1)
            for symbol in self.symbols(edge):
                yield symbol, (edge.target, tuple(sorted(done.items())))

    def symbols(self, edge: Edge) -> Iterator[Any]:
        label = edge.label
        step = self.renames.new_step_name(label.step)
        if label.kind == "action":
            yield "action", self.renames.new_action_name(label.rule), self.data(edge.data)
        elif label.kind == "rung":
            name, busy = self.rungs[label.rule]
            yield ("rung", step, name) if busy else None
        elif label.kind == "time-up":
            yield "time-up", step
        elif label.kind == "other-ended":
            yield ("other-ended",)
        elif label.kind == "child":
            place, group = next((p, g) for p, g in enumerate(self.found.model.shape.groups) if g.name == label.group)
            counts = self.found.states[edge.target].groups[place]
            left = counts if label.group in self.alike else (min(2, counts[0] + counts[1]),)
            if label.outcome is None:
                yield "child", label.group, None, self.data(edge.data), left
            else:
                own = group.class_of[label.outcome]
                for outcome, other in group.class_of.items():
                    if other == own:
                        yield "child", label.group, outcome, self.data(edge.data), left
        else:
            yield None

    def data(self, data: tuple[tuple[str, Any], ...]) -> Any:
        named = ((self.renames.fields.get(n, n), tuple(v) if isinstance(v, list) else v) for n, v in data)
        return tuple(sorted(named, key=lambda item: item[0]))


def compiled(trees: list[Tree]) -> dict[str, Procedure]:
    return {tree["procedure"]: compile_procedure(tree, tree["procedure"]) for tree in trees}


def readers(old: Procedures, new: Procedures) -> tuple[Reader, Reader]:
    before, after = join_questions(old, new)
    one, other = (
        explore_all(old, before).explorations["loop"][0],
        explore_all(new, after).explorations["loop"][0],
    )
    assume(len(one.states) < MOST_STATES and len(other.states) < MOST_STATES)
    alike = find_same_groups(one, other)
    return Reader(one, old, find_renames(old["loop"], new["loop"]), alike), Reader(other, new, Renames(), alike)


def shortest(old: Reader, new: Reader) -> tuple[int | None, int | None, dict[str, set[Any]]]:
    """The lengths of a shortest forbidden and allowed word, and for each old step what becomes of its histories."""
    forbidden = allowed = None
    fates: dict[str, set[Any]] = {}
    words: list[tuple[Where, Where]] = []
    following = [(old.start(), new.start())]
    for length in range(1, LONGEST + 1):
        words = []
        for before, after in following:
            if forbidden is None and before.keys() - after.keys():
                forbidden = length
            if allowed is None and after.keys() - before.keys():
                allowed = length
            words += [(where, after.get(symbol, {})) for symbol, where in before.items() if where]
        assume(len(words) < MOST_WORDS)
        for where, there in words:
            note(old, new, where, there, fates)
        following = [(old.after(where), new.after(there) if there else {}) for where, there in words if there]
    return forbidden, allowed, fates


def note(old: Reader, new: Reader, where: Where, there: Where, fates: dict[str, set[Any]]) -> None:
    resting = {new.found.step_of(n) for n, _ in there if not new.found.is_ended(n) and rests(new, n)}
    for number, _ in where:
        if not old.found.is_ended(number) and rests(old, number):
            fates.setdefault(old.found.step_of(number), set()).update(resting or {None})


def rests(reader: Reader, number: int) -> bool:
    return not reader.found.model.must_move_at_once(reader.found.states[number])


def length(run: DistinguishingRun | None, reader: Reader) -> int | None:
    if not run:
        return None
    visible = [edge for edge in run.edges if edge.label.kind == "opened" or None not in set(reader.symbols(edge))]
    return len(visible) + (run.end is not None)


def check(old: Procedures, new: Procedures) -> Behaviour:
    one, other = readers(old, new)
    found = compare_behaviour(old, new, ["loop"])["loop"]
    assert found is not None
    assume(found.is_complete)  # too many pairs of states: then `fujin diff` says so (FJ609)
    forbidden, allowed, fates = shortest(one, other)
    for mine, theirs in (
        (length(found.forbidden, one), forbidden),
        (length(found.allowed, other), allowed),
    ):
        if theirs is None:
            assert mine is None or mine > LONGEST or (len(one.found.model.version.settings) > 0 and mine > 0)
        else:
            assert mine is not None and mine <= theirs
    verdicts = {entry.step: entry for entry in found.steps}
    for step, fate in fates.items():
        verdict = verdicts[step]
        if verdict.verdict in ("safe", "incomplete"):
            assert fate == {verdict.targets[0]}, (step, verdict, fate)
        if verdict.verdict == "stuck":
            assert fate == {None}, (step, verdict, fate)
        assert fate - {None} <= set(verdict.targets)
    return found


@pytest.mark.no_cover
@given(versions())
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_verdicts_agree_with_every_short_history(pair: tuple[list[Tree], list[Tree]]) -> None:
    check(compiled(pair[0]), compiled(pair[1]))
