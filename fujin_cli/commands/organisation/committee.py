"""Define ``fujin committee``: list, show, add and rename the topical volunteer committees."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_communities, require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, command, completes
from fujin_cli.core.model.references import Reference
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.render.organisation.units import committee_json, committee_page, committees_json, committees_table

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("List, show, add and rename committees."),
    rich_markup_mode=None,
)


@command(
    app, "list", _("List the committees, their seats and vacancies."), examples="fujin committee list --community XF01"
)
def list_(
    console: Console,
    community: Annotated[
        str | None,
        typer.Option(
            "--community", metavar="ID", help=_("only of this community"), autocompletion=completes("community")
        ),
    ] = None,
) -> None:
    """List the committees."""
    organisation = console.session.workspace.organisation
    today = console.session.calendar.to_local(console.session.now).date()
    require_communities(console, [community] if community else None)
    units = [unit for unit in organisation.committees.values() if community in (None, unit.parent)]
    console.answer(
        lambda: committees_json(organisation, units, today), lambda: committees_table(organisation, units, today)
    )


@command(
    app,
    "show",
    _("Show a committee: its kind, seats, members, procedures and settings."),
    examples="fujin committee show XF01-environment",
)
def show(
    console: Console,
    committee: Annotated[
        str, typer.Argument(metavar="ID", help=_("which committee"), autocompletion=completes("committee"))
    ],
) -> None:
    """Show a committee."""
    organisation = console.session.workspace.organisation
    require_id(committee, organisation.committees, "committee")
    versions = {name: version.title for name, version in console.session.workspace.procedures.items()}
    today = console.session.calendar.to_local(console.session.now).date()
    console.answer(
        lambda: committee_json(organisation, committee, today),
        lambda: committee_page(organisation, committee, versions, today, console.page_width, console.colour),
    )


@command(
    app,
    "new",
    _("Add a committee: its file and its empty roster."),
    examples="fujin committee new XF02-safety --community XF02 --kind safety --title 公共安全专委会 --dry-run",
)
def new(
    console: Console,
    id: Annotated[str, typer.Argument(metavar="ID", help=_("its id"))],
    community: Annotated[
        str, typer.Option("--community", metavar="ID", help=_("its community"), autocompletion=completes("community"))
    ],
    kind: Annotated[str, typer.Option("--kind", metavar="ID", help=_("its kind, from the menu"))],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help=_("its title"))],
    procedures: Annotated[
        list[str] | None,
        typer.Option(
            "--procedure",
            metavar="ID",
            help=_("a procedure that it works by (default: all)"),
            autocompletion=completes("procedure"),
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Add a committee."""
    from fujin_cli.commands.common.new_entry import answer_new_entry
    from fujin_cli.use_cases.configuration.new_entries import plan_new_committee

    workspace = console.session.workspace
    require_id(community, workspace.organisation.communities, "community")
    require_id(kind, workspace.organisation.kinds, "kind")
    for procedure in procedures or ():
        require_id(procedure, workspace.procedures, "procedure")
    answer_new_entry(
        console,
        Reference("committee", id),
        lambda contents, today: plan_new_committee(
            contents, workspace, today, id, title, kind, community, procedures or list(workspace.procedures)
        ),
        [say("`fujin roster add {id} PERSON --name NAME --seat head`, and each member", id=id)],
        dry_run=dry_run,
    )


@command(
    app,
    "rename",
    _("Rename a committee in every file of the workspace; comments stay."),
    examples="fujin committee rename XF01-opinion XF01-voice --dry-run",
)
def rename(
    console: Console,
    old: Annotated[str, typer.Argument(metavar="OLD", help=_("its id now"), autocompletion=completes("committee"))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_("its new id"))],
    dry_run: DryRun = False,
) -> None:
    """Rename a committee."""
    from fujin_cli.commands.common.renaming import rename_id

    require_id(old, console.session.workspace.organisation.committees, "committee")
    rename_id(console, Reference("committee", old), new, dry_run=dry_run)
