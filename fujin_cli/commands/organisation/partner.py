"""Define ``fujin partner``: list, show, add and rename departments, resident units, organisations and teams."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_communities, require_filter, require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, command, completes
from fujin_cli.core.model.references import Reference
from fujin_cli.language import translate as _
from fujin_cli.render.organisation.units import partner_json, partner_page, partners_json, partners_table

SORTS = ("department", "resident-unit", "social-organisation", "volunteer-team")

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("List, show, add and rename partners."),
    rich_markup_mode=None,
)


@command(app, "list", _("List the partners."), examples="fujin partner list --can water --community XF01")
def list_(
    console: Console,
    can: Annotated[str | None, typer.Option("--can", metavar="TOPIC", help=_("only partners that can do this"))] = None,
    community: Annotated[
        str | None,
        typer.Option(
            "--community", metavar="ID", help=_("only partners that serve it"), autocompletion=completes("community")
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", metavar="SORT", help=_("department, resident-unit, social-organisation or volunteer-team")
        ),
    ] = None,
) -> None:
    """List the partners."""
    organisation = console.session.workspace.organisation
    require_communities(console, [community] if community else None)
    abilities = {topic for spec in organisation.partners.values() for topic in spec.get("can") or ()}
    require_filter(can, "topic", abilities, lambda: {*organisation.topics, *abilities})
    require_filter(sort, "sort", (), lambda: SORTS)
    ids = [
        id
        for id, spec in organisation.partners.items()
        if (can is None or can in (spec.get("can") or ()))
        and (community is None or spec.get("serves") == "all" or community in (spec.get("serves") or ()))
        and sort in (None, spec.get("sort"))
    ]
    console.answer(lambda: partners_json(organisation, ids), lambda: partners_table(organisation, ids))


@command(app, "show", _("Show a partner."), examples="fujin partner show city-management")
def show(
    console: Console,
    partner: Annotated[str, typer.Argument(metavar="ID", help=_("which partner"), autocompletion=completes("partner"))],
) -> None:
    """Show a partner."""
    organisation = console.session.workspace.organisation
    require_id(partner, organisation.partners, "partner")
    console.answer(
        lambda: partner_json(organisation, partner),
        lambda: partner_page(organisation, partner, console.page_width, console.colour),
    )


@command(
    app,
    "new",
    _("Add a partner to the partners' file."),
    examples="fujin partner new north-school --title 北苑小学 --sort resident-unit --can sanitation --serves XF01",
)
def new(
    console: Console,
    id: Annotated[str, typer.Argument(metavar="ID", help=_("its id"))],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help=_("its title"))],
    sort: Annotated[
        str,
        typer.Option(
            "--sort", metavar="SORT", help=_("department, resident-unit, social-organisation or volunteer-team")
        ),
    ],
    can: Annotated[list[str], typer.Option("--can", metavar="TOPIC", help=_("a topic that it can help with"))],
    serves: Annotated[
        list[str] | None,
        typer.Option(
            "--serves",
            metavar="ID",
            help=_("a community that it serves (default: all)"),
            autocompletion=completes("community"),
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Add a partner."""
    from fujin_cli.commands.common.new_entry import answer_new_entry
    from fujin_cli.use_cases.configuration.new_entries import check_text, plan_new_partner

    workspace = console.session.workspace
    require_id(sort, SORTS, "sort")
    for topic in can:
        require_id(topic, workspace.organisation.topics, "topic")
    for community in serves or ():
        require_id(community, workspace.organisation.communities, "community")
    spec = {"title": check_text(title), "sort": sort, "serves": serves or "all", "can": can}
    answer_new_entry(
        console,
        Reference("partner", id),
        lambda contents, today: plan_new_partner(contents, workspace, today, id, spec),
        [],
        dry_run=dry_run,
    )


@command(
    app,
    "rename",
    _("Rename a partner in every file of the workspace; comments stay."),
    examples="fujin partner rename police public-security --dry-run",
)
def rename(
    console: Console,
    old: Annotated[str, typer.Argument(metavar="OLD", help=_("its id now"), autocompletion=completes("partner"))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_("its new id"))],
    dry_run: DryRun = False,
) -> None:
    """Rename a partner."""
    from fujin_cli.commands.common.renaming import rename_id

    require_id(old, console.session.workspace.organisation.partners, "partner")
    rename_id(console, Reference("partner", old), new, dry_run=dry_run)
