"""Define ``fujin ledger``: verify that stored volumes were not changed."""

from __future__ import annotations

import sys

import typer

from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import command
from fujin_cli.core.text.localized import say_count
from fujin_cli.language import translate as _
from fujin_cli.render.findings.text import findings_json, findings_text

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
    _("Check the checksums, hash chains, markers and procedure versions of every volume, and report each change."),
    examples="fujin ledger verify\nfujin ledger verify --json",
)
def verify(console: Console) -> int:
    """Verify every volume; exit code 1 if a volume was changed or damaged."""
    findings = list(console.session.ledger.verify())
    cases = sum(1 for _case in console.session.ledger.all_cases())
    if console.json:
        write_json({**findings_json(findings, 0), "cases": cases})
    else:
        if findings:
            # Drop the last line, which counts files: this command counts cases.
            blocks = findings_text(findings, {}, console.colour, 0, console.page_width).rstrip("\n").rsplit("\n", 1)[0]
            sys.stdout.write(blocks.rstrip("\n") + "\n\n")
        sys.stdout.write(str(say_count("{count} case verified", "{count} cases verified", count=cases)) + "\n")
    return 1 if any(finding.severity == "error" for finding in findings) else 0
