"""``fujin diff``: what a change of the configuration means: written, allowed, promised, and for open cases."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console, write_json
from fujin_cli.commands.common.options import command
from fujin_cli.commands.common.revision_arguments import Asked, named
from fujin_cli.core.findings.finding import Finding, Place, Step, makes_unfit
from fujin_cli.core.text.message import say
from fujin_cli.core.versions.compare import CaseVerdict, Comparison, Side, compare_workspaces
from fujin_cli.language import translate as _
from fujin_cli.render.versions.compare_parts import Shown
from fujin_cli.store.workspace.load import NoWorkspace
from fujin_cli.store.workspace.revisions import NoSuchRevision, Unreadable, Version, parted, version_at, work_tree
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, Validated, validate_contents

FORMATS = ("text", "json", "markdown")
FAIL_ON = ("stuck", "breaking", "any")
_UNREADABLE = "0"  # the family of what cannot be read

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Judged:
    """One version, read and judged."""

    version: Version
    found: Validated
    side: Side

    @property
    def unfit(self) -> dict[str, Finding]:
        """The files with errors that keep them from being compared, with the first error of each.

        A procedure must be sound to be followed; of anything else what can be read is enough.
        """
        procedures = {file.path for file in self.found.workspace.files if file.kind == "procedure"}
        found: dict[str, Finding] = {}
        for finding in self.found.findings:
            path = finding.place.path
            if makes_unfit(finding) and (path in procedures or finding.code[2] == _UNREADABLE):
                found.setdefault(path, finding)
        return found


@command(
    app,
    "diff",
    _("Compare two versions of the configuration: what it means, not how it is written."),
    examples="fujin diff HEAD\nfujin diff main..my-branch\nfujin diff main...my-branch\n"
    "fujin diff v1.0 --fail-on breaking\nfujin diff ../last-year . --json\n"
    "fujin diff origin/main --format markdown > comment.md",
    formats=FORMATS,
)
def diff(
    console: Console,
    old: Annotated[
        str, typer.Argument(metavar="A", help=_("a git revision, a folder, A..B, or A...B: B since it left A"))
    ],
    new: Annotated[
        str | None, typer.Argument(metavar="B", help=_("another one (default: the workspace as it is on disk)"))
    ] = None,
    cases: Annotated[
        bool | None,
        typer.Option("--cases/--no-cases", help=_("what it means for open cases (default: where B is on disk)")),
    ] = None,
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="WHAT", help=_("exit with 1 for stuck cases, breaking, or any change"))
    ] = "stuck",
) -> int:
    """Compare; exit code 1 where ``--fail-on`` says so, and always where something could not be compared."""
    if fail_on not in FAIL_ON:
        raise WrongUsage(say("--fail-on takes one of {words}", words=FAIL_ON))
    asked, root = named(old, new), _root(console)
    failed: list[Finding] = []
    before = _judged(console, lambda: _first(asked, root), asked.old, failed)
    after = _judged(console, lambda: _second(asked.new, root), asked.new or str(say("work tree")), failed)
    if before is None or after is None:
        return _failed(console, failed)
    failed += [*_unfit(before), *_unfit(after)]
    with_cases = cases if cases is not None else root is not None and after.version.folder == root
    if with_cases and root is None:
        raise WrongUsage(say("--cases needs a workspace with a ledger"))
    comparison = _compared(console, before, after, with_cases)
    return _answer(console, comparison, before, after, failed, fail_on)


def _root(console: Console) -> Path | None:
    try:
        return console.session.root
    except NoWorkspace:
        if console.session.folder is not None:
            raise
        return None


def _first(asked: Asked, root: Path | None) -> Version:
    if asked.since_parted:
        return parted(asked.old, asked.new or "HEAD", root)
    return version_at(asked.old, root, Path.cwd())


def _second(new: str | None, root: Path | None) -> Version:
    if new is not None:
        return version_at(new, root, Path.cwd())
    if root is None:
        raise NoSuchRevision(say("there is no workspace here to compare with"), say("name two folders"))
    return work_tree(root)


def _judged(console: Console, read: Callable[[], Version], name: str, failed: list[Finding]) -> Judged | None:
    """A version, read and judged; None with a finding where it cannot be read. Raises WrongUsage."""
    try:
        version = read()
    except NoSuchRevision as problem:
        raise WrongUsage(problem.message, problem.help) from None
    except Unreadable as problem:
        failed.append(Finding("FJ609", "error", problem.message, Place(name), problem.help))
        return None
    found, at = validate_contents(version.contents, date.max, FIT_TO_WORK_WITH)
    folder = "" if version.name in ("", ".") else f"{version.name.rstrip('/')}/"
    prefix = f"{version.name}:" if version.commit else folder
    shown = version.name or str(say("work tree"))
    if version.about is not None:
        shown = str(say("{name} ({about})", name=shown, about=version.about))

    def placed(place: Place) -> Place:
        known = at(place)
        return replace(known, path=f"{prefix}{known.path}")

    return Judged(version, found, Side(shown, found.workspace, placed))


def _unfit(judged: Judged) -> Iterator[Finding]:
    for path, first in sorted(judged.unfit.items()):
        yield Finding(
            "FJ609",
            "error",
            say(
                "{path} has errors in {version} and was not compared; the first: {message}",
                path=path,
                version=judged.side.name,
                message=first.message,
            ),
            judged.side.at(first.place),
            say("`fujin validate` says more"),
        )


def _failed(console: Console, failed: Sequence[Finding]) -> int:
    """Nothing could be compared: that is the answer."""
    from fujin_cli.render.findings.text import finding_json, findings_text

    if console.json:
        write_json({"version": 1, "findings": [finding_json(finding) for finding in failed]})
    else:
        sys.stdout.write(findings_text(failed, {}, console.colour, 0, console.page_width).rstrip("\n") + "\n")
    return 1


def _compared(console: Console, before: Judged, after: Judged, with_cases: bool) -> Comparison:
    unfit = {*before.unfit, *after.unfit}
    today = (
        console.session.calendar.local(console.session.now).date()
        if console.session.folder or _root(console)
        else date.today()
    )
    found = compare_workspaces(before.side.workspace, after.side.workspace, today, unfit)
    if not with_cases:
        return found
    changed = {difference.name for difference in found.procedures if difference.kind == "changed"}
    return replace(found, cases=tuple(_cases(console, after, changed)))


def _cases(console: Console, after: Judged, changed: set[str]) -> Iterator[CaseVerdict]:
    """Every open case of a procedure that was changed, from its own law; not those that have the new one already."""
    from fujin_cli.core.versions.case_impact import CaseJudge
    from fujin_cli.use_cases.list_cases import open_cases

    judge = CaseJudge(after.side.workspace, console.session.calendar, console.session.now)
    for case in open_cases(console.session, None):
        new = after.side.workspace.procedures.get(case.procedure)
        if new is not None and new.name in changed and new.digest != case.version_digest:
            yield judge.verdict(case, console.session.version(case.version_digest), new)


def _answer(
    console: Console, comparison: Comparison, before: Judged, after: Judged, failed: Sequence[Finding], fail_on: str
) -> int:
    from fujin_cli.rules.change_findings import distinguishing_runs, findings_of_changes, trace_of_run

    if comparison.cases is not None and comparison.procedures:
        failed = [*failed, *_unjudged(console)]
    findings = [*failed, *findings_of_changes(comparison, before.side, after.side)]
    runs: dict[tuple[str, str], Sequence[Step]] = {}
    for difference in comparison.procedures:
        for which, run, side in distinguishing_runs(difference, before.side, after.side):
            runs[difference.name, which] = trace_of_run(side, difference.name, run)
    shown = Shown(comparison, before.side, after.side, findings, runs, after.side.workspace.calendar())
    _write(console, shown, (before.version.commit, after.version.commit))
    damaged = console.damages()  # then not every open case was looked at
    return 1 if _counts(shown, fail_on) else damaged


def _unjudged(console: Console) -> Iterator[Finding]:
    """What is damaged in the ledger: cases there were not looked at."""
    for problem in console.session.ledger.problems():
        message = say("open cases there were not judged: {problem}", problem=problem.message)
        yield Finding("FJ609", "error", message, problem.place, say("`fujin ledger verify` says more"))


def _counts(shown: Shown, fail_on: str) -> bool:
    """Errors always count; for ``breaking`` also what is lost, and for ``any`` every difference."""
    from fujin_cli.rules.change_findings import BREAKING

    if any(finding.severity == "error" for finding in shown.findings):
        return True
    if fail_on == "breaking":
        return any(finding.code in BREAKING for finding in shown.findings)
    return fail_on == "any" and not (shown.comparison.same and not shown.findings)


def _write(console: Console, shown: Shown, commits: tuple[str, str]) -> None:
    if console.json:
        from fujin_cli.render.versions.compare_json import comparison_json

        write_json(comparison_json(shown, commits))
        return
    from fujin_cli.render.versions.compare_pages import comparison_markdown, comparison_text

    if console.format == "markdown":
        sys.stdout.write(comparison_markdown(shown))
    else:
        sys.stdout.write(comparison_text(shown, console.page_width, console.colour))
