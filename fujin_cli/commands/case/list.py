"""Define ``fujin case list``; it runs most often, so it imports as little as possible."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fujin_cli.commands.common.case_filters import check_filters
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_communities
from fujin_cli.commands.common.option_groups import takes_options
from fujin_cli.commands.common.options import command, completes
from fujin_cli.core.listing.summary import Summary
from fujin_cli.language import translate as _
from fujin_cli.render.cases.list_json import cases_json
from fujin_cli.use_cases.case_filters import Filters, filter_cases, list_candidates
from fujin_cli.use_cases.list_cases import owners_of, title_step

if TYPE_CHECKING:
    from fujin_cli.render.basics.tables import Table

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _id_option(name: str, help: str, kind: str | None = None) -> Any:
    return typer.Option(name, metavar="ID", help=help, autocompletion=completes(kind) if kind else None)


@dataclass(frozen=True)
class ListOptions:
    """The options of ``fujin case list``."""

    community: Annotated[
        list[str] | None, _id_option("--community", _("only cases of these communities"), "community")
    ] = None
    committee: Annotated[str | None, _id_option("--committee", _("only cases of this committee"), "committee")] = None
    procedure: Annotated[str | None, _id_option("--procedure", _("only cases of this procedure"))] = None
    step: Annotated[str | None, _id_option("--step", _("only cases at this step"))] = None
    topic: Annotated[str | None, _id_option("--topic", _("only cases of this topic"))] = None
    partner: Annotated[str | None, _id_option("--partner", _("only cases with this partner"), "partner")] = None
    owner: Annotated[str | None, _id_option("--owner", _("only cases that wait for this person, partner or role"))] = (
        None
    )
    action: Annotated[
        str | None,
        typer.Option(
            "--can", metavar="ACTION", help=_("only cases on which this action can be taken now (--as: by whom)")
        ),
    ] = None
    search: Annotated[
        str | None,
        typer.Option("--search", metavar="TEXT", help=_("only cases with this text in summary, place or remarks")),
    ] = None
    today: Annotated[bool, typer.Option("--today", help=_("only cases due by the end of today, overdue ones too"))] = (
        False
    )
    overdue: Annotated[bool, typer.Option("--overdue", help=_("only overdue cases"))] = False
    mine: Annotated[bool, typer.Option("--mine", help=_("only cases at a step that I own"))] = False
    unassigned: Annotated[
        bool, typer.Option("--unassigned", help=_("only cases that wait for a role that nobody fills"))
    ] = False
    ended: Annotated[bool, typer.Option("--all", help=_("include ended cases"))] = False
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", metavar="COLUMN", help=_("urgency, case, due, opened, step, topic or owner; -due turns it around")
        ),
    ] = None

    def read_filters(self) -> Filters:
        """Take what a case has to be."""
        return Filters(
            community=tuple(self.community) if self.community else None,
            committee=self.committee,
            procedure=self.procedure,
            step=self.step,
            topic=self.topic,
            partner=self.partner,
            owner=self.owner,
            can=self.action,
            search=self.search,
            today=self.today,
            overdue=self.overdue,
            mine=self.mine,
            unassigned=self.unassigned,
            all=self.ended,
        )


@command(
    app,
    "list",
    _("List cases: open ones by default."),
    acts=True,
    examples="fujin case list --overdue\n"
    "fujin case list --search 路灯 --community XF01\n"
    "fujin case list --can approve --today\n"
    "fujin case list --mine --as p-0001 --json",
)
@takes_options(ListOptions)
def list_(console: Console, options: ListOptions) -> int:
    """List the cases that pass every filter."""
    require_communities(console, options.community)
    filters = options.read_filters()
    listed = list_candidates(console.session, filters)
    check_filters(console, listed, filters)
    summaries = _sort(console, filter_cases(console.session, listed, filters), options.sort)
    console.answer(
        lambda: cases_json(summaries, console.session.calendar, partial(owners_of, console.session)),
        lambda: _build_table(console, summaries),
        rows=[summary.case for summary in summaries],
    )
    console.report_late_sweep(options.community)
    return console.report_damage()


def _sort(console: Console, summaries: list[Summary], order: str | None) -> list[Summary]:
    """Sort by what was asked for: else by urgency on the screen, and by id for programs. Raises WrongUsage."""
    if order is None and (console.json or not console.shows_tables):
        return summaries
    from fujin_cli.commands.common.id_arguments import require_id
    from fujin_cli.core.listing.sorting import ORDERS, sort_cases

    require_id((order or "urgency").removeprefix("-"), ORDERS, "order")
    return sort_cases(summaries, order or "urgency")


def _build_table(console: Console, summaries: list[Summary]) -> Table:
    """Build the table: in the columns that a screen needs, or every column as TSV."""
    from fujin_cli.render.cases.list import cases_table
    from fujin_cli.render.cases.list_columns import PROGRAM_COLUMNS, ListContext, choose_screen_columns

    session = console.session
    context = ListContext(
        session.workspace, partial(title_step, session), partial(owners_of, session), session.calendar, session.now
    )
    columns = choose_screen_columns(summaries) if console.shows_tables else PROGRAM_COLUMNS
    return cases_table(summaries, context, columns)
