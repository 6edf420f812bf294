"""Run the lines of a scenario as operations in a sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases import decide, decide_opening
from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import complete_follow_ups
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.inputs import read_opening_inputs
from fujin_cli.core.cases.opening import append_opening
from fujin_cli.core.cases.operation import SYSTEM_ACTING, Advance, MoveRequest, Open, Operation
from fujin_cli.core.findings.refusals import NOTHING_SUCH, TOO_SOON, Refusal
from fujin_cli.core.model.procedure import Action, Field, Procedure
from fujin_cli.core.model.scenario_file import START, Line, Scenario
from fujin_cli.core.model.values import Values
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.passing_time import wait_for_duration, wait_for_period_end, wait_for_rung
from fujin_cli.core.simulate.path_to_outcome import find_path_to_outcome
from fujin_cli.core.simulate.sample_actors import FieldValues, InputChooser, choose_proof_code, do_as_first_entitled
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.core.simulate.scenario_place import find_community_and_committee
from fujin_cli.core.text.localized import say
from fujin_cli.core.wording.labels import group_label, outcome_label, step_label

MOST_NESTED_OPENINGS = 6  # cases that open cases, one inside the other
MOST_PATHS = 20  # how often a path is computed again from where a limit led elsewhere


def prepare_run(
    workspace: Workspace,
    calendar: WorkingCalendar,
    scenario: Scenario,
    start: datetime | None = None,
    patient: bool = False,
) -> ScenarioRun:
    """Prepare the run of a scenario whose procedure exists. Raises ValueError for text that is no moment."""
    now = calendar.parse_moment(scenario.at or START) if scenario.at or start is None else start
    if scenario.settings:
        chosen = {scenario.procedure: scenario.settings}
        workspace = replace(workspace, organisation=replace(workspace.organisation, chosen=chosen))
    return ScenarioRun(Sandbox(workspace, calendar, now), scenario, workspace.procedures[scenario.procedure], patient)


@dataclass(slots=True)
class ScenarioRun:
    """Hold one run: its case, and the sandbox in which it is carried out.

    ``patient`` waits where an action can only be done later; the explorer finds such paths, because for it time may
    pass anywhere.
    """

    sandbox: Sandbox
    scenario: Scenario
    version: Procedure
    patient: bool = False
    id: str = ""
    events_before_last_line: int = 0  # how many events the case had before the last line
    events_before_line_before: int = 0  # and before the line before that
    nested_openings: int = 0  # how many cases are being opened inside one another
    input_chooser: InputChooser = field(init=False)

    def __post_init__(self) -> None:
        self.input_chooser = InputChooser(self.sandbox, self._open_referenced_case)

    @property
    def case(self) -> Case:
        """The case of the run, as it is now."""
        return self.sandbox.replay_case(self.id)

    def open_case(self) -> None:
        """Open the case. Raises Refusal."""
        self.id = self._open_case_as_entitled(
            self.version, self.scenario.actor, self.scenario.inputs, self.scenario.channel
        )

    def carry_out_line(self, line: Line) -> None:
        """Carry out one line on the case. Raises Refusal."""
        self.events_before_line_before = self.events_before_last_line
        self.events_before_last_line = len(self.sandbox.ledger.read(self.id))
        self._carry_out_on_case(self.id, line, 0)

    # opening

    def _open_case_as_entitled(
        self, version: Procedure, actor: str | None, entered: FieldValues, channel: str | None
    ) -> str:
        sandbox = self.sandbox
        community, committee = find_community_and_committee(sandbox.workspace, self.scenario)
        if version is not self.version or not self.scenario.committee:
            committee = sandbox.workspace.organisation.find_child_committee(version.name, community, committee)
        inputs = self.input_chooser.choose_opening_inputs(version, entered, community)
        names = tuple(name for name in version.opened_by if name != "procedure")
        if not names:
            return sandbox.run_operation(lambda on: _open_as_child(on, version, community, committee, inputs))
        nobody = Case("", procedure=version.name, community=community, committee=committee)
        people = People(nobody, version, sandbox.workspace.organisation, sandbox.calendar.to_local(sandbox.now).date())

        def open_as(candidate: str) -> str:
            command = Open(version.name, community, candidate, committee, channel, inputs)
            return sandbox.run_operation(lambda on: decide_opening.open_case(on, command))

        return do_as_first_entitled(people, names, actor, open_as)

    def _open_referenced_case(self, field: Field, ending: str) -> str:
        """Open another case for a field that refers to one, by a procedure that it allows; end it if asked to."""
        procedures = self.sandbox.workspace.procedures
        by_people = [name for name, version in procedures.items() if "procedure" not in version.opened_by]
        name = next((name for name in (*field.of, *by_people) if name in procedures), self.version.name)
        version = procedures[name]
        if self.nested_openings > MOST_NESTED_OPENINGS:
            title = version.title or name
            raise Refusal(NOTHING_SUCH, say("opening a case of {procedure} needs another case", procedure=title))
        self.nested_openings += 1
        own = {key: value for key, value in self.scenario.inputs.items() if version is self.version}
        id = self._open_case_as_entitled(version, self.scenario.actor if version is self.version else None, own, None)
        self.nested_openings -= 1
        if ending == "ended":
            self._bring_to_outcome(id, "ended", {}, 1)
        return id

    # lines

    def _carry_out_on_case(self, id: str, line: Line, depth: int) -> None:
        if depth > MOST_NESTED_OPENINGS:
            raise Refusal(NOTHING_SUCH, say("cases open other cases too deeply here"))
        match line.kind:
            case "action":
                self._carry_out_action(id, line)
            case "ends":
                self._end_related_case(id, line, depth)
            case "rung" | "late_rung":
                wait_for_rung(self.sandbox, id, line.value, line.kind == "late_rung")
            case "time":
                wait_for_period_end(self.sandbox, id)
            case _:
                wait_for_duration(self.sandbox, self.id, line.value)

    def _carry_out_action(self, id: str, line: Line) -> None:
        sandbox, case = self.sandbox, self.sandbox.replay_case(id)
        version = sandbox.version_of_case(case)
        operation = sandbox.start_reading_operation()
        action = decide.require_move(operation, case, line.name).action
        inputs = self.input_chooser.choose_action_inputs(case, version, action, line.inputs, line.without)
        code = choose_proof_code(sandbox, case, version, line.code)

        def advance_as(candidate: str) -> None:
            command = Advance(id, action.name, candidate, inputs, line.note, code)
            refusal = sandbox.run_operation(lambda operation: decide.advance_case(operation, command))
            if refusal:
                raise refusal

        on_lists = {id for name in action.effects.adds for id in case.values.get(name) or ()}  # who takes part already
        try:
            do_as_first_entitled(operation.people_of(case), action.by, line.actor, advance_as, on_lists)
        except Refusal as refusal:
            later = (
                self._find_next_allowed_time(case, version, action)
                if self.patient and refusal.code == TOO_SOON
                else None
            )
            if later is None:
                raise
            sandbox.wait_until(later)
            do_as_first_entitled(
                sandbox.start_reading_operation().people_of(sandbox.replay_case(id)),
                action.by,
                line.actor,
                advance_as,
                on_lists,
            )

    def _find_next_allowed_time(self, case: Case, version: Procedure, action: Action) -> datetime | None:
        newest = [event.at for event in case.events if event.data.get("rule") == action.rule]
        return (
            Deadlines(case, version, self.sandbox.calendar).add_duration(newest[-1], action.spaced or "")
            if newest
            else None
        )

    def _end_related_case(self, id: str, line: Line, depth: int) -> None:
        """Bring a child of the group, or the case that this one is joined to, to an outcome (or open it again)."""
        case = self.sandbox.replay_case(id)
        if case.joined_to and case.joined_to[0] == line.name:
            self._bring_to_outcome(case.joined_to[1], line.value, line.inputs, depth + 1)
            return
        own = [child for child in case.children if child.group == line.name]
        if line.value == "open":
            ended = [child.case for child in own if child.outcome is not None]
            for child in reversed(ended):
                self._carry_out_action(child, Line("action", "reopen", inputs=line.inputs))
                return
        waiting = [child.case for child in own if child.outcome is None]
        if not waiting and id == self.id and self._has_just_ended({child.case for child in own}, line.value):
            return
        if not waiting:
            raise Refusal(
                NOTHING_SUCH, say("no case of {group} is open here", group=group_label(self.version, line.name))
            )
        self._bring_to_outcome(waiting[0], line.value, line.inputs, depth + 1)

    def _has_just_ended(self, children: set[str], outcome: str) -> bool:
        """Whether one of the children ended so with the line before: some end as they are opened."""
        events = self.case.events[self.events_before_line_before : self.events_before_last_line]
        return any(
            event.kind == EventKind.CHILD
            and event.data["case"] in children
            and outcome in ("ended", event.data.get("child_outcome"))
            for event in events
        )

    def _bring_to_outcome(self, id: str, outcome: str, inputs: FieldValues, depth: int) -> None:
        """Bring a case to an outcome by a shortest path; computed again where a limit leads elsewhere."""
        run = replace(self, patient=True)
        for _ in range(MOST_PATHS):
            case = self.sandbox.replay_case(id)
            path = None if case.has_ended else find_path_to_outcome(self.sandbox.workspace.procedures, case, outcome)
            if path is None:
                break
            for line in path:
                run._carry_out_on_case(id, run._add_requested_inputs(id, line, inputs), depth)
            if outcome in ("ended", self.sandbox.replay_case(id).outcome):
                return
        case = self.sandbox.replay_case(id)
        version = self.sandbox.version_of_case(case)
        reason = say(
            "a case of {procedure} cannot reach the outcome {outcome} from {step}",
            procedure=version.title or version.name,
            outcome=outcome_label(version, outcome),
            step=step_label(version, case.step),
        )
        raise Refusal(NOTHING_SUCH, reason)

    def _add_requested_inputs(self, id: str, line: Line, inputs: FieldValues) -> Line:
        """Add to the line those inputs that its action asks for."""
        if line.kind != "action":
            return line
        action = decide.require_move(
            self.sandbox.start_reading_operation(), self.sandbox.replay_case(id), line.name
        ).action
        requested = {input.field for input in action.inputs}
        return replace(line, inputs={**line.inputs, **{name: inputs[name] for name in inputs if name in requested}})


def _open_as_child(
    operation: Operation, version: Procedure, community: str, committee: str | None, entered: FieldValues
) -> str:
    """Open a case of a procedure that people cannot open, as if a parent had opened it."""
    values = read_opening_inputs(
        version, Values(version, operation.environment.organisation, operation.environment.calendar), entered
    )
    id = operation.environment.allocate(community, operation.environment.local_month())
    request = MoveRequest(EventKind.OPENED, None, SYSTEM_ACTING)
    complete_follow_ups(operation, append_opening(operation, id, version, community, committee, values, request))
    return id
