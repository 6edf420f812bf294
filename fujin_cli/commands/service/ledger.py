"""Define ``fujin ledger``: verify that stored volumes were not changed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import command
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.language import translate as _
from fujin_cli.render.basics.text import fold_text
from fujin_cli.render.findings.text import findings_json, findings_text
from fujin_cli.use_cases.verify_ledger import CANNOT_DETECT, LedgerCheck

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("Verify the ledger."),
    rich_markup_mode=None,
)


@app.callback()
def top() -> None:
    """Make Typer treat `ledger` as a group, although it has a single command."""


@command(
    app,
    "verify",
    _("Check the checksums, hash chains, markers and references of every volume and case, and report each change."),
    examples="fujin ledger verify\nfujin ledger verify --deep --json",
)
def verify(
    console: Console,
    deep: Annotated[bool, typer.Option("--deep", help=_("also hash every attachment again"))] = False,
) -> int:
    """Verify every volume and case; exit code 1 if anything was changed, damaged or lost."""
    check = LedgerCheck(console.session, deep)
    findings = list(check.run())
    cases = check.cases
    if console.json:
        write_json({**findings_json(findings, 0), "cases": cases, "cannot_detect": list(CANNOT_DETECT)})
    else:
        if findings:
            # Drop the last line, which counts files: this command counts cases.
            blocks = findings_text(findings, {}, console.colour, 0, console.page_width).rstrip("\n").rsplit("\n", 1)[0]
            sys.stdout.write(blocks.rstrip("\n") + "\n\n")
        sys.stdout.write(str(say_count("{count} case verified", "{count} cases verified", count=cases)) + "\n")
        limit = say("Not detectable from the files themselves: a whole older copy that was put back.")
        sys.stdout.write("".join(f"{line}\n" for line in fold_text(str(limit), console.page_width)))
    return 1 if any(finding.severity == "error" for finding in findings) else 0
