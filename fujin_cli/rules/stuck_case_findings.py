"""Report open cases of older versions that cannot end with the procedures of today (FJ617)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from fujin_cli.core.cases.stranded_cases import MOST_IDS
from fujin_cli.core.findings.finding import Finding, Place, TraceStep
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.text.localized import LocalizedText, add_id_to_title, say, say_count, shorten_list
from fujin_cli.core.versions.stuck_cases import StuckCases, describe_dead_end
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import trace_of


def findings_of_stuck_cases(listed: Iterable[StuckCases], workspace: Workspace) -> Iterator[Finding]:
    """Report each group of cases that come to the same dead end, at their procedure's file if there still is one."""
    for stuck in listed:
        current = workspace.procedures.get(stuck.version.name)
        place = Place(current.path, ("procedure",)) if current else Place(stuck.cases[0])
        yield Finding("FJ617", "error", _message_of(stuck), place, _help_of(stuck), trace=_trace_of(stuck, workspace))


def _message_of(stuck: StuckCases) -> LocalizedText:
    version, dead_end = stuck.version, stuck.dead_end
    values: dict[str, object] = {
        "cases": shorten_list(stuck.cases, MOST_IDS),
        "all": stuck.cases,  # for lists of all of them; the sentence names the first
        "procedure": add_id_to_title(version.title, version.name),
        "version": version.digest[:12],
        "reason": describe_dead_end(dead_end, version),
    }
    if dead_end.certain:
        return say_count(
            "{count} open case of version {version} of {procedure} can never end: {reason} ({cases})",
            "{count} open cases of version {version} of {procedure} can never end: {reason} ({cases})",
            count=len(stuck.cases),
            **values,
        )
    return say_count(
        "{count} open case of version {version} of {procedure} can get stuck: {reason} ({cases})",
        "{count} open cases of version {version} of {procedure} can get stuck: {reason} ({cases})",
        count=len(stuck.cases),
        **values,
    )


def _help_of(stuck: StuckCases) -> LocalizedText:
    if stuck.dead_end.awaited is not None:
        return say(
            "if an outcome was renamed, say `was: OLD` at its end in the child's file; otherwise keep the old outcome "
            "until these cases have ended, or migrate them"
        )
    return say("migrate these cases to a version in which they can go on")


def _trace_of(stuck: StuckCases, workspace: Workspace) -> tuple[TraceStep, ...]:
    """Describe the run from where the case is now. The older version is in no file, so its lines have no places."""
    file = File("", "procedure", stuck.version.name, {})
    source = ProcedureSource(stuck.version, file, index_files(workspace))
    return tuple(replace(step, place=None, replay=None) for step in trace_of(source, stuck.dead_end.run))
