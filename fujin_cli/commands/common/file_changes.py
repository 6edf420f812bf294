"""Write changes of configuration files and show them: one diff for a dry run, the files and what to do next else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fujin_cli.commands.common.console import Console
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.render.basics.text import fold_text
from fujin_cli.use_cases.configuration.file_changes import FileChanges
from fujin_cli.use_cases.configuration.write_changes import write_changes


def apply_changes(
    console: Console,
    changes: FileChanges,
    subject: Mapping[str, Any],
    summary: LocalizedText,
    next_steps: list[LocalizedText],
    *,
    dry_run: bool,
) -> None:
    """Write the changes unless this is a dry run, and answer. Raises Refusal where they cannot be written.

    ``subject`` is what the JSON answer says of the thing; ``summary`` is the first line of the page.
    """
    if not dry_run:
        write_changes(console.session.root, changes)
    console.answer(
        lambda: {
            "version": 1,
            **subject,
            "files": changes.paths(),
            "moved": changes.moved(),
            "diff": changes.diff(),
            "next": [str(line) for line in next_steps],
            "dry_run": dry_run,
        },
        lambda: _page(changes, summary, next_steps, dry_run, console.page_width),
    )


def _page(
    changes: FileChanges, summary: LocalizedText, next_steps: list[LocalizedText], dry_run: bool, width: int
) -> str:
    """Write the page, its sentences folded at ``width`` columns (0: never)."""
    count = len(changes.changes)
    line = say_count(
        "{summary}; {count} file changed", "{summary}; {count} files changed", count=count, summary=summary
    )
    shown = say("dry run: {line}", line=line) if dry_run else line
    sentences = [str(shown), *(str(say("next: {step}", step=step)) for step in next_steps)]
    text = "\n".join(part for sentence in sentences for part in fold_text(sentence, width))
    return changes.diff() + text if dry_run else "\n".join([*changes.paths(), text])
