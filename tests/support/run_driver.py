"""Drives runs that the explorer found through the engine, event by event.

What the explorer leaves open on purpose is ``Excluded``, each with its reason: it knows neither a calendar nor how long
anything takes, it counts children no further than guards do, and it lets a child end in every way that some child can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.explore.explorer import Explored
from fujin_cli.core.explore.feasible_paths import find_feasible_path
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge, State
from fujin_cli.core.findings.refusals import PERIOD_OVER, TOO_SOON, WINDOW_CLOSED, Refusal
from tests.support.abstract_cases import SEEN, abstract, kind_of_edge
from tests.support.case_sandbox import CaseSandbox

ACTORS = {
    "clerk": "clerk-1",
    "coordinator": "coordinator-1",
    "inspector": "inspector-1",
    "reporter": "reporter",
    "community": "supervisor-1",
    "street": "street-1",
}
TIME = "time goes on in one order"
CHILD = "what this case gives its child does not let it end so"
COUNT = "there are more children than guards count"
AMENDED = "an amendment of what states do not hold"
AT_ONCE = "whether a child ends at once depends on what its parent gives it"
CHILD_LIMIT = "what the child could do once is used up, or its window closed"


class Excluded(Exception):
    """The run is one that only other times or other children would make."""


class Driver:
    """Makes cases of a desk do what runs say."""

    def __init__(self, sandbox: CaseSandbox, proved: Explored) -> None:
        self.sandbox = sandbox
        self.proved = proved
        self.seen: dict[str, int] = {}  # case → how many of its events the run has come to

    def open(self, found: Exploration, run: Sequence[Edge]) -> str:
        """Open a case as the run does and follow the run. Raises Excluded."""
        first = run[0]
        case = self.sandbox.open(found.model.version.name, "clerk-1", **self._values(found, dict(first.data)))
        self._take(case, found, first)
        self.follow(case, found, run[1:])
        return case

    def follow(self, case: str, found: Exploration, run: Iterable[Edge]) -> None:
        """Let an open case follow a run."""
        for edge in run:
            unasked = self._next(case, found, edge.source) is not None
            if not unasked:
                getattr(self, "_" + edge.label.kind.replace("-", "_"))(case, found, edge)
            self._take(case, found, edge, unasked)

    # what happened, beside what the run says

    def _next(self, case: str, found: Exploration, number: int) -> Event | None:
        """The next event that the run has not come to; what changes nothing is passed over."""
        events = self.sandbox.ledger.read(case)
        while self.seen.get(case, 0) < len(events):
            event = events[self.seen.get(case, 0)]
            silent = event.kind not in SEEN or (event.kind == "rung" and event.to_step is None)
            if not (silent and number >= 0 and self._state(case, found, 1) == found.states[number]):
                return event
            self.seen[case] = self.seen.get(case, 0) + 1
        return None

    def _state(self, case: str, found: Exploration, more: int) -> State:
        events = self.sandbox.ledger.read(case)
        return abstract(found.model, replay(case, events[: self.seen.get(case, 0) + more]))

    def _take(self, case: str, found: Exploration, edge: Edge, unasked: bool = False) -> None:
        """The event of an edge is the next one, and leads where the edge does."""
        event = self._matching(case, found, edge)
        if event is None:
            return
        after, expected = self._state(case, found, 1), found.states[edge.target]
        self.seen[case] = self.seen.get(case, 0) + 1
        if after != expected and after._replace(groups=expected.groups) == expected:
            raise Excluded(COUNT)
        if after != expected and edge.label.kind == "child" and (unasked or edge.label.outcome is None):
            raise Excluded(AT_ONCE if unasked else CHILD)  # other values than the child has, or has kept
        assert after == expected, (edge.label, after, expected)

    def _matching(self, case: str, found: Exploration, edge: Edge) -> Event | None:
        label = edge.label
        event = self._at(case)
        if label.kind == "rung" and label.to is None and edge.source == edge.target:
            rule = event and event.data.get("rule")
            return event if rule == label.rule else None  # passed over: it changes nothing
        if event is not None and event.kind == "rung" and event.data.get("rule") != label.rule:
            raise Excluded(TIME)  # by then another rung was due, too
        assert event is not None, ("nothing happened", label)
        if (event.kind == "child") != (label.kind == "child") and any(g.instant for g in found.model.shape.groups):
            raise Excluded(AT_ONCE)
        said = (kind_of_edge(event), event.data.get("rule", ""), event.to_step or None)
        if label.kind in ("rung", "time-up") and said[0] in ("time-up", "rung") and said[0] != label.kind:
            raise Excluded(TIME)
        assert said == (label.kind, label.rule, label.to), (said, label)
        return event

    def _at(self, case: str) -> Event | None:
        events = self.sandbox.ledger.read(case)
        while self.seen.get(case, 0) < len(events) and events[self.seen.get(case, 0)].kind not in SEEN:
            self.seen[case] = self.seen.get(case, 0) + 1
        return events[self.seen.get(case, 0)] if self.seen.get(case, 0) < len(events) else None

    # making it happen

    def _values(self, found: Exploration, data: dict[str, Any]) -> dict[str, Any]:
        day = self.sandbox.calendar.to_local(self.sandbox.now).date() + timedelta(days=2)
        made = {"day": str(day), "reporter": "contact-1"}
        return {name: made.get(name, str(value)) for name, value in data.items() if not isinstance(value, list)}

    def _inputs(self, found: Exploration, edge: Edge) -> dict[str, Any]:
        move = found.model.watch.find_move(edge.label.rule)
        given = self._values(found, dict(edge.data))
        for entry in move.needs:  # type: ignore[union-attr]
            given.setdefault(entry.field, self._values(found, {"a": "x", "b": "y", "n": "5", "day": ""})[entry.field])
        if move.amends and not given:  # type: ignore[union-attr]
            raise Excluded(AMENDED)
        return given

    def _action(self, case: str, found: Exploration, edge: Edge) -> None:
        by = edge.label.by[0]
        if self.sandbox.replay_case(case).running_pause and edge.label.name == "pause":
            self.sandbox.resume(case, "coordinator-1")
        for _ in range(2):
            try:
                code = self.sandbox.code(case) if by == "reporter" else None
                self.sandbox.do(case, edge.label.name, ACTORS[by], code=code, **self._inputs(found, edge))
                return
            except Refusal as refusal:
                if refusal.code in (PERIOD_OVER, WINDOW_CLOSED):
                    raise Excluded(TIME) from refusal
                assert refusal.code == TOO_SOON, (edge.label, str(refusal.message))
                self.sandbox.later(hours=1)
        raise AssertionError(edge.label)

    def _rung(self, case: str, found: Exploration, edge: Edge) -> None:
        rung = found.model.watch.find_move(edge.label.rule)
        at = self.sandbox.deadlines(case).rung_time(rung)  # type: ignore[arg-type]
        if at is None:
            raise Excluded(TIME)  # a reminder that would fall before the arrival
        deadline = self.sandbox.deadlines(case).step_deadline()
        assert deadline is not None
        self.sandbox.now = max(at if edge.label.told else deadline, self.sandbox.now)
        if edge.label.told and rung.is_reminder and rung.effects.tells and deadline <= self.sandbox.now:  # type: ignore[union-attr]
            raise Excluded(TIME)  # by then it tells nobody
        self.sandbox.tick(case)

    def _time_up(self, case: str, found: Exploration, edge: Edge) -> None:
        at = self.sandbox.deadlines(case).step_deadline()
        assert at is not None
        self.sandbox.now = max(at, self.sandbox.now)
        self.sandbox.tick(case)

    def _move(self, case: str, found: Exploration, edge: Edge) -> None:
        raise AssertionError(("did not happen by itself", edge.label))

    def _child(self, case: str, found: Exploration, edge: Edge) -> None:
        if edge.label.outcome is None:
            self._reopen(case, found, edge)
            return
        child = self._open_child(case, found, edge)
        other = self.proved.explorations[self.sandbox.replay_case(child).procedure][0]
        while self._next(child, other, self._number(child, other)):
            self.seen[child] = self.seen.get(child, 0) + 1
        number = self._number(child, other)
        goals = self._endings(found, other, edge)
        way = find_feasible_path(other, goals, other.edges[number])
        if way is None:
            raise Excluded(CHILD)
        try:
            self.follow(child, other, way)
        except AssertionError as error:
            if any(event.action == "reopen" for event in self.sandbox.ledger.read(child)):
                raise Excluded(CHILD_LIMIT) from error
            raise

    def _number(self, child: str, other: Exploration) -> int:
        return other.states.index(abstract(other.model, self.sandbox.replay_case(child)))

    def _open_child(self, case: str, found: Exploration, edge: Edge) -> str:
        """An open child of the group, replaced or not as the run says."""
        place = found.model.effects.group_places[edge.label.group]
        before, after = found.states[edge.source].groups[place], found.states[edge.target].groups[place]
        replaced = after[2] < before[2] or (after[0] == before[0] and not before[0])
        children = [child for child in self.sandbox.replay_case(case).children if child.group == edge.label.group]
        fitting = [child.case for child in children if child.outcome is None and child.replaced == replaced]
        if not fitting:
            raise Excluded(COUNT)
        return fitting[0]

    def _endings(self, found: Exploration, other: Exploration, edge: Edge) -> set[int]:
        """The child's ends that have the outcome and bring what the run says."""
        place, there = found.model.places.get("n"), other.model.places.get("n")
        wanted = found.states[edge.target]
        alive = place is not None and place not in found.model.effects.dead[wanted.step][0]
        goals = set()
        for number, state in enumerate(other.states):
            if not other.is_ended(number) or other.model.version.steps[other.step_of(number)].end != edge.label.outcome:
                continue
            value = None if there is None else other.model.shape.domains[there].values[state.values[there]]
            domain = found.model.shape.domains[place] if place is not None and alive and value is not None else None
            if domain is None or domain.find_index(value) == wanted.values[place or 0]:
                goals.add(number)
        return goals

    def _reopen(self, case: str, found: Exploration, edge: Edge) -> None:
        place = found.model.effects.group_places[edge.label.group]
        group = found.model.shape.groups[place]
        before, after = found.states[edge.source].groups[place], found.states[edge.target].groups[place]
        for child in self.sandbox.replay_case(case).children:
            if child.group != group.name or child.outcome not in group.reopens:
                continue
            if child.replaced != (after[2] > before[2]):
                continue
            version = self.sandbox.version_of(child.case)
            reopen = version.steps[self.sandbox.step(child.case)].reopen
            code = self.sandbox.code(child.case) if reopen.by[0] == "reporter" else None
            try:
                self.sandbox.do(child.case, "reopen", ACTORS[reopen.by[0]], code=code)
                return
            except Refusal:
                continue
        raise Excluded(CHILD_LIMIT)
