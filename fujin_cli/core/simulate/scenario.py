"""Drives the lines of a scenario through the engine, at a desk that nobody keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar
from fujin_cli.core.cases import decide, decide_opening
from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import complete
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.follow_ups import SYSTEM_ACTING, MoveRequest
from fujin_cli.core.cases.inputs import opening_inputs
from fujin_cli.core.cases.opening import open_case as append_opening
from fujin_cli.core.cases.operation import Operation
from fujin_cli.core.cases.requests import Advance, Open
from fujin_cli.core.findings.refusals import NOTHING_SUCH, OPENING_REFUSED, TOO_SOON, Refusal
from fujin_cli.core.model.procedure import Action, Field, Procedure
from fujin_cli.core.model.scenario_file import START, Line, Scenario
from fujin_cli.core.model.values import Values
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.path_to_outcome import find_path_to_outcome
from fujin_cli.core.simulate.sample_actors import Given, InputChooser, as_first_entitled, code_to_enter
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.core.text.message import say
from fujin_cli.core.wording.labels import outcome_label, step_label

DEEPEST = 6  # cases that open cases
MOST_WAYS = 20  # how often a way is looked for anew


def run_of(
    workspace: Workspace,
    calendar: WorkingCalendar,
    scenario: Scenario,
    start: datetime | None = None,
    patient: bool = False,
) -> Run:
    """A run that has not begun; the procedure must be there. Raises ValueError for a moment that is none."""
    now = calendar.parse_moment(scenario.at or START) if scenario.at or start is None else start
    if scenario.settings:
        chosen = {scenario.procedure: scenario.settings}
        workspace = replace(workspace, organisation=replace(workspace.organisation, chosen=chosen))
    return Run(Sandbox(workspace, calendar, now), scenario, workspace.procedures[scenario.procedure], patient)


@dataclass(slots=True)
class Run:
    """One run: the case that it is about, and the desk at which it is driven.

    ``patient`` waits where an action can be done later only, as the explorer does, for which time passes anywhere.
    """

    sandbox: Sandbox
    scenario: Scenario
    version: Procedure
    patient: bool = False
    id: str = ""
    before_last: int = 0  # events of the case before the last line
    others: int = 0  # cases being opened for fields of the one that is being opened
    choose: InputChooser = field(init=False)

    def __post_init__(self) -> None:
        self.choose = InputChooser(self.sandbox, self._another)

    @property
    def case(self) -> Case:
        """The case that the run is about, as it is now."""
        return self.sandbox.case(self.id)

    def open(self) -> None:
        """Open the case. Raises Refusal."""
        self.id = self._opened(self.version, self.scenario.actor, self.scenario.inputs, self.scenario.channel)

    def take(self, line: Line) -> None:
        """Carry out one line on the case. Raises Refusal."""
        self.before_last = len(self.sandbox.ledger.read(self.id))
        self._take(self.id, line, 0)

    # opening

    def _opened(self, version: Procedure, actor: str | None, given: Given, channel: str | None) -> str:
        community, committee = self._where()
        sandbox = self.sandbox
        inputs = self.choose.opening(version, given, community)
        names = tuple(name for name in version.opened_by if name != "procedure")
        if not names:
            return sandbox.operate(lambda on: _as_child(on, version, community, committee, inputs))
        nobody = Case("", procedure=version.name, community=community, committee=committee)
        people = People(nobody, version, sandbox.workspace.organisation, sandbox.calendar.local(sandbox.now).date())

        def opened(who: str) -> str:
            command = Open(version.name, community, who, committee, channel, inputs)
            return sandbox.operate(lambda on: decide_opening.open_case(on, command))

        return as_first_entitled(people, names, actor, opened)

    def _where(self) -> tuple[str, str | None]:
        """The community and committee: as the scenario says, else of the first committee that works by it."""
        organisation = self.sandbox.workspace.organisation
        if self.scenario.community:
            return self.scenario.community, self.scenario.committee
        if self.scenario.committee:
            unit = organisation.committees.get(self.scenario.committee)
            return unit.parent if unit else "", self.scenario.committee
        users = set(_openers(self.sandbox.workspace.procedures, self.version.name))
        for unit in organisation.committees.values():
            if users & set(unit.details.get("procedures") or ()) and unit.parent in organisation.communities:
                return unit.parent, unit.id
        if not organisation.communities:
            raise Refusal(OPENING_REFUSED, say("the workspace has no community"))
        return next(iter(organisation.communities)), None

    def _another(self, field: Field, ending: str) -> str:
        """Another case for a field that names one: of the procedure that the field asks for, open or ended."""
        procedures = self.sandbox.workspace.procedures
        by_people = [name for name, version in procedures.items() if "procedure" not in version.opened_by]
        name = next((name for name in (*field.of, *by_people) if name in procedures), self.version.name)
        version = procedures[name]
        if self.others > DEEPEST:
            title = version.title or name
            raise Refusal(NOTHING_SUCH, say("a case of {procedure} needs another one to be opened", procedure=title))
        self.others += 1
        own = {key: value for key, value in self.scenario.inputs.items() if version is self.version}
        id = self._opened(version, self.scenario.actor if version is self.version else None, own, None)
        self.others -= 1
        if ending == "ended":
            self._bring(id, "ended", {}, 1)
        return id

    # lines

    def _take(self, id: str, line: Line, depth: int) -> None:
        if depth > DEEPEST:
            raise Refusal(NOTHING_SUCH, say("cases open cases here, too deep to follow"))
        match line.kind:
            case "action":
                self._act(id, line)
            case "ends":
                self._end(id, line, depth)
            case "rung":
                self._rung(id, line.value)
            case "time":
                self._period(id)
            case _:
                self._wait(line.value)

    def _act(self, id: str, line: Line) -> None:
        sandbox, case = self.sandbox, self.sandbox.case(id)
        version = sandbox.version(case)
        on = sandbox.look()
        action = decide.find_move(on, case, line.name).action
        inputs = self.choose.action(case, version, action, line.inputs, line.without)
        code = code_to_enter(sandbox, case, version, line.code)

        def done(who: str) -> None:
            command = Advance(id, action.name, who, inputs, line.note, code)
            refusal = sandbox.operate(lambda on: decide.advance(on, command))
            if refusal:
                raise refusal

        try:
            as_first_entitled(on.people(case), action.by, line.actor, done)
        except Refusal as refusal:
            later = self._later(case, version, action) if self.patient and refusal.code == TOO_SOON else None
            if later is None:
                raise
            sandbox.wait(later)
            as_first_entitled(sandbox.look().people(sandbox.case(id)), action.by, line.actor, done)

    def _later(self, case: Case, version: Procedure, action: Action) -> datetime | None:
        newest = [event.at for event in case.events if event.data.get("rule") == action.rule]
        return (
            Deadlines(case, version, self.sandbox.calendar).after(newest[-1], action.spaced or "") if newest else None
        )

    def _end(self, id: str, line: Line, depth: int) -> None:
        """Let a case of the group, or the one that this one was joined to, come to an outcome (or open again)."""
        case = self.sandbox.case(id)
        if case.joined_to and case.joined_to[0] == line.name:
            self._bring(case.joined_to[1], line.value, line.inputs, depth + 1)
            return
        own = [child for child in case.children if child.group == line.name]
        if line.value == "open":
            ended = [child.case for child in own if child.outcome is not None]
            for child in reversed(ended):
                self._act(child, Line("action", "reopen", inputs=line.inputs))
                return
        waiting = [child.case for child in own if child.outcome is None]
        if not waiting:
            raise Refusal(NOTHING_SUCH, say("no case of {group} is open here", group=line.name))
        self._bring(waiting[0], line.value, line.inputs, depth + 1)

    def _bring(self, id: str, outcome: str, inputs: Given, depth: int) -> None:
        """Bring a case to an end with that outcome, by a shortest way; where a limit leads elsewhere, on from there."""
        run = replace(self, patient=True)
        for _ in range(MOST_WAYS):
            case = self.sandbox.case(id)
            way = None if case.ended else find_path_to_outcome(self.sandbox.workspace.procedures, case, outcome)
            if way is None:
                break
            for line in way:
                run._take(id, run._with(id, line, inputs), depth)
            if outcome in ("ended", self.sandbox.case(id).outcome):
                return
        case = self.sandbox.case(id)
        version = self.sandbox.version(case)
        said = say(
            "a case of {procedure} does not end as {outcome} from {step}",
            procedure=version.title or version.name,
            outcome=outcome_label(version, outcome),
            step=self._step(case),
        )
        raise Refusal(NOTHING_SUCH, said)

    def _with(self, id: str, line: Line, inputs: Given) -> Line:
        """The line with those of the inputs that its action asks for."""
        if line.kind != "action":
            return line
        action = decide.find_move(self.sandbox.look(), self.sandbox.case(id), line.name).action
        asked = {entry.field for entry in (*action.needs, *action.may)}
        return replace(line, inputs={**line.inputs, **{name: inputs[name] for name in inputs if name in asked}})

    def _step(self, case: Case) -> object:
        return step_label(self.sandbox.version(case), case.step)

    # time

    def _rung(self, id: str, number: str) -> None:
        sandbox, case = self.sandbox, self.sandbox.case(id)
        ladder = sandbox.version(case).steps[case.step].ladder
        if not number.isdigit() or not 1 <= int(number) <= len(ladder):
            said = say("{step} has no rung {number} on its ladder", step=self._step(case), number=number)
            raise Refusal(NOTHING_SUCH, said)
        rung = ladder[int(number) - 1]
        at = Deadlines(case, sandbox.version(case), sandbox.calendar).rung_time(rung)
        before = case.counts.get(rung.rule, 0)
        if at is not None and rung.index not in case.fired:
            sandbox.wait(max(at, sandbox.now))
        if sandbox.case(id).counts.get(rung.rule, 0) == before:
            step = self._step(case)
            said = say("rung {number} of the ladder of {step} does not happen here", number=int(number), step=step)
            raise Refusal(NOTHING_SUCH, said)

    def _period(self, id: str) -> None:
        sandbox, case = self.sandbox, self.sandbox.case(id)
        version = sandbox.version(case)
        ends = Deadlines(case, version, sandbox.calendar).first() if version.steps[case.step].lasts else None
        if ends is None or case.time_up:
            raise Refusal(NOTHING_SUCH, say("{step} has no period that could be up", step=self._step(case)))
        sandbox.wait(max(ends, sandbox.now))

    def _wait(self, text: str) -> None:
        settings = self.case.settings
        try:
            until = self.sandbox.calendar.add(self.sandbox.now, parse_duration(settings.get(text, text)))
        except ValueError:
            raise Refusal(NOTHING_SUCH, say("{text} is no duration", text=text)) from None
        except NotCovered as missing:
            raise Refusal(NOTHING_SUCH, missing.args[0]) from None
        self.sandbox.wait(until)


def _as_child(on: Operation, version: Procedure, community: str, committee: str | None, given: Given) -> str:
    """A case that only another procedure opens begins as if one had opened it."""
    values = opening_inputs(version, Values(version, on.environment.organisation, on.environment.calendar), given)
    id = on.environment.allocate(community, on.environment.month())
    request = MoveRequest(EventKind.OPENED, None, SYSTEM_ACTING)
    complete(on, append_opening(on, id, version, community, committee, values, request))
    return id


def _openers(procedures: Mapping[str, Procedure], name: str) -> Iterator[str]:
    """The procedure, and every one that opens it, however far up."""
    found, todo = {name}, [name]
    while todo:
        child = todo.pop()
        yield child
        for parent, version in procedures.items():
            if parent not in found and any(
                opens.procedure == child for e in version.all_effects() for opens in e.opens
            ):
                found.add(parent)
                todo.append(parent)
