"""Translate exceptions into error messages and exit codes."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from typer._click import exceptions as click
from typer.core import TyperGroup

from fujin_cli.commands.common.console import AnswerLost
from fujin_cli.commands.common.exit_codes import ExitCode
from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal
from fujin_cli.core.model.values import Unfit
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.render.findings.text import refusal_json, refusal_text
from fujin_cli.store.files.disk import LinkedOutside
from fujin_cli.store.ledger.protocol import Busy, Damaged, OutcomeUnknown, Refused
from fujin_cli.store.workspace.load import NoWorkspace
from fujin_cli.use_cases.session import WrongUsage


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """Describe an error: exit code, kind, message. ``answer`` makes the text on stdout if a refusal is the answer."""

    code: ExitCode
    kind: str
    message: LocalizedText
    help: LocalizedText | None = None
    answer: Callable[[bool], str] | None = None


def describe_exception(problem: Exception, colour: bool = False, width: int = 0) -> ErrorReport | None:
    """Describe an exception as an error; None means a bug in fujin. An answer folds at ``width`` columns (0: never)."""
    match problem:
        case Refusal():
            return ErrorReport(
                ExitCode.USAGE if problem.code == UNKNOWN_CASE else ExitCode.FINDINGS,
                "refused",
                problem.message,
                answer=lambda as_json: _format_refusal(problem, as_json, colour, width),
            )
        case WrongUsage():
            return ErrorReport(ExitCode.USAGE, "usage", problem.message, problem.help)
        case Unfit():
            return ErrorReport(ExitCode.USAGE, "usage", problem.message)
        case NoWorkspace():
            return ErrorReport(
                ExitCode.USAGE,
                "usage",
                say("there is no workspace at or above {folder}", folder=str(problem)),
                say("create one with `fujin init DIR`, or give one with --workspace DIR"),
            )
        case Busy():
            return ErrorReport(
                ExitCode.AGAIN,
                "busy",
                say("another process is writing to the ledger; nothing was changed"),
                say("run the same command again; with --request-id it is safe to repeat"),
            )
        case OutcomeUnknown():
            return ErrorReport(
                ExitCode.AGAIN,
                "unknown",
                say("writing failed ({cause}); it is unknown whether the change took effect", cause=str(problem)),
                say("run the same command again with --request-id {operation}", operation=problem.operation),
            )
        case Refused():
            return ErrorReport(ExitCode.FINDINGS, "refused", problem.finding.message, problem.finding.help)
        case Damaged():
            return ErrorReport(ExitCode.FINDINGS, "damaged", problem.finding.message, problem.finding.help)
        case click.ClickException():
            return _describe_usage_error(problem)
        case AnswerLost():
            return ErrorReport(
                ExitCode.FINDINGS,
                "disk",
                say("the answer could not be written: {problem}", problem=str(problem)),
                say("if the command changed something, the change took effect; check with `fujin case list`"),
            )
        case OSError():
            return _describe_disk_error(problem)
    return None


def _describe_disk_error(problem: OSError) -> ErrorReport:
    why = problem.strerror or str(problem)
    if isinstance(problem, LinkedOutside):
        return ErrorReport(
            ExitCode.FINDINGS,
            "disk",
            say("{path} leads out of the workspace by a link", path=str(problem.filename)),
            say("put a folder in its place: fujin reads and writes cases and contacts inside the workspace only"),
        )
    if problem.errno in (errno.ENAMETOOLONG, errno.ELOOP):
        return ErrorReport(ExitCode.USAGE, "usage", say("this name or path cannot be used: {problem}", problem=why))
    if problem.filename is None:
        return ErrorReport(ExitCode.FINDINGS, "disk", say("{problem}", problem=why))
    return ErrorReport(
        ExitCode.FINDINGS,
        "disk",
        say("{path}: {problem}", path=str(problem.filename), problem=why),
        say("nothing was changed; free disk space or correct the permissions, and run the command again"),
    )


def _format_refusal(refusal: Refusal, as_json: bool, colour: bool, width: int) -> str:
    if as_json:
        return json.dumps(refusal_json(refusal), ensure_ascii=False) + "\n"
    return refusal_text(refusal, colour, width=width).rstrip("\n") + "\n"


def _describe_usage_error(problem: Any) -> ErrorReport:
    """Describe a usage error in the user's language, since the option parser's own messages are English only."""
    path = problem.ctx.command_path if getattr(problem, "ctx", None) else "fujin"
    help = say("see `{command} --help`", command=path)
    match problem:
        case click.NoArgsIsHelpError():
            return ErrorReport(ExitCode.USAGE, "help", say("{page}", page=problem.message))
        case click.BadOptionUsage() if "requires an argument" in problem.message:
            return ErrorReport(ExitCode.USAGE, "usage", say("{name} needs a value", name=problem.option_name), help)
        case click.NoSuchOption():
            close_names = get_close_matches(problem.option_name, problem.possibilities or [], 1, cutoff=0.7)
            hint = say("did you mean {name}?", name=close_names[0]) if close_names else help
            return ErrorReport(ExitCode.USAGE, "usage", say("unknown option {name}", name=problem.option_name), hint)
        case click.MissingParameter():
            return ErrorReport(ExitCode.USAGE, "usage", say("{name} is missing", name=_name_parameter(problem)), help)
        case click.BadParameter():
            return ErrorReport(
                ExitCode.USAGE, "usage", say("{name} has an invalid value", name=_name_parameter(problem)), help
            )
        case click.UsageError() if "No such command" in problem.message:
            return _describe_unknown_command(problem, help)
        case click.UsageError() if "unexpected extra argument" in problem.message:
            extra = problem.message.rpartition("(")[2].rstrip(")")
            return ErrorReport(ExitCode.USAGE, "usage", say("unexpected argument {extra}", extra=extra), help)
        case click.UsageError() if "Missing command" in problem.message:
            return ErrorReport(ExitCode.USAGE, "usage", say("a sub-command is missing"), help)
    return ErrorReport(ExitCode.USAGE, "usage", say("{sentence}", sentence=problem.format_message()), help)


def _describe_unknown_command(problem: Any, help: LocalizedText) -> ErrorReport:
    name = problem.message.split("'")[1] if "'" in problem.message else ""
    group = getattr(problem.ctx, "command", None)
    commands = group.list_commands(problem.ctx) if isinstance(group, TyperGroup) else []
    close_names = get_close_matches(name, commands, 1)
    hint = (
        say("did you mean {name}?", name=close_names[0])
        if close_names
        else say("choose one of: {names}", names=commands)
        if commands
        else help
    )
    return ErrorReport(ExitCode.USAGE, "usage", say("unknown command {name}", name=name), hint)


def _name_parameter(problem: Any) -> str:
    parameter = problem.param
    if parameter is None:
        return str(problem.param_hint or "?")
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or (parameter.name or "").upper())
    return str(max(parameter.opts, key=len))
