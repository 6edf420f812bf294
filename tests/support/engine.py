"""Drives the engine as the commands do, over a ledger in memory, with a clock and acceptance codes for tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from fujin_cli.core.cases import acceptance, decide, decide_opening, notifications, timers
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.moves import Move, moves
from fujin_cli.core.cases.operation import Environment, NewCode, Operation
from fujin_cli.core.cases.requests import Advance, Open
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.store.ledger.memory_ledger import MemoryLedger
from fujin_cli.store.ledger.protocol import Changes
from fujin_cli.store.workspace.calendar_years import calendar_data
from tests.support.paths import ROOT

HOURS = ("08:30-11:30", "13:30-17:00")


def plain(node: Node) -> Any:
    """A YAML node as plain data: every scalar is text, an empty one is None."""
    if isinstance(node, ScalarNode):
        return node.value or None
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.value]
    assert isinstance(node, MappingNode)
    return {key.value: plain(value) for key, value in node.value}


def tree_of(text: str) -> dict[str, Any]:
    """The plain tree of a YAML text."""
    tree: dict[str, Any] = plain(YAML(typ="safe").compose(text))
    return tree


def file_of(path: str, tree: Mapping[str, Any]) -> File:
    """A workspace's file; its kind is its first key."""
    kind = next(iter(tree))
    return File(path, kind, tree[kind] if isinstance(tree[kind], str) else kind, tree)


@cache
def city() -> Workspace:
    """The workspace that is shipped: Fujin, with the national calendar."""
    root = ROOT / "workflows"
    files = [file_of(str(path), tree_of(path.read_text("utf-8"))) for path in sorted(root.rglob("*.yaml"))]
    return build_workspace(files, calendar_data("CN", "Asia/Shanghai", HOURS, {}))


