"""A comparison as people read it, top down: what it comes to, then procedures, the organisation, and open cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.calendar import WorkingCalendar
from fujin_cli.core.compare import Change, Detail
from fujin_cli.core.compare_behaviour import StepVerdict
from fujin_cli.core.comparison import CaseVerdict, Comparison, ProcedureDifference, Side
from fujin_cli.core.finding import Finding, Place, Step
from fujin_cli.core.message import Message, say, spoken, title_of
from fujin_cli.render.findings import summary as counted
from fujin_cli.render.moments import full
from fujin_cli.render.text import one_line

MOST_CASES = 60  # lines; JSON has all of them
Runs = Mapping[tuple[str, str], Sequence[Step]]  # (procedure, "allowed" or "forbidden") → the run


@dataclass(frozen=True, slots=True)
class Item:
    """One line, and what belongs under it, numbered where it is a run."""

    text: str
    below: tuple[str, ...] = ()
    run: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a comparison: the two sides, the findings with their places, and the runs in words."""

    comparison: Comparison
    old: Side
    new: Side
    findings: Sequence[Finding]
    runs: Runs
    calendar: WorkingCalendar


def headline(shown: Shown) -> str:
    """What it all comes to, in one sentence."""
    procedures, organisation = len(shown.comparison.procedures), len(shown.comparison.organisation)
    names = {"old": shown.old.name, "new": shown.new.name}
    if shown.comparison.same and not shown.findings:
        return str(say("nothing differs between {old} and {new}", **names))
    said = [
        say("1 procedure") if procedures == 1 else say("{count} procedures", count=procedures),
        say("1 change of the organisation")
        if organisation == 1
        else say("{count} changes of the organisation", count=organisation),
    ]
    if shown.comparison.cases is not None:
        cases = len(shown.comparison.cases)
        said.append(say("1 open case") if cases == 1 else say("{count} open cases", count=cases))
    line = str(say("{old} → {new}: {parts}", parts=said, **names))
    files = len(shown.new.workspace.files)
    return f"{line}\n{counted(shown.findings, files)}" if shown.findings else line


def sections(shown: Shown) -> Iterator[Section]:
    """Everything below the headline."""
    if shown.findings:
        yield Section(str(say("Findings")), [_finding(finding) for finding in shown.findings])
    for difference in shown.comparison.procedures:
        yield _procedure(shown, difference)
    if shown.comparison.organisation:
        items = [_change(change, shown) for change in shown.comparison.organisation]
        yield Section(str(say("Organisation")), items)
    if shown.comparison.cases:
        yield _cases(shown, shown.comparison.cases)


_SEVERITIES = {"error": say("error"), "warning": say("warning"), "info": say("info")}


def _finding(finding: Finding) -> Item:
    head = f"{_SEVERITIES[finding.severity]}[{finding.code}]"
    line = str(say("{head}: {text}", head=head, text=one_line(str(finding.message))))
    where = place_words(finding.place) if finding.place.span else ""
    help = (str(say("{head}: {text}", head=say("help"), text=finding.help)),) if finding.help else ()
    return Item(f"{line}  {where}".rstrip(), help)


def place_words(place: Place | None) -> str:
    """Where something stands, for the end of a line."""
    if place is None:
        return ""
    return f"{place.path}:{place.span.line}" if place.span else place.path


_KINDS = {
    "added": say("added"), "removed": say("removed"), "renamed": say("renamed"), "changed": say("changed"),
}  # fmt: skip
_PARTS: dict[str, Message] = {
    "procedure": say("procedure"), "setting": say("setting"), "people": say("people"), "field": say("field"),
    "form": say("form"), "clock": say("clock"), "step": say("step"), "action": say("action"), "rung": say("rung"),
    "move": say("move by itself"), "guarantee": say("guarantee"), "workspace": say("workspace"), "city": say("city"),
    "role": say("role"), "trait": say("trait"), "group": say("priority group"), "street": say("street"),
    "community": say("community"), "grid": say("grid"), "venue": say("venue"), "board": say("notice board"),
    "topic": say("topic"), "kind": say("kind of committee"), "partner": say("partner"),
    "committee": say("committee"), "member": say("roster"), "own setting": say("own setting"),
    "vacant seats": say("vacant seats"), "scenario": say("scenario"), "migration": say("migration"),
}  # fmt: skip


