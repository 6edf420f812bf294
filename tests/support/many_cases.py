"""The shipped city with several hundred cases: every scenario's run, left where it ends, in one ledger.

The cases stand at every step of the shipped procedures, with orders, pauses, merged cases and limits that are used up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.due import list_due
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.timers import tick
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.ids import procedure_text, volume_of
from fujin_cli.core.model.scenario_file import START, Scenario
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.event_log import EventLog
from fujin_cli.core.simulate.path_to_outcome import find_path_to_outcome
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.core.simulate.scenario import ScenarioRun
from fujin_cli.store.ledger.protocol import Changes, Ledger, View
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger


@dataclass(frozen=True, slots=True)
class LedgerLog:
    """A ledger in files where a sandbox expects its event log.

    A case is read from its file after each event that was appended to it, and after each listing of all cases.
    Sandboxes read it several times between, and every read parses a volume of hundreds of cases.
    """

    ledger: Ledger
    _events: dict[str, tuple[Event, ...]] = field(default_factory=dict)

    def cases(self) -> list[str]:
        self._events.clear()
        return [stored.case for stored in self.ledger.all_cases()]

    def read(self, case: str) -> tuple[Event, ...]:
        if case not in self._events:
            self._events[case] = self.ledger.read(case)
        return self._events[case]

    def append(self, events: Iterable[tuple[str, Event]]) -> None:
        appended = list(events)

        def work(view: View) -> tuple[Changes, None]:
            still_open = {
                case: not replay(case, (*view.read(case), *(new for id, new in appended if id == case))).has_ended
                for case, _ in appended
            }
            return Changes(appended, still_open), None

        self.ledger.transact(None, [], None, work)
        for case, _ in appended:
            self._events.pop(case, None)

    def make_id_allocator(self) -> Callable[[str, str], str]:
        return self.ledger.look(None).allocate


@dataclass(slots=True)
class OwnSandbox(Sandbox):
    """A sandbox over a ledger of many, where time passes for the cases of one run alone."""

    mine: set[str] = field(default_factory=set)

    def wait_until(self, until: datetime) -> None:
        """Let time pass for the run's own cases."""
        for _ in range(1000):
            self.mine |= {id for id, _ in self.happened}
            found = [entry for id in self.mine if (entry := self._falls_due(id, until))]
            if not found:
                break
            at, id = min(found)
            self.now = max(self.now, at)
            self.run_operation(lambda on, id=id: tick(on, id))  # type: ignore[misc]
        self.now = max(self.now, until)

    def _falls_due(self, id: str, until: datetime) -> tuple[datetime, str] | None:
        case = self.replay_case(id)
        entry = next(list_due(self.version_of_case(case), case, until, self.calendar), None)
        return None if entry is None else (entry.at, id)


def many(workspace: Workspace, every: int = 1) -> tuple[EventLog, dict[str, list[str]]]:
    """A ledger with the run of every scenario (or of every so-manieth), and the acceptance codes of its cases."""
    ledger, codes = EventLog(), dict[str, list[str]]()
    calendar = workspace.build_calendar()
    for scenario in workspace.scenarios[::every]:
        sandbox = OwnSandbox(workspace, calendar, calendar.parse_moment(scenario.at or START), ledger, codes=codes)
        run = ScenarioRun(sandbox, scenario, workspace.procedures[scenario.procedure])
        try:
            run.open_case()
            for line in scenario.lines:
                run.carry_out_line(line)
        except Refusal:
            pass  # scenarios that end with a refusal leave their case where it was
    return ledger, codes


def kept(ledger: EventLog, root: Path, *workspaces: Workspace) -> TinyLedger:
    """The same cases in files below ``root``, with the laws of the workspaces."""
    tiny = TinyLedger(root)
    by_volume: dict[object, Changes] = {}
    for case in ledger.cases():
        changes = by_volume.setdefault(volume_of(case), Changes([], {}, {}))
        changes.appended += [(case, event) for event in ledger.read(case)]  # type: ignore[operator]
        changes.open[case] = not replay(case, ledger.read(case)).has_ended  # type: ignore[index]
        changes.waiting[case] = True  # type: ignore[index]
    for changes in by_volume.values():
        tiny.transact(None, [], None, lambda view, changes=changes: (changes, None))  # type: ignore[misc]
    files = (file for workspace in workspaces for file in workspace.files)
    texts = [procedure_text(file.tree) for file in files if file.kind == "procedure" and file.tree]
    tiny.transact(None, [], None, lambda view: (Changes(procedure_texts=texts), None))
    return tiny


def open_cases(sandbox: Sandbox) -> Iterator[Case]:
    """Every case that has not ended."""
    for id in sandbox.ledger.cases():
        if not (case := sandbox.replay_case(id)).has_ended:
            yield case


def ended(workspace: Workspace, ledger: Any, codes: dict[str, list[str]], id: str) -> Case:
    """The case, brought to an end from where it stands: its orders first, then by the shortest way that works."""
    start = ledger.read(id)[-1].at
    sandbox = OwnSandbox(workspace, workspace.build_calendar(), start, ledger, codes=codes, mine={id})
    for _ in range(30):
        case = sandbox.replay_case(id)
        if case.has_ended:
            return case
        waiting = [child.case for child in case.own_children() if child.outcome is None]
        waiting += [case.joined_to[1]] if case.joined_to and case.joined_outcome is None else []
        for other in waiting:
            sandbox.now = max(sandbox.now, ended(workspace, ledger, codes, other).events[-1].at)
        if not waiting:
            _onward(sandbox, case)
    raise AssertionError((id, sandbox.replay_case(id).procedure, sandbox.replay_case(id).step))


def _onward(sandbox: OwnSandbox, case: Case) -> None:
    """As far along a shortest way as it goes; where it is blocked, time brings what it brings."""
    procedures = sandbox.workspace.procedures
    run = ScenarioRun(sandbox, Scenario("end", case.procedure), procedures[case.procedure], patient=True, id=case.id)
    try:
        for line in find_path_to_outcome(procedures, case, "ended") or ():
            run.carry_out_line(line)
    except Refusal:
        sandbox.wait_until(sandbox.now + timedelta(days=3))
