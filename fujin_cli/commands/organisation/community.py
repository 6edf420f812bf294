"""Define ``fujin community``: list and show the communities of the city."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import command, completes
from fujin_cli.language import translate as _
from fujin_cli.render.organisation.units import communities_json, communities_table, community_json, community_page

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("List and show communities."),
    rich_markup_mode=None,
)


@command(app, "list", _("List the communities."), examples="fujin community list")
def list_(console: Console) -> None:
    """List the communities."""
    organisation = console.session.workspace.organisation
    console.answer(lambda: communities_json(organisation), lambda: communities_table(organisation))


@command(
    app, "show", _("Show a community: its office, committees, venues, boards."), examples="fujin community show XF01"
)
def show(
    console: Console,
    community: Annotated[
        str, typer.Argument(metavar="ID", help=_("which community"), autocompletion=completes("community"))
    ],
) -> None:
    """Show a community."""
    organisation = console.session.workspace.organisation
    require_id(community, organisation.communities, "community")
    today = console.session.calendar.to_local(console.session.now).date()
    console.answer(
        lambda: community_json(organisation, community, today),
        lambda: community_page(organisation, community, today, console.page_width, console.colour),
    )