def _procedure(shown: Shown, difference: ProcedureDifference) -> Section:
    kinds = {**_KINDS, "reached": say("procedures that it opens were changed")}
    name = title_of(difference.title, difference.name)
    title = say("{title} ({name}): {kind}", title=name, name=difference.name, kind=kinds[difference.kind])
    items = [_change(change, shown) for change in difference.changes]
    words = {"gained": say("guarantee gained: {name}"), "lost": say("guarantee lost: {name}")}
    fates = [fate for fate in difference.guarantees if fate.fate in words]
    items += [Item(str(Message(words[fate.fate].text, {"name": fate.name}))) for fate in fates]
    for which, said in (
        ("forbidden", say("no longer allowed; the shortest run, its last line is what is refused:")),
        ("allowed", say("newly allowed; the shortest run, its last line is what is new:")),
    ):
        run = shown.runs.get((difference.name, which))
        if run:
            items.append(Item(str(said), tuple(_line(step) for step in run), run=True))
    if difference.behaviour and difference.kind == "changed":
        items += _steps(difference, difference.behaviour.steps)
    return Section(str(title), items)


def _line(step: Step) -> str:
    where = f"  {place_words(step.place)}" if step.place and step.place.span else ""
    return f"{one_line(str(step.text))}{where}"


def _steps(difference: ProcedureDifference, verdicts: Sequence[StepVerdict]) -> Iterator[Item]:
    """What becomes of cases at each step; those that stay where they are in one line."""
    if not verdicts:
        return
    staying = [v.step for v in verdicts if v.verdict == "safe" and v.targets == (v.step,)]
    below = []
    if staying:
        below.append(str(say("safe, at the same step: {steps}", steps=staying)))
    below += [str(_verdict(verdict)) for verdict in verdicts if verdict.step not in staying]
    yield Item(str(say("cases that stand there now:")), tuple(below))


def _verdict(verdict: StepVerdict) -> Message:
    values = {"step": verdict.step, "targets": verdict.targets}
    match verdict.verdict:
        case "safe":
            return say("{step}: safe → {targets}", **values)
        case "depends":
            return say("{step}: depends on history → {targets}", **values)
        case "incomplete":
            return say("{step}: cannot complete → {targets}", **values)
    return say("{step}: stuck", step=verdict.step)


def _change(change: Change, shown: Shown) -> Item:
    what = {"kind": _KINDS[change.kind], "part": _PARTS[change.part], "name": change.name, "was": change.was}
    head = say("{kind} {part} {was} → {name}", **what) if change.was else say("{kind} {part} {name}", **what)
    only = change.details if len(change.details) == 1 and change.kind == "changed" else ()
    if only:
        return Item(f"{head}: {_detail(only[0], shown)}")
    place = shown.old.at(change.old_place) if change.kind == "removed" and change.old_place else None
    if change.kind != "removed" and change.new_place:
        place = shown.new.at(change.new_place)
    where = f"  {place_words(place)}" if place else ""
    below = tuple(_detail(detail, shown, change.kind == "added") for detail in change.details)
    return Item(f"{head}{where}", below)


def _detail(detail: Detail, shown: Shown, added: bool = False) -> str:
    key = f"{detail.key}: " if detail.key else ""
    if added:
        return f"{key}{flow(detail.new)}"
    places = [
        place_words(side.at(place))
        for side, place in ((shown.old, detail.old_place), (shown.new, detail.new_place))
        if place
    ]
    where = f"  ({' → '.join(places)})" if places else ""
    return f"{key}{flow(detail.old)} → {flow(detail.new)}{where}"


def flow(value: Any) -> str:
    """A value on one line, as YAML's flow style has it; nothing at all is a dash."""
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return one_line(str(value))


def _cases(shown: Shown, cases: Sequence[CaseVerdict]) -> Section:
    order = {"stuck": 0, "incomplete": 1, "mapped": 2, "safe": 3}
    listed = sorted(cases, key=lambda case: order[case.verdict])
    items = [Item(str(_case(case, shown)), tuple(_below(case))) for case in listed[:MOST_CASES]]
    if len(listed) > MOST_CASES:
        items.append(Item(str(say("and {count} more; --json has all of them", count=len(listed) - MOST_CASES))))
    return Section(str(say("Open cases")), items)


def _case(case: CaseVerdict, shown: Shown) -> Message:
    due = full(case.due, shown.calendar) if case.due else "—"
    values = {"case": case.case, "step": case.step, "target": case.target, "due": due}
    match case.verdict:
        case "safe":
            return say("{case}: safe, {step} → {target}, due {due}", **values)
        case "mapped":
            migration = case.migration
            return say(
                "{case}: moved by {migration}, {step} → {target}, due {due}", **{**values, "migration": migration}
            )
        case "incomplete":
            return say("{case}: cannot complete, {step} → {target}", **values)
    return say("{case}: stuck at {step}", **values)


def _below(case: CaseVerdict) -> Iterable[str]:
    if case.reason is not None and case.verdict != "safe":
        yield str(say("event {number}: {reason}", number=case.at, reason=case.reason)) if case.at else str(case.reason)
    if case.owes:
        yield str(say("still owes: {guarantees}", guarantees=spoken(case.owes)))
