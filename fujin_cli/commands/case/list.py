"""Define ``fujin case list``; it runs most often, so it imports as little as possible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.commands.common.option_groups import takes_options
from fujin_cli.commands.common.options import command, completes
from fujin_cli.core.listing.filters import Filters, SavedView
from fujin_cli.core.listing.summary import Summary
from fujin_cli.language import translate as _
from fujin_cli.render.cases.list_json import cases_json
from fujin_cli.use_cases.case_filters import filter_cases, list_candidates, read_cases
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
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar="NAMES", help=_("the columns, in this order; fields of cases too")),
    ] = None
    view: Annotated[
        str | None, typer.Option("--view", metavar="NAME", help=_("filters, sort and columns of a view"))
    ] = None
    views: Annotated[bool, typer.Option("--views", help=_("list the views"))] = False
    board: Annotated[bool, typer.Option("--board", help=_("draw the cases as columns by step"))] = False
    no_pager: Annotated[bool, typer.Option("--no-pager", help=_("show a long list without a pager"))] = False

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
    if options.views:
        return _show_views(console)
    view = _find_view(console, options.view) if options.view else SavedView("")
    filters = options.read_filters().or_else(view.filters)
    listed = _list_candidates(console, filters)
    columns = _read_columns(console, options.columns, view)
    summaries = _sort(console, filter_cases(console.session, listed, filters), options.sort or view.order)
    console.pages = not options.no_pager
    console.answer(
        lambda: cases_json(summaries, console.session.calendar, partial(owners_of, console.session)),
        lambda: _draw(console, summaries, filters, columns, board=options.board),
        rows=[summary.case for summary in summaries],
    )
    console.report_late_sweep(filters.community)
    return console.report_damage()


def _list_candidates(console: Console, filters: Filters) -> list[Summary]:
    """List what is filtered. Raises WrongUsage for filters that name something unknown."""
    if filters == Filters():
        return list_candidates(console.session, filters)
    from fujin_cli.commands.common.case_filters import check_filters
    from fujin_cli.commands.common.id_arguments import require_communities

    require_communities(console, filters.community)
    listed = list_candidates(console.session, filters)
    check_filters(console, listed, filters)
    return listed


def _find_view(console: Console, name: str) -> SavedView:
    from fujin_cli.commands.common.case_filters import find_view

    return find_view(console, name)


def _show_views(console: Console) -> int:
    from fujin_cli.render.cases.views import views_json, views_table
    from fujin_cli.use_cases.saved_views import list_views

    views = list_views(console.session)
    console.answer(lambda: views_json(views), lambda: views_table(views))
    return 0


def _read_columns(console: Console, text: str | None, view: SavedView) -> Sequence[str]:
    """Read the columns that are asked for; none where the usual ones are. Raises WrongUsage."""
    names = [name.strip() for name in re.split("[,，、]", text) if name.strip()] if text else view.columns
    if names:
        from fujin_cli.commands.common.id_arguments import require_id
        from fujin_cli.core.listing.filters import COLUMN_NAMES

        columns = {*COLUMN_NAMES}
        if not columns.issuperset(names):
            columns |= {name for version in console.session.all_versions() for name in version.fields}
        for name in names:
            require_id(name, columns, "column")
    return tuple(dict.fromkeys(names))


def _sort(console: Console, summaries: list[Summary], order: str | None) -> list[Summary]:
    """Sort by what was asked for: else by urgency on the screen, and by id for programs. Raises WrongUsage."""
    if order is None and (console.json or not console.shows_tables):
        return summaries
    from fujin_cli.commands.common.id_arguments import require_id
    from fujin_cli.core.listing.sorting import ORDERS, sort_cases

    require_id((order or "urgency").removeprefix("-"), ORDERS, "order")
    return sort_cases(summaries, order or "urgency")


def _draw(
    console: Console, summaries: list[Summary], filters: Filters, columns: Sequence[str], *, board: bool
) -> Table | str:
    """Draw the board; or the table, in the columns that were asked for, else those that a screen or a program needs."""
    from fujin_cli.render.cases import list_columns
    from fujin_cli.render.cases.list import cases_table

    if not columns and not console.shows_tables:
        columns = list_columns.PROGRAM_COLUMNS
    elif not columns:
        columns = list_columns.ROUND_COLUMNS if filters.can else list_columns.choose_screen_columns(summaries)
    needs_cases = not set(columns) <= list_columns.COLUMNS.keys() - {list_columns.FROM_WHOLE_CASES}
    session = console.session
    context = list_columns.ListContext(
        session.workspace,
        partial(title_step, session),
        partial(owners_of, session),
        session.calendar,
        session.now,
        read_cases(session, {summary.case for summary in summaries}, filters) if needs_cases else {},
    )
    if board and console.shows_tables:
        from fujin_cli.render.cases.board import BoardStyle, draw_board

        return draw_board(
            summaries, context, BoardStyle(console.width, console.colour, console.terminal and on_terminal())
        )
    return cases_table(summaries, context, columns)
