"""Drive runs of the explorer through the engine: whether it can follow them, and how far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.event import MADE_BY_PEOPLE, Event, EventKind
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.scenario_file import compile_line, compile_scenario
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.model_workspace import COMMITTEE, COMMUNITY, build_model_calendar, build_model_workspace
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.simulate.trace_lines import run_to_lines
from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.core.verify.event_verdicts import RECORDS


@dataclass(frozen=True, slots=True)
class DrivenRun:
    """Hold what the engine made of a run.

    ``stopped_at`` is the number of the first edge that did not happen; None where the engine followed the whole run.
    ``reason`` is what it said there.
    """

    run: ScenarioRun
    stopped_at: int | None = None
    reason: LocalizedText | None = None


class RunDriver:
    """Drive runs of these procedures, each in a sandbox of its own, where no person and no partner is missing."""

    def __init__(self, procedures: Mapping[str, Procedure], calendar_data: Mapping[str, object]) -> None:
        self.workspace: Workspace = build_model_workspace(procedures, calendar_data)
        self.calendar: WorkingCalendar = build_model_calendar(self.workspace)

    def drive(self, version: Procedure, edges: Sequence[Edge], settings: Mapping[str, str]) -> DrivenRun:
        """Carry out a run, line by line, and compare the events of the case with its edges."""
        opening, *lines = run_to_lines(version, edges, settings)
        place = {"scenario": "run", "community": COMMUNITY, "committee": COMMITTEE, "then": {}}
        run = prepare_run(self.workspace, self.calendar, compile_scenario({**place, **opening}), patient=True)
        at = 0  # the number of the edge whose line is carried out
        try:
            run.open_case()
            for line in lines:
                at += 1
                if line is not None:
                    run.carry_out_line(compile_line(line))
        except Refusal as refusal:
            followed = _count_followed(edges, run.case.events) if run.id else 0
            return DrivenRun(run, min(at, followed), refusal.message)
        followed = _count_followed(edges, run.case.events)
        return DrivenRun(run, followed if followed < len(edges) else None)


def _count_followed(edges: Sequence[Edge], events: Sequence[Event]) -> int:
    """Count the edges that happened, one after the other, with nothing between them that leads to another step."""
    happened = _list_significant(events)
    for number, edge in enumerate(edges):
        if edge.source == edge.target and edge.label.kind == "rung" and edge.label.to is None:
            continue  # it changes nothing, and may have been left out
        if not any(_is_same(edge, event) for event in _until_next_step(happened)):
            return number
    return len(edges)


def _list_significant(events: Sequence[Event]) -> Iterator[Event]:
    return iter([event for event in events if event.kind not in RECORDS])


def _until_next_step(events: Iterator[Event]) -> Iterator[Event]:
    """Yield events up to and with the first that leads to another step: what comes after it is no answer."""
    for event in events:
        yield event
        if event.to_step is not None:
            return


def _is_same(edge: Edge, event: Event) -> bool:
    label = edge.label
    kind = EventKind.ACTION if event.kind in MADE_BY_PEOPLE else event.kind
    return kind == label.kind and event.data.get("rule", "") == label.rule and (event.to_step or None) == label.to