class Sandbox:
    """One clerk's desk: commands in, events out. Times are local (``2026-06-01T09:00``, a Monday)."""

    def __init__(self, workspace: Workspace, now: str = "2026-06-01T09:00", community: str = "XF01") -> None:
        self.workspace = workspace
        self.community = community
        self.calendar = workspace.calendar()
        self.ledger = MemoryLedger()
        self.versions = {version.digest: version for version in workspace.procedures.values()}
        self.codes: dict[str, str] = {}  # case → the acceptance code of its round, in plain
        self.happened: list[tuple[str, Event]] = []  # what the last command appended
        self.touched: dict[str, Case] = {}  # the cases as the last command left them
        self._handed_out = 0
        self.at(now)

    # the clock

    def at(self, moment: str) -> Sandbox:
        """Set the clock."""
        self.now = self.calendar.parse_moment(moment)
        return self

    def later(self, **span: float) -> Sandbox:
        """Let time pass."""
        self.now += timedelta(**span)
        return self

    # commands

    def open(self, procedure: str, actor: str, **inputs: Any) -> str:
        """Open a case; ``committee``, ``channel``, ``community`` and ``note`` are those of the command."""
        options = {name: inputs.pop(name, None) for name in ("committee", "channel", "note")}
        community = inputs.pop("community", self.community)
        command = Open(procedure, community, actor, inputs=listed(inputs), **options)
        opening = (community, self.calendar.local(self.now).strftime("%Y%m"))
        return self._operate(lambda on: decide_opening.open_case(on, command), None, opening)

    def do(
        self, case: str, action: str, actor: str, /, code: str | None = None, note: str | None = None, **inputs: Any
    ) -> list[tuple[str, Event]]:
        """Do an action. Raises Refusal, also for a wrong code (which leaves its event behind)."""
        command = Advance(case, action, actor, listed(inputs), note, code)
        refusal = self._operate(lambda on: decide.advance(on, command), case)
        if refusal:
            raise refusal
        return self.happened

    def refused(self, case: str, action: str, actor: str, /, **options: Any) -> Refusal:
        """The refusal that an action meets."""
        with pytest.raises(Refusal) as caught:
            self.do(case, action, actor, **options)
        return caught.value

    def tick(self, *cases: str) -> list[str]:
        """Let time take effect on the cases (all of them where none is named); what fired, in order."""
        fired: list[str] = []
        for case in cases or [kept.case for kept in self.ledger.all_cases()]:
            fired += [entry.effect for entry in self._operate(lambda on, case=case: timers.tick(on, case), case)]
        return fired

    def resume(self, case: str, actor: str, note: str | None = None) -> None:
        """End a pause."""
        self._operate(lambda on: decide.resume(on, case, actor, note), case)

    def reissue(self, case: str, actor: str) -> str:
        """Give the reporter a new code; returns it."""
        self._operate(lambda on: acceptance.reissue_code(on, case, actor, None), case)
        return self.codes[case]

    def told(self, case: str, actor: str, *messages: str, undelivered: str | None = None) -> bool:
        """Record what became of messages."""
        return self._operate(
            lambda on: notifications.record_delivery(on, case, list(messages), actor, undelivered), case
        )

    def given(self, case: str, *events: Event) -> None:
        """Put events into the ledger that nobody decided."""
        changes = Changes([(case, event) for event in events])
        self.ledger.transact(None, [], None, lambda view: (changes, None))

    def _operate(
        self, work: Callable[[Operation], Any], case: str | None, opening: tuple[str, str] | None = None
    ) -> Any:
        def transaction(view: Any) -> tuple[Changes, tuple[Any, Operation]]:
            operation = Operation(self.environment(view.read, view.allocate))
            answer = work(operation)
            touched = dict.fromkeys(touched_case for touched_case, _ in operation.appended)
            cases = operation.cases
            return Changes(
                list(operation.appended),
                {name: not cases[name].ended for name in touched},
                {name: bool(cases[name].waiting_notifications()) for name in touched},
            ), (answer, operation)

        self.happened, self.touched = [], {}
        _, (answer, operation) = self.ledger.transact(None, [], opening, transaction)
        self.happened = operation.appended
        self.touched = {case: operation.cases[case] for case, _ in operation.appended}
        self.codes |= operation.codes
        return answer

    def environment(self, read: Callable[[str], tuple[Event, ...]], allocate: Callable[[str, str], str]) -> Environment:
        """What decisions look at."""
        return Environment(
            now=self.now,
            organisation=self.workspace.organisation,
            calendar=self.calendar,
            read=read,
            allocate=allocate,
            version=self.versions.__getitem__,
            current=self.workspace.procedures.get,
            new_code=self._new_code,
            code_fits=lambda code, given: code.hash == f"hash of {given}",
        )

    def _new_code(self) -> NewCode:
        self._handed_out += 1
        return NewCode(f"CODE{self._handed_out}", "salt", f"hash of CODE{self._handed_out}")

    # looking

    def case(self, id: str) -> Case:
        """A case, replayed from what the ledger keeps."""
        return replay(id, self.ledger.read(id))

    def version(self, id: str) -> Any:
        """The procedure of a case."""
        return self.versions[self.case(id).version_digest]

    def step(self, id: str) -> str:
        """Where a case stands."""
        return self.case(id).step

    def value(self, id: str, field: str) -> Any:
        """A field of a case."""
        return self.case(id).values.get(field)

    def children(self, id: str, group: str) -> list[str]:
        """The child cases of a group that nothing replaced."""
        return [child.case for child in self.case(id).children if child.group == group and not child.replaced]

    def moves(self, id: str) -> dict[str, Move]:
        """What people can do, by name."""
        case = self.case(id)
        return {
            move.action.name: move for move in moves(self.versions[case.version_digest], case, self.now, self.calendar)
        }

    def can(self, id: str, action: str) -> bool:
        """Whether an action is listed as open."""
        listed_moves = self.moves(id)
        return action in listed_moves and listed_moves[action].open

    def deadlines(self, id: str) -> Deadlines:
        """When things fall due."""
        case = self.case(id)
        return Deadlines(case, self.versions[case.version_digest], self.calendar)

    def local(self, moment: datetime | None) -> str | None:
        """A moment as the clocks of the place show it."""
        return None if moment is None else self.calendar.local(moment).strftime("%Y-%m-%dT%H:%M")

    def due(self, id: str) -> str | None:
        """The deadline in force, in local time."""
        return self.local(self.deadlines(id).due())

    def tells(self, id: str | None = None) -> list[tuple[str, str, str]]:
        """What the last command told (about one case): name, id, kind."""
        return [
            (tell["to"], tell["who"], tell["kind"])
            for case, event in self.happened
            if id in (None, case)
            for tell in event.tells
        ]

    def check_replay(self, id: str) -> None:
        """Numbers run from 1; the events as JSON say the same as the events."""
        events = self.ledger.read(id)
        assert [event.n for event in events] == list(range(1, len(events) + 1))
        loaded = [Event.load({**json.loads(json.dumps(event.record())), "hash": event.hash}) for event in events]
        assert loaded == list(events)
        assert replay(id, loaded) == replay(id, events)
        assert all(event.at.tzinfo is not None and event.at.utcoffset() == timedelta() for event in loaded)
        assert all(event.at <= later.at for event, later in pairwise(loaded))


def listed(inputs: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Inputs as a command carries them: a list for every field."""
    return {name: value if isinstance(value, list) else [value] for name, value in inputs.items()}


def moment(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
