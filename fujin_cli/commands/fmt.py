"""``fujin fmt``: one layout for everybody's YAML, so that a change shows what was changed."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated, Any

import typer

from fujin_cli.commands.asked import asked_files, start_at
from fujin_cli.commands.context import Context
from fujin_cli.commands.options import command
from fujin_cli.core.message import Message, say
from fujin_cli.language import translate as _
from fujin_cli.store.formatting import Formatted, LayoutFault, formatted
from fujin_cli.store.rewriting import rewrite
from fujin_cli.store.workspace import contents_of

app = typer.Typer(add_completion=False, rich_markup_mode=None)
BUG = 3


@command(
    app,
    "fmt",
    _("Lay out the YAML files the same way everywhere; what they say and remark stays as it is."),
    examples="fujin fmt\nfujin fmt --check\nfujin fmt --diff workflows/procedures",
    formats=("text", "json"),
)
def fmt(
    context: Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help=_("only these files or folders; a folder may be a workspace")),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help=_("write nothing; exit code 1 where a file would change"))
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help=_("write nothing; show what would change"))] = False,
) -> int:
    """Format; exit code 1 where a file is left unreadable or, with ``--check`` or ``--diff``, would change."""
    start_at(context, paths or [])
    only = asked_files(context.root, paths or [])
    contents = {path: data for path, data in contents_of(context.root).items() if not only or path in only}
    done: list[Formatted] = []
    faults = []
    for path, data in contents.items():
        try:
            done.append(formatted(data or b"", path))
        except LayoutFault:
            faults.append(path)
    changed = [file for file in done if file.changed]
    if not (check or diff):
        changed = [file for file in changed if _write(context, file, contents[file.path] or b"")]
    _remark(context, done, faults)
    context.answer(
        lambda: _json(done, changed, faults, writes=not (check or diff)),
        lambda: "".join(map(_diff, changed)) if diff else _text(changed, len(contents), check),
    )
    if faults:
        return BUG
    return 1 if ((check or diff) and changed) or any(file.left == "unreadable" for file in done) else 0


def _write(context: Context, file: Formatted, old: bytes) -> bool:
    written = rewrite(context.root, file.path, old, file.formatted.encode())
    if not written:
        context.warn(say("{path} was changed by somebody else meanwhile and is left as it is", path=file.path))
    return written


def _remark(context: Context, done: list[Formatted], faults: list[str]) -> None:
    """What is left as it is, and why; in JSON it is a part of the answer."""
    if context.json:
        return
    for file in done:
        if file.left:
            context.warn(say("{path} is left as it is: {reason}", path=file.path, reason=_reason(file)))
    for path in faults:
        context.warn(
            say(
                "{path} is left as it is: a fault of fujin would have changed what it says; please report it", path=path
            )
        )


def _reason(file: Formatted) -> Message:
    if file.left == "anchors":
        return say("it uses anchors or directives")
    return say("it cannot be read; run `fujin validate`")


def _text(changed: list[Formatted], files: int, check: bool) -> str:
    lines = [file.path for file in changed]
    if check:
        summary = say("{count} of {files} files would be laid out anew", count=len(changed), files=files)
    else:
        summary = say("{count} of {files} files laid out anew", count=len(changed), files=files)
    return "\n".join([*lines, str(summary)]) + "\n"


def _diff(file: Formatted) -> str:
    lines = unified_diff(
        file.text.splitlines(keepends=True), file.formatted.splitlines(keepends=True), file.path, file.path
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _json(done: list[Formatted], changed: list[Formatted], faults: list[str], writes: bool) -> dict[str, Any]:
    left = [{"path": file.path, "reason": file.left} for file in done if file.left]
    return {
        "version": 1,
        "files": len(done) + len(faults),
        "changed": [{"path": file.path, "diff": _diff(file)} for file in changed],
        "left": sorted(
            [*left, *({"path": path, "reason": "fault"} for path in faults)], key=lambda entry: entry["path"]
        ),
        "dry_run": not writes,
    }
