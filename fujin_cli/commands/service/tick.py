"""Define ``fujin tick``: fire the timers that are due. Each fires once, even if ticks repeat or overlap."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from itertools import groupby
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.exit_codes import ExitCode
from fujin_cli.commands.common.id_arguments import require_communities
from fujin_cli.commands.common.options import DryRun, command, completes
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.due import is_due
from fujin_cli.core.cases.stranded_cases import MOST_IDS
from fujin_cli.core.cases.sweeps import Failure
from fujin_cli.core.cases.timers import Fired
from fujin_cli.core.model.ids import volume_of
from fujin_cli.core.text.localized import say, shorten_list
from fujin_cli.language import translate as _
from fujin_cli.render.cases.timers import tick_json, tick_text
from fujin_cli.store.files.disk import DISK_FULL
from fujin_cli.store.ledger.protocol import Busy, OutcomeUnknown
from fujin_cli.use_cases.calendar_notice import describe_missing_year, find_missing_year
from fujin_cli.use_cases.fire_timers import code_of, fire_timers, list_messages
from fujin_cli.use_cases.folded_cases import FoldedCases
from fujin_cli.use_cases.list_cases import open_cases
from fujin_cli.use_cases.record_sweep import SweepReport, record_sweep

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "tick",
    _(
        "Run everything that is due: ladders, ends of periods and pauses, automatic moves. Run "
        "it from cron; it is safe to repeat."
    ),
    examples="fujin tick --dry-run\n# "
    + _("crontab: every five minutes, silent unless something is wrong")
    + "\n*/5 * * * * cd /srv/my-city && fujin tick --quiet >> data/tick.log",
)
def tick(
    console: Console,
    community: Annotated[
        list[str] | None,
        typer.Option(
            "--community",
            metavar="ID",
            help=_("only cases of these communities"),
            autocompletion=completes("community"),
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=_("say nothing where nothing was due"))] = False,
    dry_run: DryRun = False,
) -> int:
    """Fire the due timers of every open case; only cases with a due timer are locked."""
    session = console.session
    session.check_now_allowed()
    session.check_calendar()
    require_communities(console, community)
    with record_sweep(session, community, dry_run) as report:
        swept = _sweep(console, community, dry_run, report)
    year = find_missing_year(session)
    is_next_year = year is not None and year > session.calendar.to_local(session.now).year
    notice = f"{describe_missing_year(year)}\n" if year is not None and is_next_year else ""
    console.answer(
        lambda: {
            **tick_json(swept.fired, session.now, session.calendar),
            "dry_run": dry_run,
            "missing_year": year,
        },
        lambda: (
            tick_text(
                swept.fired,
                lambda case: session.version(swept.cases[case].version_digest),
                session.now,
                session.calendar,
                quiet,
                console.page_width,
            )
            + notice
        ),
    )
    sys.stdout.flush()
    if year is not None and not is_next_year:  # the next year goes into the log: a mail every five minutes helps nobody
        console.warn(describe_missing_year(year))
    damaged = console.report_damage()
    return swept.code or damaged


@dataclass
class _Swept:
    """What a sweep has fired, the cases that it changed, and its exit code."""

    fired: list[Fired] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    code: int = ExitCode.OK


def _warn_of_problem(
    console: Console, due: list[str], problem: Busy | OutcomeUnknown | OSError
) -> tuple[str, ExitCode]:
    """Warn that writing the due cases of a volume failed, or may have; return the kind and the exit code.

    The next sweep fires what was not fired; each timer fires once.
    """
    from fujin_cli.commands.common.errors import describe_exception  # most sweeps need it for nothing

    described = describe_exception(problem)
    kind = described.kind if described else "disk"
    if described is None or isinstance(problem, Busy):  # what Busy itself says names the community
        message = say("{problem}", problem=str(problem))
    else:
        message = described.message
    console.warn(say("{case}: {message}", case=shorten_list(due, MOST_IDS), message=message))
    again = isinstance(problem, (Busy, OutcomeUnknown))
    return kind, ExitCode.AGAIN if again else ExitCode.FINDINGS


def _sweep(console: Console, communities: list[str] | None, dry_run: bool, report: SweepReport) -> _Swept:
    """Fire what is due, volume by volume; what fails is warned of and reported."""
    session = console.session
    swept = _Swept()
    fold = FoldedCases().fold
    for _volume, listed in groupby(open_cases(session, communities, fold), lambda case: volume_of(case.id)):
        due = [
            case.id
            for case in listed
            if is_due(session.version(case.version_digest), case, session.now, session.calendar)
        ]
        if not due:
            continue
        try:
            result, failures = fire_timers(session, due, fold, dry_run)
        except (Busy, OutcomeUnknown, OSError) as problem:
            kind, code = _warn_of_problem(console, due, problem)
            report.failures += [Failure(case, kind) for case in due]
            swept.code = ExitCode.AGAIN if ExitCode.AGAIN in (swept.code, code) else code
            if isinstance(problem, OSError) and problem.errno in DISK_FULL:
                console.warn(say("the disk is full: the sweep stopped here; the next one does the rest"))
                break
            continue
        for message in list_messages(failures):
            console.warn(message)
            swept.code = swept.code or ExitCode.FINDINGS
        report.failures += [Failure(case, code_of(failure)) for case, failure in failures.items()]
        swept.fired += result.decided or []
        swept.cases |= result.cases
        report.fired = len(swept.fired)
    return swept
