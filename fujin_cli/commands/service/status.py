"""Define ``fujin status``: count the open, due and overdue cases per committee and step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from fujin_cli.commands.common.case_filters import check_filters, find_view
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_communities
from fujin_cli.commands.common.options import command, completes
from fujin_cli.core.listing.filters import Filters
from fujin_cli.core.text.half_width import to_half_width
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.language import translate as _
from fujin_cli.render.cases.status import count_open_cases, status_json, status_table
from fujin_cli.use_cases.case_filters import filter_cases, list_candidates
from fujin_cli.use_cases.list_cases import title_step
from fujin_cli.use_cases.record_sweep import last_sweep_json
from fujin_cli.use_cases.session import WrongUsage

LONGEST_INTERVAL = 3600  # seconds

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "status",
    _("Show how many cases wait at each committee and step: due today, overdue, or to be accepted."),
    acts=True,
    examples="fujin status\nfujin status --community XF01 --watch\nfujin status --view mine\nfujin status --json",
)
def status(
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
    view: Annotated[
        str | None, typer.Option("--view", metavar="NAME", help=_("only cases of a view: `fujin case list --views`"))
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help=_("refresh until Ctrl-C"))] = False,
    every: Annotated[str, typer.Option("--every", metavar="SECONDS", help=_("how often --watch refreshes"))] = "5",
) -> int:
    """Show the table once, or with --watch repeatedly."""
    interval = _read_interval(every)
    if watch and (console.json or not console.terminal):
        raise WrongUsage(say("--watch needs a terminal"))
    require_communities(console, community)
    if not watch:
        return _show_table(console, community, view)
    from fujin_cli.commands.service.watch import watch_page

    return watch_page(console, lambda console: _show_table(console, community, view), interval)


def _read_interval(text: str) -> int:
    """Read a number of seconds. Raises WrongUsage; ``int`` would read ``1_0`` as 10."""
    narrowed = to_half_width(text.strip())
    if not re.fullmatch("[0-9]{1,4}", narrowed) or not 1 <= int(narrowed) <= LONGEST_INTERVAL:
        raise WrongUsage(
            say("{name} takes a whole number from {low} to {high}", name="--every", low=1, high=LONGEST_INTERVAL)
        )
    return int(narrowed)


def _show_table(console: Console, community: list[str] | None, view: str | None) -> int:
    session = console.session
    filters = Filters(community=tuple(community) if community else None)
    if view is not None:
        filters = filters.or_else(find_view(console, view).filters)
    listed = list_candidates(session, filters)
    check_filters(console, listed, filters)
    rows = count_open_cases(filter_cases(session, listed, filters), session.calendar, session.now)
    stranded = _find_stranded_cases(console, community) if rows else []
    console.answer(
        lambda: {**status_json(rows, stranded), "last_sweep": last_sweep_json(console.session)},
        lambda: status_table(rows, session.workspace, partial(title_step, session), shown=console.shows_tables),
    )
    if not console.json:
        for message, _cases in stranded:
            console.warn(message)
    console.report_late_sweep(community)
    return console.report_damage()


def _find_stranded_cases(console: Console, communities: list[str] | None) -> list[tuple[LocalizedText, Sequence[str]]]:
    """Find the stranded cases of some communities (None: of all), each group with its reason."""
    from fujin_cli.core.cases.stranded_cases import describe_stranded_cases
    from fujin_cli.use_cases.list_cases import open_case_outlines
    from fujin_cli.use_cases.stranded_cases import find_stranded_cases

    session = console.session
    organisation = session.workspace.organisation
    rows = [row for row in open_case_outlines(session) if communities is None or row["community"] in communities]
    groups = find_stranded_cases(session, session.workspace, rows)
    return [(describe_stranded_cases(group, organisation), group.cases) for group in groups]
