"""Define ``fujin community``: list, show, add and rename the communities of the city."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, command, completes
from fujin_cli.core.model.references import Reference
from fujin_cli.language import translate as _
from fujin_cli.render.organisation.units import communities_json, communities_table, community_json, community_page

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("List, show, add and rename communities."),
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


@command(
    app,
    "rename",
    _("Rename a community in every file of the workspace; comments stay."),
    examples="fujin community rename XF13 XF14 --dry-run",
)
def rename(
    console: Console,
    old: Annotated[str, typer.Argument(metavar="OLD", help=_("its id now"), autocompletion=completes("community"))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_("its new id"))],
    dry_run: DryRun = False,
) -> None:
    """Rename a community."""
    from fujin_cli.commands.common.renaming import rename_id

    require_id(old, console.session.workspace.organisation.communities, "community")
    rename_id(console, Reference("community", old), new, dry_run=dry_run)
