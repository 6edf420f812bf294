"""Define ``fujin fmt``: format YAML files uniformly, so that a git diff shows only real changes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, Any

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.exit_codes import ExitCode
from fujin_cli.commands.common.options import command
from fujin_cli.commands.common.path_arguments import select_files, start_session_at
from fujin_cli.commands.common.stdin import read_stdin_bytes
from fujin_cli.commands.workspace.write_back import write_back
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.language import translate as _
from fujin_cli.render.findings.text import findings_text
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.store.yaml.limits import BYTES
from fujin_cli.use_cases.format_files import FormattedFile, LayoutFault, format_file
from fujin_cli.use_cases.session import WrongUsage

app = typer.Typer(add_completion=False, rich_markup_mode=None)
STDIN = Path("-")


@command(
    app,
    "fmt",
    _("Format the YAML files; values and comments stay as they are."),
    examples="fujin fmt\nfujin fmt --check\nfujin fmt --diff workflows/procedures\nfujin fmt - < workflows/menu.yaml",
    formats=("text", "json"),
)
def fmt(
    console: Console,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help=_("only these files or folders; a folder may be a workspace; - formats stdin to stdout"),
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help=_("write nothing; exit with 1 if a file would change"))
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help=_("write nothing; show what would change"))] = False,
) -> int:
    """Format files; exit code 1 if a file cannot be read or written, or with --check or --diff would change."""
    if paths == [STDIN]:
        return _format_stdin(console, check=check, diff=diff)
    start_session_at(console, paths or [])
    selected = select_files(console.session.root, paths or [])
    contents = {
        path: content for path, content in contents_of(console.session.root).items() if not selected or path in selected
    }
    formatted_files: list[FormattedFile] = []
    faults = []
    for path, content in contents.items():
        try:
            formatted_files.append(format_file(content or b"", path))
        except LayoutFault:
            faults.append(path)
    changed = [file for file in formatted_files if file.changed]
    unchanged: dict[str, str] = {}
    if not (check or diff):
        outcomes = {file.path: _write(console, file, contents[file.path] or b"") for file in changed}
        unchanged = {path: outcome for path, outcome in outcomes.items() if outcome != "written"}
        changed = [file for file in changed if file.path not in unchanged]
    _warn_unchanged(console, formatted_files, faults)
    unchanged |= dict.fromkeys(faults, "fault") | {file.path: file.skipped for file in formatted_files if file.skipped}
    console.answer(
        lambda: _file_json(changed, len(contents), unchanged, writes=not (check or diff)),
        lambda: "".join(map(_make_diff, changed)) if diff else _decode_text(changed, len(contents), check),
    )
    if faults:
        return ExitCode.BUG
    return 1 if ((check or diff) and changed) or any(reason != "anchors" for reason in unchanged.values()) else 0


def _write(console: Console, file: FormattedFile, old: bytes) -> str:
    return write_back(console, file.path, old, file.formatted.encode())


def _format_stdin(console: Console, *, check: bool, diff: bool) -> int:
    """Format stdin to stdout, for editors. An unreadable file prints nothing on stdout, only findings on stderr."""
    if console.json:
        raise WrongUsage(say("--json cannot be used with -, which prints the formatted file"))
    content = read_stdin_bytes(BYTES + 1)
    try:
        file = format_file(content, "-")
    except LayoutFault:
        _warn_unchanged(console, [], ["-"])
        return ExitCode.BUG
    if file.skipped == "unreadable":
        sys.stderr.write(findings_text(file.findings, {file.path: file.text}, console.colour, width=console.page_width))
        return 1
    _warn_unchanged(console, [file], [])
    if diff:
        sys.stdout.write(_make_diff(file))
    elif not check:
        sys.stdout.write(file.formatted)
    return 1 if (check or diff) and file.changed else 0


def _warn_unchanged(console: Console, formatted_files: list[FormattedFile], faults: list[str]) -> None:
    """Warn of each file that stays unformatted, with the reason; the JSON answer has this under ``left``."""
    if console.json:
        return
    for file in formatted_files:
        if file.skipped:
            console.warn(say("{path} was not formatted: {reason}", path=file.path, reason=_describe_reason(file)))
    for path in faults:
        console.warn(
            say(
                "{path} was not formatted: an internal error would have changed its meaning; please report it",
                path=path,
            )
        )


def _describe_reason(file: FormattedFile) -> LocalizedText:
    if file.skipped == "anchors":
        return say("it uses anchors or directives")
    return say("it cannot be read; run `fujin validate`")


def _decode_text(changed: list[FormattedFile], files: int, check: bool) -> str:
    lines = [file.path for file in changed]
    if check:
        summary = say("{count} of {files} files would be reformatted", count=len(changed), files=files)
    else:
        summary = say("{count} of {files} files reformatted", count=len(changed), files=files)
    return "\n".join([*lines, str(summary)]) + "\n"


def _make_diff(file: FormattedFile) -> str:
    lines = unified_diff(
        file.text.splitlines(keepends=True), file.formatted.splitlines(keepends=True), file.path, file.path
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _file_json(
    changed: list[FormattedFile], files: int, unchanged: Mapping[str, str], *, writes: bool
) -> dict[str, Any]:
    return {
        "version": 1,
        "files": files,
        "changed": [{"path": file.path, "diff": _make_diff(file)} for file in changed],
        "left": [{"path": path, "reason": reason} for path, reason in sorted(unchanged.items())],
        "dry_run": not writes,
    }
