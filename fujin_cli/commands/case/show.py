"""Define ``fujin case show`` and ``fujin case actions``; both only read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import command, completes
from fujin_cli.core.calendar.clock_changes import describe_clock_change
from fujin_cli.core.cases.case import Child
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.moves import list_moves
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.listing.summarize import summarize
from fujin_cli.language import translate as _
from fujin_cli.render.cases.actions import actions_json, actions_table
from fujin_cli.render.cases.case_page import case_page, case_page_json
from fujin_cli.render.cases.child_rows import OpenedCase
from fujin_cli.use_cases.list_cases import people_of

app = typer.Typer(cls=HelpfulGroup, add_completion=False, rich_markup_mode=None)
CaseId = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help=_("a case: its id, the end of it, @, @3 or -"), autocompletion=completes("case")
    ),
]


@command(
    app, "show", _("Show a case: fields, clocks, orders and history."), examples="fujin case show XF01-202606a-0001"
)
def show(console: Console, case: CaseId) -> None:
    """Show a case: fields, clocks, orders and history."""
    session = console.session
    state = session.case(case)
    version = session.version_of(state.id, state.version_digest, state.step)
    summary = summarize(state, version, session.calendar, session.now)
    clock = None if state.has_ended else Deadlines(state, version, session.calendar).changed_due_clock()
    if clock is not None:
        session.warn(describe_clock_change(session.calendar, clock))
    children = list(_read_children(console, state.children))
    console.answer(
        lambda: case_page_json(state, version, summary, session.calendar, session.now, children),
        lambda: case_page(
            state,
            version,
            summary,
            session.calendar,
            session.now,
            session.workspace,
            children,
            console.page_width,
            console.colour,
            session.version,
        ),
    )


def _read_children(console: Console, children: Sequence[Child]) -> Iterator[OpenedCase]:
    session = console.session
    for child in children:
        try:
            state = session.case(child.case)
            version = session.version_of(state.id, state.version_digest, state.step)
        except Refusal:  # its volume is in quarantine; the page shows the parent's record of it
            continue
        yield OpenedCase(state, version, summarize(state, version, session.calendar, session.now))


@command(
    app,
    "actions",
    _("Show which actions are open and to whom, and why others are closed."),
    examples="fujin case actions XF01-202606a-0001",
)
def actions(console: Console, case: CaseId) -> None:
    """List the actions on a case: who may do each now, and why the others are blocked."""
    people = people_of(console.session, case)
    version = people.procedure
    listed_moves = list_moves(version, people.case, console.session.now, console.session.calendar)
    console.answer(lambda: actions_json(listed_moves, people), lambda: actions_table(listed_moves, people, version))
