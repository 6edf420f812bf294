"""Run a command line: find the command, import it when called, turn every exception into a message and exit code."""

from __future__ import annotations

import fcntl
import io
import json
import os
import re
import shutil
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from typer.core import TyperGroup

import fujin_cli
from fujin_cli import language
from fujin_cli.commands.common.lazy_group import CommandGroup, Entry, build_group
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.workspace.load import option_values, read_declared_languages

_IS_UTF8 = re.compile("[^\ud800-\udfff]*")
# Options of every command → whether a value follows.
COMMON = {"--workspace": True, "-w": True, "--json": False, "--format": True, "--now": True, "--as": True}

# Command → its module below fujin_cli.commands or its sub-commands, and its help line; in the order of the help page.
CASE_COMMANDS: Mapping[str, Entry] = {
    "list": ("case.list", say("list cases: open ones by default")),
    "show": ("case.show", say("show a case: fields, clocks, orders and history")),
    "actions": ("case.show", say("show which actions are open and to whom, and why others are closed")),
    "open": ("case.open", say("open a case of a procedure")),
    "advance": ("case.advance", say("take an action on a case")),
    "amend": ("case.amend", say("correct fields of a case; the old values stay in its history")),
    "contact": ("case.contact", say("show or correct a case's contact; each reading is recorded")),
    "undo": ("case.undo", say("take back one's own last action on a case")),
    "note": ("case.shortcuts", say("add a remark to a case")),
    "attach": ("case.shortcuts", say("attach a photo or a file to a case")),
    "pause": ("case.shortcuts", say("pause a case's clock, with a reason and an end date")),
    "resume": ("case.shortcuts", say("resume the clock of a paused case")),
    "merge": ("case.shortcuts", say("merge a case into another one; every complainant stays informed")),
    "migrate": ("case.migrate", say("move open cases to the current version of their procedure")),
    "reissue-code": ("case.shortcuts", say("give the reporter a new acceptance code")),
}
COMMANDS: Mapping[str, Entry] = {
    "case": (CommandGroup(CASE_COMMANDS, say("Open, show and move cases.")), say("open, show and advance cases")),
    "status": ("service.status", say("show waiting cases: due, overdue, to be accepted")),
    "tick": ("service.tick", say("run everything that is due (for cron)")),
    "outbox": ("service.outbox", say("list messages to deliver, record deliveries")),
    "validate": ("workspace.validate", say("check the configuration")),
    "test": ("workspace.test", say("run the scenarios that test the procedures")),
    "diff": ("workspace.diff", say("compare two versions of the configuration")),
    "fmt": ("workspace.fmt", say("format the YAML files")),
    "procedure": ("procedure.group", say("list, show, replay, add and rename procedures")),
    "community": ("organisation.community", say("list, show, add and rename communities")),
    "committee": ("organisation.committee", say("list, show, add and rename committees")),
    "roster": ("organisation.roster", say("list and show rosters; add and rename people")),
    "partner": ("organisation.partner", say("list, show, add and rename partners")),
    "ledger": ("service.ledger", say("verify the ledger")),
    "explain": ("workspace.explain", say("explain the code of a finding")),
    "schema": ("workspace.schema", say("write JSON Schemas, so that editors check the files")),
    "init": ("workspace.init", say("create a workspace")),
    "config": ("workspace.config", say("show the settings in force and their sources")),
    "doctor": ("service.doctor", say("check this installation and workspace")),
    "completion": ("service.completion", say("print a completion script for your shell")),
}


def build_command() -> TyperGroup:
    """Build the top command with every command below it."""
    purpose = say(
        "Run community self-government by procedures written in YAML; every case is kept in a tamper-evident ledger."
    )
    examples = "fujin init my-city\nfujin validate\nfujin case open resident-request --community XF01\nfujin status"
    return build_group("fujin", CommandGroup(COMMANDS, purpose, examples))


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    answers = _prepare_streams()
    try:
        code = _execute_command(arguments, answers)
    except KeyboardInterrupt:
        from fujin_cli.commands.common.exit_codes import ExitCode

        return ExitCode.INTERRUPTED
    except (BrokenPipeError, SystemExit) as problem:
        # Typer turns a broken pipe into SystemExit. The reader closed the pipe early (`fujin case list | head`), which
        # is normal use and no error.
        if isinstance(problem, SystemExit) and not isinstance(problem.__context__, BrokenPipeError):
            raise
        code = 0
        _discard_stdout()
    try:
        sys.stdout.flush()
    except OSError as problem:
        _discard_stdout()
        from fujin_cli.commands.common.exit_codes import ExitCode

        return code if isinstance(problem, BrokenPipeError) else code or ExitCode.FINDINGS
    return code


def _prepare_streams() -> bool:
    """Make stdout and stderr writable whatever the caller passed; return whether stdout reaches the caller.

    Streams that are closed or read-only are replaced, and letters that a terminal lacks are escaped.
    """
    for number in range(3):  # a file that is opened later must not get the number of a closed stream
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    answers = True
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None or _is_read_only(stream):
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open while we run
            answers = answers and name != "stdout"
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return answers


