"""Define ``fujin case list``; it runs most often, so it imports as little as possible."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_communities, require_filter
from fujin_cli.commands.common.options import command, completes
from fujin_cli.core.cases.summary import Summary
from fujin_cli.core.cases.urgency import sort_by_urgency
from fujin_cli.language import translate as _
from fujin_cli.render.cases.list_json import cases_json
from fujin_cli.use_cases.list_cases import all_summaries, open_summaries, owners_of, title_step

if TYPE_CHECKING:
    from fujin_cli.render.basics.tables import Table

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "list",
    _("List cases: open ones by default."),
    acts=True,
    examples="fujin case list --overdue\nfujin case list --community XF01 --json\nfujin case list --mine --as p-0001",
)
def list_(
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
    committee: Annotated[
        str | None,
        typer.Option(
            "--committee", metavar="ID", help=_("only cases of this committee"), autocompletion=completes("committee")
        ),
    ] = None,
    procedure: Annotated[
        str | None, typer.Option("--procedure", metavar="ID", help=_("only cases of this procedure"))
    ] = None,
    step: Annotated[str | None, typer.Option("--step", metavar="ID", help=_("only cases at this step"))] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help=_("only overdue cases"))] = False,
    mine: Annotated[bool, typer.Option("--mine", help=_("only cases at a step that I own"))] = False,
    ended: Annotated[bool, typer.Option("--all", help=_("include ended cases"))] = False,
) -> int:
    """List the cases that pass every filter."""
    require_communities(console, community)
    actor = console.session.actor if mine else None
    listed = list(all_summaries(console.session, community) if ended else open_summaries(console.session, community))
    _check_filters(console, listed, committee, procedure, step)
    summaries = []
    for summary in listed:
        if committee not in (None, summary.committee) or procedure not in (None, summary.procedure):
            continue
        if step not in (None, summary.step) or (overdue and not summary.overdue):
            continue
        if actor and actor not in owners_of(console.session, summary):
            continue
        summaries.append(summary)
    if console.shows_tables and not console.json:
        summaries = sort_by_urgency(summaries)
    console.answer(
        lambda: cases_json(summaries, console.session.calendar, partial(owners_of, console.session)),
        lambda: _build_table(console, summaries),
        rows=[summary.case for summary in summaries],
    )
    console.report_late_sweep(community)
    return console.report_damage()


def _check_filters(
    console: Console, listed: list[Summary], committee: str | None, procedure: str | None, step: str | None
) -> None:
    """Check that each id to filter by exists in the configuration or the ledger. Raises WrongUsage."""
    session = console.session
    if committee is procedure is step is None:
        return
    from fujin_cli.use_cases.known_names import step_ids

    require_filter(
        committee,
        "committee",
        {summary.committee for summary in listed},
        lambda: {
            *session.workspace.organisation.committees,
            *(str(case.committee) for case in all_summaries(session, None)),
        },
    )
    require_filter(
        procedure,
        "procedure",
        {summary.procedure for summary in listed},
        lambda: {version.name for version in session.all_versions()},
    )
    require_filter(
        step,
        "step",
        {summary.step for summary in listed if procedure in (None, summary.procedure)},
        lambda: step_ids(session.all_versions(), procedure),
    )


def _build_table(console: Console, summaries: list[Summary]) -> Table:
    """Build the table: by urgency in the columns that a screen needs, or every column in the order of ids as TSV."""
    from fujin_cli.render.cases.list import cases_table
    from fujin_cli.render.cases.list_columns import PROGRAM_COLUMNS, ListContext, choose_screen_columns

    session = console.session
    context = ListContext(
        session.workspace, partial(title_step, session), partial(owners_of, session), session.calendar, session.now
    )
    columns = choose_screen_columns(summaries) if console.shows_tables else PROGRAM_COLUMNS
    return cases_table(summaries, context, columns)
