"""The sandbox of the product, as tests drive it: local times, ids of cases, codes that are known beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest

from fujin_cli.core.cases import acceptance, decide, decide_opening, notifications, timers
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.moves import Move, list_moves
from fujin_cli.core.cases.operation import Advance, Environment, NewCode, Open, Operation
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.sandbox import Sandbox


class CaseSandbox(Sandbox):
    """One clerk's desk: requests in, events out. Times are local (``2026-06-01T09:00``, a Monday).

    ``happened`` holds the events of the last request alone, ``touched`` the cases as it left them.
    """

    def __init__(self, workspace: Workspace, now: str = "2026-06-01T09:00", community: str = "XF01") -> None:
        calendar = workspace.build_calendar()
        super().__init__(workspace, calendar, calendar.parse_moment(now))
        self.community = community
        self.touched: dict[str, Case] = {}

    def run_operation(self, work: Callable[[Operation], Any]) -> Any:
        """Decide and append, as the product's sandbox does, and remember what came of this request."""
        operations: list[Operation] = []

        def recorded(operation: Operation) -> Any:
            operations.append(operation)
            return work(operation)

        self.happened, self.touched = [], {}
        answer = super().run_operation(recorded)
        self.touched = {case: operations[0].cases[case] for case, _ in self.happened}
        return answer

    def _build_environment(self) -> Environment:
        environment = super()._build_environment()
        return replace(environment, code_fits=lambda code, plain: code.hash == f"hash of {plain}")

    def _make_predictable_code(self) -> NewCode:
        plain = f"CODE{sum(map(len, self.codes.values())) + 1}"
        return NewCode(plain, "salt", f"hash of {plain}")

    # the clock

    def at(self, moment: str) -> CaseSandbox:
        """Set the clock."""
        self.now = self.calendar.parse_moment(moment)
        return self

    def later(self, **span: float) -> CaseSandbox:
        """Let time pass; nothing happens by itself before ``tick``."""
        self.now += timedelta(**span)
        return self

    # requests

    def open(self, procedure: str, actor: str, **inputs: Any) -> str:
        """Open a case; ``committee``, ``channel``, ``community`` and ``note`` are those of the command."""
        options = {name: inputs.pop(name, None) for name in ("committee", "channel", "note")}
        community = inputs.pop("community", self.community)
        command = Open(procedure, community, actor, inputs=listed(inputs), **options)
        return str(self.run_operation(lambda on: decide_opening.open_case(on, command)))

    def do(
        self,
        case: str,
        action: str,
        actor: str,
        /,
        code: str | None = None,
        note: str | None = None,
        appends: Mapping[str, Any] = MappingProxyType({}),
        **inputs: Any,
    ) -> list[tuple[str, Event]]:
        """Do an action. Raises Refusal, also for a wrong code (which leaves its event behind)."""
        command = Advance(case, action, actor, listed(inputs), note, code, listed(appends))
        refusal = self.run_operation(lambda on: decide.advance_case(on, command))
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
        for case in cases or self.ledger.cases():
            fired += [entry.effect for entry in self.run_operation(lambda on, case=case: timers.tick(on, case))]
        return fired

    def resume(self, case: str, actor: str, note: str | None = None) -> None:
        """End a pause."""
        self.run_operation(lambda on: decide.resume_case(on, case, actor, note))

    def reissue(self, case: str, actor: str) -> str:
        """Give the reporter a new code; returns it."""
        self.run_operation(lambda on: acceptance.reissue_code(on, case, actor, None))
        return self.codes[case][-1]

    def told(self, case: str, actor: str, *messages: str, undelivered: str | None = None) -> bool:
        """Record what became of messages; whether that was news."""
        self.run_operation(lambda on: notifications.record_delivery(on, case, list(messages), actor, undelivered))
        return bool(self.happened)

    def given(self, case: str, *events: Event) -> None:
        """Put events into the ledger that nobody decided."""
        self.ledger.append((case, event) for event in events)

    # looking

    def version_of(self, id: str) -> Procedure:
        """The procedure of a case."""
        return self.version_of_case(self.replay_case(id))

    def code(self, id: str) -> str | None:
        """The acceptance code of a case's round."""
        codes = self.codes.get(id)
        return codes[-1] if codes else None

    def step(self, id: str) -> str:
        """Where a case stands."""
        return self.replay_case(id).step

    def value(self, id: str, field: str) -> Any:
        """A field of a case."""
        return self.replay_case(id).values.get(field)

    def children(self, id: str, group: str) -> list[str]:
        """The child cases of a group that nothing replaced."""
        return [child.case for child in self.replay_case(id).children if child.group == group and not child.replaced]

    def moves(self, id: str) -> dict[str, Move]:
        """What people can do, by name."""
        case = self.replay_case(id)
        return {
            move.action.name: move
            for move in list_moves(self.versions[case.version_digest], case, self.now, self.calendar)
        }

    def can(self, id: str, action: str) -> bool:
        """Whether an action is listed as open."""
        listed_moves = self.moves(id)
        return action in listed_moves and listed_moves[action].is_open

    def deadlines(self, id: str) -> Deadlines:
        """When things fall due."""
        case = self.replay_case(id)
        return Deadlines(case, self.versions[case.version_digest], self.calendar)

    def local(self, moment: datetime | None) -> str | None:
        """A moment as the clocks of the place show it."""
        return None if moment is None else self.calendar.to_local(moment).strftime("%Y-%m-%dT%H:%M")

    def due(self, id: str) -> str | None:
        """The deadline in force, in local time."""
        return self.local(self.deadlines(id).due_time())

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
        loaded = [
            Event.from_record({**json.loads(json.dumps(event.to_record())), "hash": event.hash}) for event in events
        ]
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
