"""Arrange a comparison in sections: headline, findings, procedures, organisation, open cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.findings.finding import Finding, Place, TraceStep
from fujin_cli.core.text.localized import LocalizedText, say, say_count, title_of
from fujin_cli.core.versions.behaviour_changes import StepVerdict
from fujin_cli.core.versions.changes import HIDDEN, Change, Detail
from fujin_cli.core.versions.compare import ComparisonReport, ProcedureDifference
from fujin_cli.render.basics.names import title_with_id
from fujin_cli.render.basics.text import to_one_line
from fujin_cli.render.findings.text import findings_summary
from fujin_cli.render.procedures.words import amount_words
from fujin_cli.render.versions.case_impact import case_items, deadline_items, group_case_findings
from fujin_cli.render.versions.change_words import VersionWords, key_words
from fujin_cli.render.versions.page_parts import Item, Section, step_title_with_id


def comparison_headline(report: ComparisonReport) -> str:
    """Summarise the comparison in one sentence."""
    procedures, organisation = len(report.comparison.procedures), len(report.comparison.organisation)
    names = {"old": report.old.name, "new": report.new.name}
    if report.comparison.is_same and not report.findings:
        return str(say("no differences between {old} and {new}", **names))
    parts = [
        say_count("{count} procedure", "{count} procedures", count=procedures),
        say_count("{count} change of the organisation", "{count} changes of the organisation", count=organisation),
    ]
    files = len(report.comparison.files)
    if files:
        parts.append(say_count("{count} scenario or migration", "{count} scenarios and migrations", count=files))
    if report.comparison.cases is not None:
        cases = len({*report.comparison.stranded, *(case.case for case in report.comparison.cases)})
        parts.append(say_count("{count} open case", "{count} open cases", count=cases))
    line = str(say("{old} → {new}: {parts}", parts=parts, **names))
    return f"{line}\n{findings_summary(report.findings, report.files)}" if report.findings else line


def list_sections(report: ComparisonReport) -> Iterator[Section]:
    """List the sections below the headline."""
    if report.findings:
        yield Section(str(say("Findings")), [_finding_item(finding) for finding in group_case_findings(report)])
    for difference in report.comparison.procedures:
        yield _procedure_section(report, difference)
    if report.comparison.organisation:
        items = [_change_item(change, report) for change in report.comparison.organisation]
        yield Section(str(say("Organisation")), items)
    if report.comparison.files:
        yield Section(str(say("Scenarios and migrations")), [_change_item(c, report) for c in report.comparison.files])
    if report.comparison.deadlines:
        yield Section(str(say("Deadlines that move")), list(deadline_items(report, report.comparison.deadlines)))
    if report.comparison.cases:
        yield Section(str(say("Open cases")), list(case_items(report, report.comparison.cases)))


_SEVERITIES = {"error": say("error"), "warning": say("warning"), "info": say("info")}


def _finding_item(finding: Finding) -> Item:
    head = f"{_SEVERITIES[finding.severity]}[{finding.code}]"
    line = str(say("{head}: {text}", head=head, text=to_one_line(str(finding.message))))
    where = path_and_line(finding.place) if finding.place.span else ""
    help = (str(say("{head}: {text}", head=say("help"), text=finding.help)),) if finding.help else ()
    return Item(f"{line}  {where}".rstrip(), help)


def path_and_line(place: Place | None) -> str:
    """Write a place for the end of a line."""
    if place is None:
        return ""
    return f"{place.path}:{place.span.line}" if place.span else place.path


_BY_KEY_ALONE = ("scenario", "migration")
_KINDS = {
    "added": say("added"),
    "removed": say("removed"),
    "renamed": say("renamed"),
    "changed": say("changed"),
}
_PARTS: dict[str, LocalizedText] = {
    "procedure": say("procedure"),
    "setting": say("setting"),
    "people": say("people"),
    "field": say("field"),
    "form": say("form"),
    "child group": say("group of cases"),
    "outcome": say("outcome"),
    "clock": say("clock"),
    "step": say("step"),
    "action": say("action"),
    "rung": say("rung"),
    "move": say("automatic move"),
    "guarantee": say("guarantee"),
    "workspace": say("workspace"),
    "city": say("city"),
    "role": say("role"),
    "trait": say("trait"),
    "group": say("priority group"),
    "street": say("street"),
    "community": say("community"),
    "grid": say("grid"),
    "venue": say("venue"),
    "board": say("notice board"),
    "topic": say("topic"),
    "kind": say("kind of committee"),
    "partner": say("partner"),
    "committee": say("committee"),
    "member": say("roster"),
    "own setting": say("own setting"),
    "vacant seats": say("vacant seats"),
    "scenario": say("scenario"),
    "migration": say("migration"),
}


def _procedure_section(report: ComparisonReport, difference: ProcedureDifference) -> Section:
    kinds = {**_KINDS, "reached": say("procedures that it opens have changed")}
    name = title_of(difference.title, difference.name)
    title = say("{title} ({name}): {kind}", title=name, name=difference.name, kind=kinds[difference.kind])
    lines = [_change_item(change, report, difference) for change in difference.changes]
    words = {
        "gained": say("guarantee gained: {name}"),
        "lost": say("guarantee lost: {name}"),
        "weakened": say("guarantee weakened: {name}"),
    }
    fates = [fate for fate in difference.guarantees if fate.fate in words]
    sides = {
        "gained": VersionWords(report.new.workspace, difference.new),
        "lost": VersionWords(report.old.workspace, difference.old),
        "weakened": VersionWords(report.old.workspace, difference.old),
    }
    for fate in fates:
        sentence = sides[fate.fate].guarantee_sentence(fate.name)
        became = LocalizedText(words[fate.fate].text, {"name": title_with_id(fate.title, fate.name)})
        lines.append(Item(str(became), (sentence,) if sentence else ()))
    for which, heading in _RUNS.items():
        run = report.runs.get((difference.name, which))
        if run:
            lines.append(
                Item(_run_heading(heading, difference, which), tuple(_format_run_step(step) for step in run), run=True)
            )
    if difference.behaviour and difference.kind == "changed":
        lines += _step_verdict_items(difference, difference.behaviour.steps)
    return Section(str(title), lines)


_RUNS = {
    "forbidden": say("no longer allowed; the last line of the shortest run is now refused:"),
    "fewer": say("no longer allowed to some people; the last line of the shortest run says to whom:"),
    "allowed": say("newly allowed; the last line of the shortest run is new:"),
    "more": say("newly allowed to other people; the last line of the shortest run says to whom:"),
}


def _run_heading(heading: LocalizedText, difference: ProcedureDifference, which: str) -> str:
    """Write the heading of a run, with its settings where they are not the defaults."""
    run = getattr(difference.behaviour, which)
    if not run.settings:
        return str(heading)
    values = [f"{name} = {amount_words(value)}" for name, value in run.settings.items()]
    return str(say("with {settings}: {said}", settings=values, said=heading))


def _format_run_step(step: TraceStep) -> str:
    where = f"  {path_and_line(step.place)}" if step.place and step.place.span else ""
    return f"{to_one_line(str(step.text))}{where}"


def _step_verdict_items(difference: ProcedureDifference, verdicts: Sequence[StepVerdict]) -> Iterator[Item]:
    """Say what becomes of cases at each step; steps where they stay share one line."""
    if not verdicts:
        return
    staying = [v.step for v in verdicts if v.verdict == "safe" and v.targets == (v.step,)]
    below = []
    if staying:
        names = [step_title_with_id(difference.old, step) for step in staying]
        below.append(str(say("safe, at the same step: {steps}", steps=names)))
    below += [str(_verdict_words(verdict, difference)) for verdict in verdicts if verdict.step not in staying]
    yield Item(str(say("cases at this step now:")), tuple(below))


def _verdict_words(verdict: StepVerdict, difference: ProcedureDifference) -> LocalizedText:
    targets = [step_title_with_id(difference.new, target) for target in verdict.targets]
    values = {"step": step_title_with_id(difference.old, verdict.step), "targets": targets}
    match verdict.verdict:
        case "safe":
            return say("{step}: safe → {targets}", **values)
        case "depends":
            return say("{step}: depends on history → {targets}", **values)
        case "incomplete":
            return say("{step}: cannot complete → {targets}", **values)
        case "unknown":
            return say("{step}: unknown, because the comparison is incomplete", **values)
    return say("{step}: stuck", **values)


def _change_item(change: Change, report: ComparisonReport, difference: ProcedureDifference | None = None) -> Item:
    old = VersionWords(report.old.workspace, difference.old if difference else None)
    new = VersionWords(report.new.workspace, difference.new if difference else None)
    own = old if change.kind == "removed" else new
    words = {"kind": _KINDS[change.kind], "part": _PARTS[change.part], "name": own.part_name(change.part, change.name)}
    if change.was:
        head = say("{kind} {part} {was} → {name}", **words, was=old.part_name(change.part, change.was))
    else:
        head = say("{kind} {part} {name}", **words)
    below = _detail_lines(change, report, old, new)
    if len(below) == 1 and change.kind == "changed" and change.part != "guarantee":
        return Item(f"{head}: {below[0]}")
    place = report.old.at(change.old_place) if change.kind == "removed" and change.old_place else None
    if change.kind != "removed" and change.new_place:
        place = report.new.at(change.new_place)
    where = f"  {path_and_line(place)}" if place else ""
    return Item(f"{head}{where}", below)


def _detail_lines(change: Change, report: ComparisonReport, old: VersionWords, new: VersionWords) -> tuple[str, ...]:
    if change.part == "guarantee":
        before, after = old.guarantee_sentence(change.was or change.name), new.guarantee_sentence(change.name)
        if before is None or after is None:
            return tuple(text for text in (before, after) if text is not None)
        if before != after:  # else they differ in names alone, which sentences give by their titles
            return (f"{before} → {after}",)
    if change.part in _BY_KEY_ALONE:
        keys = [detail.key for detail in change.details]
        return (str(say("other: {keys}", keys=keys)),) if keys and change.kind == "changed" else ()
    return tuple(_detail_line(change, detail, report, old, new) for detail in change.details)


def _detail_line(change: Change, detail: Detail, report: ComparisonReport, old: VersionWords, new: VersionWords) -> str:
    key = f"{key_words(detail.key)}: " if detail.key else ""
    after = new.format_value(change.part, change.name, detail.key, detail.new)
    if change.kind == "added":
        return f"{key}{after}"
    before = old.format_value(change.part, change.was or change.name, detail.key, detail.old)
    where = _format_places(report, detail)
    if detail.old == detail.new == HIDDEN:
        return str(say("{key}changed (not shown)", key=key)) + where
    return f"{key}{before} → {after}{where}"


def _format_places(report: ComparisonReport, detail: Detail) -> str:
    """Write the places of both values; the path only once where it is the same."""
    old, new = detail.old_place, detail.new_place
    if old is None or new is None:
        place = report.old.at(old) if old else report.new.at(new) if new else None
        return f"  {path_and_line(place)}" if place else ""
    before, after = report.old.at(old), report.new.at(new)
    if old.path != new.path or before.span is None:
        return f"  {path_and_line(before)} → {path_and_line(after)}"
    if after.span is not None and after.span.line == before.span.line:
        return f"  {path_and_line(after)}"
    words = say("{place}, previously line {line}", place=path_and_line(after), line=before.span.line)
    return f"  {words}"