def _is_read_only(stream: object) -> bool:
    if not isinstance(stream, io.TextIOWrapper):
        return False
    try:
        return fcntl.fcntl(stream.fileno(), fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
    except (OSError, ValueError):
        return False


def _discard_stdout() -> None:
    """Redirect stdout to the null device, so that Python's flush at exit does not fail on buffered output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _execute_command(arguments: Sequence[str], answers: bool) -> int:
    """Choose the language, run the command, and report an exception; return the exit code."""
    _choose_language(arguments)
    as_json = "--json" in arguments or "json" in option_values(arguments, "--format")
    try:
        if not answers or _is_entrance_suspect(arguments):
            from fujin_cli.commands.common.entrance import check_entrance

            check_entrance(arguments, answers=answers)
        if arguments[:1] in (["--version"], ["-V"]):
            sys.stdout.write(f"fujin {fujin_cli.__version__}\n")
            return 0
        code = build_command().main(_move_common_options_last(arguments), prog_name="fujin", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        raise
    except Exception as problem:
        return _report_exception(problem, as_json)


def _is_entrance_suspect(arguments: Sequence[str]) -> bool:
    """Whether ``check_entrance`` must look: it is imported for few runs only, because start-up time is a feature."""
    settings = (text for name, text in os.environ.items() if name.startswith("FUJIN_"))
    texts = [*arguments, *settings]
    if not all(text.isascii() or _IS_UTF8.fullmatch(text) for text in texts):
        return True
    if not all(text.strip() and not text.rstrip().endswith("=") for text in arguments):
        return True
    try:
        os.getcwd()  # noqa: PTH109 - Path.cwd() is the same call
    except OSError:
        return True
    return False


def _move_common_options_last(arguments: Sequence[str]) -> list[str]:
    """Move common options before the command behind it: ``fujin -w my-city case list`` works like ``-w`` at the end."""
    count = 0
    while count < len(arguments) and (name := arguments[count].partition("=")[0]) in COMMON:
        count += 2 if COMMON[name] and "=" not in arguments[count] else 1
    remaining = list(arguments[count:])
    if not remaining or remaining[0].startswith("-"):
        return list(arguments)
    end = remaining.index("--") if "--" in remaining else len(remaining)
    return [*remaining[:end], *arguments[:count], *remaining[end:]]


def _choose_language(arguments: Sequence[str]) -> None:
    """Set the language of the screens and of titles, and say where FUJIN_LANG asks for one that there is not."""
    declared = read_declared_languages(arguments)
    language.set_language(language.choose_language(declared=declared)[0])
    language.set_title_languages(declared)
    unknown = language.find_unknown_setting()
    if unknown:
        message = say(
            "FUJIN_LANG={value} is no language of the screens; choose one of {languages}",
            value=unknown,
            languages=language.LANGUAGES,
        )
        sys.stderr.write(str(say("warning: {message}", message=message)) + "\n")


def _report_exception(problem: Exception, as_json: bool) -> int:
    """Write the error message (a refusal goes to stdout, all others to stderr) and return the exit code."""
    from fujin_cli.commands.common.console import AnswerLost
    from fujin_cli.commands.common.errors import describe_exception
    from fujin_cli.commands.common.exit_codes import ExitCode

    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    terminal = sys.stdout.isatty()
    report = describe_exception(problem, terminal and not plain, shutil.get_terminal_size().columns if terminal else 0)
    if report is None:
        if os.environ.get("FUJIN_DEBUG"):
            traceback.print_exception(problem)
        where = traceback.extract_tb(problem.__traceback__)[-1] if problem.__traceback__ else None
        place = f"{Path(where.filename).name}:{where.lineno}" if where else "?"
        _write_error(
            say("internal error in fujin: {kind} at {place}", kind=type(problem).__name__, place=place),
            say("nothing more was changed; run the command again with FUJIN_DEBUG=1 and report its output"),
            as_json,
            "bug",
        )
        return ExitCode.BUG
    if isinstance(problem, AnswerLost):
        _discard_stdout()
    if report.answer is not None:
        sys.stdout.write(report.answer(as_json))
    elif report.kind == "help":
        sys.stderr.write(f"{report.message}\n")
    else:
        lost_answer = problem.answer if isinstance(problem, AnswerLost) else ""
        _write_error(report.message, report.help, as_json, report.kind, lost_answer)
    return report.code


def _write_error(
    message: LocalizedText, help: LocalizedText | None, as_json: bool, kind: str, lost_answer: str = ""
) -> None:
    """Write an error to stderr; ``lost_answer`` is the answer of the command, where stdout did not take it."""
    if as_json:
        error = {"kind": kind, "message": str(message), "help": str(help) if help else None}
        error |= {"answer": json.loads(lost_answer)} if lost_answer else {}
        sys.stderr.write(json.dumps({"version": 1, "error": error}, ensure_ascii=False) + "\n")
        return
    from fujin_cli.render.basics.text import fold_text, to_one_line

    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    sentences = [say("error: {message}", message=message), *([say("help: {message}", message=help)] if help else [])]
    for sentence in sentences:
        sys.stderr.write("".join(f"{line}\n" for line in fold_text(to_one_line(str(sentence)), width)))
    sys.stderr.write(lost_answer)
