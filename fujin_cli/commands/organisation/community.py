"""Define ``fujin community``: list, show, add and rename the communities of the city."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, command, completes
from fujin_cli.core.model.references import Reference
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.render.organisation.units import communities_json, communities_table, community_json, community_page
from fujin_cli.use_cases.session import WrongUsage

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
    "new",
    _("Add a community: its entry in the city's file, and the empty roster of its office."),
    examples="fujin community new XF14 --title 北苑社区 --street chengdong --dry-run",
)
def new(
    console: Console,
    id: Annotated[str, typer.Argument(metavar="ID", help=_("its id"))],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help=_("its title"))],
    street: Annotated[
        str | None, typer.Option("--street", metavar="ID", help=_("its street; needed where there are several"))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Add a community."""
    from fujin_cli.commands.common.new_entry import answer_new_entry
    from fujin_cli.use_cases.configuration.new_entries import plan_new_community

    workspace = console.session.workspace
    streets = workspace.organisation.streets
    chosen = street if street is not None or len(streets) != 1 else next(iter(streets))
    if chosen is None:
        raise WrongUsage(say("{name} is missing", name="--street"), say("choose one of: {names}", names=list(streets)))
    require_id(chosen, streets, "street")
    answer_new_entry(
        console,
        Reference("community", id),
        lambda contents, today: plan_new_community(contents, workspace, today, id, title, chosen),
        [say("`fujin roster add {id} PERSON --name NAME --role ROLE` for each of its staff", id=id)],
        dry_run=dry_run,
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
