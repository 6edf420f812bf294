"""Define ``fujin case advance``: take an action on a case, and answer with what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.commands.common.options import DryRun, Note, RequestId, SetOrAppend, command, completes
from fujin_cli.core.cases import decide
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines, find_calendar_gap
from fujin_cli.core.cases.operation import Advance
from fujin_cli.core.findings.refusals import INPUT_MISSING, WRONG_CODE, Refusal
from fujin_cli.core.text.localized import say, say_count, title_of
from fujin_cli.language import translate as _
from fujin_cli.render.basics.moments import format_iso, format_moment
from fujin_cli.store.ledger.protocol import OutcomeUnknown
from fujin_cli.use_cases.run_operation import Decided, OperationResult, Request, operate_on

if TYPE_CHECKING:
    from fujin_cli.commands.common.field_arguments import InputReader
    from fujin_cli.core.cases.event import Event
    from fujin_cli.core.model.procedure import Procedure

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Texts = Mapping[str, list[str]]  # field → its values as typed


class ActionChoice(NamedTuple):
    """Name an action with its inputs as typed: ``texts`` replace values, ``appends`` are appended to lists."""

    action: str
    texts: Texts = MappingProxyType({})
    appends: Texts = MappingProxyType({})


CaseId = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help=_("a case: its id, the end of it, @, @3 or -"), autocompletion=completes("case")
    ),
]
CaseIds = Annotated[
    str,
    typer.Argument(
        metavar="CASE...",
        help=_("one case or several: ids, ends of ids, @, @3 or -"),
        autocompletion=completes("case"),
    ),
]
Code = Annotated[
    str | None,
    typer.Option("--code", metavar="CODE", help=_("the reporter's acceptance code (`-` reads stdin)")),
]


@command(
    app,
    "advance",
    _("Take an action on a case."),
    acts=True,
    several=True,
    examples="fujin case advance XF01-202606a-0001 accept --as p-0001\n"
    "fujin case advance 0001 0002 0003 accept --as p-0001\n"
    "fujin case advance XF01-202606a-0001 dispatch --as p-0001 --set lead=city-management --set partners=police\n"
    "fujin case advance XF01-202606a-0001 approve --as p-0103 --code 7K3Q9XZ2",
)
def advance(
    console: Console,
    case: CaseIds,
    action: Annotated[
        str | None,
        typer.Argument(
            metavar="ACTION",
            help=_("the name of the action; on a terminal fujin asks where it is left out"),
            autocompletion=completes("action"),
        ),
    ] = None,
    sets: SetOrAppend = None,
    note: Note = None,
    code: Code = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> None:
    """Do an action on a case; on a terminal, ask for what it needs and was not given."""
    choice = ActionChoice(action or "")
    reader = None
    if sets:
        from fujin_cli.commands.common.field_arguments import InputReader, parse_assignments

        choice = ActionChoice(choice.action, *parse_assignments(sets))
        reader = InputReader(console, request_id, dry_run, case)
        reader.read_stdin(choice.texts, choice.appends)
        reader.read_ahead(choice.texts, choice.appends)
    try:
        if action:
            take_action(
                console,
                case,
                lambda before, version: choice,
                reader,
                note=note,
                code=code,
                request_id=request_id,
                dry_run=dry_run,
            )
            return
    except Refusal as refusal:
        is_code_missing = refusal.code == WRONG_CODE and code is None
        if not (refusal.code == INPUT_MISSING or is_code_missing) or console.json or not on_terminal():
            raise
    from fujin_cli.commands.case.advance_form import AdvanceForm

    form = AdvanceForm(console, case, choice.action or None, {**choice.texts}, {**choice.appends}, note, code, dry_run)
    form.run(take_action, change_text, request_id)


def take_action(
    console: Console,
    id: str,
    choose: Callable[[Case, Procedure], ActionChoice],
    reader: InputReader | None = None,
    *,
    note: str | None = None,
    code: str | None = None,
    request_id: str | None = None,
    dry_run: bool = False,
    answer: Callable[[Console, str, OperationResult[Any], bool], None] | None = None,
) -> None:
    """Lock the case, do the action that ``choose`` selects, and answer with what changed. Raises Refusal.

    ``reader`` reads the inputs that ``choose`` returns (None: no inputs). ``answer`` shows the result in place of
    ``answer_change``.
    """
    session = console.session
    session.check_now_allowed()
    proof = console.read_stdin().strip().partition("\n")[0] if code == "-" else code

    def request_for(before: Case) -> Request[tuple[Refusal | None]]:
        version = session.version_of(before.id, before.version_digest, before.step)
        action, texts, appends = choose(before, version)
        inputs = reader.read(version, texts) if reader else {}
        appended_inputs = reader.read(version, appends) if reader else {}
        command = Advance(id, action, session.actor, inputs, note, proof, appended_inputs)
        return Request(lambda operation: (decide.advance_case(operation, command),), command.fingerprint())

    def answer_result(result: OperationResult[tuple[Refusal | None]]) -> None:
        if result.decided and result.decided[0]:
            raise result.decided[0]
        (answer or answer_change)(console, id, result, dry_run)

    if proof and dry_run:
        console.warn(say("a dry run does not check whether the acceptance code is right"))
    answer_operation(
        lambda: operate_on(session, id, request_for, request_id=request_id, dry_run=dry_run), answer_result
    )


def answer_operation(
    run: Callable[[], OperationResult[Decided]], answer: Callable[[OperationResult[Decided]], None]
) -> None:
    """Run an operation and answer with its result.

    Where it is unknown whether the operation took effect, new acceptance codes are shown all the same: if it did,
    nothing can show them again. Raises OutcomeUnknown then.
    """
    try:
        result = run()
    except OutcomeUnknown as unknown:
        if isinstance(unknown.result, OperationResult) and unknown.result.codes:
            answer(unknown.result)
        raise
    answer(result)


def answer_change(console: Console, id: str, result: OperationResult[Any], dry_run: bool) -> None:
    """Answer with what an operation changed about a case, or in a dry run would change."""
    case = result.cases[id]
    own_events = _list_own_events(id, result)
    code = None if dry_run else result.codes.get(id)  # the code of a dry run would not be valid
    warn_of_calendar(console, id, result)
    console.answer(
        lambda: {
            **change_json(console, id, result, dry_run),
            "from": own_events[0].from_step if own_events else case.step,
            "outcome": case.outcome,
            "event": own_events[-1].n if own_events else None,
            "opened": [child for child, event in result.appended if event.kind == "opened"],
            "acceptance_code": code,
            "messages": sum(len(event.tells) for _case, event in result.appended),
            **({"amended": own_events[0].data["amended"]} if _is_amendment(own_events) else {}),
        },
        lambda: change_text(console, id, result, dry_run),
        shown_once=code is not None,
    )
    point_out_personal_data(console, id, result)


def _list_own_events(id: str, result: OperationResult[Any]) -> list[Event]:
    return [event for changed_case, event in result.events if changed_case == id]


def point_out_personal_data(console: Console, id: str, result: OperationResult[Any]) -> None:
    """Warn, after the answer, of personal data in the words that were entered."""
    events = [event for changed_case, event in result.appended if changed_case == id and (event.set or event.note)]
    if events:
        from fujin_cli.commands.common.personal_data import warn_of_personal_data

        warn_of_personal_data(console, console.session.version(result.cases[id].version_digest), events)


def change_text(console: Console, id: str, result: OperationResult[Any], dry_run: bool) -> str:
    """Write what an operation changed about a case, or in a dry run would change, in a line or a few."""
    own_events, case = _list_own_events(id, result), result.cases[id]
    opened = [child for child, event in result.appended if event.kind == "opened"]
    messages = sum(len(event.tells) for _case, event in result.appended)
    version = console.session.version_of(case.id, case.version_digest, case.step)
    lines = [summary_line(console, id, result, dry_run)]
    if own_events and own_events[0].action and own_events[0].to_step is None and not dry_run and not result.repeated:
        from fujin_cli.render.basics.names import action_title

        title = action_title(version, case.step, own_events[0].action)
        lines.append(str(say("recorded: {action}", action=title)))
    if _is_amendment(own_events):
        from fujin_cli.render.cases.history import list_amendments

        session = console.session
        lines += list_amendments(own_events[0], version, session.workspace.organisation, session.calendar)
    if result.repeated:
        lines.append(str(say("already done with this request id; nothing was changed")))
    if opened:
        from fujin_cli.render.cases.child_rows import opened_words

        lines.append(str(opened_words(version, case.children, opened)))
    if result.codes.get(id) and not dry_run:
        lines.append(str(say("new acceptance code for the reporter, shown once: {code}", code=result.codes[id])))
    if messages and not dry_run:
        words = say_count("{count} new message in the outbox", "{count} new messages in the outbox", count=messages)
        lines.append(str(words))
    return "\n".join(lines)


def _is_amendment(events: list[Event]) -> bool:
    return bool(events) and "amended" in events[0].data


def summary_line(console: Console, id: str, result: OperationResult[Any], dry_run: bool) -> str:
    """Summarize a case after an operation in one line: its step, and its due time or outcome."""
    case = result.cases[id]
    version = console.session.version_of(case.id, case.version_digest, case.step)
    due = None if case.has_ended else Deadlines(case, version, console.session.calendar).due_time()
    step = title_of(version.steps[case.step].title, case.step)
    if case.has_ended:
        from fujin_cli.render.basics.names import outcome_words

        outcome = outcome_words(case.outcome, version)
        line = say("{case}: {step}, ended ({outcome})", case=case.id, step=step, outcome=outcome)
    elif due:
        line = say(
            "{case}: {step}, due {due}", case=case.id, step=step, due=format_moment(due, console.session.calendar)
        )
    else:
        line = say("{case}: {step}", case=case.id, step=step)
    return str(say("dry run: {line}", line=line) if dry_run else line)


def change_json(console: Console, id: str, result: OperationResult[Any], dry_run: bool) -> dict[str, Any]:
    """Build the first part of the JSON answer, which all commands that change a case share."""
    case = result.cases[id]
    version = console.session.version_of(case.id, case.version_digest, case.step)
    due = None if case.has_ended else Deadlines(case, version, console.session.calendar).due_time()
    return {
        "version": 1,
        "case": case.id,
        "step": case.step,
        "due": format_iso(due, console.session.calendar),
        "request_id": result.operation_id,
        "repeated": bool(result.repeated),
        "dry_run": dry_run,
    }


def warn_of_calendar(console: Console, id: str, result: OperationResult[Any]) -> None:
    """Warn where the calendar leaves the due time of a case out, or a change of clock makes it doubtful."""
    case, calendar = result.cases[id], console.session.calendar
    version = console.session.version(case.version_digest)
    gap = find_calendar_gap(case, version, calendar)
    clock = None if gap or case.has_ended else Deadlines(case, version, calendar).changed_due_clock()
    if gap or clock:
        from fujin_cli.use_cases.calendar_notice import describe_doubtful_due_time

        console.warn(describe_doubtful_due_time(id, calendar, gap, clock))
