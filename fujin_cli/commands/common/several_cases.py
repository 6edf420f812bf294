"""Run a command on several cases, each as an operation of its own; one bad case does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import Parameter
from typing import TYPE_CHECKING, Any

from typer._click.globals import get_current_context

from fujin_cli.commands.common.console import Console, put, write_json
from fujin_cli.commands.common.errors import ErrorReport, describe_exception
from fujin_cli.commands.common.exit_codes import ExitCode
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.render.findings.text import refusal_json, refusal_text
from fujin_cli.store.ledger.protocol import LONGEST_REQUEST_ID
from fujin_cli.use_cases.session import WrongUsage

if TYPE_CHECKING:
    from fujin_cli.render.basics.tables import Table


@dataclass
class SeveralConsole(Console):
    """Answer for each of several cases: text at once, JSON as one object at the end."""

    results: list[dict[str, Any]] = field(default_factory=list)
    stdin_text: str | None = None  # read once for all cases
    has_ids_from_stdin: bool = False

    def answer(
        self,
        content: Callable[[], dict[str, Any]],
        text: Callable[[], str | Table],
        *,
        shown_once: bool = False,
        rows: Sequence[str] | None = None,
    ) -> None:
        """Add an answer to the results, or write it."""
        if self.json:
            self.results.append(content())
        else:
            super().answer(content, text, shown_once=shown_once, rows=rows)

    def read_stdin(self) -> str:
        """Read the text of stdin, which is the same for every case. Raises WrongUsage."""
        if self.stdin_text is None or self.is_stdin_used:
            self.stdin_text = super().read_stdin()
        self.is_stdin_used = True
        return self.stdin_text


def shift_case(values: dict[str, Any], behind: Parameter | None) -> None:
    """Take the only word for the case, where the argument behind it may be left out. Raises WrongUsage."""
    missing = behind.name if behind is not None and behind.default is Parameter.empty else "case"
    if behind is None or missing != "case" or not values[behind.name]:
        help = say("see `{command} --help`", command=get_current_context().command_path)
        raise WrongUsage(say("{name} is missing", name=missing.upper()), help)
    values["case"], values[behind.name] = [values[behind.name]], behind.default


def run_for_each(
    console: Console, function: Callable[..., int | None], arguments: Mapping[str, Any], cases: Sequence[str]
) -> int:
    """Run a command for each case and return the exit code: that of all, else 75 for a busy one, else 1 for a failure.

    The results are written also where Ctrl-C ends the run. Raises WrongUsage for what fits one case only.
    """
    _check_arguments(arguments, cases)
    own = SeveralConsole(
        console.session, console.format, console.draws_tables, has_ids_from_stdin=console.is_stdin_used
    )
    try:
        codes = [_run_for_case(own, function, _arguments_for(arguments, case), case) for case in cases]
    finally:
        if own.json:
            write_json({"version": 1, "results": own.results})
    console.last_case = own.last_case
    failures = [code for code in codes if code]
    if failures and not own.json:
        done = len(codes) - len(failures)
        put(str(say("{done} of {count} cases done", done=done, count=len(codes))) + "\n")
    if len(set(codes)) == 1:
        return codes[0]
    return ExitCode.AGAIN if ExitCode.AGAIN in codes else ExitCode.FINDINGS


def _check_arguments(arguments: Mapping[str, Any], cases: Sequence[str]) -> None:
    """Check that the arguments can be for several cases. Raises WrongUsage."""
    if arguments.get("code"):
        raise WrongUsage(say("an acceptance code belongs to one case; {count} are named", count=len(cases)))
    longest = LONGEST_REQUEST_ID - max(len(case) for case in cases) - 1
    if len(arguments.get("request_id") or "") > longest:
        raise WrongUsage(say("a request id for several cases has at most {most} characters", most=longest))


def _arguments_for(arguments: Mapping[str, Any], case: str) -> dict[str, Any]:
    """Make the arguments of one case; its request id is the same whichever other cases are named beside it."""
    request_id = arguments.get("request_id")
    own_id = {"request_id": f"{request_id}/{case}"} if request_id else {}
    return {**arguments, "case": case, **own_id}


def _run_for_case(
    console: SeveralConsole, function: Callable[..., int | None], arguments: Mapping[str, Any], case: str
) -> int:
    console.is_stdin_used = console.has_ids_from_stdin
    try:
        code = int(function(console, **arguments) or 0)
    except Exception as problem:
        report = describe_exception(problem)
        if report is None:
            raise
        console.name_refused(problem)
        _answer_problem(console, case, problem, report)
        return report.code
    console.last_case = case
    return code


def _answer_problem(console: SeveralConsole, case: str, problem: Exception, report: ErrorReport) -> None:
    """Answer why a case was refused, or what went wrong with it."""
    if console.json:
        answer = refusal_json(problem) if isinstance(problem, Refusal) else _error_json(report)
        console.results.append({"version": 1, "case": case, **answer})
        return
    if isinstance(problem, Refusal):
        reason = refusal_text(problem, console.colour, width=console.page_width).rstrip()
    else:
        sentences = [say("error: {message}", message=report.message)]
        sentences += [say("help: {message}", message=report.help)] if report.help else []
        reason = "\n".join(map(str, sentences))
    put(f"{case}:\n{reason}\n")


def _error_json(report: ErrorReport) -> dict[str, Any]:
    """Write an error as ``cli`` writes it for a command on one case."""
    texts: dict[str, LocalizedText | None] = {"message": report.message, "help": report.help}
    words = {name: None if text is None else str(text) for name, text in texts.items()}
    return {"version": 1, "error": {"kind": report.kind, **words}}
